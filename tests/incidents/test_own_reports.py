"""A reporter's own observations: the list, and what became of each."""

from __future__ import annotations

from datetime import timedelta

from tests import cast
from tests.conftest import SignIn

MINE = "/g/tarnsund/report/mine/"


def test_my_reports_are_mine_alone_and_the_latest_stands_first(tarnsund: cast.Town, signed_in: SignIn) -> None:
    from est_site import tenancy

    with tenancy.inside(tarnsund.group):
        first = cast.make_incident(tarnsund, at=cast.NOW - timedelta(days=2))
        second = cast.make_incident(tarnsund, at=cast.NOW - timedelta(days=1))
        other = cast.make_incident(tarnsund, reporter=tarnsund.hanna)
    page = signed_in(tarnsund.rut).get(MINE)
    assert [one["incident"] for one in page.context["reports"]] == [second, first]
    assert f"/incidents/{other.pk}/" not in page.content.decode()
    url = f"/g/tarnsund/incidents/{first.pk}/"
    client = signed_in(tarnsund.rut)
    assert client.get(url).status_code == 200
    assert client.get(url + "correct/").status_code == 200
    assert client.get(url + "withdraw/").status_code == 200
    assert client.get("/g/tarnsund/").status_code == 200
