"""Wall times as people say them, and the instants they mean. No clock: "now" is an argument."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from est_site import periods

EVENING, NIGHT, MORNING = time(18), time(22), time(6)


class NoSuchTime(ValueError):
    """The clocks were moved past this wall time: it never was."""


def instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """The instant of a wall time. An hour that comes twice in autumn means the first; one skipped in spring never was."""
    found = periods.local_instant(wall.date(), wall.time(), zone)
    if found.astimezone(zone).replace(tzinfo=None) != wall:
        raise NoSuchTime(wall.isoformat(" ", "minutes"))
    return found


def last_night(now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From 22 yesterday to 06 today, or to now while that night is still going on."""
    today = now.astimezone(zone).date()
    start = _at(today - timedelta(days=1), NIGHT, zone)
    return start, min(_at(today, MORNING, zone), now.astimezone(UTC))


def yesterday_evening(now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From 18 to 22, so that evening and night follow each other."""
    yesterday = now.astimezone(zone).date() - timedelta(days=1)
    return _at(yesterday, EVENING, zone), _at(yesterday, NIGHT, zone)


def whole_day(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From its first minute to its last."""
    return _at(day, time(0), zone), _at(day, time(23, 59), zone)


def _at(day: date, at: time, zone: ZoneInfo) -> datetime:
    return periods.local_instant(day, at, zone)
