"""Weeks, quarters and tertials as plain dates, and local wall time as instants in UTC. No clock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Literal
from zoneinfo import ZoneInfo

Kind = Literal["week", "biweek", "quarter", "tertial", "merged"]
ReviewKind = Literal["quarter", "tertial"]

DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)
MEETING_KINDS = frozenset({"week", "biweek", "merged"})
MONTHS_IN: dict[ReviewKind, int] = {"quarter": 3, "tertial": 4}
REVIEW_LETTER = {"quarter": "Q", "tertial": "T"}


@dataclass(frozen=True, order=True, slots=True)
class IsoWeek:
    """A Monday-to-Sunday week, named by the ISO year that holds its Thursday."""

    year: int
    week: int

    def __post_init__(self) -> None:
        date.fromisocalendar(self.year, self.week, 1)

    @classmethod
    def of(cls, day: date) -> IsoWeek:
        year, week, _ = day.isocalendar()
        return cls(year, week)

    @property
    def first_day(self) -> date:
        return date.fromisocalendar(self.year, self.week, 1)

    @property
    def last_day(self) -> date:
        return self.first_day + WEEK - DAY

    @property
    def same_week_last_year(self) -> IsoWeek:
        """52 weeks back by index: a week number would jump seven days after a year of 53 weeks."""
        return self.shift(-52)

    def shift(self, weeks: int) -> IsoWeek:
        return IsoWeek.of(self.first_day + weeks * WEEK)

    def label(self) -> str:
        return f"{self.year}-W{self.week:02}"


@dataclass(frozen=True, order=True, slots=True)
class Span:
    """A run of whole days, both ends included."""

    kind: Kind
    first_day: date
    last_day: date

    def __post_init__(self) -> None:
        if self.last_day < self.first_day:
            raise ValueError(f"a span cannot end ({self.last_day}) before it begins ({self.first_day})")

    def __contains__(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day

    @property
    def days(self) -> int:
        return (self.last_day - self.first_day).days + 1

    @property
    def weeks(self) -> list[IsoWeek]:
        return weeks(self.first_day, self.last_day)


def weeks(first_day: date, last_day: date) -> list[IsoWeek]:
    """Every ISO week that holds at least one of the days."""
    first = IsoWeek.of(first_day)
    count = (IsoWeek.of(last_day).first_day - first.first_day) // WEEK + 1
    return [first.shift(n) for n in range(count)]


def weekly_spans(start: date, cadence_weeks: Literal[1, 2], until: date) -> list[Span]:
    """Meeting periods from the week that holds `start` to the one that holds `until`.

    The pairs of a two-week cadence are counted from `start`, never from odd and even week numbers,
    so a year of 53 weeks does not shift them.
    """
    kind: Kind = "week" if cadence_weeks == 1 else "biweek"
    length = cadence_weeks * WEEK
    spans = []
    first_day = IsoWeek.of(start).first_day
    while first_day <= until:
        spans.append(Span(kind, first_day, first_day + length - DAY))
        first_day += length
    return spans


def quarter_of(day: date) -> Span:
    return _review_span("quarter", day)


def tertial_of(day: date) -> Span:
    return _review_span("tertial", day)


def review_spans(kind: ReviewKind, start: date, until: date) -> list[Span]:
    """Whole quarters or tertials, from the one that holds `start` to the one that holds `until`."""
    spans = []
    span = _review_span(kind, start)
    while span.first_day <= until:
        spans.append(span)
        span = _review_span(kind, span.last_day + DAY)
    return spans


def merge(spans: Iterable[Span]) -> Span:
    """One meeting period in place of several that follow each other without a gap.

    Only meeting periods are merged: a quarter is a fact of the calendar.
    """
    run = sorted(spans, key=lambda span: span.first_day)
    if len(run) < 2:
        raise ValueError("merging takes at least two periods")
    for span in run:
        if span.kind not in MEETING_KINDS:
            raise ValueError(f"a {span.kind} cannot be merged with anything")
    for before, after in pairwise(run):
        if before.last_day + DAY != after.first_day:
            raise ValueError(f"{before.last_day} and {after.first_day} do not follow each other")
    return Span("merged", run[0].first_day, run[-1].last_day)


def number_text(span: Span) -> str:
    """The number without a year and without a language: W47, W13–14, W53–1, Q4, T2."""
    if span.kind == "quarter" or span.kind == "tertial":
        number = (span.first_day.month - 1) // MONTHS_IN[span.kind] + 1
        return f"{REVIEW_LETTER[span.kind]}{number}"
    first, last = IsoWeek.of(span.first_day), IsoWeek.of(span.last_day)
    return f"W{first.week}" if first == last else f"W{first.week}–{last.week}"


def session_day(span: Span, weekday: int) -> date:
    """The first such weekday after the period; `weekday` is 1 for Monday to 7 for Sunday."""
    days_on = (weekday - span.last_day.isoweekday() - 1) % 7 + 1
    return span.last_day + days_on * DAY


def local_instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The UTC instant of a wall time: the first valid instant of a gap, the first pass of a fold."""
    wall = datetime.combine(day, at.replace(tzinfo=None, fold=0))
    instant = wall.replace(tzinfo=zone).astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == wall:
        return instant
    return _end_of_gap(wall, zone)


def due_before(day: date, at: time, lead_hours: int, zone: ZoneInfo) -> datetime:
    """The lead is counted on the wall clock: 24 h before Monday 09:00 is Sunday 09:00, whatever the clocks did."""
    due = datetime.combine(day, at) - timedelta(hours=lead_hours)
    return local_instant(due.date(), due.time(), zone)


def weekly_due(spans: Sequence[Span], weekday: int, at: time, lead_hours: int, zone: ZoneInfo) -> list[datetime]:
    """When the work before each period's session is due."""
    return [due_before(session_day(span, weekday), at, lead_hours, zone) for span in spans]


def _review_span(kind: ReviewKind, day: date) -> Span:
    months = MONTHS_IN[kind]
    first_month = (day.month - 1) // months * months + 1
    next_month = first_month + months
    next_first = date(day.year + 1, 1, 1) if next_month > 12 else date(day.year, next_month, 1)
    return Span(kind, date(day.year, first_month, 1), next_first - DAY)


def _end_of_gap(wall: datetime, zone: ZoneInfo) -> datetime:
    # fold picks the offset before (0) or after (1) the clocks moved, so the move lies between the two readings
    late = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    early = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    after = late.astimezone(zone).utcoffset()
    while late - early > timedelta(seconds=1):
        middle = (early + (late - early) / 2).replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == after:
            late = middle
        else:
            early = middle
    return late
