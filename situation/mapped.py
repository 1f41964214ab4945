"""The layers of the map: each a chart, a sentence that says what it may be used for, and a table of the same."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

import shapely
from django.template.loader import render_to_string
from django.utils.formats import number_format
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext
from shapely.geometry import box, mapping
from shapely.geometry.base import BaseGeometry

from est_site import maps
from est_site.maps.ground import View
from est_site.partners.models import CategoryKind, Membership, Period
from incidents import listing
from situation import grid, map_presence, map_words, positions, repeats
from situation.judged import Judged
from situation.lines import AreaLine
from situation.map_ink import patch
from situation.material import AreaRow
from situation.wording import decimal

LAYERS = {
    "places": gettext_lazy("Repeat places"),
    "verdict": gettext_lazy("Against the normal"),
    "rate": gettext_lazy("Per inhabitant"),
    "points": gettext_lazy("Points"),
    "hexagons": gettext_lazy("Hexagons"),
    "density": gettext_lazy("Density"),
    "presence": gettext_lazy("Presence"),
}
LISTED = 40
SURE = 0.01


@dataclass(frozen=True)
class Row:
    cells: list[str]  # the first is what the row is about
    url: str = ""
    area: int | None = None
    cell: str = ""


@dataclass
class Shown:
    """One layer as it stands on the page and in its files."""

    columns: list[str]
    rows: list[Row] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)
    points: list[maps.MapPoint] = field(default_factory=list)
    fills: dict[int, tuple[maps.Fill, str]] = field(default_factory=dict)
    over: Callable[[View, bool], SafeString] | None = None
    features: list[tuple[BaseGeometry, dict[str, Any]]] = field(default_factory=list)  # in degrees
    legend: list[str] = field(default_factory=list)
    empty: str = ""  # why there is nothing to show


@dataclass(frozen=True)
class Source:
    """What the layers are made from."""

    member: Membership
    period: Period
    cut_off: datetime
    lines: Sequence[AreaLine]
    areas: Sequence[AreaRow]
    verdicts: Judged | None

    @property
    def epsg(self) -> int:
        return self.member.group.metric_epsg

    @cached_property
    def projection(self) -> maps.Projection:
        return maps.Projection(self.epsg)

    @cached_property
    def drawn(self) -> dict[int, BaseGeometry]:
        by_id = {area.id: area.geojson for area in self.areas}
        return {one.id: maps.shape_of(by_id[one.id]) for one in self.lines if one.id in by_id and one.id is not None}

    @cached_property
    def land(self) -> BaseGeometry:
        """In metres."""
        return shapely.union_all([self.projection.forward_geometry(shape) for shape in self.drawn.values()])

    @cached_property
    def positions(self) -> positions.Positions:
        return positions.read(self.period, self.epsg, self.cut_off)


def layer(name: str, source: Source) -> Shown:
    makers = {
        "places": _places,
        "verdict": _verdict,
        "rate": _rate,
        "points": _points,
        "hexagons": _hexagons,
        "density": _density,
        "presence": _presence,
    }
    return makers[name](source)


def _verdict(source: Source) -> Shown:
    shown = Shown([_("Area"), _("Number"), _("normally"), *([_("verdict")] if source.verdicts else [])])
    if source.verdicts:
        shown.sentences.append(
            _("Colour and pattern show what differs from the area's own normal, not where there is most.")
        )
    else:
        shown.sentences.append(
            _("No area is judged yet: verdicts are worked out in the night after a period has ended.")
        )
    for line in source.lines:
        normal = line.normal or line.mean or "–"
        fill: maps.Fill = source.verdicts.fill(line.id) if source.verdicts else "plain"
        said = [render_to_string("components/verdict_word.html", {"value": line.word})] if source.verdicts else []
        _area(shown, source, line, [normal, *said], fill, str(line.count), {"normally": normal, "verdict": line.word})
    if source.verdicts:
        shown.legend = sorted({fill for fill, _count in shown.fills.values() if fill != "plain"})
    return shown


def _rate(source: Source) -> Shown:
    people = {area.id: area.population for area in source.areas}
    shown = Shown([_("Area"), _("Number"), _("Inhabitants"), _("per 1,000")])
    shown.sentences.append(
        _("Observations per 1,000 inhabitants. People are also where they do not live: read it beside the count.")
    )
    unknown = [line.name for line in source.lines if line.id is not None and not people.get(line.id)]
    if unknown:
        shown.sentences.append(
            _("Without a known population, and so without a rate: %(areas)s.") % {"areas": ", ".join(unknown)}
        )
    for line in source.lines:
        lives = people.get(line.id) if line.id is not None else None
        rate = number_format(line.count * 1000 / lives, 1) if lives else "–"
        value = round(line.count * 1000 / lives, 2) if lives else None
        cells = [number_format(lives) if lives else _("unknown"), rate]
        _area(shown, source, line, cells, "plain" if lives else "thin", rate, {"population": lives, "per_1000": value})
    return shown


def _area(
    shown: Shown, source: Source, line: AreaLine, cells: list[str], fill: maps.Fill, text: str, more: Mapping[str, Any]
) -> None:
    shown.rows.append(Row([line.name, str(line.count), *cells], line.url, line.id))
    if line.id is not None and line.id in source.drawn:
        shown.fills[line.id] = (fill, text)
        shown.features.append((source.drawn[line.id], {"area": line.name, "observations": line.count, **more}))


def _places(source: Source) -> Shown:
    known = source.positions
    shown = Shown([_("Place"), _("This period"), _("4 weeks"), _("13 weeks")])
    found = repeats.repeats(known.exact, positions.places(source.period, source.epsg))
    first = next((one for one in found if one.counts[0] >= repeats.LEAST), None)
    if first:
        shown.sentences.append(
            _("%(n)s of %(all)s within 75 m of %(place)s.")
            % {"n": first.counts[0], "all": known.total[0], "place": map_words.called(first)}
        )
    elif found:
        shown.sentences.append(_("No place has two observations in the period."))
    else:
        shown.empty = _("No two observations of thirteen weeks lie within 75 metres of each other, as far as is known.")
    shown.sentences += map_words.unplaced(known)
    if many := repeats.snapped(known.exact):
        shown.sentences.append(
            ngettext(
                "%(n)s position holds more than 5 %% of all: chosen from a list or filled in, perhaps not exactly where it was.",
                "%(n)s positions hold more than 5 %% of all each: chosen from a list or filled in, perhaps not exactly where it was.",
                len(many),
            )
            % {"n": len(many)}
        )
    shown.sentences += map_words.cut(len(found), LISTED)
    most = max((one.counts[2] for one in found), default=1)
    for n, one in enumerate(found[:LISTED], start=1):
        lon, lat = source.projection.back(one.x, one.y)
        name = map_words.called(one)
        if any(math.dist((one.x, one.y), (spot.x, spot.y)) <= repeats.NEAR for spot in many):
            name = _("%(place)s (many at one point)") % {"place": name}
        cell = f"r{n}"
        shown.points.append(maps.MapPoint(lon, lat, str(one.counts[2]), "cluster", cell, one.counts[2] / most))
        shown.rows.append(Row([name, *map(str, one.counts)], cell=cell))
        counts = dict(zip(("period", "weeks_4", "weeks_13"), one.counts, strict=True))
        shown.features.append((shapely.points(round(lon, 5), round(lat, 5)), {"place": name, **counts}))
    return shown


def _points(source: Source) -> Shown:
    shown = Shown([_("Where"), _("Number")])
    period = source.period
    cells = listing.grid([shape.bounds for shape in source.drawn.values()])
    rows = positions.shared(period, source.cut_off).between(period.first_day, period.last_day)
    found = listing.find(rows, source.member, cells)
    index = maps.area_index(source.drawn.items())
    names = {line.id: line.name for line in source.lines}
    most = max((one.count for one in found.clusters), default=1)
    for one in sorted(found.clusters, key=lambda each: -each.count):
        text = str(one.count) if one.count > 1 else ""
        shown.points.append(maps.MapPoint(one.lon, one.lat, text, "cluster", one.cell, one.count / most))
        where = names.get(index.find(one.lon, one.lat), _("Outside the areas"))
        if len(shown.rows) < LISTED:
            shown.rows.append(Row([where, str(one.count)], cell=one.cell))
        at = shapely.points(round(one.lon, 4), round(one.lat, 4))
        shown.features.append((at, {"area": where, "observations": one.count}))
    marked = positions.open_and_coming(period, source.cut_off)
    if len(marked) > positions.MARKED:
        shown.sentences.append(_("Only the first %(n)s that are open or coming are marked.") % {"n": positions.MARKED})
    for n, row in enumerate(marked[: positions.MARKED]):
        coming = row.kind == CategoryKind.UPCOMING
        word = _("coming") if coming else _("put right since") if row.ended_at else _("still open")
        if row.x is not None and row.y is not None:
            letter = pgettext("coming, in one letter", "C")
            mark = maps.MapPoint(row.x, row.y, letter, "spot") if coming else maps.MapPoint(row.x, row.y, "", "obs-old")
            shown.points.append(mark)
            shown.features.append((shapely.points(row.x, row.y), {"what": row.category.name, "state": word}))
        where = str(row.place or row.area or _("outside the areas"))
        if n < LISTED:
            shown.rows.append(Row([f"{row.category.name}, {where}", word]))
    shown.sentences.append(
        _(
            "Near ones are one dot with their number. A ring is a condition nobody had put right when the picture was "
            "taken; a letter is what is coming."
        )
    )
    if since := sum(row.kind == CategoryKind.CONDITION and row.ended_at is not None for row in marked):
        shown.sentences.append(
            ngettext("%(n)s ring has been put right since.", "%(n)s rings have been put right since.", since)
            % {"n": since}
        )
    shown.sentences += map_words.cut(len(found.clusters) + len(marked), len(shown.rows))
    if found.placeless:
        shown.sentences.append(
            ngettext("%(n)s has no position.", "%(n)s have no position.", found.placeless) % {"n": found.placeless}
        )
    if not shown.rows:
        shown.empty = _("No observation of the period has a position.")
    return shown


def _hexagons(source: Source) -> Shown:
    shown = Shown([_("Hexagon"), _("13 weeks"), _("Among its neighbours")])
    if not source.drawn:
        shown.empty = _("Without areas there is nothing to lay hexagons on.")
        return shown
    known = source.positions
    found = grid.hexagons(source.land, [(one.x, one.y, one.counts[2]) for one in known.exact])
    words = {"n": len(found.cells), "width": found.width, "mean": number_format(found.mean, 1)}
    if found.tested:
        said = _(
            "%(n)s hexagons, %(width)s m wide, %(mean)s on average over 13 weeks. A frame marks what chance hardly explains."
        )
    else:
        said = _(
            "%(n)s hexagons, %(width)s m wide, %(mean)s on average over 13 weeks: only counts. "
            "A test needs at least 50 hexagons and at least 1 on average."
        )
    shown.sentences = [said % words, *map_words.unplaced(known)]
    most = max((cell.count for cell in found.cells), default=0)
    full = sorted((cell for cell in found.cells if cell.count), key=lambda cell: (-cell.count, cell.at))
    shown.sentences += map_words.cut(len(full), LISTED)
    names = {line.id: line.name for line in source.lines}
    index = maps.area_index(source.drawn.items())
    for n, cell in enumerate(full, start=1):
        lon, lat = source.projection.back(*grid.middle(cell.at, found.width))
        sure = cell.p is not None and cell.p < SURE and (cell.z or 0) > 0
        word = "–" if cell.p is None else _("clearly more") if sure else _("within chance")
        if n <= LISTED:
            where = names.get(index.find(lon, lat), _("Outside the areas"))
            shown.rows.append(Row([f"{n}. {where}", str(cell.count), word], cell=f"h{n}"))
        shape = source.projection.back_geometry(grid.corners(cell.at, found.width))
        shown.features.append((shape, {"observations": cell.count, "z": cell.z, "p_adjusted": cell.p}))
    if not full:
        shown.empty = _("No observation of thirteen weeks has an exact position.")

    def over(view: View, for_pdf: bool) -> SafeString:
        parts = []
        for n, cell in enumerate(full, start=1):
            shape = source.projection.back_geometry(grid.corners(cell.at, found.width))
            sure = cell.p is not None and cell.p < SURE and (cell.z or 0) > 0
            parts.append(patch(view, shape, cell.count / most, for_pdf, f"h{n}", framed=sure))
        return format_html_join("", "{}", ((part,) for part in parts))

    shown.over = over
    return shown


def _density(source: Source) -> Shown:
    shown = Shown([_("Area"), _("Highest, in hundredths of the town's highest")])
    shown.sentences.append(
        _(
            "A picture and never a test: softened over 200 metres, 13 weeks. Where fewer than five lie near, nothing is shown."
        )
    )
    if not source.drawn:
        shown.empty = _("Without areas there is nothing to draw on.")
        return shown
    shown.sentences += map_words.unplaced(source.positions)
    points = [(one.x, one.y, one.counts[2]) for one in source.positions.exact]
    side, squares = grid.soft(points, source.land.bounds)
    if not squares:
        shown.empty = _("Nowhere do five observations of thirteen weeks lie near each other.")
    names = {line.id: line.name for line in source.lines}
    index = maps.area_index(source.drawn.items())
    highest: dict[str, float] = {}
    shapes = []
    for x, y, share in squares:
        half = side / 2
        shape = source.projection.back_geometry(box(x - half, y - half, x + half, y + half))
        shapes.append((shape, share))
        where = names.get(index.find(*source.projection.back(x, y)), _("Outside the areas"))
        highest[where] = max(highest.get(where, 0.0), share)
        shown.features.append((shape, {"share": round(share, 3)}))
    ranked = sorted(highest.items(), key=lambda one: -one[1])
    shown.rows = [Row([where, str(round(share * 100))]) for where, share in ranked]

    def over(view: View, for_pdf: bool) -> SafeString:
        return format_html_join("", "{}", ((patch(view, shape, share, for_pdf),) for shape, share in shapes))

    shown.over = over
    return shown


def _presence(source: Source) -> Shown:
    """Circles and not shades: a shade of hours would tell how large an area is drawn, not how long anybody was there."""
    shown = Shown([_("Where"), _("hours"), _("times"), _("observations")])
    found = map_presence.read(source.member.group, source.period, source.cut_off)
    if not found.areas:
        shown.empty = _("Nobody has said that they were out during the period.")
        return shown
    shown.sentences = map_presence.sentences(found)
    lines = {line.id: line for line in source.lines if line.id is not None}
    nobody = {id_: map_presence.There(line.name) for id_, line in lines.items() if id_ not in found.areas}
    for id_, there in sorted((found.areas | nobody).items(), key=lambda one: (-one[1].hours, one[1].name)):
        line, shape, cell = lines.get(id_), source.drawn.get(id_), f"p{id_}"
        cells = [decimal(there.hours, 1), str(there.times), str(line.count) if line else "–"]
        shown.rows.append(Row([there.name, *cells], line.url if line else "", id_, cell))
        known = {"hours": round(there.hours, 2), "times": there.times}
        if shape is not None:
            shown.features.append((shape, {"area": there.name, **known}))
            if there.whole[0]:
                x, y = map_presence.under_the_name(shape)
                shown.points.append(_hours(x, y, there.whole[0], cell, found.most))
        for place, (name, lon, lat, (hours, times)) in there.places.items():
            cell = f"p{id_}-{place}"
            shown.rows.append(Row([f"{there.name}, {name}", decimal(hours, 1), str(times), "–"], cell=cell))
            if lon is not None and lat is not None:
                shown.points.append(_hours(lon, lat, hours, cell, found.most))
                known = {"hours": round(hours, 2), "times": times}
                shown.features.append((shapely.points(lon, lat), {"place": name, **known}))
    return shown


def _hours(lon: float, lat: float, hours: float, cell: str, most: float) -> maps.MapPoint:
    return maps.MapPoint(lon, lat, decimal(hours, 0), "cluster", cell, hours / most)


def as_geojson(shown: Shown) -> dict[str, Any]:
    features = [{"type": "Feature", "geometry": mapping(shape), "properties": about} for shape, about in shown.features]
    return {"type": "FeatureCollection", "features": features}
