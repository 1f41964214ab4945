"""Days and times as people write them in a table: `2026-11-22 16:41`, `22/11 16.41`, `22/11`, `16:41`. No clock."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from incidents import times
from incidents.models import TimePrecision

DAY = r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})|(?P<d2>\d{1,2})/(?P<m2>\d{1,2})(?:/(?P<y2>\d{4}))?"
TIME = r"(?:kl\.? ?)?(?P<h>\d{1,2})[:.](?P<min>\d{2})(?:[:.]\d{2}(?:\.\d+)?)?"
MOMENT = re.compile(rf"(?P<day>{DAY})?(?P<between>[ T]|, ?)?(?P<time>{TIME})?", re.ASCII | re.IGNORECASE)


class NotRead(ValueError):
    """It is no day and no time."""


@dataclass(frozen=True)
class Said:
    day: date | None
    at: time | None


def read(text: str, today: date) -> Said:
    """What a cell says; a day without its year is the one nearest to today."""
    found = MOMENT.fullmatch(" ".join(text.split()))
    if not found or bool(found["between"]) != bool(found["day"] and found["time"]) or not found[0]:
        raise NotRead(text)
    try:
        at = time(int(found["h"]), int(found["min"])) if found["h"] else None
        return Said(_day(found, today), at)
    except ValueError:
        raise NotRead(text) from None


def _day(found: re.Match[str], today: date) -> date | None:
    if found["y"]:
        return date(int(found["y"]), int(found["m"]), int(found["d"]))
    if not found["d2"]:
        return None
    day, month = int(found["d2"]), int(found["m2"])
    if found["y2"]:
        return date(int(found["y2"]), month, day)
    years = [year for year in (today.year - 1, today.year, today.year + 1) if _is_day(year, month, day)]
    if not years:
        raise NotRead(found[0])
    return min((date(year, month, day) for year in years), key=lambda one: abs(one - today))


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def span(start: Said, end: Said | None, zone: ZoneInfo, now: datetime) -> tuple[datetime, datetime, str]:
    """The instants that two cells mean, and how exactly. A day without a time is the whole of it, or what has passed.

    An end without a day belongs to the day of the start, or to the next one when it is earlier: a night.
    Raises `times.NoSuchTime`, and `OverflowError` at the ends of the calendar.
    """
    assert start.day is not None
    first, last = times.whole_day(start.day, zone)
    begins = times.instant(datetime.combine(start.day, start.at), zone) if start.at else first
    if end is None:
        if start.at:
            return begins, begins, TimePrecision.EXACT
        return begins, min(last, now) if begins <= now else last, TimePrecision.DAY
    day = end.day or start.day
    if end.at is None:
        last = times.whole_day(day, zone)[1]
        return begins, min(last, now) if begins <= now else last, TimePrecision.INTERVAL
    if end.day is None and start.at and end.at < start.at:
        day += timedelta(days=1)
    ends = times.instant(datetime.combine(day, end.at), zone)
    return begins, ends, TimePrecision.EXACT if begins == ends else TimePrecision.INTERVAL
