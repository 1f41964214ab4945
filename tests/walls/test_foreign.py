"""Things of another group: not there, in the same words as what never was; also with row-level security alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpResponse

from est_site.partners.models import WalledQuerySet
from tests.walls.doors import ALL, SHARED, address, undone
from tests.walls.routes import ROUTES
from tests.walls.world import Things, World

NEVER = 2_000_000_000
POINTING = [  # routes of a group with the id of a thing in their address
    name for name in SHARED if "<int:" in ALL[name][0] and "<slug:slug>" in ALL[name][0]
]


def querysets(kind: type[Any] = WalledQuerySet) -> Iterator[type[Any]]:
    yield kind
    for under in kind.__subclasses__():
        yield from querysets(under)


BOTH, SECOND = "both walls", "the second alone"


@pytest.fixture(params=[BOTH, SECOND])
def walls(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """With the second alone, every `visible_to` returns everything that the database lets through."""
    if request.param == SECOND:
        everything: Any = lambda self, member: self.all()  # noqa: E731
        for kind in querysets():
            if "visible_to" in vars(kind):
                monkeypatch.setattr(kind, "visible_to", everything)
    return str(request.param)


def replaced(own: dict[str, Any], others: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The arguments of an own thing, with one id after the other taken from elsewhere."""
    for name, value in own.items():
        if isinstance(value, int):
            yield own | {name: others[name]}


def olle(world: World, method: str, url: str, things: Things, name: str) -> HttpResponse:
    """Björkvik's coordinator asks for it, and nothing of it stays."""
    with undone():
        body = ROUTES[name].body(things) if method == "POST" else None
        return world.people["of another group"].send(method, url, body)


def words(answer: HttpResponse, url: str) -> str:
    """The page without what differs from one request to the next: its own address, its number and its token."""
    text = answer.content.decode().replace(answer["X-Request-ID"], "").replace(url, "")
    return re.sub(r'"\w{64}"', "", text)


@pytest.mark.parametrize("name", POINTING)
def test_another_groups_thing_is_as_little_there_as_one_that_never_was(case: World, walls: str, name: str) -> None:
    row, here, there = ROUTES[name], case.here, case.there
    own, foreign = row.args(there), row.args(here)
    never = dict.fromkeys(own, NEVER)
    for method, answers in (("GET", row.get), ("POST", row.post)):
        if answers == (405,):
            continue
        for other, missing in zip(replaced(own, foreign), replaced(own, never), strict=True):
            urls = [address(name, there, arguments) for arguments in (other, missing)]
            found = olle(case, method, urls[0], there, name)
            assert found.status_code == 404, (method, other)
            if walls == BOTH:
                assert words(found, urls[0]) == words(olle(case, method, urls[1], there, name), urls[1])
        if walls == BOTH:  # so that a refusal above was not for another reason
            assert olle(case, method, address(name, there, own), there, name).status_code in answers


def test_another_group_is_as_little_there_as_one_that_never_was(case: World) -> None:
    for name in SHARED:
        if "<slug:slug>" not in ALL[name][0]:
            continue
        method = "GET" if ROUTES[name].get != (405,) else "POST"
        there = address(name, case.here, ROUTES[name].args(case.here))
        nowhere = there.replace(f"/g/{case.here.slug}/", "/g/ingenstans/")
        found, nothing = (olle(case, method, url, case.here, name) for url in (there, nowhere))
        assert (found.status_code, nothing.status_code) == (404, 404), name
        assert words(found, there) == words(nothing, nowhere), name


def test_no_page_shows_anything_of_another_group(case: World, walls: str) -> None:
    theirs = [name.encode() for name in ("Tärnsund", "Hamnplan", "Stationsområdet", "Väktarna")]
    for name in SHARED:
        if ROUTES[name].get != (405,) and "<slug:slug>" in ALL[name][0]:
            page = olle(case, "GET", address(name, case.there, ROUTES[name].args(case.there)), case.there, name)
            assert page.status_code in ROUTES[name].get, name
            assert [word.decode() for word in theirs if word in page.content] == [], name


# field of a form -> a thing of the other group that it must not take
CHOICES: dict[str, Any] = {
    "organisation": lambda t: t.organisation.pk,
    "responsible": lambda t: t.organisation.pk,
    "present": lambda t: [t.organisation.pk],
    "area": lambda t: t.area.pk,
    "place": lambda t: t.place.pk,
    "category": lambda t: t.top.pk,
    "parent": lambda t: t.top.pk,
    "top": lambda t: t.top.pk,
    "first": lambda t: t.period.pk,
    "last": lambda t: t.next_period.pk,
}


def test_no_form_takes_another_groups_thing(case: World, walls: str) -> None:
    here, there, tried = case.here, case.there, 0
    for name, row in ROUTES.items():
        body = row.body(there)
        for field in CHOICES.keys() & body.keys():
            smuggled = body | {field: CHOICES[field](here)}
            with undone():
                answer = case.people["of another group"].send("POST", address(name, there, row.args(there)), smuggled)
            assert answer.status_code == 422, (name, field)
            tried += 1
    assert tried >= 15
