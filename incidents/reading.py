"""A file's rows as observations to be: each one read, every fault with its row and column. Writes nothing."""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from est_site.forms import NOT_TEXT
from est_site.partners.sheets import Sheet
from incidents import times
from incidents.mapping import Mapping
from incidents.models import TEXT_LIMIT, TimePrecision

ID_LIMIT = 100
CONTENT_ID = "\0id"  # no column is called that
LAST_MINUTE = timedelta(hours=23, minutes=59)
Found = TypeVar("Found")


@dataclass(frozen=True)
class Fault:
    """`row` is the line of the file as a person sees it, the header being line 1."""

    row: int
    column: str
    reason: str

    def __str__(self) -> str:
        return f"row {self.row}, column {self.column or '-'}: {self.reason}"


@dataclass(frozen=True)
class Known:
    """What the group has, by the names a file may use (folded)."""

    zone: ZoneInfo
    places: dict[str, int]
    place_ids: frozenset[int]
    areas: Callable[[date], dict[str, int]]
    kinds: dict[str, str]  # code of a category -> its kind
    now: datetime


@dataclass
class Row:
    """One observation to be."""

    line: int
    source_id: str
    code: str
    occurred_from: datetime
    occurred_to: datetime
    time_precision: str
    day: date
    point: tuple[float, float] | None
    place_id: int | None
    area_id: int | None
    words: str
    answers: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Read:
    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    lines: int = 0
    left_out: int = 0


class _Wrong(Exception):
    def __init__(self, column: str, reason: str) -> None:
        self.column, self.reason = column, reason


def read(sheet: Sheet, mapping: Mapping, known: Known) -> Read:
    result = Read()
    header = sheet.header
    for column in mapping.columns:
        if header.count(column) != 1:
            reason = _("there is no such column") if column not in header else _("the column is there twice")
            result.faults.append(Fault(1, column, reason))
    if result.faults:
        return result
    seen: dict[str, int] = {}
    alike: Counter[str] = Counter()
    for line, said in sheet.records:
        result.lines += 1
        if len(said) != len(header):
            reason = _("%(cells)s cells where the header has %(columns)s")
            result.faults.append(Fault(line, "", reason % {"cells": len(said), "columns": len(header)}))
            continue
        cells = dict(zip(header, said, strict=True))
        if mapping.is_left_out(cells):
            result.left_out += 1
            continue
        if not mapping.id_column:
            cells[CONTENT_ID] = _content_id(cells, alike)
        _read_row(result, line, cells, mapping, known, seen)
    return result


def _content_id(cells: dict[str, str], alike: Counter[str]) -> str:
    """An id for a row that has none: from all that it says, and which of those that say the same it is."""
    digest = content_digest(cells)
    alike[digest] += 1
    return digest if alike[digest] == 1 else f"{digest}-{alike[digest]}"


def content_digest(cells: dict[str, str]) -> str:
    return hashlib.sha256(json.dumps(cells, sort_keys=True).encode()).hexdigest()[:32]


def _read_row(
    result: Read, line: int, cells: dict[str, str], mapping: Mapping, known: Known, seen: dict[str, int]
) -> None:
    def attempt(part: Callable[[dict[str, str], Mapping, Known], Found]) -> Found | None:
        try:
            return part(cells, mapping, known)
        except _Wrong as wrong:
            result.faults.append(Fault(line, wrong.column, wrong.reason))
            return None

    before = len(result.faults)
    source_id = attempt(_source_id) or ""
    if source_id and seen.setdefault(source_id, line) != line:
        reason = _("the same id as in row %(row)s") % {"row": seen[source_id]}
        result.faults.append(Fault(line, mapping.id_column, reason))
    code = attempt(_code) or ""
    span, point, spot, words = attempt(_span), attempt(_point), attempt(_spot), attempt(_words)
    if span is None:
        return
    start, end, precision = span
    if known.kinds.get(code) != "upcoming" and end > known.now:
        column = mapping.to_column if start <= known.now else mapping.from_column
        result.faults.append(Fault(line, column, _("the time has not come yet")))
    day = start.astimezone(known.zone).date()
    place, area_name = spot or (None, "")
    column, name = (mapping.place_column, area_name) if area_name else (mapping.area_column, "")
    name = name or cells.get(mapping.area_column, "")
    area = None
    if name:
        area = known.areas(day).get(name.casefold())
        if area is None:
            reason = _("no area was called “%(name)s” on %(day)s") % {"name": name, "day": day}
            result.faults.append(Fault(line, column, reason))
    if len(result.faults) == before:
        result.rows.append(Row(line, source_id, code, start, end, precision, day, point, place, area, words or ""))


