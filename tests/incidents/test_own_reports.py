"""A reporter's own observations: the list, the letter they may ask for, and calm in some areas."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from est_site import tenancy
from est_site.partners.models import Membership, Period
from incidents import actions
from incidents.models import CalmReport, Incident
from situation import picture, rows, screen
from tests import cast
from tests.conftest import SignIn

MINE = "/g/tarnsund/report/mine/"
DAY = timedelta(days=1)


def test_my_reports_are_mine_alone_and_the_latest_stands_first(tarnsund: cast.Town, signed_in: SignIn) -> None:
    with tenancy.inside(tarnsund.group):
        first, second = (cast.make_incident(tarnsund, at=cast.NOW - n * DAY) for n in (2, 1))
        other = cast.make_incident(tarnsund, reporter=tarnsund.hanna)
    page = signed_in(tarnsund.rut).get(MINE)
    assert [one["incident"] for one in page.context["reports"]] == [second, first]
    assert f"/incidents/{other.pk}/" not in page.content.decode()


def test_the_page_asks_as_often_for_many_as_for_a_few(tarnsund: cast.Town, signed_in: SignIn) -> None:
    client = signed_in(tarnsund.rut)
    asked = []
    for more in (2, 30):
        with tenancy.inside(tarnsund.group):
            for n in range(more):
                cast.make_incident(tarnsund, at=cast.NOW - n * DAY, category=tarnsund.categories["lighting"])
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page = client.get(MINE)
        asked.append(len(queries))
    assert len(page.context["reports"]) == 20
    assert asked[0] == asked[1] <= 15


def test_a_correction_is_named_in_the_list(tarnsund: cast.Town, signed_in: SignIn) -> None:
    with tenancy.inside(tarnsund.group):
        row = cast.make_incident(tarnsund)
        times = {"occurred_from": row.occurred_from, "occurred_to": row.occurred_to}
        said = {"category": row.category, "area": row.area, "text": "Mer", **times}
        actions.correct_incident(by=tarnsund.rut, incident=row, version=1, now=cast.NOW, **said)
    assert '<span class="tag">rättad</span>' in signed_in(tarnsund.rut).get(MINE).content.decode()


def test_home_shows_what_became_of_the_latest_three(tarnsund: cast.Town, signed_in: SignIn) -> None:
    with tenancy.inside(tarnsund.group):
        for n in range(4):
            cast.make_incident(tarnsund, at=cast.NOW - n * DAY)
    (card,) = [
        card
        for card in signed_in(tarnsund.rut).get("/g/tarnsund/").context["cards"]
        if card.template == "incidents/home_became.html"
    ]
    assert len(card.context["reports"]) == 3


@pytest.mark.parametrize(("sent", "wanted"), [({"wanted": "on"}, True), ({}, False)])
def test_letters_are_sent_to_who_asks_for_them(
    tarnsund: cast.Town, signed_in: SignIn, sent: dict[str, str], wanted: bool
) -> None:
    with tenancy.inside(tarnsund.group):
        Membership.objects.filter(pk=tarnsund.rut.pk).update(wants_weekly_mail=not wanted)
    page = signed_in(tarnsund.rut).post(MINE + "mail/", sent, follow=True)
    assert ('aria-describedby="id_wanted_helptext" checked' in page.content.decode()) == wanted
    with tenancy.inside(tarnsund.group):
        assert Membership.objects.get(pk=tarnsund.rut.pk).wants_weekly_mail == wanted


# --- calm in some areas ------------------------------------------------------------------------------------


def test_calm_can_be_said_of_some_areas(tarnsund: cast.Town, this_week: Period, signed_in: SignIn) -> None:
    client, url = signed_in(tarnsund.rut), "/g/tarnsund/report/calm/areas/"
    chosen = [tarnsund.areas["Hamnen"].pk, tarnsund.areas["Centrum"].pk]
    for _twice in range(2):
        page = client.post(url, {"areas": chosen}, follow=True).content.decode()
    assert f"Lugnt vecka {this_week.weeks_text}: Centrum, Hamnen." in page
    assert "Lugnt hos oss" in page  # it can still be said of all
    with tenancy.inside(tarnsund.group):
        assert sorted(CalmReport.objects.values_list("area_id", flat=True)) == sorted(chosen)
    assert client.post(url).status_code == 422


def test_calm_in_some_areas_is_an_answer_for_these_areas(inside: cast.Town) -> None:
    period = inside.periods[-1]
    areas = [inside.areas["Hamnen"], inside.areas["Centrum"]]
    actions.report_calm(by=inside.viktor, period=period, now=cast.NOW, areas=areas)
    found = picture.assemble(rows.gather(period, group=inside.group, cut_off=cast.NOW))
    guards = next(one for one in found["organisations"] if one["name"] == "Väktarna")
    assert (guards["state"], guards["calm_in"]) == ("calm", ["Centrum", "Hamnen"])
    assert screen._tail(guards, []) == "lugnt i Centrum, Hamnen"


def test_calm_everywhere_outweighs_calm_in_one_area(inside: cast.Town) -> None:
    period = inside.periods[-1]
    for areas in ([inside.areas["Hamnen"]], []):
        actions.report_calm(by=inside.viktor, period=period, now=cast.NOW, areas=areas)
    found = picture.assemble(rows.gather(period, group=inside.group, cut_off=cast.NOW))
    guards = next(one for one in found["organisations"] if one["name"] == "Väktarna")
    assert (guards["state"], "calm_in" in guards) == ("calm", False)
    assert not Incident.objects.exists()
