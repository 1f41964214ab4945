"""The group's own work in figures: what was done of what was decided, and whether it was looked at. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

FEW = 5  # under so many nothing is said about a share


@dataclass(frozen=True)
class Decided:
    """A decision as its figures need it. Days are local."""

    intervention: int
    day: date
    kind: str
    delivered: str  # done, partly, not, or nothing said
    follow_up_on: date | None


@dataclass(frozen=True)
class Work:
    """One year's figures."""

    year: int
    started: int
    followed: int  # decisions on what was running
    done: int
    partly: int
    not_done: int
    unsaid: int  # followed up without anybody saying whether it was done
    due: int  # promises to look again whose day has come
    in_time: int  # of those, looked at on that day or before

    @property
    def said(self) -> int:
        return self.done + self.partly + self.not_done


def by_year(decisions: Iterable[Decided], today: date) -> list[Work]:
    """Each year's figures, the latest first.

    A promise to look again counts in the year of its day; it is kept when the intervention was decided on again no
    later than that day.
    """
    rows = sorted(decisions, key=lambda one: one.day)
    years = sorted({one.day.year for one in rows}, reverse=True)
    promises = list(_promises(rows, today))
    return [_year(year, [one for one in rows if one.day.year == year], promises) for year in years]


def _promises(rows: Sequence[Decided], today: date) -> Iterable[tuple[int, bool]]:
    """(year of the day, kept) of each promise whose day has come; a later decision on the same takes its place."""
    following: dict[int, Decided] = {}
    for one in reversed(rows):
        after = following.get(one.intervention)
        if one.follow_up_on is not None and one.follow_up_on <= today:
            yield one.follow_up_on.year, after is not None and after.day <= one.follow_up_on
        following[one.intervention] = one


def _year(year: int, rows: Sequence[Decided], promises: Sequence[tuple[int, bool]]) -> Work:
    told = Counter(one.delivered for one in rows if one.kind not in ("start", "drop"))
    kept = [in_time for day, in_time in promises if day == year]
    return Work(
        year=year,
        started=sum(one.kind == "start" for one in rows),
        followed=sum(told.values()),
        done=told["done"],
        partly=told["partly"],
        not_done=told["not"],
        unsaid=told[""],
        due=len(kept),
        in_time=sum(kept),
    )
