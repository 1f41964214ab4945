"""Metres instead of degrees, GeoJSON read with reasons, and which area holds a point."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Generic, TypeVar

import shapely
from pyproj import CRS, Transformer
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

SWEREF_99_TM = 3006
# the band in which SWEREF 99 TM is the natural choice; it takes in a little of the neighbours, which does no harm
SWEDEN = (10.5, 55.2, 24.2, 69.1)

Id = TypeVar("Id", int, str)


def metric_epsg(lon: float, lat: float) -> int:
    """The projection in which a group measures: SWEREF 99 TM inside Sweden, elsewhere the point's UTM zone."""
    west, south, east, north = SWEDEN
    if west <= lon <= east and south <= lat <= north:
        return SWEREF_99_TM
    zone = min(60, int((lon + 180) // 6) + 1)
    return (32600 if lat >= 0 else 32700) + zone


@dataclass(frozen=True, slots=True)
class Projection:
    """Between degrees (longitude first, WGS 84) and the metres of one projection."""

    epsg: int

    def forward(self, lon: Any, lat: Any) -> tuple[Any, Any]:
        """Numbers, or arrays of them: one call for many points is a hundred times quicker."""
        x, y = _transformer(4326, self.epsg).transform(lon, lat)
        return x, y

    def back(self, x: float, y: float) -> tuple[float, float]:
        lon, lat = _transformer(self.epsg, 4326).transform(x, y)
        return lon, lat

    def forward_geometry(self, geometry: BaseGeometry) -> BaseGeometry:
        return moved(geometry, _transformer(4326, self.epsg).transform)

    def back_geometry(self, geometry: BaseGeometry) -> BaseGeometry:
        return moved(geometry, _transformer(self.epsg, 4326).transform)


def moved(geometry: BaseGeometry, move: Callable[[Any, Any], tuple[Any, Any]]) -> BaseGeometry:
    # the stubs know only the interleaved form
    return shapely.transform(geometry, move, interleaved=False)  # type: ignore[arg-type]


@cache
def _transformer(source: int, target: int) -> Transformer:
    return Transformer.from_crs(CRS.from_epsg(source), CRS.from_epsg(target), always_xy=True)


def distance_m(start: tuple[float, float], end: tuple[float, float], projection: Projection) -> float:
    """Metres between two points given in degrees, longitude first."""
    return math.dist(projection.forward(*start), projection.forward(*end))


def read_geometry(value: Mapping[str, Any]) -> BaseGeometry:
    """A GeoJSON geometry, or the geometry of a Feature. ValueError says what is wrong with it."""
    geometry = value.get("geometry") if value.get("type") == "Feature" else value
    if geometry is None:
        raise ValueError("the feature has no geometry")
    try:
        read = shapely.from_geojson(json.dumps(geometry))
    except (shapely.errors.GEOSException, TypeError, ValueError) as error:
        raise ValueError(f"not a GeoJSON geometry: {error}") from error
    if read.is_empty:
        raise ValueError("the geometry is empty")
    if not all(map(math.isfinite, read.bounds)):
        raise ValueError("a coordinate is not a number")
    return read


@lru_cache(4096)
def shape_of(geojson: str) -> BaseGeometry:
    """A geometry as it is stored, read once in each process for the same text."""
    return read_geometry(json.loads(geojson))


class AreaIndex(Generic[Id]):
    """Which area holds a point. On a shared border, or where areas overlap, the smallest id wins."""

    def __init__(self, areas: Iterable[tuple[Id, BaseGeometry]]) -> None:
        ordered = sorted(areas, key=lambda area: area[0])
        self._ids: list[Id] = [id_ for id_, _ in ordered]
        self._shapes = [shape for _, shape in ordered]
        self._tree = shapely.STRtree(self._shapes)

    def find(self, lon: float, lat: float) -> Id | None:
        hits = self._tree.query(Point(lon, lat), predicate="intersects")
        return self._ids[min(hits)] if len(hits) else None

    def find_many(self, lons: Sequence[float], lats: Sequence[float]) -> list[Id | None]:
        found: list[Id | None] = [None] * len(lons)
        if not self._shapes:
            return found
        # the tree is built over the points and asked with the areas: GEOS prepares what it is asked with
        points = shapely.STRtree(shapely.points(lons, lats))
        areas, hits = points.query(self._shapes, predicate="intersects")
        for area, hit in sorted(zip(areas.tolist(), hits.tolist(), strict=True), reverse=True):
            found[hit] = self._ids[area]
        return found


def area_index(areas: Iterable[tuple[Id, BaseGeometry]]) -> AreaIndex[Id]:
    return AreaIndex(areas)
