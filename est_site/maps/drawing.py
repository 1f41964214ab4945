"""The static sea chart: land, water with depth lines, an ink coast, a frame; loud is only what the data says."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from django.utils.html import escape
from django.utils.safestring import SafeString
from shapely.geometry import Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from est_site.charts.ink import VERDICT_CLASS, Ink, figure, num, text_width
from est_site.maps.ground import FRAME, WIDTH, Ground, View, coordinates, ground, outline, sea
from est_site.maps.metres import Projection

Fill = Literal["plain", "more-sure", "more-maybe", "less-sure", "less-maybe", "thin", "changed"]
PointKind = Literal["spot", "obs", "obs-old", "cluster"]

MAX_BYTES = 150_000
MAX_POINTS = 20_000
# how far a simplified border may stray, in units of the picture; tried in turn until the picture is small enough
TOLERANCES = (0.5, 0.9, 1.5, 2.5, 4.0, 7.0)
# what is smaller cannot be pressed; its link stands in the list beside the map
FINGERTIP = 24.0 * 24.0
# where a label may stand when a place to talk about stands in the middle of its area
NUDGES = ((0, 0), (0, 38), (0, -38), (52, 0), (-52, 0))
PATTERN: dict[Fill, str] = {"more-maybe": "more", "less-maybe": "less", "thin": "thin", "changed": "thin"}


@dataclass(frozen=True, slots=True)
class MapArea:
    """`geometry` in degrees; `count` is the text that stands in the area."""

    id: int | str
    name: str
    geometry: BaseGeometry
    fill: Fill = "plain"
    count: str = ""
    href: str | None = None
    current: bool = False


@dataclass(frozen=True, slots=True)
class MapPoint:
    """A `spot` is a place to talk about and carries its letter; `obs` and `obs-old` are observations.

    A `cluster` is one or several observations with their number; `cell` is what the rows of a list know it by,
    `weight` how many they are beside the most that any has (0 to 1).
    """

    lon: float
    lat: float
    text: str = ""
    kind: PointKind = "obs"
    cell: str = ""
    weight: float = 0.0


def map_svg(
    areas: Sequence[MapArea],
    points: Sequence[MapPoint] = (),
    *,
    idn: str,
    title: str,
    desc: str = "",
    empty: str = "",
    north: str = "N",
    projection: Projection | None = None,
    over: SafeString | str = "",
    under: SafeString | str = "",
    for_pdf: bool = False,
) -> SafeString:
    """The static chart. `empty` is the sentence for a group that has no areas yet; `over` lies on top, `under` below the areas."""
    ink = Ink(for_pdf)
    if not areas and not points:
        body = [ink.rect("m-sea", 0, 0, WIDTH, 300), ink.text("c-text mid", WIDTH / 2, 155, empty), *_frame(ink, 300)]
        return figure(idn, title, desc or empty, WIDTH, 300, body, for_pdf=for_pdf)
    base, picture = _smallest(ink, idn, areas, points, north, projection.epsg if projection else None)
    picture.insert(3, under)  # on the sea, before the areas
    linked = any(area.href for area in areas) and not for_pdf
    # links inside an image would be out of reach for those who do not see it
    role = "group" if linked else "img"
    return figure(idn, title, desc, WIDTH, base.view.height, [*picture, over], for_pdf=for_pdf, role=role)


def _smallest(
    ink: Ink, idn: str, areas: Sequence[MapArea], points: Sequence[MapPoint], north: str, epsg: int | None
) -> tuple[Ground, list[str]]:
    """The picture with the most exact borders that is small enough, and the ground it stands on."""
    if not areas:
        base = sea([(point.lon, point.lat) for point in points], epsg)
        return base, _picture(ink, idn, base, areas, points, north)
    geometries = [area.geometry for area in areas]
    for tolerance in TOLERANCES:
        if tolerance < TOLERANCES[-1] and coordinates(geometries, epsg, tolerance) > MAX_POINTS:
            continue
        base = ground(geometries, epsg, tolerance)
        picture = _picture(ink, idn, base, areas, points, north)
        if sum(map(len, picture)) < MAX_BYTES - 2000:
            break
    return base, picture


def _picture(
    ink: Ink, idn: str, base: Ground, areas: Sequence[MapArea], points: Sequence[MapPoint], north: str
) -> list[str]:
    view, spot = base.view, base.corner
    used = sorted({PATTERN[area.fill] for area in areas if area.fill in PATTERN})
    return [
        f"<defs>{''.join(_pattern(ink, idn, name) for name in used)}</defs>" if used else "",
        ink.rect("m-sea", 0, 0, WIDTH, view.height),
        ink.path("m-depth", base.depths) if base.depths else "",
        f"<g {ink('m-area')}>",
        *(
            _area(ink, idn, area, shape, line)
            for area, shape, line in zip(areas, view.shapes, base.outlines, strict=True)
        ),
        "</g>",
        ink.path("m-coast", base.coast),
        *(ink.path("m-on", line) for area, line in zip(areas, base.outlines, strict=True) if area.current),
        *_points(ink, view, points),
        *Labels(ink, base, [spot, *_spots(view, points)]).draw(areas),
        *_furniture(ink, view, spot, north),
        *_frame(ink, view.height),
    ]


def _pattern(ink: Ink, idn: str, name: str) -> str:
    size, turn = {"more": (7, "rotate(45)"), "less": (7, "rotate(-45)"), "thin": (8, "")}[name]
    turned = f' patternTransform="{turn}"' if turn else ""
    ground = ink.path("m-land", f"M0 0h{size}v{size}H0z")
    if name == "thin":
        mark = ink.circle("m-hatch-thin", 2, 2, 0.9) + ink.circle("m-hatch-thin", 6, 6, 0.9)
    else:
        mark = ink.path(f"m-hatch-{name}", f"M0 0V{size}")
    start = f'<pattern id="{escape(idn)}-{name}" width="{size}" height="{size}" patternUnits="userSpaceOnUse"{turned}>'
    return f"{start}{ground}{mark}</pattern>"


def _area(ink: Ink, idn: str, area: MapArea, shape: BaseGeometry, line: str) -> str:
    if area.fill in PATTERN:
        fill = f' fill="url(#{escape(idn)}-{PATTERN[area.fill]})"'
    else:
        fill = "" if area.fill == "plain" else f" {ink(f'm-{area.fill}')}"
    known = "" if ink.for_pdf else f' data-area="{escape(str(area.id))}"'
    path = f'<path{fill}{known} d="{line}"/>'
    if not area.href or ink.for_pdf or shape.area < FINGERTIP:
        return path
    words = f"{area.name}, {area.count}" if area.count else area.name
    return f'<a href="{escape(area.href)}" aria-label="{escape(words)}">{path}</a>'


class Labels:
    """Counts and names, the largest area first; what finds no room is left to the list beside the map."""

    def __init__(self, ink: Ink, base: Ground, taken: list[Polygon]) -> None:
        self.ink, self.view, self.hearts = ink, base.view, base.hearts
        self.taken = [place.bounds for place in taken]

    def draw(self, areas: Sequence[MapArea]) -> list[str]:
        ranked = sorted(zip(areas, self.view.shapes, self.hearts, strict=True), key=lambda three: -three[1].area)
        return [self._label(area, *heart) for area, _shape, heart in ranked if heart]

    def _label(self, area: MapArea, part: BaseGeometry, centre: Point) -> str:
        for sort, width, height in self._sorts(area):
            for right, down in NUDGES:
                space = self._space(centre.x + right, centre.y + down, width + 8, height)
                if self._free(space) and space.intersection(part).area >= 0.85 * space.area:
                    self.taken.append(space.bounds)
                    return self._write(area, sort, space, part)
        return ""

    def _sorts(self, area: MapArea) -> list[tuple[str, float, float]]:
        name = text_width(area.name, 14.5)
        if not area.count:
            return [("full", name, 18)]
        wide, small = self._count_width(area, 21, 13), self._count_width(area, 12.5, 8)
        return [("full", max(wide, name), 38), ("count", wide, 20), ("small", small, 13)]

    def _free(self, space: Polygon) -> bool:
        # plain comparisons: a thousand labels are half a million pairs
        left, top, right, bottom = space.bounds
        return not any(left < r and right > x and top < b and bottom > y for x, y, r, b in self.taken)

    def _count_width(self, area: MapArea, size: float, mark: float) -> float:
        return text_width(area.count, size) + (mark + 4 if area.fill in VERDICT_CLASS else 0)

    def _space(self, x: float, y: float, width: float, height: float) -> Polygon:
        keep = FRAME + 4
        x = min(max(x, keep + width / 2), WIDTH - keep - width / 2)
        y = min(max(y, keep + height / 2), self.view.height - keep - height / 2)
        return box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)

    def _write(self, area: MapArea, sort: str, space: Polygon, part: BaseGeometry) -> str:
        left, top, right, bottom = space.bounds
        x = (left + right) / 2
        tint = f" m-{area.fill.removesuffix('-sure')}" if area.fill.endswith("-sure") else ""
        parts = []
        if self.ink.for_pdf and area.fill in PATTERN:
            parts.append(self.ink.path("m-land", outline(space.intersection(part.buffer(-1)))))
        small = sort == "small"
        if area.count:
            size, mark = (12.5, 8.0) if small else (21.0, 13.0)
            shift = (mark + 4) / 2 if area.fill in VERDICT_CLASS else 0
            if shift:
                start = x + shift - text_width(area.count, size) / 2 - mark - 4
                parts.append(self._mark(area.fill, start, top + 3, mark))
            classes = "m-small mid m-hide" if small else f"m-count{tint}"
            parts.append(self.ink.text(classes, x + shift, top + (11 if small else 17), area.count))
        if sort == "full":
            parts.append(self.ink.text("m-name", x, bottom - 4, area.name))
        return "".join(parts)

    def _mark(self, fill: Fill, x: float, y: float, size: float) -> str:
        base, tip = (y + size, -size) if fill.startswith("more") else (y, size)
        d = f"M{num(x)} {num(base)}h{num(size)}l{num(-size / 2)} {num(tip)}z"
        return self.ink.path(f"{VERDICT_CLASS[fill]} m-hide", d)


def _spots(view: View, points: Sequence[MapPoint]) -> list[Polygon]:
    places = [view.place(point.lon, point.lat) for point in points if point.kind == "spot"]
    return [box(x - 19, y - 19, x + 19, y + 19) for x, y in places]  # as large as they are on a phone


def _points(ink: Ink, view: View, points: Sequence[MapPoint]) -> list[str]:
    drawn: list[str] = []
    if not points:
        return drawn
    ordered = sorted(points, key=lambda point: point.kind == "spot")
    xs, ys = view.place(np.array([point.lon for point in ordered]), np.array([point.lat for point in ordered]))
    left, top, right, bottom = view.inside.bounds
    for point, x, y in zip(ordered, xs.tolist(), ys.tolist(), strict=True):
        if not (left < x < right and top < y < bottom):
            continue
        if point.kind == "cluster":
            drawn.append(_cluster(ink, point, x, y))
            continue
        drawn.append(ink.circle(f"m-{point.kind}", x, y, 10 if point.kind == "spot" else 4))
        if point.kind == "spot":
            drawn.append(ink.text("m-spot-text", x, y + 4.5, point.text))
    return drawn


def _cluster(ink: Ink, point: MapPoint, x: float, y: float) -> str:
    """Its area grows with its weight; one with a number has room for it."""
    known = "" if ink.for_pdf else f' data-cell="{escape(point.cell)}"'
    r = (9.0 if point.text else 2.5) + 5 * math.sqrt(point.weight)
    dot = f'<circle {ink("m-obs")}{known} cx="{num(x)}" cy="{num(y)}" r="{num(r)}"/>'
    return dot + (
        ink.text("m-obs-few mid", x, y + 3.8, point.text if len(point.text) < 4 else "…") if point.text else ""
    )


def _furniture(ink: Ink, view: View, place: Polygon, north: str) -> list[str]:
    left, top, _, bottom = place.bounds
    x, y = (left + 28, bottom - 30) if view.furniture_below else (left + 32, top + 50)
    rose = [
        ink.path("m-rose", f"M{num(x)} {num(y - 26)}l4.2 26-4.2 6z"),
        ink.path("m-line", f"M{num(x)} {num(y - 26)}l-4.2 26 4.2 6M{num(x)} {num(y + 6)}v19M{num(x - 25)} {num(y)}h50"),
        ink.circle("m-line", x, y, 15.5),
        ink.text("m-small mid", x + 12, y - 18, north),
    ]
    length = _round_length(130 / view.scale)
    wide = length * view.scale
    x, y = (left + 90, bottom - 20) if view.furniture_below else (left + 8, bottom - 8)
    scale = [
        ink.path("m-line", f"M{num(x)} {num(y - 6)}v6h{num(wide)}v-6M{num(x + wide / 2)} {num(y)}v-6"),
        ink.text("m-small mid", x, y - 10, "0"),
        ink.text("m-small mid", x + wide, y - 10, _length_text(length)),
    ]
    return [*rose, f"<g {ink('m-hide')}>".replace(" >", ">"), *scale, "</g>"]


def _round_length(metres: float) -> float:
    power = 10.0 ** math.floor(math.log10(metres))
    return power * max(step for step in (1, 2, 5) if step * power <= metres)


def _length_text(metres: float) -> str:
    return f"{metres / 1000:g} km" if metres >= 1000 else f"{metres:g} m"


def _frame(ink: Ink, height: float) -> list[str]:
    across = "".join(
        f"M{x} 2H{min(x + 80, 800)}M{x} {num(height - 2)}H{min(x + 80, 800)}" for x in range(0, int(WIDTH), 160)
    )
    down = "".join(
        f"M2 {y}V{num(min(y + 80, height))}M{num(WIDTH - 2)} {y}V{num(min(y + 80, height))}"
        for y in range(0, int(height), 160)
    )
    return [
        ink.rect("m-frame", 0.5, 0.5, WIDTH - 1, height - 1),
        ink.rect("m-frame", 4.5, 4.5, WIDTH - 9, height - 9),
        ink.path("m-frame-tick", across + down),
    ]
