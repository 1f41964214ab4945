"""When did it happen? Events that are known only as an interval, spread over the hours of the week."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

MINUTE = timedelta(minutes=1)
WEEK = timedelta(hours=168)
PRECISE = timedelta(hours=2)


@dataclass(frozen=True)
class Aoristic:
    """Events per weekday and hour; each event that is placed sums to 1."""

    weights: tuple[tuple[float, ...], ...]  # 7 rows, Monday first, x 24 hours; those of unknown time are left out
    unknown: int  # events that span a week or more
    errors: int  # events that end before they start; counted in their start hour
    precise_share: float  # of the events in the weights, those that span at most 2 hours; 0 without any
    events: int  # in the weights


def aoristic(intervals: Iterable[tuple[datetime, datetime | None]]) -> Aoristic:
    """The weights of events (start, end): an hour gets |[start, end) and the hour| / (end - start) of the event.

    In whole minutes, seconds are cut off. No end, or an end at the start: 1 in the start hour. Naive times are read off
    the wall; with a zone the length is real time and the hours are those of the start's own zone, so that the clock
    change neither loses nor doubles an event. Source: Ratcliffe 2002, J Quant Criminol 18:23.
    """
    weights = [[0.0] * 24 for _day in range(7)]
    unknown = errors = precise = events = 0
    for start, end in intervals:
        if end is not None and (start.utcoffset() is None) != (end.utcoffset() is None):
            raise ValueError("The start and the end of an event have either both a time zone or neither.")
        if end is not None and _same_hour(start, end):
            events, precise = events + 1, precise + 1
            weights[start.weekday()][start.hour] += 1
            continue
        began = _minute(start)
        span = timedelta(0) if end is None else _minute(end) - began
        if span >= WEEK:
            unknown += 1
            continue
        events += 1
        if span < timedelta(0):
            errors += 1
        elif span <= PRECISE:
            precise += 1
        if span <= timedelta(0):
            weights[start.weekday()][start.hour] += 1
            continue
        at, rest = began, span
        while rest:
            local, step = _piece(at, start)
            step = min(step, rest)
            weights[local.weekday()][local.hour] += step / span
            at, rest = at + step, rest - step
    return Aoristic(tuple(map(tuple, weights)), unknown, errors, precise / events if events else 0.0, events)


def _same_hour(start: datetime, end: datetime) -> bool:
    """Most events lie within one hour of the wall: those need no arithmetic of time."""
    return (
        start.hour == end.hour
        and start.minute <= end.minute
        and start.date() == end.date()
        and start.tzinfo is end.tzinfo
        and start.fold == end.fold
    )


def together(parts: Iterable[Aoristic]) -> Aoristic:
    """What `aoristic` gives of the events of all the parts, but for rounding in the last digits."""
    weights = [[0.0] * 24 for _day in range(7)]
    unknown = errors = events = 0
    precise = 0.0
    for part in parts:
        for row, more in zip(weights, part.weights, strict=True):
            row[:] = map(sum, zip(row, more, strict=True))
        unknown, errors, events = unknown + part.unknown, errors + part.errors, events + part.events
        precise += part.precise_share * part.events
    return Aoristic(tuple(map(tuple, weights)), unknown, errors, precise / events if events else 0.0, events)


def _minute(moment: datetime) -> datetime:
    """Whole minutes on a clock that never changes."""
    cut = moment.replace(second=0, microsecond=0)
    return cut if cut.utcoffset() is None else cut.astimezone(UTC)


def _piece(at: datetime, start: datetime) -> tuple[datetime, timedelta]:
    """The time on the wall, and how long its hour lasts from then on."""
    local = at if at.tzinfo is None else at.astimezone(start.tzinfo)
    step = timedelta(minutes=60 - local.minute)
    if at.tzinfo is not None and (at + step - MINUTE).astimezone(start.tzinfo).utcoffset() != local.utcoffset():
        step = MINUTE  # the clock changes inside the hour
    return local, step
