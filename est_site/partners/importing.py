"""What an import of areas would do, judged before a row is written: what is new, what overlaps, what is refused. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from django.utils.translation import gettext as _
from shapely.geometry import Point, Polygon
from shapely.geometry.base import BaseGeometry

from est_site import maps
from est_site.partners.reading import (
    MAX_BYTES,
    MAX_FEATURES,
    MAX_PROBLEMS,
    WGS84,
    Drawn,
    Problem,
    Refused,
    Source,
    border_for,
    draw,
    guess_name_field,
    polygons,
    read,
    refuse,
)

__all__ = [
    "MAX_BYTES",
    "MAX_FEATURES",
    "Drawn",
    "Problem",
    "Refused",
    "Source",
    "border_for",
    "guess_name_field",
    "read",
]

SLIVER_SHARE = 0.05  # an overlap up to this share of the smaller area is a sliver, above it the drawing is wrong
LEAST_OVERLAP_M2 = 1.0  # below that two borders are the same
GAP_WIDTH_M = 20.0  # a hole between areas that is narrower than this on average was not meant
SWEDEN = (10.0, 55.0, 24.5, 69.5)


@dataclass(frozen=True)
class Existing:
    """An area the group already has in this layer."""

    id: int
    name: str
    geometry: dict[str, Any]
    population: int | None


@dataclass(frozen=True)
class Pair:
    """Two areas that cover the same ground."""

    first: str
    second: str
    m2: int
    share: float  # of the smaller one


@dataclass
class Plan:
    """What an import would do, and what is worth knowing about the drawing."""

    source: Source
    drawn: list[Drawn] = field(default_factory=list)
    new: list[Drawn] = field(default_factory=list)
    counted: list[tuple[int, int]] = field(default_factory=list)  # (id of the area, new population)
    unchanged: int = 0
    repaired: list[Drawn] = field(default_factory=list)
    slivers: list[Pair] = field(default_factory=list)
    gaps_m2: list[int] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def uninhabited(self) -> list[Drawn]:
        """Areas that the file says nobody lives in: no figure can be given per inhabitant."""
        return [area for area in self.drawn if area.population == 0]

    @property
    def sliver_m2(self) -> int:
        return sum(pair.m2 for pair in self.slivers)

    @property
    def gap_m2(self) -> int:
        return sum(self.gaps_m2)


def plan(
    source: Source,
    *,
    name_field: str,
    population_field: str = "",
    existing: Sequence[Existing] = (),
    swedish: bool = False,
) -> Plan:
    """Judge every feature against the others and against what is there. All or nothing: `Refused` lists the reasons."""
    for named in filter(None, (name_field, population_field)):
        if named not in source.fields:
            raise refuse(
                source.file,
                _("no feature has a property called %(field)s; the file has: %(fields)s")
                % {"field": named, "fields": ", ".join(source.fields) or "–"},
            )
    drawn, problems = draw(source, name_field, population_field)
    made = Plan(source, drawn, repaired=[area for area in drawn if area.repaired])
    if source.assumed:
        made.notes.append(source.assumed)
    problems += _compare(made, drawn, existing)
    if not problems:
        problems += _measure(made, drawn, existing, swedish)
    if problems:
        problems.sort(key=lambda problem: problem.feature or 0)
        raise Refused(source.file, problems[:MAX_PROBLEMS])
    return made


# --- against what is there, and against each other -------------------------------------------------


def _compare(made: Plan, drawn: Sequence[Drawn], existing: Sequence[Existing]) -> list[Problem]:
    """A second run of the same file finds everything there and adds nothing."""
    there = {area.name.casefold(): area for area in existing}
    problems = []
    for area in drawn:
        known = there.get(area.name.casefold())
        if known is None:
            made.new.append(area)
        elif known.geometry != area.geometry:
            problems.append(
                Problem(
                    area.number,
                    _("%(name)s is already there with another border; redraw it on its own page") % {"name": area.name},
                )
            )
        elif area.population is not None and area.population != known.population:
            made.counted.append((known.id, area.population))
        else:
            made.unchanged += 1
    return problems


def _measure(made: Plan, drawn: Sequence[Drawn], existing: Sequence[Existing], swedish: bool) -> list[Problem]:
    """Overlaps and gaps in square metres, of the new areas together with those that stay."""
    taken = {area.name.casefold() for area in drawn}
    others = [area for area in existing if area.name.casefold() not in taken]
    degrees = [area.shape for area in drawn] + [maps.read_geometry(area.geometry) for area in others]
    names = [area.name for area in drawn] + [area.name for area in others]
    centre: Point = shapely.GeometryCollection(degrees).centroid
    if swedish and made.source.epsg == WGS84 and not _in_sweden(centre):
        made.notes.append(_("The areas lie outside Sweden. Have longitude and latitude changed places?"))
    metric = maps.Projection(maps.metric_epsg(centre.x, centre.y))
    metres = [_valid(metric.forward_geometry(shape)) for shape in degrees]
    problems = []
    for first, second, m2, share in _shared(metres):
        if share > SLIVER_SHARE:
            number = drawn[second].number if second < len(drawn) else drawn[first].number
            problems.append(Problem(number, _overlap_text(names[first], names[second], m2, share)))
        else:
            made.slivers.append(Pair(names[first], names[second], round(m2), share))
    made.slivers.sort(key=_largest_first)
    made.gaps_m2 = sorted((round(hole.area) for hole in _gaps(metres)), reverse=True)
    return problems


def _valid(shape: BaseGeometry) -> BaseGeometry:
    return shape if shape.is_valid else polygons(shapely.make_valid(shape))


def _overlap_text(first: str, second: str, m2: float, share: float) -> str:
    return _(
        "%(first)s and %(second)s cover the same %(m2)s m² (%(share)s%% of the smaller one; "
        "up to %(limit)s%% is taken for an inexact border)"
    ) % {
        "first": first,
        "second": second,
        "m2": f"{m2:.0f}",
        "share": f"{share * 100:.0f}",
        "limit": f"{SLIVER_SHARE * 100:.0f}",
    }


def _in_sweden(point: Point) -> bool:
    west, south, east, north = SWEDEN
    return bool(west <= point.x <= east and south <= point.y <= north)


def overlaps(names: Sequence[str], degrees: Sequence[BaseGeometry]) -> list[Pair]:
    """Which of these areas cover the same ground, the largest overlap first."""
    if not degrees:
        return []
    centre = shapely.GeometryCollection(list(degrees)).centroid
    metric = maps.Projection(maps.metric_epsg(centre.x, centre.y))
    shared = _shared([_valid(metric.forward_geometry(shape)) for shape in degrees])
    pairs = [Pair(names[first], names[second], round(m2), share) for first, second, m2, share in shared]
    return sorted(pairs, key=_largest_first)


def _largest_first(pair: Pair) -> tuple[int, str]:
    return -pair.m2, pair.first


def _shared(shapes: Sequence[BaseGeometry]) -> list[tuple[int, int, float, float]]:
    tree = shapely.STRtree(shapes)
    left, right = tree.query(shapes, predicate="intersects")
    ahead = left < right
    pairs = np.column_stack([left[ahead], right[ahead]])
    if not len(pairs):
        return []
    shape = np.asarray(shapes, dtype=object)
    shared = shapely.area(shapely.intersection(shape[pairs[:, 0]], shape[pairs[:, 1]]))
    smaller = np.minimum(shapely.area(shape[pairs[:, 0]]), shapely.area(shape[pairs[:, 1]]))
    return [
        (int(first), int(second), float(m2), float(m2 / size))
        for (first, second), m2, size in zip(pairs, shared, smaller, strict=True)
        if m2 >= LEAST_OVERLAP_M2
    ]


def _gaps(shapes: Sequence[BaseGeometry]) -> list[Polygon]:
    """Holes inside the covered ground so narrow that nobody drew them on purpose."""
    holes = [
        Polygon(ring)
        for part in shapely.get_parts(shapely.union_all(shapes))
        if isinstance(part, Polygon)
        for ring in part.interiors
    ]
    return [hole for hole in holes if hole.area >= LEAST_OVERLAP_M2 and 2 * hole.area / hole.length < GAP_WIDTH_M]
