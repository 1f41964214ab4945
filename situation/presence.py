"""Who was where when, beside what happened then: pure counting over plain values, JSON-ready.

Presence is counted in real hours, events by their aoristic weights, both by weekday and hour in the group's zone. What
is compared are the four weeks up to the period's last day: one week holds too few events to tell.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from situation import dayparts
from situation.timing import Aoristic, aoristic, together

WEEKS = 4
LEAST = 10  # under so many events of an area nothing is said of when it was empty
OVER_SHARE, OVER_HOURS = 0.33, 12  # presence where nothing happened is named from so much on

Hours = list[list[float]]  # 7 days, Monday first, x 24


@dataclass(frozen=True)
class Spell:
    """One presence in the group's zone."""

    area: int
    kind: str
    start: datetime
    end: datetime
    people: int | None = None

    @property
    def hours(self) -> float:
        return (self.end - self.start).total_seconds() / 3600


@dataclass(frozen=True)
class Event:
    """One event known as an interval, in the group's zone."""

    area: int | None
    start: datetime
    end: datetime


def hours_of(spells: Sequence[Spell]) -> Hours:
    """Hours of presence by weekday and hour; two that are there at once count as two. Sums to the hours themselves."""
    found = [[0.0] * 24 for _day in range(7)]
    for spell in spells:
        for day, row in enumerate(aoristic([(spell.start, spell.end)]).weights):
            for hour, weight in enumerate(row):
                if weight:
                    found[day][hour] += weight * spell.hours
    return found


def totals(spells: Sequence[Spell]) -> list[list[Any]]:
    """[area, kind, hours, times] of each that there is, in the order of the ids."""
    found: defaultdict[tuple[int, str], list[float]] = defaultdict(lambda: [0.0, 0])
    for spell in spells:
        found[spell.area, spell.kind][0] += spell.hours
        found[spell.area, spell.kind][1] += 1
    return [[area, kind, round(hours, 2), int(times)] for (area, kind), (hours, times) in sorted(found.items())]


def assemble(week: Sequence[Spell], past: Sequence[Spell], events: Sequence[Event]) -> dict[str, Any]:
    """What is frozen: the period's own hours, and of the four weeks the hours beside the events, gaps and surplus."""
    happened: defaultdict[int | None, list[tuple[datetime, datetime]]] = defaultdict(list)
    for event in events:
        happened[event.area].append((event.start, event.end))
    by_area = {area: aoristic(when) for area, when in happened.items()}
    timed = together(by_area.values())
    areas = sorted({spell.area for spell in past} | {area for area in by_area if area is not None})
    return {
        "weeks": WEEKS,
        "totals": totals(week),
        "past": totals(past),
        "hours": _rounded(dayparts.blocks(hours_of(past))),
        "events": _rounded(dayparts.blocks(timed.weights)),
        "counted": timed.events,
        "areas": [one for area in areas if area in by_area and (one := beside(area, past, by_area[area])) is not None],
    }


def _rounded(week: Hours) -> Hours:
    return [[round(n, 2) for n in day] for day in week]


def beside(area: int, spells: Sequence[Spell], timed: Aoristic) -> dict[str, Any] | None:
    """How an area's events lie against its presence; None under ten events: too few to tell.

    `empty` is the number of events in quarters of the weekdays when nobody was there in any of the weeks, `most` the
    quarter with most of them; `idle` the hours of presence in quarters in which less than one event in twenty of a
    quarter's even share fell.
    """
    if timed.events < LEAST:
        return None
    there = dayparts.parts(hours_of([spell for spell in spells if spell.area == area]))
    happened = dayparts.parts(timed.weights)
    cells = [(day, part) for day in range(7) for part in range(dayparts.PARTS)]
    empty = [(happened[d][p], -d, -p) for d, p in cells if not there[d][p]]
    idle = sum(there[d][p] for d, p in cells if happened[d][p] < timed.events / len(cells) / 20)
    most = max(empty, default=(0.0, 0, 0))
    return {
        "area": area,
        "events": timed.events,
        "hours": round(sum(map(sum, there)), 2),
        "empty": round(sum(n for n, _d, _p in empty), 2),
        "most": [-most[1], -most[2], round(most[0], 2)],
        "idle": round(idle, 2),
    }


def surplus(one: dict[str, Any]) -> bool:
    """Whether so much of the presence lay where nothing happened that it is worth saying."""
    return bool(one["idle"] >= OVER_HOURS and one["idle"] >= OVER_SHARE * one["hours"])
