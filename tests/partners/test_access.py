"""Who reaches the coordinator's settings: every view, every stranger."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from est_site import tenancy
from est_site.access import Permission
from est_site.partners.models import Question
from est_site.partners.urls import urlpatterns
from tests.cast import Town
from tests.conftest import SignIn
from tests.partners.conftest import page

pytestmark = pytest.mark.django_db

Row = Callable[[Town], Any]
PERSON: Row = lambda town: next(iter(town.people.values()))  # noqa: E731
ORGANISATION: Row = lambda town: next(iter(town.organisations.values()))  # noqa: E731
AREA: Row = lambda town: next(iter(town.areas.values()))  # noqa: E731
PLACE: Row = lambda town: next(iter(town.places.values()))  # noqa: E731
CATEGORY: Row = lambda town: town.categories["damage"]  # noqa: E731
DOOR: Row = lambda town: town.doors[0]  # noqa: E731
PERIOD: Row = lambda town: town.periods[-1]  # noqa: E731


def QUESTION(town: Town) -> Question:
    with tenancy.inside(town.group):
        said = {"category": town.categories["damage"], "kind": "yes_no", "label_sv": "Lyser lampan?"}
        return Question.objects.get_or_create(group=town.group, **said)[0]


# address under settings/ -> the row whose id stands in it
PAGES: dict[str, Row | None] = {
    "": None,
    "people/": None,
    "people/invite/": None,
    "people/{}/": PERSON,
    "people/{}/end/": PERSON,
    "organisations/add/": None,
    "organisations/{}/": ORGANISATION,
    "organisations/{}/leave/": ORGANISATION,
    "areas/": None,
    "areas/import/": None,
    "areas/{}/": AREA,
    "areas/{}/redraw/": AREA,
    "areas/{}/end/": AREA,
    "places/": None,
    "places/addresses/": None,
    "places/add/": None,
    "places/{}/": PLACE,
    "categories/": None,
    "categories/add/": None,
    "categories/{}/": CATEGORY,
    "doors/": None,
    "doors/add/": None,
    "doors/{}/": DOOR,
    "categories/{}/questions/": CATEGORY,
    "categories/{}/questions/add/": CATEGORY,
    "questions/{}/": QUESTION,
    "schedule/": None,
    "schedule/change/": None,
    "schedule/{}/move/": PERIOD,
}
BUTTONS: dict[str, Row | None] = {
    "people/{}/invite-again/": PERSON,
    "places/{}/retire/": PLACE,
    "places/{}/use/": PLACE,
    "categories/{}/move/": CATEGORY,
    "categories/{}/retire/": CATEGORY,
    "categories/{}/use/": CATEGORY,
    "doors/{}/move/": DOOR,
    "doors/{}/hide/": DOOR,
    "doors/{}/show/": DOOR,
    "questions/{}/end/": QUESTION,
    "questions/{}/ask-again/": QUESTION,
    "schedule/merge/": None,
    "schedule/{}/cancel/": PERIOD,
}
FILES = ["areas/import/0123456789abcdef/", "areas/import/0123456789abcdef/add/"]
ALL = PAGES | BUTTONS
WITH_ROW = [rest for rest, row in ALL.items() if row]


def address(town: Town, rest: str, rows_of: Town | None = None) -> str:
    row = ALL.get(rest)
    return page(town.people["rut"], rest.format(row(rows_of or town).pk) if row else rest)


def send(client: Client, rest: str, url: str) -> Any:
    return client.get(url) if rest in PAGES or rest == FILES[0] else client.post(url)


def test_every_route_of_the_settings_stands_in_the_tables_here() -> None:
    routes = {str(p.pattern).replace("<int:pk>", "{}").replace("<slug:token>", "0123456789abcdef") for p in urlpatterns}
    assert routes == set(ALL) | set(FILES)


def test_every_view_of_the_settings_asks_for_a_permission_to_manage() -> None:
    manage = {Permission.MANAGE_PARTNERS, Permission.MANAGE_PLACES, Permission.MANAGE_SCHEDULE}
    assert {getattr(p.callback, "access", None) for p in urlpatterns} == manage


@pytest.mark.parametrize("rest", PAGES)
def test_the_coordinator_opens_every_page(rest: str, tarnsund: Town, signed_in: SignIn) -> None:
    assert signed_in(tarnsund.carin).get(address(tarnsund, rest)).status_code == 200


@pytest.mark.parametrize("rest", [*ALL, *FILES])
def test_a_member_is_told_that_this_is_not_theirs(rest: str, tarnsund: Town, signed_in: SignIn) -> None:
    assert send(signed_in(tarnsund.maja), rest, address(tarnsund, rest)).status_code == 403


@pytest.mark.parametrize("rest", [*ALL, *FILES])
def test_another_groups_coordinator_finds_nothing(rest: str, tarnsund: Town, bjorkvik: Town, signed_in: SignIn) -> None:
    assert send(signed_in(bjorkvik.olle), rest, address(tarnsund, rest)).status_code == 404


@pytest.mark.parametrize("rest", [*ALL, *FILES])
def test_who_is_not_signed_in_is_led_to_the_door(rest: str, tarnsund: Town) -> None:
    response = send(Client(), rest, address(tarnsund, rest))
    assert response.status_code == 302
    assert response["Location"].startswith("/account/sign-in/")


@pytest.mark.parametrize("rest", WITH_ROW)
def test_a_row_of_the_other_group_is_not_found(rest: str, tarnsund: Town, bjorkvik: Town, signed_in: SignIn) -> None:
    url = address(tarnsund, rest, rows_of=bjorkvik)
    client = signed_in(tarnsund.carin)
    if rest in PAGES:
        assert client.get(url).status_code == 404
    assert client.post(url).status_code in (404, 405)


@pytest.mark.parametrize("rest", BUTTONS)
def test_a_button_is_pressed_not_opened(rest: str, tarnsund: Town, signed_in: SignIn) -> None:
    assert signed_in(tarnsund.carin).get(address(tarnsund, rest)).status_code == 405


@pytest.mark.parametrize("role", ["rut", "anders", "stina"])
def test_no_other_role_sees_the_way_to_the_settings(role: str, tarnsund: Town, signed_in: SignIn) -> None:
    assert signed_in(tarnsund.people[role]).get(page(tarnsund.rut)).status_code == 403
