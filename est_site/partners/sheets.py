"""A file with rows, whoever made it: CSV, Excel, GeoJSON or JSON becomes a header and records of text. Writes nothing.

What a file is, its content says. A file can be small and still unfold to fill the memory: that is found out before it
is read.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from xml.parsers import expat

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 10_000
MAX_COLUMNS = 100
MAX_UNFOLDED = 200 * 1024 * 1024  # of an Excel file, which is a compressed archive
MAX_PARTS = 500
PIECE = 1 << 16
FORMULA = ("=", "+", "-", "@", "\t", "\r")
POINT = ("lon", "lat")  # the columns that a GeoJSON file's points become


class Unreadable(ValueError):
    """The file cannot be used at all; the message says why, in the reader's language."""

    def __init__(self, reason: str, line: int = 1) -> None:
        super().__init__(reason)
        self.reason, self.line = reason, line


@dataclass(frozen=True)
class Sheet:
    """Rows as text. A record's number is the line of the file as a person sees it, the header being line 1."""

    kind: str  # csv, xlsx, geojson or json
    header: list[str]
    records: list[tuple[int, list[str]]]


def open_sheet(content: bytes, *, delimiter: str = "", max_rows: int | None = MAX_ROWS) -> Sheet:
    """The rows of a file; `Unreadable` when it is none of the four, too large, or broken."""
    if content[:4] == b"PK\x03\x04":
        sheet = _excel(content)
    elif content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        sheet = _json(content)
    else:
        sheet = _csv(content, delimiter)
    if max_rows is not None and len(sheet.records) > max_rows:
        raise Unreadable(
            _("The file has %(rows)s rows; %(most)s at a time are allowed. Divide it.")
            % {"rows": len(sheet.records), "most": max_rows}
        )
    if len(sheet.header) > MAX_COLUMNS:
        raise Unreadable(
            _("The file has %(columns)s columns; %(most)s are allowed.")
            % {"columns": len(sheet.header), "most": MAX_COLUMNS}
        )
    return sheet


def decode(content: bytes) -> str:
    """UTF-8 with or without its mark, else the code page of Swedish Windows."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252")


# --- comma, semicolon or tab ---------------------------------------------------------------------------------------


def _csv(content: bytes, delimiter: str) -> Sheet:
    if b"\0" in content:
        raise Unreadable(_("This is no table. Choose a CSV, Excel (.xlsx), GeoJSON or JSON file."))
    try:
        text = decode(content)
        rows = list(_records(text, delimiter or _delimiter(text)))
    except UnicodeDecodeError as problem:
        line = content.count(b"\n", 0, problem.start) + 1
        raise Unreadable(_("neither UTF-8 nor Windows text"), line) from None
    except csv.Error as problem:
        raise Unreadable(_("not a CSV file: %(problem)s") % {"problem": problem}) from None
    header = [name.strip() for name in rows[0][1]] if rows else []
    return Sheet("csv", header, [(line, [_restored(cell.strip()) for cell in cells]) for line, cells in rows[1:]])


def neutral(text: str) -> str:
    """A cell that a spreadsheet takes for a formula, made text; `open_sheet` takes the mark away again."""
    return f"'{text}" if text.startswith(FORMULA) else text


def _restored(cell: str) -> str:
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(FORMULA) else cell


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


# --- Excel ---------------------------------------------------------------------------------------------------------


def _excel(content: bytes) -> Sheet:
    try:
        _measure(content)
        rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    except (
        CalamineError,
        zipfile.BadZipFile,
        expat.ExpatError,
        NotImplementedError,
        EOFError,
        RuntimeError,
    ) as problem:
        raise Unreadable(_("This Excel file cannot be read. Save it again as .xlsx, or as CSV.")) from problem
    filled = [(n, [_cell(value) for value in row]) for n, row in enumerate(rows, start=1)]
    filled = [(n, cells) for n, cells in filled if any(cells)]
    header = filled[0][1] if filled else []
    while header and not header[-1]:
        header = header[:-1]
    return Sheet("xlsx", header, [(n, _fitted(cells, len(header))) for n, cells in filled[1:]])


def _fitted(cells: list[str], width: int) -> list[str]:
    """Without the empty cells to the right of the header; what stands there stays and is a fault."""
    while len(cells) > width and not cells[-1]:
        cells = cells[:-1]
    return cells


def _cell(value: Any) -> str:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _measure(content: bytes) -> None:
    """Unfold every part piece by piece and throw it away: what the archive's directory says of its sizes may be a lie.

    A single cell far out makes the whole rectangle before it: the sheets' cells are counted too.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNFOLDED:
            raise _too_large()
        if "xl/workbook.xml" not in archive.namelist():
            raise Unreadable(_("This is no table. Choose a CSV, Excel (.xlsx), GeoJSON or JSON file."))
        left = MAX_UNFOLDED
        for part in parts:
            part.file_size = MAX_UNFOLDED + 1
            with archive.open(part) as file:
                corner = _Corner() if part.filename.lower().startswith("xl/worksheets/sheet") else None
                while piece := file.read(PIECE):
                    left -= len(piece)
                    if left < 0:
                        raise _too_large()
                    if corner:
                        corner.parser.Parse(piece)


