"""What is different this period, and can it be chance? Every area and category held against its own past.

Pure: the material of a long history in (`rows.history`), JSON-ready values out, so that they are frozen with the
picture. The rules are those of docs/decisions/what-a-count-is-compared-with.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np

from situation.coverage import coverage
from situation.deviation import (
    LEAST_HISTORY,
    YEAR,
    Judgement,
    adjusted,
    baseline_weeks,
    farrington,
    judged,
)
from situation.material import Material, Stretch
from situation.picture import Line, Table, by, heard, lines, tally

METHOD = "gamma-poisson/2"  # version of what `evaluate` computes
PERIODS_BACK = 160  # three years of weeks and the window around the first of them
YEARS_BACK = 3  # from so many on, improved Farrington is asked as well
LONG = 28  # days of the rolling sum
CLEAR, POSSIBLE = 0.01, 0.10  # p below which a difference is clear, and possible
SURE = ("more-sure", "less-sure")
MOST_SHOWN = 5
LEAST_COVERAGE, COVERAGE_CHANGE = 0.70, 0.20
ALL = "*"  # all areas, or all categories

Key = tuple[Any, Any]  # area and category: an id, None for outside the areas, or ALL


class Verdict(NamedTuple):
    """One comparison, in the order in which it is frozen."""

    area: int | str | None
    category: int | str
    days: int  # the length of what is judged
    events: int
    word: str  # as components/verdict.html knows it: more-sure to less-sure, thin where nothing can be said
    weeks: int  # of the baseline
    mean: float | None = None  # of the predictive distribution; None, as what follows, where nothing can be said
    low: int | None = None  # the normal interval
    high: int | None = None
    limit: int | None = None  # above it the count is flagged
    p: float | None = None  # the smaller of the two tails
    adjusted: float | None = None  # Benjamini-Hochberg over all comparisons of the period
    power: float | None = None  # the chance that twice the normal would have been flagged


@dataclass(frozen=True)
class Past:
    """The periods, the last of them judged, and which of those before count as its baseline."""

    stretches: Sequence[Stretch]
    known: frozenset[int]  # positions of the periods in which somebody spoke: silence is unknown, not zero
    found: dict[tuple[int, int], list[int]] = field(default_factory=dict)

    @cached_property
    def first_week(self) -> list[int]:
        start = self.stretches[0].first
        return [(one.first - start).days // 7 for one in self.stretches]

    @cached_property
    def lengths(self) -> list[int]:
        return [one.days for one in self.stretches]

    def days(self, positions: Sequence[int]) -> int:
        return sum(self.lengths[n] for n in positions)

    def weeks(self, positions: Sequence[int]) -> int:
        return self.days(positions) // 7

    def baseline(self, position: int, first: int) -> list[int]:
        """The known periods that lie in the baseline weeks of one, history beginning at `first`; none if too few."""
        if (position, first) not in self.found:
            wanted = set(baseline_weeks(self.first_week[position], self.first_week[first]))
            chosen = [n for n in range(first, position) if n in self.known and wanted & self._weeks_of(n)]
            enough = self.weeks(chosen) >= LEAST_HISTORY
            self.found[position, first] = chosen if enough else []
        return self.found[position, first]

    def _weeks_of(self, n: int) -> set[int]:
        return set(range(self.first_week[n], self.first_week[n] + max(1, self.lengths[n] // 7)))

    def window(self, days: int) -> list[int]:
        """The latest periods that together are so long, those of which somebody spoke."""
        last = len(self.stretches) - 1
        lengths = list(accumulate(reversed(self.lengths)))
        many = next((n for n, length in enumerate(lengths) if length >= days), last)
        return [n for n in range(last - many, last + 1) if n in self.known]

    def begins(self, since: Any) -> int:
        """The position of the first period that can count for what is there since that day."""
        last = len(self.stretches) - 1
        return next((n for n in sorted(self.known) if self.stretches[n].first >= since), last)


@dataclass(frozen=True)
class Series:
    """The counts of one area and category over all the periods."""

    key: Key
    counts: Sequence[int]
    first: int  # position of its first period

    def over(self, positions: Sequence[int]) -> int:
        return sum(self.counts[n] for n in positions)


class Comparison(NamedTuple):
    """Periods of a series that are judged together, and how its family scatters."""

    series: Series
    span: tuple[int, ...]
    dispersion: float


@dataclass(frozen=True)
class Evaluated:
    """The comparisons of a period beside what is kept of them, in the same order."""

    past: Past
    comparisons: Sequence[Comparison]
    found: dict[str, Any]  # JSON-ready

    @property
    def flags(self) -> list[int]:
        """The positions of all clear differences; none where the reporting cannot be compared."""
        if not self.comparisons or (self.found["reporting"] and self.found["reporting"]["changed"]):
            return []
        return [n for n, row in enumerate(self.found["rows"]) if Verdict(*row).word in SURE]

    def baseline(self, n: int) -> list[int]:
        one = self.comparisons[n]
        return self.past.baseline(one.span[0], one.series.first)


def evaluate(material: Material) -> dict[str, Any]:
    """All comparisons of the period with their verdicts, and what they rest on; the material is that of `rows.history`."""
    return evaluated(material).found


def evaluated(material: Material) -> Evaluated:
    """The same with the series and baselines they were made from, for who wants to take something out of them."""
    shown = [*material.earlier, material.period]
    past = Past(shown, frozenset(n for n, one in enumerate(shown) if heard(material, one)))
    last = len(shown) - 1
    base = {"method": METHOD, "clear": CLEAR, "possible": POSSIBLE, "cut_off": material.cut_off.isoformat()}
    if last not in past.known or material.today <= material.period.last:
        nothing = {"weeks": 0, "comparisons": 0, "by_chance": 0.0, "rows": [], "shown": [], "reporting": None}
        return Evaluated(past, [], base | nothing)
    begun = past.begins(shown[0].first)
    comparisons = comparisons_of(material, past)
    found = with_adjusted(judge(comparisons, past))
    reporting = gate(material, past)
    kept = {
        "weeks": past.weeks([n for n in range(begun, last) if n in past.known]),
        "comparisons": sum(verdict.p is not None for verdict, _chance in found),
        "by_chance": round(sum(chance for _verdict, chance in found), 2),
        "rows": [list(verdict) for verdict, _chance in found],
        "shown": [] if reporting and reporting["changed"] else most_unusual([verdict for verdict, _chance in found]),
        "reporting": reporting,
    }
    return Evaluated(past, comparisons, base | kept)


def compare_all(material: Material, past: Past) -> list[tuple[Verdict, float]]:
    """Every series over the period and over four weeks, each with how often chance alone would bring its verdict."""
    return judge(comparisons_of(material, past), past)


def comparisons_of(material: Material, past: Past) -> list[Comparison]:
    spans = sorted({tuple(past.window(days)) for days in (1, LONG)}, key=len)
    families = [(family, dispersion(family, past)) for family in series_of(material, past)]
    return [Comparison(one, span, phi) for family, phi in families for one in family for span in spans]


def series_of(material: Material, past: Past) -> list[list[Series]]:
    """What is compared, in families of one dispersion: each category over its areas, area totals, category totals, all."""
    every = lines(material)
    head: dict[int | None, int] = {row.id: line.head.id for line in every for row in line.rows}
    cells = tally(material, past.stretches, head.get)
    areas, kinds, everything = by(cells, itemgetter(0)), by(cells, itemgetter(1)), by(cells, lambda _key: ALL)
    here = [line for line in every if _is_here(line, areas, material.period)]
    begins: dict[int | None, int] = {line.head.id: past.begins(line.since) for line in here}
    begun = past.begins(past.stretches[0].first)
    if None in areas:
        begins[None] = begun
    categories = [category.id for category in material.categories]
    nothing = [0] * len(past.stretches)

    def family(table: Table[Any], keys: Sequence[tuple[Any, Key, int]]) -> list[Series]:
        return [Series(key, table.get(of, nothing), first) for of, key, first in keys]

    return [
        *(family(cells, [((a, c), (a, c), first) for a, first in begins.items()]) for c in categories),
        family(areas, [(a, (a, ALL), first) for a, first in begins.items()]),
        family(kinds, [(c, (ALL, c), begun) for c in categories]),
        family(everything, [(ALL, (ALL, ALL), begun)]),
    ]


def _is_here(line: Line, areas: Table[Any], period: Stretch) -> bool:
    """Drawn as an EST area when the period ended, or counted in it."""
    drawn = line.head.layer == "est" and line.head.drawn(period.last)
    return drawn or (line.head.id in areas and areas[line.head.id][-1] > 0)


def dispersion(family: Sequence[Series], past: Past) -> float:
    """The pooled overdispersion of the family over all its past periods, each against its own baseline; at least 1.

    As `deviation.pooled_dispersion`, with the lengths of the periods in the place of their numbers.
    """
    last = len(past.stretches) - 1
    days = np.array(past.lengths, dtype=float)
    squares = expected = 0.0
    by_first: defaultdict[int, list[Sequence[int]]] = defaultdict(list)
    for one in family:
        by_first[one.first].append(one.counts)
    for first, counts in by_first.items():
        judged = [(n, chosen) for n in sorted(past.known) if first < n < last and (chosen := past.baseline(n, first))]
        if not judged:
            continue
        y = np.array(counts, dtype=float)
        share = np.zeros((len(days), len(judged)))  # of the baseline's events that fall on a period of that length
        for column, (n, chosen) in enumerate(judged):
            share[chosen, column] = days[n] / days[chosen].sum()
        m = y @ share
        squares += float(((y[:, [n for n, _chosen in judged]] - m) ** 2).sum())
        expected += float((m * (1 + share.max(axis=0))).sum())
    return max(1.0, squares / expected) if expected else 1.0


def judge(comparisons: Sequence[Comparison], past: Past) -> list[tuple[Verdict, float]]:
    """The verdicts, each with how often chance alone would bring it; all at once, for the sake of speed."""
    baselines = [past.baseline(c.span[0], c.series.first) if c.series.first <= c.span[0] else [] for c in comparisons]
    possible = [(c, chosen) for c, chosen in zip(comparisons, baselines, strict=True) if chosen]
    judgements = iter(
        judged(
            [c.series.over(chosen) for c, chosen in possible],
            [past.days(chosen) / past.days(c.span) for c, chosen in possible],
            [c.dispersion for c, _chosen in possible],
            [c.series.over(c.span) for c, _chosen in possible],
        )
    )
    return [
        made(c, chosen, next(judgements), past) if chosen else (thin(c, past), 0.0)
        for c, chosen in zip(comparisons, baselines, strict=True)
    ]


def thin(c: Comparison, past: Past) -> Verdict:
    weeks = past.weeks([n for n in range(c.series.first, c.span[0]) if n in past.known])
    return Verdict(*c.series.key, past.days(c.span), c.series.over(c.span), "thin", weeks)


def made(c: Comparison, chosen: Sequence[int], found: Judgement, past: Past) -> tuple[Verdict, float]:
    word = in_words(found.p_high, found.p_low)
    second = farrington_says(c.series, c.span, past)
    if second is not None and second != (word == "more-sure"):
        word = "more-maybe"
    verdict = Verdict(
        *c.series.key,
        past.days(c.span),
        c.series.over(c.span),
        word,
        past.weeks(chosen),
        mean=round(found.normal.mean, 2),
        low=found.normal.low,
        high=found.normal.high,
        limit=found.normal.limit,
        p=min(found.p_high, found.p_low),
        power=round(found.power, 2),
    )
    return verdict, found.by_chance


def in_words(high: float, low: float) -> str:
    """Each tail is tested by itself; a count of nothing is never more than normal, since its upper tail is 1."""
    if high < POSSIBLE:
        return "more-sure" if high < CLEAR else "more-maybe"
    if low < POSSIBLE:
        return "less-sure" if low < CLEAR else "less-maybe"
    return "normal"


def farrington_says(one: Series, span: Sequence[int], past: Past) -> bool | None:
    """Whether improved Farrington alarms; None where it has not three unbroken years of weeks, or is not needed."""
    last = len(past.stretches) - 1
    first = last - YEARS_BACK * YEAR - 3
    needed = range(first, last + 1)
    if list(span) != [last] or not one.counts[last] or first < one.first:
        return None
    if not all(n in past.known and past.lengths[n] == 7 for n in needed):
        return None
    return farrington(one.counts, last, YEARS_BACK).alarm


def with_adjusted(found: Sequence[tuple[Verdict, float]]) -> list[tuple[Verdict, float]]:
    """The p-values beside what they are worth among so many."""
    values = iter(adjusted([verdict.p for verdict, _chance in found if verdict.p is not None]))
    return [
        (v if v.p is None else v._replace(p=float(f"{v.p:.3g}"), adjusted=float(f"{next(values):.3g}")), chance)
        for v, chance in found
    ]


def most_unusual(verdicts: Sequence[Verdict]) -> list[int]:
    """The positions of the clear differences with the smallest chance, at most five."""
    clear = [n for n, verdict in enumerate(verdicts) if verdict.word in SURE]
    return sorted(clear, key=lambda n: (verdicts[n].p, -verdicts[n].events))[:MOST_SHOWN]


def gate(material: Material, past: Past) -> dict[str, Any] | None:
    """How many of those expected were heard, now and in the baseline; changed where the two cannot be compared.

    Who joined since was not heard in the baseline: an organisation more is more reporting, not more disorder.
    """
    expected = [voice for voice in material.voices if voice.asked(material.period)]
    last = len(past.stretches) - 1
    if not expected:
        return None

    def share(n: int) -> float:
        stretch = past.stretches[n]
        reported = {voice.id for voice in expected if stretch.first in voice.by_day}
        calm = sum((voice.id, stretch.id) in material.calm for voice in expected if voice.id not in reported)
        return coverage(len(expected), len(reported), calm)

    before = past.baseline(last, past.begins(past.stretches[0].first))
    now = share(last)
    usual = sum(map(share, before)) / len(before) if before else None
    changed = now < LEAST_COVERAGE or (usual is not None and abs(now - usual) > COVERAGE_CHANGE)
    return {"now": round(now, 3), "usual": None if usual is None else round(usual, 3), "changed": changed}
