"""In which order the rows of the matrix stand, and how tight. All of it is in the address: it works without a script and can be sent on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from situation.lines import AreaLine

NAME = "name"
KEPT = ("version", "area", "kind", "span", "order", "tight")  # what an address of the picture may say
SWEDISH = str.maketrans({"å": "{1", "ä": "{2", "ö": "{3"})  # they end the alphabet, in this order


@dataclass(frozen=True)
class Way:
    """One order or the other density, as a link."""

    title: str
    url: str
    current: bool = False


def alphabet(name: str) -> str:
    """Where a name stands among others; nothing comes first."""
    return name.casefold().translate(SWEDISH)


def ordered(lines: Sequence[AreaLine], by: str) -> list[AreaLine]:
    """By `name`, or by the numbers of a column (its place, 0 the first) with most first; else the picture's own order.

    That one puts the most unusual first. What lies outside the areas stands last in each.
    """
    if by == NAME:
        return sorted(lines, key=lambda line: (line.id is None, alphabet(line.name)))
    column = _column(by, lines)
    if column is None:
        return list(lines)
    return sorted(lines, key=lambda line: (line.id is None, -line.cells[column].count))


def ways(lines: Sequence[AreaLine], asked: Mapping[str, str], *, judged: bool) -> list[Way]:
    """The orders that no column stands for, and the density that is not shown."""
    by, tight = asked.get("order", ""), asked.get("tight") == "1"
    own = by != NAME and _column(by, lines) is None
    return [
        Way(_("Most unusual first") if judged else _("Most first"), address(asked, order=""), own),
        Way(_("By name"), address(asked, order=NAME), by == NAME),
        Way(_("Airier rows"), address(asked, tight="")) if tight else Way(_("Tighter rows"), address(asked, tight="1")),
    ]


def columns(titles: Sequence[str], lines: Sequence[AreaLine], asked: Mapping[str, str]) -> list[Way]:
    """The heading of each column: pressed, it puts most first."""
    now = _column(asked.get("order", ""), lines)
    return [Way(title, address(asked, order=str(n)), n == now) for n, title in enumerate(titles)]


def address(asked: Mapping[str, str], **changed: str) -> str:
    said = {name: asked[name] for name in KEPT if asked.get(name)} | changed
    return f"?{urlencode({name: value for name, value in said.items() if value})}#h-matrix"


def _column(by: str, lines: Sequence[AreaLine]) -> int | None:
    known = by.isascii() and by.isdigit() and len(by) < 4 and bool(lines)
    return int(by) if known and int(by) < len(lines[0].cells) else None
