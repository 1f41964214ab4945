"""What another source says beside what we have seen: pure comparisons of two spans of time.

A survey and a count of observations measure different things. They are said to disagree only where each is clear by
itself: a source by intervals that do not meet (or, where it counts events, by the chance of the count), ours by an
interval of the rate ratio that does not hold 1.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import fmean, pvariance
from typing import Literal

Direction = Literal["up", "down", "open"]  # open: it cannot be told

FEW = 20  # events in two compared spans: under it nothing is said
EDGE = 4  # weeks at either end of a span
Z = 1.96


@dataclass(frozen=True, order=True)
class When:
    """A year, or one of its quarters; quarter 0 is the whole year."""

    year: int
    quarter: int = 0

    @property
    def first(self) -> date:
        return date(self.year, 3 * self.quarter - 2 if self.quarter else 1, 1)

    @property
    def last(self) -> date:
        month = 3 * self.quarter if self.quarter else 12
        following = date(self.year + 1, 1, 1) if month == 12 else date(self.year, month + 1, 1)
        return following - timedelta(days=1)

    @property
    def weeks(self) -> list[tuple[date, date]]:
        """Its days in sevens; what is left over belongs to the last."""
        days = (self.last - self.first).days + 1
        starts = [self.first + timedelta(days=7 * n) for n in range(days // 7)]
        return list(zip(starts, [*(day - timedelta(days=1) for day in starts[1:]), self.last], strict=True))


@dataclass(frozen=True)
class Reading:
    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Ratio:
    """How the later span lies to the earlier: `ratio` of the rates per day with its 95 % interval."""

    before: int
    after: int
    ratio: float
    low: float
    high: float

    @property
    def direction(self) -> Direction:
        return "up" if self.low > 1 else "down" if self.high < 1 else "open"


def latest(values: Mapping[When, Reading]) -> tuple[When, When | None] | None:
    """The last value there is, and the one to compare it with: the same quarter of the latest year before it."""
    if not values:
        return None
    last = max(values)
    before = [when for when in values if when < last and when.quarter == last.quarter]
    return last, max(before, default=None)


def steady(weeks: Collection[int], of: int) -> bool:
    """Whether somebody who was heard in these weeks (0 the first) of a span of so many reported through all of it.

    In half of its weeks, and in the first and the last four: who began or ended in between would look like a change.
    """
    return 2 * len(weeks) >= of and min(weeks, default=of) < EDGE and max(weeks, default=-1) >= of - EDGE


def direction(before: Reading, after: Reading, *, counted: bool) -> Direction:
    """Which way a source went, where it is clear.

    With intervals: they do not meet. A count without one: the ratio of two Poisson counts, log(b/a) ± 1.96 sqrt(1/a+1/b).
    A value without an interval that is no count tells nothing of chance, so nothing is said.
    """
    if before.low is not None and before.high is not None and after.low is not None and after.high is not None:
        return "up" if after.low > before.high else "down" if after.high < before.low else "open"
    if counted and before.value + after.value >= FEW:
        return _ratio(before.value, after.value, 1.0, 1.0).direction
    return "open"


def ours(before: Sequence[int], after: Sequence[int], *, days: tuple[int, int]) -> Ratio | None:
    """Our observations in the same two spans, week by week; None under `FEW` together.

    Quasi-Poisson: the interval is widened by the larger of 1 and the variance per mean of the weeks within the spans,
    so that seasons and single nights are not taken for a change (statistics.md, B).
    """
    if sum(before) + sum(after) < FEW:
        return None
    spread = max(1.0, *(pvariance(weeks) / fmean(weeks) for weeks in (before, after) if len(weeks) > 1 and any(weeks)))
    return _ratio(sum(before), sum(after), days[1] / days[0], spread)


def _ratio(before: float, after: float, longer: float, spread: float) -> Ratio:
    """Of the rates; half an event is added to both where one is zero."""
    a, b = (before, after) if min(before, after) > 0 else (before + 0.5, after + 0.5)
    ratio, width = b / a / longer, Z * math.sqrt(spread * (1 / a + 1 / b))
    return Ratio(round(before), round(after), ratio, ratio * math.exp(-width), ratio * math.exp(width))


def disagree(source: Direction, rising: str, seen: Direction) -> bool:
    """Whether a clear change of the source and a clear change of ours point apart: more was seen while it got better."""
    if "open" in (source, seen) or rising == "neither":
        return False
    worse = (source == "up") == (rising == "worse")
    return worse != (seen == "up")