def _source_id(cells: dict[str, str], mapping: Mapping, known: Known) -> str:
    value = cells[mapping.id_column or CONTENT_ID]
    if not value:
        raise _Wrong(mapping.id_column, _("the id is missing"))
    found = f"{mapping.name}:{value}"
    if len(found) > ID_LIMIT:
        reason = _("longer than %(limit)s characters with the name before it") % {"limit": ID_LIMIT}
        raise _Wrong(mapping.id_column, reason)
    return found


def _code(cells: dict[str, str], mapping: Mapping, known: Known) -> str:
    if mapping.constant_code:
        return mapping.constant_code
    value = cells[mapping.category_column]
    if value not in mapping.codes:
        raise _Wrong(mapping.category_column, _("“%(value)s” has no category") % {"value": value})
    return mapping.codes[value]


def _span(cells: dict[str, str], mapping: Mapping, known: Known) -> tuple[datetime, datetime, str]:
    zone = mapping.zone or known.zone
    if not cells[mapping.from_column]:
        raise _Wrong(mapping.from_column, _("the time is missing"))
    start, whole_day = _time(cells[mapping.from_column], mapping.from_column, mapping.time_format, zone)
    if not cells.get(mapping.to_column):
        if not whole_day:
            return start, start, TimePrecision.EXACT
        return start, _end_of_day(start, zone, known.now), TimePrecision.DAY
    end, ends_whole_day = _time(cells[mapping.to_column], mapping.to_column, mapping.time_format, zone)
    if ends_whole_day:
        end = _end_of_day(end, zone, known.now)
    if end < start:
        raise _Wrong(mapping.to_column, _("lies before the time it began"))
    return start, end, TimePrecision.EXACT if start == end else TimePrecision.INTERVAL


def _end_of_day(start: datetime, zone: ZoneInfo, now: datetime) -> datetime:
    """The last minute of a day without a time; of today, what has passed of it."""
    wall = start.astimezone(zone).replace(tzinfo=None) + LAST_MINUTE
    end = times.instant(wall, zone)
    return min(end, now) if start <= now else end


def _time(value: str, column: str, form: str, zone: ZoneInfo) -> tuple[datetime, bool]:
    """The instant, and whether only a day was said. An hour that comes twice means the first of them."""
    try:
        said = datetime.strptime(value, form) if form else datetime.fromisoformat(value)  # noqa: DTZ007  zone below
        whole_day = not re.search("%[HIcXs]", form) if form else len(value) <= len("2026-11-22")
        return (times.instant(said, zone) if said.tzinfo is None else said), whole_day
    except times.NoSuchTime:
        reason = _("“%(value)s” does not exist in %(zone)s: the clocks were moved forward")
        raise _Wrong(column, reason % {"value": value, "zone": zone.key}) from None
    except (ValueError, OverflowError):
        reason = _("“%(value)s” is not a time like %(form)s")
        raise _Wrong(column, reason % {"value": value, "form": form or "2026-11-22T16:41"}) from None


def _point(cells: dict[str, str], mapping: Mapping, known: Known) -> tuple[float, float] | None:
    if not mapping.lon_column:
        return None
    said = (cells[mapping.lon_column], cells[mapping.lat_column])
    if said == ("", ""):
        return None
    lon = _degrees(said[0], mapping.lon_column, 180)
    return lon, _degrees(said[1], mapping.lat_column, 90)


def _degrees(value: str, column: str, limit: int) -> float:
    try:
        degrees = float(value.replace(",", "."))
    except ValueError:
        raise _Wrong(column, _("“%(value)s” is not a number") % {"value": value}) from None
    if not math.isfinite(degrees) or abs(degrees) > limit:
        reason = _("“%(value)s” lies outside -%(limit)s to %(limit)s degrees")
        raise _Wrong(column, reason % {"value": value, "limit": limit})
    return degrees


def _spot(cells: dict[str, str], mapping: Mapping, known: Known) -> tuple[int | None, str]:
    """The place a name means, or the name of the area it means alone, or neither."""
    name = cells.get(mapping.place_column, "")
    target = mapping.places.get(name, "")
    if not name or target == "unknown":
        return None, ""
    kind, _colon, rest = target.partition(":")
    if kind == "area":
        return None, rest
    found = known.places.get(name.casefold())
    if kind == "place":
        found = int(rest) if int(rest) in known.place_ids else None
    if found is None and mapping.other_places != "unknown":
        raise _Wrong(mapping.place_column, _("no place is called “%(name)s”") % {"name": name})
    return found, ""


def _words(cells: dict[str, str], mapping: Mapping, known: Known) -> str:
    words = cells.get(mapping.words_column, "")
    if len(words) > TEXT_LIMIT:
        raise _Wrong(
            mapping.words_column,
            _("%(count)s characters, %(limit)s are allowed") % {"count": len(words), "limit": TEXT_LIMIT},
        )
    if "\0" in words or NOT_TEXT.search(words):
        raise _Wrong(mapping.words_column, _("holds a character that is no text"))
    return words
