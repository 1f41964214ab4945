"""Things of another group: not there, in the same words as what never was; also with row-level security alone.

And things of another organisation: on no page of those who may not see them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpResponse

from est_site import tenancy
from est_site.partners.models import WalledQuerySet
from tests.walls.doors import ALL, CASES, SHARED, address, ask, undone
from tests.walls.routes import ROUTES
from tests.walls.world import HIDDEN, SEEN, Things, World

NEVER = 2_000_000_000
POINTING = [name for name in SHARED if "<int:" in ALL[name][0]]  # routes with the id of a thing in their address


def querysets(kind: type[Any] = WalledQuerySet) -> Iterator[type[Any]]:
    yield kind
    for under in kind.__subclasses__():
        yield from querysets(under)


@pytest.fixture(params=["both walls", "the second alone"])
def walls(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the second alone, every `visible_to` returns everything that the database lets through."""
    if request.param == "the second alone":
        everything: Any = lambda self, member: self.all()  # noqa: E731
        for kind in querysets():
            if "visible_to" in vars(kind):
                monkeypatch.setattr(kind, "visible_to", everything)


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
def test_another_groups_thing_is_as_little_there_as_one_that_never_was(case: World, walls: None, name: str) -> None:
    row, here, there = ROUTES[name], case.here, case.there
    own, foreign = row.args(there), row.args(here)
    never = dict.fromkeys(own, NEVER)
    for method, answers in (("GET", row.get), ("POST", row.post)):
        if answers == (405,):
            continue
        for other, missing in zip(replaced(own, foreign), replaced(own, never), strict=True):
            urls = [address(name, there, arguments) for arguments in (other, missing)]
            found, nothing = (olle(case, method, url, there, name) for url in urls)
            assert (found.status_code, nothing.status_code) == (404, 404), (method, other)
            assert words(found, urls[0]) == words(nothing, urls[1])
        reached = olle(case, method, address(name, there, own), there, name)
        assert reached.status_code in answers, "so that a refusal above was not for another reason"


@pytest.mark.parametrize("name", [name for name in SHARED if "<slug:slug>" in ALL[name][0]])
def test_another_group_is_as_little_there_as_one_that_never_was(case: World, name: str) -> None:
    row = ROUTES[name]
    method = "GET" if row.get != (405,) else "POST"
    there = address(name, case.here, row.args(case.here))
    nowhere = there.replace(f"/g/{case.here.slug}/", "/g/ingenstans/")
    found, nothing = (olle(case, method, url, case.here, name) for url in (there, nowhere))
    assert (found.status_code, nothing.status_code) == (404, 404)
    assert words(found, there) == words(nothing, nowhere)


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


@pytest.mark.parametrize("name", SHARED)
def test_no_form_takes_another_groups_thing(case: World, walls: None, name: str) -> None:
    row, here, there = ROUTES[name], case.here, case.there
    body = row.body(there)
    for field in CHOICES.keys() & body.keys():
        smuggled = body | {field: CHOICES[field](here)}
        with undone():
            answer = case.people["of another group"].send("POST", address(name, there, row.args(there)), smuggled)
        assert answer.status_code == 422, field


def pages_with(world: World, who: str, text: str) -> list[str]:
    """The routes that show it to somebody in Tärnsund."""
    answers = {name: ask(world, name, world.people[who], "GET") for name in CASES}
    return [name for name, answer in answers.items() if text.encode() in answer.content]


def test_what_is_limited_to_an_organisation_stands_on_pages_of_its_own(case: World) -> None:
    assert {"incident, limited", "intervention, limited", "meeting"} <= set(pages_with(case, "coordinator", HIDDEN))


@pytest.mark.parametrize(
    "who", ["member of another organisation", "coordinator of another organisation", "steering", "of another group"]
)
def test_what_is_limited_to_an_organisation_stands_on_no_page_of_others(
    case: World, who: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    replaced_by_a_shared_one(case, monkeypatch)
    assert pages_with(case, who, HIDDEN) == []


def replaced_by_a_shared_one(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The open meeting replaces what only the owner sees by something that the whole group sees."""
    url = address(
        "meeting_replace", world.here, {"pk": world.here.open.pk, "intervention": world.here.own_intervention.pk}
    )
    body = ROUTES["meeting_replace"].body(world.here) | {"what": SEEN}
    assert world.people["coordinator"].send("POST", url, body).status_code == 302
    with tenancy.inside(world.here.town.group):
        monkeypatch.setattr(world.here, "intervention", world.here.own_intervention.successors.get())
