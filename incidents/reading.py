"""A CSV file as observations to be: every row read, every fault with its row and column. Writes nothing."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from incidents import times
from incidents.mapping import Mapping
from incidents.models import TEXT_LIMIT, TimePrecision

ID_LIMIT = 100
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


@dataclass
class Read:
    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    lines: int = 0


class _Wrong(Exception):
    def __init__(self, column: str, reason: str) -> None:
        self.column, self.reason = column, reason


def decode(content: bytes) -> str:
    """UTF-8 with or without its mark, else the code page of Swedish Windows."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252")


def read(content: bytes, mapping: Mapping, known: Known) -> Read:
    result = Read()
    try:
        text = decode(content)
        records = list(_records(text, mapping.delimiter or _delimiter(text)))
    except UnicodeDecodeError as problem:
        line = content.count(b"\n", 0, problem.start) + 1
        result.faults.append(Fault(line, "", "neither UTF-8 nor Windows text"))
        return result
    except csv.Error as problem:
        result.faults.append(Fault(1, "", f"not a CSV file: {problem}"))
        return result
    header = [name.strip() for name in records[0][1]] if records else []
    for column in mapping.columns:
        if header.count(column) != 1:
            reason = "there is no such column" if column not in header else "the column is there twice"
            result.faults.append(Fault(1, column, reason))
    if result.faults:
        return result
    seen: dict[str, int] = {}
    for line, cells in records[1:]:
        result.lines += 1
        if len(cells) != len(header):
            result.faults.append(Fault(line, "", f"{len(cells)} cells where the header has {len(header)}"))
            continue
        _read_row(result, line, dict(zip(header, map(str.strip, cells), strict=True)), mapping, known, seen)
    return result


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
        result.faults.append(Fault(line, mapping.id_column, f"the same id as in row {seen[source_id]}"))
    code = attempt(_code) or ""
    span, point, place, words = attempt(_span), attempt(_point), attempt(_place), attempt(_words)
    if span is None:
        return
    start, end, precision = span
    if known.kinds.get(code) != "upcoming" and end > known.now:
        column = mapping.to_column if start <= known.now else mapping.from_column
        result.faults.append(Fault(line, column, "the time has not come yet"))
    day = start.astimezone(known.zone).date()
    area = None
    name = cells.get(mapping.area_column, "")
    if name:
        area = known.areas(day).get(name.casefold())
        if area is None:
            result.faults.append(Fault(line, mapping.area_column, f"no area was called {name!r} on {day}"))
    if len(result.faults) == before:
        result.rows.append(Row(line, source_id, code, start, end, precision, day, point, place, area, words or ""))


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line it begins on; empty lines are passed over."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield begins, cells
        begins = reader.line_num + 1


def _delimiter(text: str) -> str:
    header = text.partition("\n")[0]
    return max((",", ";", "\t"), key=header.count)


def _source_id(cells: dict[str, str], mapping: Mapping, known: Known) -> str:
    value = cells[mapping.id_column]
    if not value:
        raise _Wrong(mapping.id_column, "the id is missing")
    found = f"{mapping.name}:{value}"
    if len(found) > ID_LIMIT:
        raise _Wrong(mapping.id_column, f"longer than {ID_LIMIT} characters with the name before it")
    return found


def _code(cells: dict[str, str], mapping: Mapping, known: Known) -> str:
    if mapping.constant_code:
        return mapping.constant_code
    value = cells[mapping.category_column]
    if value not in mapping.codes:
        raise _Wrong(mapping.category_column, f"{value!r} has no category in the mapping")
    return mapping.codes[value]


def _span(cells: dict[str, str], mapping: Mapping, known: Known) -> tuple[datetime, datetime, str]:
    zone = mapping.zone or known.zone
    if not cells[mapping.from_column]:
        raise _Wrong(mapping.from_column, "the time is missing")
    start, whole_day = _time(cells[mapping.from_column], mapping.from_column, mapping.time_format, zone)
    if not cells.get(mapping.to_column):
        if not whole_day:
            return start, start, TimePrecision.EXACT
        return start, _end_of_day(start, zone, known.now), TimePrecision.DAY
    end, ends_whole_day = _time(cells[mapping.to_column], mapping.to_column, mapping.time_format, zone)
    if ends_whole_day:
        end = _end_of_day(end, zone, known.now)
    if end < start:
        raise _Wrong(mapping.to_column, "lies before the time it began")
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
        reason = f"{value!r} does not exist in {zone.key}: the clocks were moved forward"
        raise _Wrong(column, reason) from None
    except (ValueError, OverflowError):
        raise _Wrong(column, f"{value!r} is not a time like {form or '2026-11-22T16:41'}") from None


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
        raise _Wrong(column, f"{value!r} is not a number") from None
    if not math.isfinite(degrees) or abs(degrees) > limit:
        raise _Wrong(column, f"{value!r} lies outside -{limit} to {limit} degrees")
    return degrees


def _place(cells: dict[str, str], mapping: Mapping, known: Known) -> int | None:
    name = cells.get(mapping.place_column, "")
    if not name:
        return None
    if name.casefold() not in known.places:
        raise _Wrong(mapping.place_column, f"no place is called {name!r}")
    return known.places[name.casefold()]


def _words(cells: dict[str, str], mapping: Mapping, known: Known) -> str:
    words = cells.get(mapping.words_column, "")
    if len(words) > TEXT_LIMIT:
        raise _Wrong(mapping.words_column, f"{len(words)} characters, {TEXT_LIMIT} are allowed")
    if "\0" in words:
        raise _Wrong(mapping.words_column, "holds a character that is no text")
    return words
