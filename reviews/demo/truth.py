"""What is really going on in the invented town. Read by the generator and by tests, never by the product."""

from __future__ import annotations

from dataclasses import dataclass

SEED = 20_260_101
WEEKS = 156
PER_WEEK = 108.0  # observations a week when all report as usual

# share of each top category, and how its weeks and hours look
SHARES = {
    "damage": 0.20, "gathering": 0.18, "disorder": 0.15, "drugs": 0.07, "violence": 0.05, "theft": 0.09,
    "traffic": 0.11, "unsafe": 0.10, "sleeping": 0.01, "preparation": 0.01, "rumour": 0.03,
}  # fmt: skip
# January to December
SEASON = {
    "gathering": [0.6, 0.6, 0.8, 1.0, 1.3, 1.5, 1.4, 1.4, 1.1, 1.0, 0.7, 0.6],
    "traffic": [0.5, 0.5, 0.8, 1.2, 1.4, 1.5, 1.4, 1.3, 1.1, 0.9, 0.7, 0.5],
    "unsafe": [1.3, 1.2, 1.0, 0.8, 0.7, 0.6, 0.6, 0.8, 1.0, 1.3, 1.5, 1.4],
    "disorder": [0.8, 0.8, 0.9, 1.0, 1.2, 1.3, 1.2, 1.2, 1.0, 0.9, 0.8, 1.0],
}
# Monday to Sunday
WEEKDAYS = {
    "gathering": [0.6, 0.6, 0.7, 0.9, 1.8, 1.8, 0.6],
    "disorder": [0.5, 0.5, 0.6, 0.9, 2.0, 2.0, 0.5],
    "violence": [0.5, 0.5, 0.6, 0.8, 1.9, 2.0, 0.7],
    "traffic": [0.7, 0.7, 0.8, 1.2, 1.6, 1.4, 0.6],
    "unsafe": [1.4, 1.3, 1.2, 1.2, 1.1, 0.4, 0.4],
}
# (first hour, last hour) most of it happens within; past 24 is the small hours of the same evening
HOURS = {
    "gathering": (18, 25), "disorder": (19, 27), "violence": (19, 27), "drugs": (15, 24), "traffic": (17, 24),
    "damage": (19, 29), "theft": (10, 28), "unsafe": (7, 17), "rumour": (8, 18), "sleeping": (5, 10), "preparation": (14, 22),
}  # fmt: skip


@dataclass(frozen=True)
class Surge:
    """For some weeks more of one thing happens in one area. Weeks count from 0, the oldest."""

    area: str
    category: str
    first_week: int
    weeks: int
    factor: float


SURGES = (
    Surge("Stationsområdet", "damage", 20, 4, 3.0),
    Surge("Ekhagen", "gathering", 47, 3, 3.5),
    Surge("Varvet", "traffic", 74, 6, 3.0),
    Surge("Centrum", "theft", 98, 3, 2.8),
    Surge("Norrgärdet", "drugs", 121, 5, 3.2),
    Surge("Varvet", "traffic", 152, 4, 2.6),
    Surge("Stationsområdet", "damage", 154, 2, 2.4),
    Surge("Hamnen", "gathering", 154, 2, 3.6),
)


@dataclass(frozen=True)
class Effect:
    """A past intervention and what it really did: the rate is multiplied by `factor` while it ran; 1.0 is nothing."""

    number: int
    area: str
    category: str
    first_week: int
    weeks: int
    factor: float

    @property
    def worked(self) -> bool:
        return self.factor < 1.0


_AREAS = ("Hamnen", "Centrum", "Stationsområdet", "Norrgärdet", "Ekhagen", "Varvet", "Björkängen", "Skogslyckan")
_CATEGORIES = ("gathering", "damage", "disorder", "traffic", "unsafe", "drugs")
# Every third worked well and every fifth a little; the rest did nothing, as in life.
EFFECTS = tuple(
    Effect(
        number=n,
        area=_AREAS[(n * 3) % len(_AREAS)],
        category=_CATEGORIES[(n * 5) % len(_CATEGORIES)],
        first_week=6 + round(n * 3.5),
        weeks=4 + (n * 7) % 9,
        factor=0.45 if n % 3 == 0 else 0.75 if n % 5 == 0 else 1.0,
    )
    for n in range(40)
)
# What is running now: nobody knows yet whether it works, the reader of this file excepted.
RUNNING = (
    Effect(40, "Varvet", "traffic", 147, 60, 0.6),
    Effect(41, "Centrum", "disorder", 149, 60, 1.0),
    Effect(42, "Ekhagen", "damage", 151, 60, 0.5),
    Effect(43, "Stationsområdet", "unsafe", 153, 60, 1.0),
    Effect(44, "Norrgärdet", "gathering", 154, 60, 0.8),
    Effect(45, "Hamnen", "gathering", 155, 60, 0.7),
)


def rate_factor(area: str, category: str, week: int) -> float:
    """How much more or less than usual happens in this area, of this kind, in this week."""
    factor = 1.0
    for surge in SURGES:
        if (surge.area, surge.category) == (area, category) and 0 <= week - surge.first_week < surge.weeks:
            factor *= surge.factor
    for effect in (*EFFECTS, *RUNNING):
        if (effect.area, effect.category) == (area, category) and 0 <= week - effect.first_week < effect.weeks:
            factor *= effect.factor
    return factor


def effort(organisation: str, week: int) -> float:
    """How diligently an organisation reported that week: a slow drift, holidays, and a late joiner."""
    drift = 0.75 + 0.5 * week / WEEKS
    if organisation == "Fältgruppen" and week < 30:
        return 0.0  # joined later
    if organisation == "Väktarna" and 88 <= week < 100:
        return 0.35 * drift  # a new contractor found its feet
    return drift
