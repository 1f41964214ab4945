"""A GeoJSON file as areas: its reference system found, its shapes repaired, its nonsense refused with place and reason."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from django.utils.translation import gettext as _
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from est_site import maps
from est_site.forms import NOT_TEXT

MAX_BYTES = 10 * 1024 * 1024
MAX_FEATURES = 5_000
MAX_NAME = 120
MAX_PROBLEMS = 50  # a file with more is not a file of areas
DECIMALS = 7  # of a degree: a centimetre

WGS84 = 4326
SWEREF_TM = 3006
SWEREF_ZONES = range(3007, 3019)
KNOWN = (WGS84, SWEREF_TM, *SWEREF_ZONES)
EASTINGS, NORTHINGS = (200_000, 1_000_000), (6_000_000, 7_800_000)  # SWEREF 99 TM


@dataclass(frozen=True)
class Problem:
    """Why the file is refused: at which feature (counted from 1; None: the file itself), and the reason."""

    feature: int | None
    reason: str

    def __str__(self) -> str:
        return (
            _("feature %(n)s: %(reason)s") % {"n": self.feature, "reason": self.reason} if self.feature else self.reason
        )


class Refused(Exception):
    """Nothing was written. `problems` says where and why, in the order of the file."""

    def __init__(self, file: str, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(f"{file}: {problem}" for problem in problems))
        self.file = file
        self.problems = list(problems)


@dataclass(frozen=True)
class Source:
    """A file that is GeoJSON: its features as they stand, and the reference system they are taken to be in."""

    file: str
    features: list[Mapping[str, Any]]
    epsg: int
    assumed: str  # what was assumed, and why; empty when the file says it

    @property
    def fields(self) -> list[str]:
        """The names of the properties, in the order they first appear."""
        return list(dict.fromkeys(name for feature in self.features for name in properties(feature)))


@dataclass(frozen=True)
class Drawn:
    """One feature as an area: what will be stored, and its shape in degrees."""

    number: int
    name: str
    population: int | None
    shape: BaseGeometry
    repaired: bool

    @property
    def geometry(self) -> dict[str, Any]:
        made: dict[str, Any] = json.loads(shapely.to_geojson(self.shape))
        return made


def read(data: bytes, *, file: str, epsg: int | None = None) -> Source:
    """Parse the file and find its reference system. `Refused` says what is wrong with the file."""
    if len(data) > MAX_BYTES:
        raise refuse(file, _("the file is larger than %(limit)s MB") % {"limit": MAX_BYTES // 1024 // 1024})
    try:
        value = json.loads(data.decode("utf-8-sig"))
        storable = _storable(value)
    except UnicodeDecodeError:
        raise refuse(file, _("the file is not text in UTF-8")) from None
    except (ValueError, RecursionError) as error:
        raise refuse(file, _("the file is not JSON: %(error)s") % {"error": error}) from None
    if not storable:
        raise refuse(file, _("the file holds a character that is not text (a null or half a pair)"))
    features = value.get("features") if isinstance(value, dict) else None
    if not isinstance(value, dict) or value.get("type") != "FeatureCollection" or not isinstance(features, list):
        raise refuse(file, _("the file is not a GeoJSON FeatureCollection"))
    if not features:
        raise refuse(file, _("the file has no features"))
    if len(features) > MAX_FEATURES:
        raise refuse(
            file,
            _("the file has %(count)s features, at most %(limit)s are taken at a time")
            % {"count": len(features), "limit": MAX_FEATURES},
        )
    wrong = [
        Problem(n, _("this is not a GeoJSON Feature"))
        for n, feature in enumerate(features, start=1)
        if not isinstance(feature, dict) or feature.get("type") != "Feature"
    ]
    if wrong:
        raise Refused(file, wrong[:MAX_PROBLEMS])
    found, assumed = _system(file, value, features, epsg)
    return Source(file, features, found, assumed)


def _storable(value: Any) -> bool:
    """JSON can spell, as escapes, what no page can show and no table can hold."""
    written = json.dumps(value, ensure_ascii=False)
    return "\\u0000" not in written and written.encode(errors="ignore").decode() == written


def guess_name_field(source: Source) -> str:
    """The property that most likely holds the name; the first one, when none is called so."""
    fields = source.fields
    by_lower = {name.lower(): name for name in reversed(fields)}
    for usual in ("name", "namn", "omrade", "område", "delomrade", "delområde"):
        if usual in by_lower:
            return by_lower[usual]
    return next(iter(fields), "")


def border_for(name: str, source: Source) -> dict[str, Any]:
    """The border in a file with one feature, or of the one feature that has this name in some property."""
    named = [
        feature
        for feature in source.features
        if name.casefold() in (str(value).strip().casefold() for value in properties(feature).values())
    ]
    found = source.features if len(source.features) == 1 else named
    if len(found) != 1:
        raise refuse(
            source.file,
            _("%(count)s features are called %(name)s; there must be exactly one")
            % {"count": len(found), "name": name},
        )
    number = source.features.index(found[0]) + 1
    try:
        shape, repaired = _shape(found[0], source.epsg)
    except ValueError as error:
        raise Refused(source.file, [Problem(number, str(error))]) from None
    return Drawn(number, name, None, shape, repaired).geometry


def refuse(file: str, reason: str) -> Refused:
    return Refused(file, [Problem(None, reason)])


def properties(feature: Mapping[str, Any]) -> Mapping[str, Any]:
    properties = feature.get("properties")
    return properties if isinstance(properties, Mapping) else {}


# --- which reference system ------------------------------------------------------------------------


def _system(
    file: str, value: Mapping[str, Any], features: Sequence[Mapping[str, Any]], asked: int | None
) -> tuple[int, str]:
    declared = _declared(value)
    if asked is not None:
        if asked not in KNOWN:
            raise refuse(file, _unknown_system(str(asked)))
        return asked, ""
    if isinstance(declared, str):
        raise refuse(file, _unknown_system(declared))
    point = _first_position(features)
    in_metres = point is not None and (abs(point[0]) > 180 or abs(point[1]) > 90)
    if declared is not None and declared != WGS84:
        return declared, ""
    if not in_metres:
        return WGS84, ""
    assert point is not None
    if declared == WGS84:
        raise refuse(file, _("the file says it is in degrees (WGS 84), but its coordinates are in metres"))
    if _between(point[0], NORTHINGS) and _between(point[1], EASTINGS):
        raise refuse(file, _("the coordinates stand as north, east; GeoJSON has east first"))
    if _between(point[0], EASTINGS) and _between(point[1], NORTHINGS):
        return SWEREF_TM, _(
            "The file does not say its reference system. The coordinates are in metres; SWEREF 99 TM was assumed."
        )
    raise refuse(
        file,
        _(
            "the coordinates are in metres, but the file does not say in which reference system; "
            "name it (EPSG 3006 for SWEREF 99 TM, 3007–3018 for its local zones)"
        ),
    )


def _declared(value: Mapping[str, Any]) -> int | str | None:
    """The system of the `crs` member: its EPSG number, what it says if we do not take it, None without one."""
    crs = value.get("crs")
    if crs is None:
        return None
    properties = crs.get("properties") if isinstance(crs, Mapping) else None
    name = str(properties.get("name", "")) if isinstance(properties, Mapping) else ""
    if name.upper().endswith("CRS84"):
        return WGS84
    found = re.search(r"EPSG:[\d.]*:?(\d{4,6})$", name, re.IGNORECASE)
    number = int(found.group(1)) if found else None
    return number if number in KNOWN else (name or "?")


def _unknown_system(name: str) -> str:
    return _(
        "the reference system %(name)s is not one that EST reads: "
        "WGS 84 (EPSG 4326), SWEREF 99 TM (3006) or its local zones (3007–3018)"
    ) % {"name": name}


def _between(value: float, limits: tuple[int, int]) -> bool:
    return limits[0] <= value <= limits[1]


def _first_position(features: Sequence[Mapping[str, Any]]) -> tuple[float, float] | None:
    for feature in features:
        geometry = feature.get("geometry")
        value = geometry.get("coordinates") if isinstance(geometry, Mapping) else None
        while isinstance(value, list) and value and isinstance(value[0], list):
            value = value[0]
        if isinstance(value, list) and len(value) >= 2 and all(isinstance(part, int | float) for part in value[:2]):
            return float(value[0]), float(value[1])
    return None


# --- each feature by itself ------------------------------------------------------------------------


def draw(source: Source, name_field: str, population_field: str) -> tuple[list[Drawn], list[Problem]]:
    drawn, problems = [], []
    first: dict[str, int] = {}
    for number, feature in enumerate(source.features, start=1):
        try:
            name = _name(properties(feature).get(name_field))
            if name.casefold() in first:
                raise ValueError(
                    _(
                        "the name %(name)s is already that of feature %(first)s; choose a property that differs, "
                        "or join the parts of one area in the file"
                    )
                    % {"name": name, "first": first[name.casefold()]}
                )
            first[name.casefold()] = number
            population = _population(properties(feature).get(population_field)) if population_field else None
            shape, repaired = _shape(feature, source.epsg)
        except ValueError as error:
            problems.append(Problem(number, str(error)))
        else:
            drawn.append(Drawn(number, name, population, shape, repaired))
    return drawn, problems


def _name(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    name = "" if value is None or isinstance(value, dict | list) else " ".join(str(value).split())
    if not name:
        raise ValueError(_("it has no name"))
    if NOT_TEXT.search(name) or "\0" in name:
        raise ValueError(_("the name holds characters that cannot be shown"))
    if len(name) > MAX_NAME:
        raise ValueError(_("the name is longer than %(limit)s characters") % {"limit": MAX_NAME})
    return name


def _population(value: Any) -> int | None:
    if value is None or value == "":
        return None
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if isinstance(value, bool) or not number.is_integer() or not 0 <= number <= 100_000_000:
        raise ValueError(_("%(value)s is not a number of inhabitants") % {"value": value})
    return int(number)


def _shape(feature: Mapping[str, Any], epsg: int) -> tuple[BaseGeometry, bool]:
    """The feature as valid polygons in degrees, and whether its geometry had to be repaired for that."""
    geometry = feature.get("geometry")
    if isinstance(geometry, Mapping) and geometry.get("type") not in ("Polygon", "MultiPolygon"):
        raise ValueError(_("it is a %(type)s; an area is a Polygon or MultiPolygon") % {"type": geometry.get("type")})
    try:
        shape = shapely.force_2d(maps.read_geometry(feature))
    except ValueError:
        raise ValueError(_("it has no geometry that can be read")) from None
    valid = bool(shape.is_valid)
    if not valid:
        shape = polygons(shapely.make_valid(shape))
    if epsg != WGS84:
        shape = maps.Projection(epsg).back_geometry(shape)
    west, south, east, north = shape.bounds if not shape.is_empty else (0.0, 0.0, 0.0, 0.0)
    if not (all(map(math.isfinite, shape.bounds)) or shape.is_empty):
        raise ValueError(_("a coordinate lies outside its reference system"))
    if west < -180 or east > 180 or south < -90 or north > 90:
        raise ValueError(_("a coordinate lies outside the world: %(bounds)s") % {"bounds": shape.bounds})
    shape = shapely.transform(shape, lambda coordinates: np.round(coordinates, DECIMALS))
    if not shape.is_valid:
        shape = polygons(shapely.make_valid(shape))
    if shape.is_empty or shape.area == 0:
        raise ValueError(_("it covers no ground"))
    return shape, not valid


def polygons(shape: BaseGeometry) -> BaseGeometry:
    """The surfaces of a geometry; the lines and points that a repair leaves behind are dropped."""
    parts: list[Polygon] = []
    for part in shapely.get_parts(shape):
        if isinstance(part, Polygon):
            parts.append(part)
        elif isinstance(part, MultiPolygon):
            parts.extend(part.geoms)
    return parts[0] if len(parts) == 1 else MultiPolygon(parts)
