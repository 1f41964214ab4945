"""When on the week: events whose time is only known as an interval, spread over weekdays and hours."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

WEEK = 168 * 60  # minutes: from here on the hour is unknown
PRECISE = 2 * 60  # minutes: up to here the time is well known


@dataclass(frozen=True)
class Aoristic:
    """Seven rows (Monday first) of 24 hours; the weights of an event sum to one, the unknown are left out."""

    weights: tuple[tuple[float, ...], ...]
    unknown: int
    errors: int
    precise_share: float


def aoristic(intervals: Iterable[tuple[datetime, datetime | None]]) -> Aoristic:
    """Each hour gets |[start, end) within the hour| / (end - start), in whole minutes; unit: events.

    No end, or an end at the start: one in the start's hour. An end before the start is an error, counted in the
    start's hour. From 168 hours the time is unknown and left out. Naive times are the wall clock; aware ones are
    measured in real time and read in the start's own zone, so that a change of the clock neither loses nor doubles.
    Source: Ratcliffe 2002, J Quant Criminol 18:23; Ashby & Bowers 2013, Crime Science 2:1.
    """
    weights = [[0.0] * 24 for _ in range(7)]
    unknown = errors = placed = precise = 0
    for start, end in intervals:
        span = 0 if end is None else _minutes(start, end)
        if span >= WEEK:
            unknown += 1
            continue
        placed += 1
        if span < 0:
            errors += 1
        elif span <= PRECISE:
            precise += 1
        if span <= 0:
            weights[start.weekday()][start.hour] += 1
            continue
        for moment, minutes in _hours(start, span):
            weights[moment.weekday()][moment.hour] += minutes / span
    return Aoristic(tuple(tuple(row) for row in weights), unknown, errors, precise / placed if placed else 0.0)


def _minutes(start: datetime, end: datetime) -> int:
    if (start.utcoffset() is None) != (end.utcoffset() is None):
        raise ValueError("Start and end must both have a time zone, or neither.")
    return int((_real(end) - _real(start)) // timedelta(minutes=1))


def _real(moment: datetime) -> datetime:
    """The moment in whole minutes; aware ones in UTC, where every hour is as long as another."""
    whole = moment.replace(second=0, microsecond=0)
    return whole if whole.utcoffset() is None else whole.astimezone(UTC)


def _hours(start: datetime, span: int) -> Iterable[tuple[datetime, int]]:
    """The moments at which a new clock hour begins, and the minutes that the event lasts in that hour."""
    zone = start.tzinfo if start.utcoffset() is not None else None
    at = _real(start)
    left = span
    while left:
        local = at.astimezone(zone) if zone else at
        minutes = min(left, 60 - local.minute)
        yield local, minutes
        at += timedelta(minutes=minutes)
        left -= minutes
