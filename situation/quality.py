"""How a period was reported: what is frozen of it beside the figures.

Pure: what was read in, JSON-ready values out. Persons are one number for the whole group, and none where they are few.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from situation.material import Material, Stretch
from situation.verdicts import Evaluated

JOINED = "joined"
LEAST_PERSONS = 5  # fewer who reported are not told of


@dataclass(frozen=True)
class Reported:
    """The shared events of a period and of the periods it is compared with, by how they were reported."""

    lag: timedelta | None  # median from the event to its report; none without events
    lag_before: timedelta | None  # the same, as much time after the end of each of those periods
    timed: tuple[int, int]  # events behind the two medians
    twice: int  # events of the period that another organisation told of as well
    persons: int


def compared(evaluated: Evaluated) -> list[Stretch]:
    """The periods the whole town's figure is held against; none where it is not."""
    past = evaluated.past
    last = len(past.stretches) - 1
    chosen = past.baseline(last, past.begins(past.stretches[0].first)) if evaluated.comparisons else []
    return [past.stretches[n] for n in chosen]


@dataclass(frozen=True)
class Noted:
    """A change in the reporting that the coordinator noted."""

    day: date
    what: str
    text: str
    organisation: str | None
    category_id: int | None


def events(material: Material, noted: Sequence[Noted], evaluated: Evaluated) -> list[dict[str, Any]]:
    """What changed in the reporting while the picture's own periods went on, and the days organisations joined.

    `at` is the position of the period among those of the series; `compared` whether weeks on both sides of that day are held
    against each other.
    """
    shown = [*material.earlier, material.period]
    joined = [
        Noted(voice.joined, JOINED, voice.name, None, None)
        for voice in material.voices
        if voice.joined is not None and voice.active
    ]
    begun = min((one.first for one in compared(evaluated)), default=None)
    return [
        {
            "day": one.day.isoformat(),
            "what": one.what,
            "text": one.text,
            "organisation": one.organisation,
            "category": one.category_id,
            "at": next(n for n, stretch in enumerate(shown) if one.day in stretch),
            "compared": begun is not None and one.day > begun,
        }
        for one in sorted([*noted, *joined], key=lambda one: (one.day, one.text))
        if any(one.day in stretch for stretch in shown)
    ]


def figures(material: Material, before: Sequence[Stretch], reported: Reported) -> dict[str, Any]:
    """`usual` is summed over the periods compared with, and left out where they are of another length than this one."""
    found: dict[str, Any] = {
        "twice": reported.twice,
        "persons": reported.persons if reported.persons >= LEAST_PERSONS else None,
    }
    if reported.lag is not None and reported.lag_before is not None:
        hours = [round(lag / timedelta(hours=1), 1) for lag in (reported.lag, reported.lag_before)]
        found["lag"] = {"hours": hours, "events": list(reported.timed)}
    if before and {one.days for one in before} == {material.period.days}:
        found["usual"] = {
            "periods": len(before),
            "reports": sum(voice.by_day.get(one.first, 0) for voice in material.voices for one in before),
            "active": sum(
                one.first in voice.by_day or (voice.id, one.id) in material.calm
                for voice in material.voices
                for one in before
            ),
        }
    return found
