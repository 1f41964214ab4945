"""Whether two observations may be of the same event: of one kind, near in space and near in time. Pure.

The limits are the top category's: by default 100 metres and 24 hours (quality.md §1.4 of the trade: a hint, never a bar).
A condition lasts until it is put right, so for conditions only the distance counts.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

METRES_OF_A_DEGREE = 111_320.0  # of latitude; of longitude at the equator


@dataclass(frozen=True)
class Limits:
    """How far apart two reports of one event may lie."""

    metres: int = 100
    hours: int = 24


@dataclass(frozen=True)
class Spot:
    """What is compared of an observation. `top` is its main category, `sort` what must be the same in both.

    Without a position only the same place is near.
    """

    pk: int
    top: int
    sort: int
    lasts: bool
    start: datetime
    end: datetime
    lon: float | None
    lat: float | None
    place: int | None


@dataclass(frozen=True)
class Pair:
    """Two that may be one, the earlier logged first, with how far apart they are."""

    first: int
    second: int
    metres: float
    apart: timedelta


def metres(a: Spot, b: Spot) -> float | None:
    """Between two spots, 0 at the same place; None where that cannot be said. Exact to a few per mille within a kilometre."""
    if a.place is not None and a.place == b.place:
        return 0.0
    if a.lon is None or a.lat is None or b.lon is None or b.lat is None:
        return None
    east = (a.lon - b.lon) * math.cos(math.radians((a.lat + b.lat) / 2))
    return math.hypot(east, a.lat - b.lat) * METRES_OF_A_DEGREE


def apart(a: Spot, b: Spot) -> timedelta:
    """The gap between two stretches of time, none where they overlap or where both last."""
    if a.lasts and b.lasts:
        return timedelta()
    return max(timedelta(), max(a.start, b.start) - min(a.end, b.end))


def pair(a: Spot, b: Spot, limits: Limits) -> Pair | None:
    """The two as one event, if they may be."""
    if a.pk == b.pk or a.sort != b.sort or a.lasts != b.lasts:
        return None
    far, long = metres(a, b), apart(a, b)
    if far is None or far > limits.metres or long > timedelta(hours=limits.hours):
        return None
    return Pair(min(a.pk, b.pk), max(a.pk, b.pk), far, long)


def pairs(spots: Iterable[Spot], limits: Mapping[int, Limits]) -> list[Pair]:
    """All pairs, the nearest in space first, then in time. Each is compared with its neighbours only."""
    found: dict[tuple[int, int], Pair] = {}
    cells: defaultdict[tuple[object, ...], list[Spot]] = defaultdict(list)
    for spot in spots:
        limit = limits.get(spot.top, Limits())
        for cell in _around(spot, limit):
            for other in cells.get(cell, ()):
                if one := pair(spot, other, limit):
                    found[one.first, one.second] = one
        for cell in _own(spot, limit):
            cells[cell].append(spot)
    return sorted(found.values(), key=lambda one: (one.metres, one.apart, one.first, one.second))


def _size(limit: Limits) -> float:
    return max(limit.metres, 1) / METRES_OF_A_DEGREE


def _own(spot: Spot, limit: Limits) -> Iterator[tuple[object, ...]]:
    if spot.place is not None:
        yield spot.sort, "place", spot.place
    if spot.lon is not None and spot.lat is not None:
        yield spot.sort, math.floor(spot.lat / _size(limit))


def _around(spot: Spot, limit: Limits) -> Iterator[tuple[object, ...]]:
    """The same place, and the bands of latitude that hold whatever is near enough."""
    if spot.place is not None:
        yield spot.sort, "place", spot.place
    if spot.lon is not None and spot.lat is not None:
        band = math.floor(spot.lat / _size(limit))
        yield from ((spot.sort, band + step) for step in (-1, 0, 1))
