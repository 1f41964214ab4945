"""How the columns of somebody's file become observations: a TOML file, read and checked before the first row.

See docs/mappings/ for an example with every key explained.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
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
    leave_out: tuple[str, ...] = ()  # values of the category column that are no observations; * stands for anything
    leave_out_others: bool = False  # what has no category: left out instead of a fault
    places: dict[str, str] = field(default_factory=dict)  # value -> place:12, area:Hamnen or unknown
    other_places: str = ""  # what is not listed and no place's name: "" is a fault, or unknown
    only_column: str = ""
    only_value: str = ""

    @property
    def columns(self) -> list[str]:
        """Every column the file must have."""
        named = (
            self.only_column,
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

    def is_left_out(self, cells: dict[str, str]) -> bool:
        """What the file's owner said is no observation of ours."""
        if self.only_column and cells[self.only_column].casefold() != self.only_value.casefold():
            return True
        value = cells.get(self.category_column, "")
        if value in self.codes or not self.category_column:
            return False
        return self.leave_out_others or any(fnmatchcase(value.casefold(), one.casefold()) for one in self.leave_out)


KEYS = {
    "": {"name", "id", "delimiter", "time", "category", "where", "words", "only"},
    "time": {"from", "to", "format", "zone"},
    "category": {"column", "codes", "code", "leave_out", "others"},
    "where": {"lon", "lat", "place", "area", "places", "others"},
    "only": {"column", "value"},
}


def read(path: Path) -> Mapping:
    try:
        with path.open("rb") as file:
            return parse(tomllib.load(file))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise BadMapping(str(problem)) from None


def parse(said: dict[str, Any]) -> Mapping:
    _known(said, "")
    time, category, where, only = (_table(said, name) for name in ("time", "category", "where", "only"))
    constant, column = _text(category, "category.code"), _text(category, "category.column")
    codes = category.get("codes", {})
    if not isinstance(codes, dict) or not all(isinstance(code, str) for code in codes.values()):
        raise BadMapping('category.codes: a table of value = "code"')
    leave_out = category.get("leave_out", [])
    if not isinstance(leave_out, list) or not all(isinstance(value, str) for value in leave_out):
        raise BadMapping("category.leave_out: a list of texts")
    if bool(constant) == bool(column) or (codes and not column):
        raise BadMapping("category: give either code, or column and codes")
    mapping = Mapping(
        name=_text(said, "name", needed=True),
        id_column=_text(said, "id"),
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
        leave_out=tuple(leave_out),
        leave_out_others=_choice(category, "category.others", "fault", "leave out") == "leave out",
        places=_places(where),
        other_places=_choice(where, "where.others", "fault", "unknown").removeprefix("fault"),
        only_column=_text(only, "only.column"),
        only_value=_text(only, "only.value"),
    )
    if bool(mapping.lon_column) != bool(mapping.lat_column):
        raise BadMapping("where: lon and lat go together")
    if mapping.delimiter not in ("", ",", ";", "\t"):
        raise BadMapping("delimiter: a comma, a semicolon or a tab")
    return mapping


def _choice(table: dict[str, Any], path: str, *choices: str) -> str:
    value = _text(table, path) or choices[0]
    if value not in choices:
        raise BadMapping(f"{path}: one of {', '.join(choices)}")
    return value


def _places(where: dict[str, Any]) -> dict[str, str]:
    places = where.get("places", {})
    if not isinstance(places, dict):
        raise BadMapping("where.places: a table of name = target")
    for target in places.values():
        kind, _colon, rest = str(target).partition(":")
        if target != "unknown" and not (kind == "area" and rest) and not (kind == "place" and rest.isdecimal()):
            raise BadMapping("where.places: place:NUMBER, area:NAME or unknown")
    return {str(name): str(target) for name, target in places.items()}


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
