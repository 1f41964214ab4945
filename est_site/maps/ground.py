"""What a chart stands on: the shapes in the units of the picture, coast and depths. Worked out once for the same areas."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import shapely
from shapely.geometry import MultiPolygon, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from est_site.maps.metres import Projection, metric_epsg, moved

WIDTH, FRAME, MARGIN = 800.0, 9.0, 26.0
LOWEST, HIGHEST = 420.0, 800.0
CRUMB = 4.0
DEPTHS = (9, 21, 37)
FURNITURE = (150.0, 128.0)
LEAST_LABELLED = 120.0
GROUNDS = 256  # charts remembered in each process, a few hundred kilobytes at most each


@dataclass(frozen=True, slots=True)
class View:
    """The areas as shapes in the units of the picture, y downwards, and the way there from degrees."""

    shapes: list[BaseGeometry]
    place: Callable[[Any, Any], tuple[Any, Any]]  # numbers, or arrays of them
    scale: float
    height: float
    furniture_below: bool

    @property
    def inside(self) -> Polygon:
        return box(FRAME, FRAME, WIDTH - FRAME, self.height - FRAME)

    def simplified(self, tolerance: float) -> View:
        # as a coverage: the border between two neighbours stays one line
        shapes = [_without_crumbs(shape) for shape in shapely.coverage_simplify(self.shapes, tolerance)]
        return View(shapes, self.place, self.scale, self.height, self.furniture_below)


def _view(geometries: Sequence[BaseGeometry], epsg: int | None, points: Sequence[tuple[float, float]] = ()) -> View:
    degrees = [_polygonal(geometry) for geometry in geometries]
    everything = shapely.union_all([box(*shape.bounds) for shape in degrees if not shape.is_empty])
    if everything.is_empty:
        everything = shapely.multipoints(points)
    centre = everything.centroid
    metric = Projection(epsg or metric_epsg(centre.x, centre.y))
    metres = [metric.forward_geometry(shape) for shape in degrees]
    extent = shapely.total_bounds(metres) if degrees else metric.forward_geometry(everything).bounds
    west, south, east, north = (float(edge) for edge in extent)
    if not degrees:
        west, south, east, north = west - 500, south - 500, east + 500, north + 500
    across, up = max(east - west, 1.0), max(north - south, 1.0)
    room = WIDTH - 2 * MARGIN
    height = min(HIGHEST, max(LOWEST, up * room / across + 2 * MARGIN))
    scale = min(room / across, (height - 2 * MARGIN) / up)
    left, top = (WIDTH - across * scale) / 2, (height - up * scale) / 2

    def to_picture(x: Any, y: Any) -> tuple[Any, Any]:
        return left + (x - west) * scale, top + (north - y) * scale

    def place(lon: Any, lat: Any) -> tuple[Any, Any]:
        return to_picture(*metric.forward(lon, lat))

    shapes = [moved(shape, to_picture) for shape in metres]
    crowded = min(_covered(corner, shapes) for corner in _corners(height)) > 0.12
    return View(shapes, place, scale, height + (70 if crowded else 0), crowded)


@dataclass(frozen=True, slots=True)
class Ground:
    """All of a chart that does not depend on what the data says."""

    view: View
    outlines: list[str]  # of each shape
    hearts: list[tuple[BaseGeometry, Point] | None]  # largest part, middle of its widest place; None without room
    coast: str
    depths: str
    corner: Polygon  # where rose and scale stand


def ground(geometries: Sequence[BaseGeometry], epsg: int | None, tolerance: float) -> Ground:
    """The ground under these areas, in degrees, simplified by the tolerance; `epsg` as in `Projection`."""
    return _remembered(_key(geometries), epsg, tolerance)


def sea(points: Sequence[tuple[float, float]], epsg: int | None) -> Ground:
    """The open sea around some points."""
    return _ground(_view((), epsg, points))


def coordinates(geometries: Sequence[BaseGeometry], epsg: int | None, tolerance: float) -> int:
    """How many there would be to draw."""
    return sum(int(shapely.get_num_coordinates(one)) for one in _simplified(_key(geometries), epsg, tolerance).shapes)


def _key(geometries: Sequence[BaseGeometry]) -> tuple[bytes, ...]:
    return tuple(shapely.to_wkb(geometry) for geometry in geometries)


@lru_cache(GROUNDS)
def _simplified(geometries: tuple[bytes, ...], epsg: int | None, tolerance: float) -> View:
    return _view([shapely.from_wkb(one) for one in geometries], epsg).simplified(tolerance)


@lru_cache(GROUNDS)
def _remembered(geometries: tuple[bytes, ...], epsg: int | None, tolerance: float) -> Ground:
    return _ground(_simplified(geometries, epsg, tolerance))


def _ground(view: View) -> Ground:
    land = _without_slivers(shapely.union_all(view.shapes))
    return Ground(
        view=view,
        outlines=[outline(shape) for shape in view.shapes],
        hearts=[_heart(shape) for shape in view.shapes],
        coast=outline(land),
        depths=_depths(view, land),
        corner=_furniture_corner(view),
    )


def _heart(shape: BaseGeometry) -> tuple[BaseGeometry, Point] | None:
    if shape.area <= LEAST_LABELLED:
        return None
    part = max(shapely.get_parts(shape), key=lambda polygon: polygon.area)
    return part, shapely.get_point(shapely.maximum_inscribed_circle(part, tolerance=1), 0)


def _polygonal(geometry: BaseGeometry) -> BaseGeometry:
    made = geometry if geometry.is_valid else shapely.make_valid(geometry)
    parts = [part for part in shapely.get_parts(made, return_index=False) if part.geom_type == "Polygon"]
    nested = [p for part in shapely.get_parts(made) if part.geom_type == "MultiPolygon" for p in part.geoms]
    return MultiPolygon([*parts, *nested])


def _without_crumbs(shape: BaseGeometry) -> BaseGeometry:
    """Skerries too small to be seen cost as much as an island; the largest part of an area always stays."""
    parts = sorted(shapely.get_parts(shape), key=lambda part: -part.area)
    return MultiPolygon(parts[:1] + [part for part in parts[1:] if part.area > CRUMB])


def _without_slivers(land: BaseGeometry) -> BaseGeometry:
    """Borders drawn apart by a metre or two leave cracks between neighbours that are not water."""
    kept = []
    for part in shapely.get_parts(land):
        if isinstance(part, Polygon):
            kept.append(Polygon(part.exterior, [ring for ring in part.interiors if Polygon(ring).area > 3 * CRUMB]))
    return MultiPolygon(kept)


def outline(shape: BaseGeometry) -> str:
    """Closed rings in tenths, each step relative to the last: a third of the length of absolute coordinates."""
    rings = []
    for part in shapely.get_parts(shape):
        for ring in (part.exterior, *part.interiors) if isinstance(part, Polygon) else ():
            rings.append(_steps(_rounded(ring), closed=True))
    return "".join(rings)


def _rounded(line: BaseGeometry) -> list[tuple[int, int]]:
    return [(round(x * 10), round(y * 10)) for x, y in line.coords]


def _steps(points: Sequence[tuple[int, int]], *, closed: bool) -> str:
    x, y = points[0]
    steps = []
    for next_x, next_y in points[1:-1] if closed else points[1:]:
        if (next_x, next_y) != (x, y):
            steps.append(f"{_tenths(next_x - x)} {_tenths(next_y - y)}")
            x, y = next_x, next_y
    if len(steps) < (2 if closed else 1):
        return ""
    start = f"{_tenths(points[0][0])} {_tenths(points[0][1])}"
    return f"M{start}l{' '.join(steps).replace(' -', '-')}{'z' if closed else ''}"


def _tenths(value: int) -> str:
    whole, rest = divmod(abs(value), 10)
    text = f"{whole or ''}.{rest}" if rest else str(whole)
    return f"-{text}" if value < 0 else text


def _depths(view: View, land: BaseGeometry) -> str:
    lines = []
    reach, depth = shapely.union_all([Polygon(part.exterior) for part in shapely.get_parts(land)]).simplify(2), 0
    for next_depth in DEPTHS:
        reach, depth = reach.buffer(next_depth - depth, quad_segs=4).simplify(0.6), next_depth
        parts = shapely.get_parts(reach.boundary.intersection(view.inside))
        lines += [_steps(_rounded(part), closed=False) for part in parts if part.length > 1]
    return "".join(lines)


def _corners(height: float) -> list[Polygon]:
    wide, high = FURNITURE
    low, far, deep = FRAME + 6, WIDTH - FRAME - 6 - wide, height - FRAME - 6 - high
    return [box(x, y, x + wide, y + high) for x, y in ((low, deep), (far, deep), (low, low), (far, low))]


def _covered(place: Polygon, shapes: Sequence[BaseGeometry]) -> float:
    return sum(shape.intersection(place).area for shape in shapes) / place.area


def _furniture_corner(view: View) -> Polygon:
    """Rose and scale stand where there is the least land, or on a strip of their own below the map."""
    if view.furniture_below:
        return box(FRAME + 6, view.height - FRAME - 66, 330, view.height - FRAME)
    return min(_corners(view.height), key=lambda place: _covered(place, view.shapes))
