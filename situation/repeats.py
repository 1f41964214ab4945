"""Where the same spot comes back: named places and clusters within 75 metres. Pure, in metres."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from typing import TypeVar

import shapely

NEAR = 75.0
LEAST = 2  # one observation does not repeat itself
SNAPPED = 0.05

T = TypeVar("T")


@dataclass(frozen=True)
class Spot:
    """Observations at one position, in the period and over four and thirteen weeks."""

    x: float
    y: float
    counts: tuple[int, int, int]


@dataclass(frozen=True)
class Named:
    id: int
    name: str
    x: float
    y: float


@dataclass(frozen=True)
class Repeat:
    """What lies within 75 metres of a named place, or, without one, of the position where most do."""

    x: float
    y: float
    counts: tuple[int, int, int]
    place: Named | None
    near: Named | None  # the nearest named place of a cluster without a name
    metres: int = 0  # to it


def repeats(spots: Sequence[Spot], places: Sequence[Named]) -> list[Repeat]:
    """Each observation in one repeat at most: the named place with most first, then the clusters without a name.

    Only what has at least two over thirteen weeks; ordered by the period, then by four and thirteen weeks.
    """
    left = set(range(len(spots)))
    found = [
        _of(spots, inside, place.x, place.y, place)
        for place, inside in _greedy(spots, [(one, one.x, one.y) for one in places], left)
    ]
    for at, inside in _greedy(spots, [(n, spots[n].x, spots[n].y) for n in sorted(left)], left):
        near = min(places, key=lambda one: _away(one, spots[at]), default=None)
        found.append(
            _of(spots, inside, spots[at].x, spots[at].y, None, near, round(_away(near, spots[at])) if near else 0)
        )
    return sorted(found, key=lambda one: (tuple(-n for n in one.counts), one.x, one.y))


def snapped(spots: Sequence[Spot]) -> list[Spot]:
    """Positions that hold more than a twentieth of all over thirteen weeks, of ten at least, are perhaps not where it was."""
    everything = sum(one.counts[2] for one in spots)
    return [one for one in spots if one.counts[2] >= 10 and one.counts[2] > SNAPPED * everything]


def _greedy(
    spots: Sequence[Spot], centres: Sequence[tuple[T, float, float]], left: set[int]
) -> list[tuple[T, set[int]]]:
    """The centre with most events takes them, and so on while one has two; `left` is what nobody has taken."""
    if not spots or not centres:
        return []
    tree = shapely.STRtree(shapely.points([(one.x, one.y) for one in spots]))
    middles = shapely.points([(x, y) for _one, x, y in centres])
    within: list[set[int]] = [set() for _ in centres]
    for centre, spot in tree.query(middles, predicate="dwithin", distance=NEAR).T.tolist():
        within[centre].add(spot)
    found = []
    # what a centre had when it was last looked at is the most it can have: only the first in line is looked at anew
    line = [(-sum(spots[s].counts[2] for s in inside), n) for n, inside in enumerate(within)]
    heapify(line)
    while line:
        had, n = heappop(line)
        inside = within[n] & left
        has = sum(spots[s].counts[2] for s in inside)
        if has < LEAST:
            continue
        if has < -had:
            heappush(line, (-has, n))
            continue
        left -= inside
        found.append((centres[n][0], inside))
    return found


def _of(
    spots: Sequence[Spot],
    inside: set[int],
    x: float,
    y: float,
    place: Named | None,
    near: Named | None = None,
    metres: int = 0,
) -> Repeat:
    period, four, thirteen = (sum(spots[n].counts[k] for n in inside) for k in range(3))
    return Repeat(x, y, (period, four, thirteen), place, near, metres)


def _away(place: Named, spot: Spot) -> float:
    return ((place.x - spot.x) ** 2 + (place.y - spot.y) ** 2) ** 0.5
