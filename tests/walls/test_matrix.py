"""Every route, everybody who may stand before it, reading and writing: the answer that the table of roles gives."""

from __future__ import annotations

from itertools import product

import pytest

from tests.walls.doors import ALL, CASES, ask, expected, outcome, undone
from tests.walls.routes import ROUTES
from tests.walls.world import PEOPLE, World

METHODS = ("GET", "POST")
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
    wrong = []
    for who, method in product(PEOPLE, METHODS):
        person = case.people[who]
        with undone():
            got = outcome(ask(case, route, person, method))
        right = expected(route, person, method, case.here)
        if got not in right:
            wrong.append(f"{method} as {who}: {got}, not {' or '.join(map(str, right))}")
    assert wrong == []


def test_the_matrix_is_as_large_as_it_looks() -> None:
    assert len(CASES) * len(PEOPLE) * len(METHODS) >= 500
