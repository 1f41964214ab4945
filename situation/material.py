"""What a situation picture is made of: plain values, read once by `rows`, counted by `picture`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property


@dataclass(frozen=True)
class Stretch:
    """A period as plain days, both ends included."""

    id: int
    label: str
    weeks: str
    first: date
    last: date

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.first <= day <= self.last

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @cached_property
    def dates(self) -> tuple[date, ...]:
        return tuple(date.fromordinal(self.first.toordinal() + n) for n in range(self.days))


@dataclass(frozen=True)
class DayCount:
    """How many shared observations of one top category happened in one area in one period, dated to the first of them."""

    day: date
    area_id: int | None
    category_id: int
    count: int


@dataclass(frozen=True)
class AreaRow:
    """One drawing of an area. The same layer and name drawn again is the same area to the reader."""

    id: int
    name: str
    layer: str
    population: int | None
    valid_from: date
    valid_to: date | None
    geojson: str = ""

    def drawn(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class NamedCategory:
    """A top category with its names as they are now."""

    id: int
    code: str
    sv: str
    en: str


@dataclass(frozen=True)
class Voice:
    """An organisation and how many shared observations it made, dated to the first day of their period."""

    id: int
    name: str
    expected: bool
    active: bool
    joined: date | None  # its first day; none when it was there from the start
    reports: tuple[tuple[date, int], ...]

    @cached_property
    def by_day(self) -> dict[date, int]:
        return dict(self.reports)

    def takes_part(self, stretch: Stretch) -> bool:
        """Whether it was there on any day of the period. One that has left is told apart only by today."""
        return self.active and (self.joined is None or self.joined <= stretch.last)

    def asked(self, stretch: Stretch) -> bool:
        """Whether its silence means something."""
        return self.expected and self.takes_part(stretch)


@dataclass(frozen=True)
class Told:
    """Shared observations that no other organisation told of as well: without it nobody would have known."""

    day: date  # the first of their period
    area_id: int | None
    category_id: int
    organisation_id: int
    reporter_id: int | None  # none where it came from a file or a system
    alone: bool  # nobody else of the organisation told of it either
    count: int


@dataclass(frozen=True)
class Material:
    """Everything known at the cut-off about a period and those before it."""

    period: Stretch
    earlier: Sequence[Stretch]  # oldest first
    counts: Sequence[DayCount]
    areas: Sequence[AreaRow]
    categories: Sequence[NamedCategory]
    voices: Sequence[Voice]
    calm: frozenset[tuple[int, int]]  # (organisation, period): a zero that somebody said
    cut_off: datetime
    today: date  # the group's local day at the cut-off
    calm_in: Mapping[int, tuple[str, ...]] = field(default_factory=dict)  # organisation -> the areas it spoke of
    times: Sequence[tuple[datetime, datetime]] | None = None  # of the period's events, in the group's zone

    @cached_property
    def days_heard(self) -> frozenset[date]:
        """The days of which anybody has reported something."""
        return frozenset(row.day for row in self.counts)
