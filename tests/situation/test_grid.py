"""Hexagons, the soft picture and repeat places, in metres."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Point, box

from situation import grid, repeats
from situation.repeats import Named, Spot

METRES = st.floats(-20_000, 20_000)
TOWN = box(0, 0, 4000, 3000)


@given(METRES, METRES)
def test_a_point_lies_in_its_hexagon(x: float, y: float) -> None:
    assert grid.corners(grid.hexagon(x, y, 300), 300).buffer(0.01).contains(Point(x, y))


def test_the_town_has_at_least_fifty_hexagons() -> None:
    assert len(grid.hexagons(TOWN, []).cells) >= 50


def test_every_event_is_counted_once() -> None:
    found = grid.hexagons(TOWN, [(n * 37 % 4000, n * 53 % 3000, 2) for n in range(100)])
    assert sum(cell.count for cell in found.cells) + found.outside == 200


def test_few_events_are_counted_and_never_tested() -> None:
    assert all(cell.p is None for cell in grid.hexagons(TOWN, [(100, 100, 9)]).cells)


def test_a_planted_cluster_among_many_is_clear_and_the_rest_is_not() -> None:
    empty = grid.hexagons(TOWN, [])
    at = [grid.middle(cell.at, empty.width) for cell in empty.cells]
    near = [math.dist(one, (2000, 1500)) <= empty.width for one in at]
    found = grid.hexagons(TOWN, [(*one, 20 if inside else 2) for one, inside in zip(at, near, strict=True)])
    clear = [cell for cell in found.cells if cell.p is not None and cell.p < 0.01]
    assert clear
    assert all(math.dist(grid.middle(cell.at, found.width), (2000, 1500)) < 2.5 * found.width for cell in clear)


def test_the_soft_picture_is_masked_under_five_events() -> None:
    assert grid.soft([(1000, 1000, 4)], TOWN.bounds)[1] == []


def test_five_events_are_a_soft_spot_around_them() -> None:
    _side, squares = grid.soft([(1000, 1000, 5)], TOWN.bounds)
    assert squares
    assert all(math.dist((x, y), (1000, 1000)) <= 2 * grid.BANDWIDTH for x, y, _share in squares)


def test_what_lies_within_75_metres_belongs_to_the_named_place() -> None:
    spots = [Spot(0, 74, (1, 1, 1)), Spot(74, 0, (1, 1, 1)), Spot(76, 0, (1, 1, 1))]
    assert repeats.repeats(spots, [Named(1, "Torget", 0, 0)])[0].counts == (2, 2, 2)


def test_no_observation_is_in_two_repeat_places() -> None:
    spots = [Spot(10 * n, 0, (1, 1, 1)) for n in range(30)]
    found = repeats.repeats(spots, [Named(1, "Torget", 0, 0), Named(2, "Kiosken", 50, 0)])
    assert sum(one.counts[2] for one in found) <= 30


def test_one_observation_is_no_repeat() -> None:
    assert repeats.repeats([Spot(0, 0, (1, 1, 1))], [Named(1, "Torget", 0, 0)]) == []


def test_a_position_with_more_than_a_twentieth_is_told() -> None:
    spots = [Spot(0, 0, (0, 0, 12)), *(Spot(n * 100, 50, (0, 0, 1)) for n in range(100))]
    assert repeats.snapped(spots) == spots[:1]
