"""The gate: who comes in, what is undone when they may not, and what is remembered of it."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.core.checks import run_checks
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from est_site import access, tenancy
from est_site.access import ROLES, Permission, may
from est_site.models import AccessEvent
from est_site.partners.models import Membership, Place, Role, User
from tests.cast import Town, make_incident
from tests.conftest import SignIn

pytestmark = pytest.mark.django_db
with_test_views = pytest.mark.urls("tests.est_site.gate_urls")


def places(town: Town) -> set[str]:
    with tenancy.inside(town.group):
        return set(Place.objects.filter(name="Kajen").values_list("name", flat=True))


def events(town: Town) -> list[tuple[int, str, str]]:
    with tenancy.inside(town.group):
        return [*AccessEvent.objects.values_list("user_id", "what", "subject")]


def without_tokens(response: HttpResponse) -> str:
    text = response.content.decode().replace(response["X-Request-ID"], "")
    return re.sub(r'"\w{64}"', "", text).replace("ingenstans", "tarnsund")


# --- marks and tables ----------------------------------------------------------------------------


def test_every_view_of_the_installation_carries_a_mark() -> None:
    assert access.unmarked_views() == []


@with_test_views
def test_the_start_is_refused_when_a_view_carries_no_mark() -> None:
    assert [error.msg for error in run_checks() if error.id == "est.E001"] == [
        "no access mark on the view of gate/unmarked/"
    ]


@with_test_views
def test_a_view_without_a_mark_is_closed_to_strangers_all_the_same() -> None:
    assert Client().get("/gate/unmarked/").status_code == 302


def test_every_role_has_its_sentence() -> None:
    assert set(ROLES) == set(Role.values)
    assert all(len(sentence.split()) > 4 for _permissions, sentence in ROLES.values())


def test_every_permission_is_held_by_some_role() -> None:
    held = set().union(*(permissions for permissions, _sentence in ROLES.values()))
    assert held == set(Permission) - access.WITHOUT_GROUP


def test_only_the_coordinator_keeps_the_groups_settings(tarnsund: Town) -> None:
    settings = {Permission.MANAGE_PARTNERS, Permission.MANAGE_PLACES, Permission.MANAGE_SCHEDULE}
    able = {name for name, member in tarnsund.people.items() if any(may(member, one) for one in settings)}
    assert able == {"carin", "disa"}


# --- who comes in --------------------------------------------------------------------------------


def test_a_member_comes_in(tarnsund: Town, signed_in: SignIn) -> None:
    assert signed_in(tarnsund.rut).get("/g/tarnsund/").status_code == 200


def test_somebody_from_another_group_finds_nothing(tarnsund: Town, bjorkvik: Town, signed_in: SignIn) -> None:
    assert signed_in(bjorkvik.olle).get("/g/tarnsund/").status_code == 404


def test_a_group_that_does_not_exist_looks_the_same(tarnsund: Town, bjorkvik: Town, signed_in: SignIn) -> None:
    olle = signed_in(bjorkvik.olle)
    unseen, absent = olle.get("/g/tarnsund/"), olle.get("/g/ingenstans/")
    assert (unseen.status_code, absent.status_code) == (404, 404)
    assert without_tokens(unseen) == without_tokens(absent)


def test_a_member_without_the_permission_is_told_so(tarnsund: Town, signed_in: SignIn) -> None:
    assert signed_in(tarnsund.rut).get("/g/tarnsund/meetings/").status_code == 403


def test_who_is_not_signed_in_is_led_to_the_door_and_back(tarnsund: Town) -> None:
    response = Client().get("/g/tarnsund/")
    assert (response.status_code, response["Location"]) == (302, "/account/sign-in/?next=/g/tarnsund/")


def test_a_disabled_person_is_out_at_the_next_request(tarnsund: Town, signed_in: SignIn) -> None:
    browser = signed_in(tarnsund.rut)
    assert browser.get("/g/tarnsund/").status_code == 200
    User.objects.filter(pk=tarnsund.rut.user_id).update(is_active=False)
    response = browser.get("/g/tarnsund/")
    assert (response.status_code, response["Location"].split("?")[0]) == (302, "/account/sign-in/")


def test_who_is_in_several_groups_can_change_from_any_page(tarnsund: Town, bjorkvik: Town, signed_in: SignIn) -> None:
    with tenancy.inside(bjorkvik.group):
        housing = bjorkvik.organisations["housing"]
        Membership.objects.create(
            group=bjorkvik.group,
            user=tarnsund.rut.user,
            organisation=housing,
            role="reporter",
            valid_from=date(2020, 1, 1),
        )
    change = '<a href="/">Byt grupp</a>'
    assert change in signed_in(tarnsund.rut).get("/g/tarnsund/").content.decode()
    assert change not in signed_in(tarnsund.hanna).get("/g/tarnsund/").content.decode()


@pytest.mark.parametrize(("days", "status"), [(0, 200), (-1, 404)])
def test_a_seat_holds_to_the_end_of_its_last_day(tarnsund: Town, signed_in: SignIn, days: int, status: int) -> None:
    last_day = timezone.now().astimezone(tarnsund.group.zone).date() + timedelta(days=days)
    with tenancy.inside(tarnsund.group):
        Membership.objects.filter(pk=tarnsund.rut.pk).update(valid_to=last_day)
    assert signed_in(tarnsund.rut).get("/g/tarnsund/").status_code == status


def test_a_seat_that_has_not_begun_opens_nothing(tarnsund: Town, signed_in: SignIn) -> None:
    with tenancy.inside(tarnsund.group):
        Membership.objects.filter(pk=tarnsund.rut.pk).update(valid_from=timezone.localdate() + timedelta(days=2))
    assert signed_in(tarnsund.rut).get("/g/tarnsund/").status_code == 404


# --- what is undone ------------------------------------------------------------------------------


@with_test_views
def test_what_a_view_wrote_stays_when_it_answers_well(tarnsund: Town, signed_in: SignIn) -> None:
    assert signed_in(tarnsund.rut).get("/g/tarnsund/gate/writes/200/").status_code == 200
    assert places(tarnsund) == {"Kajen"}


@with_test_views
@pytest.mark.parametrize("status", [400, 404, 409, 422, 500])
def test_what_a_view_wrote_is_undone_when_it_answers_with_an_error(
    tarnsund: Town, signed_in: SignIn, status: int
) -> None:
    assert signed_in(tarnsund.rut).get(f"/g/tarnsund/gate/writes/{status}/").status_code == status
    assert places(tarnsund) == set()


@with_test_views
def test_what_a_view_wrote_is_undone_when_it_breaks(tarnsund: Town, signed_in: SignIn) -> None:
    browser = signed_in(tarnsund.rut)
    browser.raise_request_exception = False
    assert browser.get("/g/tarnsund/gate/breaks/").status_code == 500
    assert places(tarnsund) == set()


@with_test_views
@pytest.mark.parametrize(("address", "why"), [("later", "must render before"), ("streams", "must not stream")])
def test_an_answer_that_would_read_outside_the_walls_is_refused(
    tarnsund: Town, signed_in: SignIn, address: str, why: str
) -> None:
    with pytest.raises(TypeError, match=why):
        signed_in(tarnsund.rut).get(f"/g/tarnsund/gate/{address}/")


# --- what is remembered --------------------------------------------------------------------------


def test_a_refused_page_is_remembered_with_ids_only(tarnsund: Town, signed_in: SignIn) -> None:
    signed_in(tarnsund.rut).get("/g/tarnsund/meetings/17/?q=Anna+Andersson")
    assert events(tarnsund) == [(tarnsund.rut.user_id, "denied.see_meeting", "meeting:17")]


@with_test_views
def test_a_refusal_inside_a_view_is_remembered_though_its_writes_are_undone(tarnsund: Town, signed_in: SignIn) -> None:
    assert signed_in(tarnsund.rut).get("/g/tarnsund/gate/denies/4/").status_code == 403
    assert events(tarnsund) == [(tarnsund.rut.user_id, "denied.report", "denies:4")]
    assert places(tarnsund) == set()


@with_test_views
def test_an_answer_of_403_is_a_refusal_too(tarnsund: Town, signed_in: SignIn) -> None:
    signed_in(tarnsund.rut).get("/g/tarnsund/gate/writes/403/")
    assert events(tarnsund) == [(tarnsund.rut.user_id, "denied.report", ":403")]
    assert places(tarnsund) == set()


@pytest.mark.parametrize(
    ("page", "noted"),
    [
        ("incidents/", ("observations.read", "incidents")),
        ("incidents/?q=Anna+Andersson", ("observations.read", "incidents")),
        ("incidents/{pk}/", ("observations.read", "incident:{pk}")),
        ("situation/2026-W47/", ("picture.read", "situation_period")),
        ("situation/2026-W47/matrix.csv", ("picture.exported", "situation_matrix")),
    ],
)
def test_who_reads_free_text_or_takes_figures_out_is_noted(
    tarnsund: Town, signed_in: SignIn, page: str, noted: tuple[str, str]
) -> None:
    with tenancy.inside(tarnsund.group):
        pk = make_incident(tarnsund).pk
    assert signed_in(tarnsund.maja).get(f"/g/tarnsund/{page.format(pk=pk)}").status_code == 200
    what, subject = noted
    assert events(tarnsund) == [(tarnsund.maja.user_id, what, subject.format(pk=pk))]


def test_what_could_not_be_read_is_not_noted_as_read(tarnsund: Town, signed_in: SignIn) -> None:
    assert signed_in(tarnsund.maja).get("/g/tarnsund/incidents/4711/").status_code == 404
    assert events(tarnsund) == []


def test_a_stranger_leaves_no_trace_in_a_group_that_is_not_theirs(
    tarnsund: Town, bjorkvik: Town, signed_in: SignIn
) -> None:
    signed_in(bjorkvik.olle).get("/g/tarnsund/meetings/")
    assert events(tarnsund) == []
    assert events(bjorkvik) == []


@pytest.mark.django_db(transaction=True)
def test_after_an_answer_nothing_of_the_group_is_left_in_the_connection(tarnsund: Town, signed_in: SignIn) -> None:
    signed_in(tarnsund.rut).get("/g/tarnsund/")
    signed_in(tarnsund.rut).get("/g/tarnsund/meetings/")
    assert tenancy.current_group_id() is None
    assert list(Place.objects.all()) == []
