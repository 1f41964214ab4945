"""How the columns of somebody's file become observations: a TOML file, read and checked before the first row.

See docs/mappings/ for an example with every key explained.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo


class BadMapping(ValueError):
    """The mapping cannot be used; the message names the key."""


@dataclass(frozen=True)
class Mapping:
    name: str  # the system the rows come from; part of every source id
    id_column: str
    from_column: str
    to_column: str
    time_format: str  # empty: ISO 8601
    zone: ZoneInfo | None  # None: the group's
    category_column: str
    codes: dict[str, str]  # value in the column -> code of the category
    constant_code: str
    lon_column: str
    lat_column: str
    place_column: str
    area_column: str
    words_column: str
    delimiter: str

    @property
    def columns(self) -> list[str]:
        """Every column the file must have."""
        named = (
            self.id_column,
            self.from_column,
            self.to_column,
            self.category_column,
            self.lon_column,
            self.lat_column,
            self.place_column,
            self.area_column,
            self.words_column,
        )
        return [column for column in named if column]

    @property
    def category_codes(self) -> set[str]:
        return {self.constant_code} if self.constant_code else set(self.codes.values())


KEYS = {
    "": {"name", "id", "delimiter", "time", "category", "where", "words"},
    "time": {"from", "to", "format", "zone"},
    "category": {"column", "codes", "code"},
    "where": {"lon", "lat", "place", "area"},
}


def read(path: Path) -> Mapping:
    try:
        with path.open("rb") as file:
            return parse(tomllib.load(file))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise BadMapping(str(problem)) from None


def parse(said: dict[str, Any]) -> Mapping:
    _known(said, "")
    time, category, where = (_table(said, name) for name in ("time", "category", "where"))
    constant, column = _text(category, "category.code"), _text(category, "category.column")
    codes = category.get("codes", {})
    if not isinstance(codes, dict) or not all(isinstance(code, str) for code in codes.values()):
        raise BadMapping('category.codes: a table of value = "code"')
    if bool(constant) == bool(column) or bool(column) != bool(codes):
        raise BadMapping("category: give either code, or column and codes")
    mapping = Mapping(
        name=_text(said, "name", needed=True),
        id_column=_text(said, "id", needed=True),
        from_column=_text(time, "time.from", needed=True),
        to_column=_text(time, "time.to"),
        time_format=_text(time, "time.format"),
        zone=_zone(_text(time, "time.zone")),
        category_column=column,
        codes={str(value): code for value, code in codes.items()},
        constant_code=constant,
        lon_column=_text(where, "where.lon"),
        lat_column=_text(where, "where.lat"),
        place_column=_text(where, "where.place"),
        area_column=_text(where, "where.area"),
        words_column=_text(said, "words"),
        delimiter=_text(said, "delimiter"),
    )
    if bool(mapping.lon_column) != bool(mapping.lat_column):
        raise BadMapping("where: lon and lat go together")
    if mapping.delimiter not in ("", ",", ";", "\t"):
        raise BadMapping("delimiter: a comma, a semicolon or a tab")
    return mapping


def _table(said: dict[str, Any], name: str) -> dict[str, Any]:
    table = said.get(name, {})
    if not isinstance(table, dict):
        raise BadMapping(f"{name}: a table [{name}]")
    _known(table, name)
    return table


def _known(table: dict[str, Any], name: str) -> None:
    for key in table:
        if key not in KEYS[name]:
            raise BadMapping(f"{name}.{key}: no such key".lstrip("."))


def _text(table: dict[str, Any], path: str, *, needed: bool = False) -> str:
    value = table.get(path.rpartition(".")[2], "")
    if not isinstance(value, str):
        raise BadMapping(f"{path}: a text in quotes")
    if needed and not value:
        raise BadMapping(f"{path}: is missing")
    return value


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (KeyError, ValueError, OSError):
        raise BadMapping(f"time.zone: no zone is called {name!r}") from None
