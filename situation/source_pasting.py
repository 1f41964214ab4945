"""Values of another source, pasted or from a file: a row for each value, or a column for each year; read with its faults."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from est_site.partners.models import Area, Layer, Membership
from incidents import pasting
from situation.models import SourceSeries, SourceValue
from situation.source_actions import Told
from situation.sources import Reading, When

MOST = 2_000  # values
BYTES = 1_000_000
LARGEST = 1e12
LONGEST = 120  # letters in a cell
OLDEST, NEWEST = 1990, 2100
FIELDS = ("area", "when", "value", "low", "high")  # their order where there is no row of headings
HEADINGS = {
    "area": ("område", "stadsdel", "area", "district"),
    "when": ("år", "kvartal", "period", "tid", "år och kvartal", "year", "quarter", "time"),
    "value": ("värde", "antal", "andel", "value", "number", "share"),
    "low": ("lägst", "nedre", "undre", "från", "low", "lower"),
    "high": ("högst", "övre", "till", "high", "upper"),
}
ALL = ("", "alla", "alla områden", "hela kommunen", "totalt", "all", "all areas", "total")
PERIOD = re.compile(r"(?P<year>\d{4})(?:[ \-/:]*[kKqQ] ?(?P<quarter>[1-4]))?")
TURNED = re.compile(r"[kKqQ] ?(?P<quarter>[1-4])[ \-/:]*(?P<year>\d{4})")
NUMBER = re.compile(r"[-−]?\d{1,3}(?: ?\d{3})*(?:[.,]\d+)?|[-−]?\d+(?:[.,]\d+)?")


class Wrong(ValueError):
    """What is wrong with a row, in words."""


@dataclass
class Row:
    number: int
    area: str
    when: str
    value: str
    told: Told | None = None
    before: float | None = None  # the value there is, where another one is to take its place
    already: bool = False
    faults: list[str] = field(default_factory=list)


@dataclass
class Read:
    rows: list[Row]

    @property
    def told(self) -> list[Told]:
        return [row.told for row in self.rows if row.told is not None]

    @property
    def faulty(self) -> int:
        return sum(bool(row.faults) for row in self.rows)

    @property
    def already(self) -> int:
        return sum(row.already for row in self.rows)

    @property
    def changed(self) -> int:
        return sum(row.before is not None for row in self.rows)

    @property
    def new(self) -> int:
        return len(self.rows) - self.faulty - self.already

    @property
    def digest(self) -> str:
        """Of what the rows mean and what they take the place of: whoever saves has looked at just this."""
        meant = [
            (row.told.area and row.told.area.pk, row.told.when, row.told.reading, row.before)
            for row in self.rows
            if row.told
        ]
        return hashlib.sha256(repr(meant).encode()).hexdigest()[:32]


def read(text: str, series: SourceSeries, member: Membership) -> Read:
    """Each value; raises `pasting.NotATable`."""
    lines = pasting.cells_of(text)
    areas = _areas(member)
    rows: list[Row] = []
    for number, written in enumerate(_long(lines), start=1):
        cells = {name: shorten(cell) for name, cell in written.items()}
        row = Row(number, cells.get("area", ""), cells.get("when", ""), cells.get("value", ""))
        try:
            row.told = Told(
                _area(row.area, areas),
                _when(row.when, quarterly=series.quarterly),
                _reading(cells, counted=series.counted),
            )
        except Wrong as wrong:
            row.faults.append(str(wrong))
        rows.append(row)
        if len(rows) > MOST:
            return Read(rows)
    _once(rows)
    _beside(rows, series)
    return Read(rows)


def _long(lines: Sequence[Sequence[str]]) -> list[dict[str, str]]:
    """One for each value, whichever way the table lies."""
    if not lines:
        return []
    periods = [(n, cell) for n, cell in enumerate(lines[0]) if n and (PERIOD.fullmatch(cell) or TURNED.fullmatch(cell))]
    if periods and lines[0][0].casefold() in ("", *HEADINGS["area"]):
        return [
            {"area": cells[0], "when": when, "value": cells[n]}
            for cells in lines[1:]
            for n, when in periods
            if n < len(cells) and cells[n]
        ]
    folded = [cell.casefold().rstrip("?:. ") for cell in lines[0]]
    order = {name: n for name, words in HEADINGS.items() for n, cell in enumerate(folded) if cell in words}
    rest = lines[1:] if len(order) >= 2 else lines
    order = order if len(order) >= 2 else {name: n for n, name in enumerate(FIELDS)}
    return [{name: cells[n] if n < len(cells) else "" for name, n in order.items()} for cells in rest]


def _areas(member: Membership) -> dict[str, Area]:
    """The EST areas by name, each as it is drawn latest."""
    rows = Area.objects.visible_to(member).filter(layer=Layer.EST).defer("geometry").order_by("valid_from", "id")
    return {area.name.casefold(): area for area in rows}


def _area(said: str, areas: dict[str, Area]) -> Area | None:
    if said.casefold() in ALL:
        return None
    if said.casefold() in areas:
        return areas[said.casefold()]
    names = ", ".join(sorted(area.name for area in areas.values()))
    told = _("No area is called “%(said)s”. There are: %(names)s. All of them together are “all areas”.")
    raise Wrong(told % {"said": said, "names": names})


def _when(said: str, *, quarterly: bool) -> When:
    found = PERIOD.fullmatch(said) or TURNED.fullmatch(said)
    if found is None or not OLDEST <= int(found["year"]) <= NEWEST:
        raise Wrong(_("“%(said)s” is no year. Write 2025, or 2025 Q3 for a quarter.") % {"said": said})
    if quarterly != bool(found["quarter"]):
        told = _("This source is by quarter: write 2025 Q3.") if quarterly else _("This source is by year: write 2025.")
        raise Wrong(told)
    return When(int(found["year"]), int(found["quarter"] or 0))


def _reading(cells: dict[str, str], *, counted: bool) -> Reading:
    value = _number(cells.get("value", ""))
    if value is None:
        raise Wrong(_("The value is missing."))
    low, high = _number(cells.get("low", "")), _number(cells.get("high", ""))
    if (low is None) != (high is None):
        raise Wrong(_("An interval has two ends: write both, or neither."))
    if low is not None and high is not None and not low <= value <= high:
        raise Wrong(_("The value does not lie in its interval."))
    if counted and (value < 0 or value != int(value)):
        raise Wrong(_("“%(said)s” is no number of events: write a whole number, 0 or more.") % {"said": cells["value"]})
    return Reading(value, low, high)


def _number(said: str) -> float | None:
    if not said:
        return None
    plain = said.replace("\u00a0", " ").removesuffix("%").strip()
    if not NUMBER.fullmatch(plain):
        raise Wrong(_("“%(said)s” is no number.") % {"said": said})
    value = float(plain.replace("−", "-").replace(" ", "").replace(",", "."))
    if not math.isfinite(value) or abs(value) > LARGEST:
        raise Wrong(_("“%(said)s” is too large.") % {"said": said})
    return value


def shorten(cell: str) -> str:
    """What no area, time or number can be is not sent back whole."""
    return cell if len(cell) <= LONGEST else f"{cell[: LONGEST - 1]}…"


def _once(rows: list[Row]) -> None:
    seen: dict[tuple[str, int, int], int] = {}
    for row in rows:
        if row.told and seen.setdefault(row.told.key, row.number) != row.number:
            row.faults.append(_("Row %(n)s says the same area and time.") % {"n": seen[row.told.key]})


def _beside(rows: list[Row], series: SourceSeries) -> None:
    """What there is already: the same, or another value that this one takes the place of."""
    there = {
        (area or "", year, quarter): Reading(value, low, high)
        for area, year, quarter, value, low, high in SourceValue.objects.filter(
            group_id=series.group_id, series=series
        ).values_list("area__name", "year", "quarter", "value", "low", "high")
    }
    for row in rows:
        if row.told and not row.faults and (before := there.get(row.told.key)) is not None:
            row.already = before == row.told.reading
            row.before = None if row.already else before.value
