"""Cells copied from a spreadsheet, as rows of the table: which column is which, from the header or by their order."""

from __future__ import annotations

import csv
import io

from django.utils.translation import gettext as _

from incidents.guessing import NAMES

FIELDS = ("what", "where", "start", "end", "words")
COLUMNS = {"what": ("category",), "where": ("place", "area"), "start": ("from",), "end": ("to",), "words": ("words",)}
CLOCK = ("klockslag", "kl", "kl.", "clock")  # beside a column with the day


class NotATable(ValueError):
    """The cells cannot be told apart."""


def rows(text: str) -> list[dict[str, str]]:
    """One for each line that says something. Without a header the columns stand in the table's own order."""
    lines = cells_of(text)
    order = _header(lines[0]) if lines else None
    if order is None:
        order = {name: [n] for n, name in enumerate(FIELDS)}
    else:
        lines = lines[1:]
    return [_row(cells, order) for cells in lines]


def cells_of(text: str) -> list[list[str]]:
    """The cells of each line that says something. Raises `NotATable` where they cannot be told apart."""
    if "\0" in text:
        raise NotATable
    delimiter = "\t" if "\t" in text or ";" not in text else ";"
    lone = text.count('"') % 2  # an inch, not the begin of a quotation that would swallow the rest
    try:
        found = list(
            csv.reader(
                io.StringIO(text, newline=""),
                delimiter=delimiter,
                quoting=csv.QUOTE_NONE if lone else csv.QUOTE_MINIMAL,
            )
        )
    except csv.Error:
        raise NotATable from None
    cleaned = [[" ".join(cell.split()) for cell in cells] for cells in found]
    return [cells for cells in cleaned if any(cells)]


def _header(cells: list[str]) -> dict[str, list[int]] | None:
    """Where each field stands; none when the line is not a header: fewer than two of its words are known as one."""
    folded = [cell.casefold().rstrip("?:. ") for cell in cells]
    own = {"words": {str(_("A few words")).casefold()}, "start": set(CLOCK)}
    order = {}
    for name, kinds in COLUMNS.items():
        known = [set(NAMES[kind]) for kind in kinds] + [own.get(name, set())]
        order[name] = [n for words in known for n, cell in enumerate(folded) if cell in words]
    return order if sum(map(bool, order.values())) >= 2 else None


def _row(cells: list[str], order: dict[str, list[int]]) -> dict[str, str]:
    """Day and clock in columns of their own are one; a place goes before the area it lies in."""
    said = {name: [cells[n] for n in numbers if n < len(cells) and cells[n]] for name, numbers in order.items()}
    return {name: " ".join(found) if name in ("start", "words") else (found or [""])[0] for name, found in said.items()}
