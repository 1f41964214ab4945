"""Who may open the rooms of this app."""

from __future__ import annotations

import pytest
from django.test import Client

from est_site import tenancy
from est_site.partners.models import Period
from incidents.models import CalmReport, Incident
from tests import cast
from tests.conftest import SignIn
from tests.incidents.conftest import Fill

EVERYONE = ("rut", "maja", "carin", "anders", "pontus")
ROOMS = ("report/", "incidents/", "incidents/{pk}/")


@pytest.fixture
def url(tarnsund: cast.Town) -> dict[str, str]:
    with tenancy.inside(tarnsund.group):
        pk = cast.make_incident(tarnsund).pk
    return {room: f"/g/tarnsund/{room.format(pk=pk)}" for room in ROOMS}


@pytest.mark.parametrize("room", ROOMS)
@pytest.mark.parametrize("name", EVERYONE)
def test_reporters_members_coordinators_and_analysts_come_in(
    tarnsund: cast.Town, signed_in: SignIn, url: dict[str, str], name: str, room: str
) -> None:
    assert signed_in(tarnsund.people[name]).get(url[room]).status_code == 200


@pytest.mark.parametrize("room", ROOMS)
def test_the_steering_group_sees_no_observations(
    tarnsund: cast.Town, signed_in: SignIn, url: dict[str, str], room: str
) -> None:
    assert signed_in(tarnsund.stina).get(url[room]).status_code == 403


@pytest.mark.parametrize("room", ROOMS)
def test_for_an_outsider_the_group_does_not_exist(
    bjorkvik: cast.Town, signed_in: SignIn, url: dict[str, str], room: str
) -> None:
    assert signed_in(bjorkvik.olle).get(url[room]).status_code == 404


@pytest.mark.parametrize("room", ROOMS)
def test_a_stranger_is_asked_to_sign_in(client: Client, url: dict[str, str], room: str) -> None:
    answer = client.get(url[room])
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/account/sign-in/")


def test_a_disabled_account_is_a_stranger(tarnsund: cast.Town, url: dict[str, str], signed_in: SignIn) -> None:
    assert signed_in(tarnsund.disa).get(url["incidents/"]).status_code == 302


def test_nobody_without_the_right_can_write(
    tarnsund: cast.Town, bjorkvik: cast.Town, this_week: Period, signed_in: SignIn, filled: Fill
) -> None:
    for member, status in ((tarnsund.stina, 403), (bjorkvik.olle, 404), (tarnsund.disa, 302)):
        assert signed_in(member).post("/g/tarnsund/report/", filled()).status_code == status
        assert signed_in(member).post("/g/tarnsund/report/calm/").status_code == status
    with tenancy.inside(tarnsund.group):
        assert not Incident.objects.exists()
        assert not CalmReport.objects.exists()


def test_an_observation_of_another_group_does_not_exist_here(
    tarnsund: cast.Town, bjorkvik: cast.Town, signed_in: SignIn, url: dict[str, str]
) -> None:
    own = url["incidents/{pk}/"].replace("tarnsund", "bjorkvik")
    assert signed_in(bjorkvik.olle).get(own).status_code == 404


def test_another_groups_observations_stay_behind_the_wall_without_the_apps_own_scoping(
    tarnsund: cast.Town,
    bjorkvik: cast.Town,
    signed_in: SignIn,
    url: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    queryset = type(Incident.objects.all())
    monkeypatch.setattr(queryset, "visible_to", lambda self, member: self.all())
    olle = signed_in(bjorkvik.olle)
    assert list(olle.get("/g/bjorkvik/incidents/").context["page"]) == []
    assert olle.get(url["incidents/{pk}/"].replace("tarnsund", "bjorkvik")).status_code == 404