class _Corner:
    """Follows a sheet's cells as they come, and stops at one that lies too far out."""

    def __init__(self) -> None:
        self.row = self.column = 0
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._element
        self.parser.StartDoctypeDeclHandler = self._doctype

    def _doctype(self, *_said: Any) -> None:
        raise Unreadable(_("This Excel file cannot be read. Save it again as .xlsx, or as CSV."))

    def _element(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        if tag == "row":
            self.row = int(attributes["r"]) if attributes.get("r", "").isdecimal() else self.row + 1
            self.column = 0
        elif tag == "c":
            letters = "".join(c for c in attributes.get("r", "") if c.isalpha())
            digits = "".join(c for c in attributes.get("r", "") if c.isdecimal())
            self.column = _column(letters) if letters else self.column + 1
            if self.column > MAX_COLUMNS + 50 or int(digits or self.row) > MAX_ROWS + 1000:
                raise Unreadable(
                    _("The sheet reaches too far: at most %(rows)s rows and %(columns)s columns are read.")
                    % {"rows": MAX_ROWS, "columns": MAX_COLUMNS}
                )


def _column(letters: str) -> int:
    n = 0
    for letter in letters[:4].upper():
        n = n * 26 + ord(letter) - ord("A") + 1
    return n


def _too_large() -> Unreadable:
    return Unreadable(_("The file unfolds to far more than it seems to be and is not opened."))


# --- JSON and GeoJSON ----------------------------------------------------------------------------------------------


def _json(content: bytes) -> Sheet:
    try:
        said = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as problem:
        line = getattr(problem, "lineno", 1)
        raise Unreadable(_("This JSON file is broken at line %(line)s.") % {"line": line}, line) from None
    if isinstance(said, dict) and said.get("type") == "FeatureCollection":
        return _table("geojson", [_feature(feature) for feature in _objects(said.get("features"))], first=POINT)
    return _table("json", [_flat(one) for one in _objects(said)])


def _objects(said: Any) -> list[dict[str, Any]]:
    if not isinstance(said, list) or not all(isinstance(one, dict) for one in said):
        raise Unreadable(_("A JSON file must be a list of objects, or a GeoJSON FeatureCollection."))
    return said


def _feature(feature: dict[str, Any]) -> dict[str, str]:
    """Anything but a point stands where the longitude should, and is named there as a fault."""
    properties = feature.get("properties")
    cells = _flat(properties) if isinstance(properties, dict) else {}
    geometry = feature.get("geometry")
    where: Any = ("", "")
    if isinstance(geometry, dict):
        said = geometry.get("coordinates")
        is_point = geometry.get("type") == "Point" and isinstance(said, list) and len(said) >= 2
        where = said[:2] if is_point and isinstance(said, list) else (geometry.get("type"), "")
    if "id" in feature:
        cells.setdefault("id", _plain(feature["id"]))
    return dict(zip(POINT, map(_plain, where), strict=True)) | {k: v for k, v in cells.items() if k not in POINT}


def _flat(one: dict[str, Any], prefix: str = "") -> dict[str, str]:
    cells: dict[str, str] = {}
    for name, value in one.items():
        if isinstance(value, dict):
            cells |= _flat(value, f"{prefix}{name}.")
        else:
            cells[f"{prefix}{name}".strip()] = _plain(value)
    return cells


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    return json.dumps(value, ensure_ascii=False)


def _table(kind: str, rows: list[dict[str, str]], first: tuple[str, ...] = ()) -> Sheet:
    header = list(dict.fromkeys([*first, *(name for row in rows for name in row)]))
    return Sheet(kind, header, [(n, [row.get(name, "") for name in header]) for n, row in enumerate(rows, start=1)])
