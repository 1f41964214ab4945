"""Hexagons and a soft picture in metres. Pure: points in, cells out; nothing is tested here."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from situation import deviation, hotspots

LEAST_CELLS = 50
LEAST_MEAN = 1.0
WIDTHS = (16000, 8000, 4000, 2000, 1000, 800, 600, 500, 400, 300, 250, 200, 150, 100)  # metres from side to side
BANDWIDTH = 200.0  # metres; fixed, so that two weeks can be laid side by side
LEAST_EVENTS = 5
SOFT_CELLS = 40  # squares from side to side of the soft picture
AROUND = ((1, 0), (1, -1), (0, -1), (-1, 0), (-1, 1), (0, 1))

Hexagon = tuple[int, int]  # axial coordinates
Point = tuple[float, float, int]  # east, north, events


@dataclass(frozen=True)
class Cell:
    """A hexagon with its events; `z` and `p` only where the test was made, `p` adjusted for the number of cells."""

    at: Hexagon
    count: int
    z: float | None = None
    p: float | None = None


@dataclass(frozen=True)
class Hexagons:
    width: int
    cells: list[Cell]
    outside: int  # events that lie in none

    @property
    def mean(self) -> float:
        return sum(cell.count for cell in self.cells) / len(self.cells) if self.cells else 0.0

    @property
    def tested(self) -> bool:
        return len(self.cells) >= LEAST_CELLS and self.mean >= LEAST_MEAN


def fitted(land: BaseGeometry) -> tuple[int, list[Hexagon]]:
    """The widest hexagons of which at least fifty have their middle on land, else the smallest there are."""
    for width in WIDTHS:
        cells = covering(land, width)
        if len(cells) >= LEAST_CELLS:
            break
    return width, cells


def hexagons(land: BaseGeometry, points: Iterable[Point]) -> Hexagons:
    """Events by hexagon over the cells whose middle is on land, with Gi* where there is enough to test."""
    width, cells = fitted(land)
    counts: Counter[Hexagon] = Counter()
    for x, y, n in points:
        counts[hexagon(x, y, width)] += n
    found = Hexagons(
        width, [Cell(at, counts[at]) for at in cells], sum(counts.values()) - sum(counts[c] for c in cells)
    )
    return _tested(found) if found.tested else found


def _tested(found: Hexagons) -> Hexagons:
    at = {cell.at: n for n, cell in enumerate(found.cells)}
    around = [
        [at[q + dq, r + dr] for dq, dr in AROUND if (q + dq, r + dr) in at] for q, r in (c.at for c in found.cells)
    ]
    z = hotspots.getis_ord([cell.count for cell in found.cells], around)
    p = deviation.adjusted([math.erfc(abs(one) / math.sqrt(2)) for one in z])
    cells = [Cell(cell.at, cell.count, *both) for cell, both in zip(found.cells, zip(z, p, strict=True), strict=True)]
    return Hexagons(found.width, cells, found.outside)


def covering(land: BaseGeometry, width: float) -> list[Hexagon]:
    """The hexagons whose middle lies on land, from the south."""
    if land.is_empty:
        return []
    west, south, east, north = land.bounds
    step = width * math.sqrt(3) / 2
    low, high = math.floor(south / step) - 1, math.ceil(north / step) + 1
    every = [
        (q, r)
        for r in range(low, high + 1)
        for q in range(math.floor(west / width - r / 2) - 1, math.ceil(east / width - r / 2) + 2)
    ]
    middles = [middle(one, width) for one in every]
    shapely.prepare(land)
    on = shapely.contains_xy(land, [x for x, _y in middles], [y for _x, y in middles])
    return [one for one, inside in zip(every, on.tolist(), strict=True) if inside]


def middle(at: Hexagon, width: float) -> tuple[float, float]:
    q, r = at
    return width * (q + r / 2), width * math.sqrt(3) / 2 * r


def hexagon(x: float, y: float, width: float) -> Hexagon:
    """The hexagon of this width that holds the point: the nearest middle."""
    r = y / (width * math.sqrt(3) / 2)
    q = x / width - r / 2
    rounded = [round(q), round(r), round(-q - r)]
    off = [abs(a - b) for a, b in zip(rounded, (q, r, -q - r), strict=True)]
    worst = off.index(max(off))
    rounded[worst] -= sum(rounded)
    return rounded[0], rounded[1]


def corners(at: Hexagon, width: float) -> Polygon:
    x, y = middle(at, width)
    reach = width / math.sqrt(3)
    turns = [math.radians(60 * n + 30) for n in range(6)]
    return Polygon([(x + reach * math.cos(turn), y + reach * math.sin(turn)) for turn in turns])


def soft(
    points: Sequence[Point], bounds: tuple[float, float, float, float]
) -> tuple[float, list[tuple[float, float, float]]]:
    """The side of a square in metres, and (east, north, share of the highest) of each that is not masked.

    A Gaussian kernel of fixed bandwidth. Masked is every square with fewer than five events within two bandwidths.
    """
    west, south, east, north = bounds
    side = max((east - west) / SOFT_CELLS, (north - south) / SOFT_CELLS, BANDWIDTH / 4)
    if sum(n for _x, _y, n in points) < LEAST_EVENTS:
        return side, []
    across, up = max(1, math.ceil((east - west) / side)), max(1, math.ceil((north - south) / side))
    reach = 2 * BANDWIDTH
    heights: dict[tuple[int, int], float] = {}
    events: Counter[tuple[int, int]] = Counter()
    for x, y, n in points:
        for i in range(max(0, int((x - reach - west) / side)), min(across, int((x + reach - west) / side) + 1)):
            for j in range(max(0, int((y - reach - south) / side)), min(up, int((y + reach - south) / side) + 1)):
                away = math.hypot(west + (i + 0.5) * side - x, south + (j + 0.5) * side - y)
                if away <= reach:
                    heights[i, j] = heights.get((i, j), 0.0) + n * math.exp(-((away / BANDWIDTH) ** 2) / 2)
                    events[i, j] += n
    top = max(heights.values(), default=1.0)
    return side, [
        (west + (i + 0.5) * side, south + (j + 0.5) * side, height / top)
        for (i, j), height in sorted(heights.items())
        if events[i, j] >= LEAST_EVENTS
    ]
