"""Every route, everybody who may stand before it, reading and writing: the answer that the table of roles gives."""

from __future__ import annotations

from itertools import product

import pytest

from tests.walls.doors import ALL, CASES, REFUSED, ask, expected, outcome, undone, writes
from tests.walls.routes import ROUTES
from tests.walls.row import of_the_owner
from tests.walls.world import HIDDEN, PEOPLE, World

METHODS = ("GET", "POST")
LETTER = "account_reset_password_from_key"  # the library moves its key from the address into the session
MISSING = (
    "Add to ROUTES in tests/walls/routes.py, under the route's name, a Row: how to point at a thing that exists, what "
    "a valid form holds, what is answered to somebody who is let in, and which things of it only some may see. Missing"
)


def test_every_route_has_its_row() -> None:
    without = {name: route for name, (route, _mark) in ALL.items() if name not in ROUTES}
    assert without == {}, f"{MISSING}: {', '.join(without)}"
    assert set(ROUTES) - set(ALL) == set(), "rows in tests/walls/routes.py of routes that are gone"


@pytest.mark.parametrize("route", CASES)
def test_everybody_gets_the_answer_of_the_table(case: World, route: str) -> None:
    """And: nothing limited to an organisation is on others' pages, no refusal and no reading writes a row."""
    wrong = []
    for who, method in product(PEOPLE, METHODS):
        person, before = case.people[who], writes()
        right = expected(route, person, method, case.here)
        harmless = method == "GET" or right in REFUSED
        with undone(checked=not harmless):
            answer = ask(case, route, person, method)
        got = outcome(answer)
        if got not in right:
            wrong.append(f"{method} as {who}: {got}, not {' or '.join(map(str, right))}")
        if HIDDEN.encode() in answer.content and not (person.member and of_the_owner(person.member, case.here)):
            wrong.append(f"{method} as {who} shows what is limited to an organisation")
        if harmless and route != LETTER and writes() != before:
            wrong.append(f"{method} as {who} writes")
    assert wrong == []


def test_the_matrix_is_as_large_as_it_looks() -> None:
    assert len(CASES) * len(PEOPLE) * len(METHODS) >= 500


def test_what_is_limited_to_an_organisation_stands_on_its_own_pages(case: World) -> None:
    for route in ("incident, limited", "intervention, limited", "intervention", "meeting", "incidents"):
        assert HIDDEN.encode() in ask(case, route, case.people["coordinator"], "GET").content, route


def test_what_is_written_is_counted(case: World) -> None:
    before = writes()
    ask(case, "report", case.people["reporter"], "POST")
    assert writes() > before
