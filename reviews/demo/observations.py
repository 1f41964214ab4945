"""Three years of observations: pure, seeded, the same for the same last week."""

from __future__ import annotations

import math
import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from reviews.demo import town, truth, words

NAMESPACE = uuid.UUID("6f1d2b9e-5a3c-4f0e-9d7b-2c8a1e4f6b30")


@dataclass(frozen=True)
class Observation:
    """One observation as the generator thinks of it; times are aware and local."""

    id: uuid.UUID
    organisation: str
    reporter: int  # which of the organisation's people, any number
    category: str  # a code of the second level, or of the first where it has no children
    top: str
    area: str | None
    place: str | None
    lon: float | None
    lat: float | None
    start: datetime
    end: datetime
    precision: str
    reported: datetime
    text: str
    severity: int | None


LEAVES = {
    "damage": ["graffiti", "graffiti", "broken-glass", "fire", "vehicle-damage", "other-damage"],
    "gathering": ["gathering-indoors", "gathering-outdoors", "gathering-outdoors", "gathering-centre"],
    "disorder": ["fight", "noise", "noise", "drunkenness", "fireworks"],
    "drugs": ["drug-dealing", "drug-use", "drug-find"],
    "violence": ["assault", "threat", "robbery", "staff-incident"],
    "theft": ["burglary", "stealing", "bicycle-shop-theft"],
    "traffic": ["reckless-driving", "tractor-car-moped", "e-scooter", "unlawful-traffic"],
    "unsafe": ["lighting", "sightlines", "litter", "deserted", "disrepair"],
    "sleeping": ["sleeping"],
    "preparation": ["stones", "weapons", "loose-paving"],
    "rumour": ["social-media", "residents-worry"],
}


def weeks_before(monday: date) -> list[date]:
    """The Mondays of the truth's weeks, the last of them the week before `monday`."""
    return [monday - timedelta(weeks=truth.WEEKS - n) for n in range(truth.WEEKS)]


def generate(monday: date, zone: ZoneInfo, seed: int = truth.SEED) -> Iterator[list[Observation]]:
    """One list a week, oldest first, up to the week before `monday`."""
    for week, first_day in enumerate(weeks_before(monday)):
        yield week_of(week, first_day, zone, seed)


def week_of(week: int, first_day: date, zone: ZoneInfo, seed: int = truth.SEED) -> list[Observation]:
    """All observations of one week. Its own seed: a week is the same whatever came before it."""
    rng = random.Random(seed + week)  # noqa: S311  invented data, not a secret
    rows: list[Observation] = []
    silent = {o.name for o in town.ORGANISATIONS if rng.random() < o.silent or truth.effort(o.name, week) == 0.0}
    whole = sum(rate for *_area, rate in town.AREAS)
    for area, _east, _north, _people, rate in town.AREAS:
        for top, share in truth.SHARES.items():
            season = truth.SEASON.get(top, [1.0] * 12)[first_day.month - 1]
            mean = truth.PER_WEEK * share * rate / whole * season * truth.rate_factor(area, top, week)
            for _ in range(_poisson(rng, mean)):
                who = _who(rng, top, week)
                if who is not None and who not in silent:
                    rows.append(_observation(rng, week, len(rows), first_day, zone, area, top, who))
    return rows


def _poisson(rng: random.Random, mean: float) -> int:
    limit, product, n = math.exp(-mean), rng.random(), 0
    while product > limit:
        product *= rng.random()
        n += 1
    return n


def _who(rng: random.Random, top: str, week: int) -> str | None:
    """Which organisation saw it, or nobody."""
    weights = [o.sees.get(top, 0.15) * truth.effort(o.name, week) for o in town.ORGANISATIONS]
    usual = sum(o.sees.get(top, 0.15) for o in town.ORGANISATIONS)
    if rng.random() > sum(weights) / usual:
        return None
    return rng.choices([o.name for o in town.ORGANISATIONS], weights)[0]


def _observation(
    rng: random.Random, week: int, n: int, first_day: date, zone: ZoneInfo, area: str, top: str, who: str
) -> Observation:
    weekday = rng.choices(range(7), truth.WEEKDAYS.get(top, [1.0] * 7))[0]
    low, high = truth.HOURS[top]
    minutes = int(rng.triangular(low, high, low + (high - low) * 0.6) * 60)
    if weekday == 6:
        minutes = min(minutes, 24 * 60 - 1)  # the small hours of Monday are next week's
    start = datetime.combine(first_day + timedelta(days=weekday), time(), zone) + timedelta(minutes=minutes)
    kind = rng.random()
    if top in ("damage", "theft", "unsafe") and kind < 0.35:  # found in the morning
        precision, end = "interval", start + timedelta(hours=rng.choice([2, 6, 9, 12]))
    else:
        precision, end = ("exact", start) if kind < 0.85 else ("day", start)
    late = rng.choice([0.2, 0.5, 1, 3, 9, 20]) if rng.random() < 0.97 else rng.choice([96, 150])
    place, lon, lat = _where(rng, area)
    outside = rng.random() < 0.015
    return Observation(
        id=uuid.uuid5(NAMESPACE, f"{first_day}/{n}"),
        organisation=who,
        reporter=rng.randrange(1_000),
        category=rng.choice(LEAVES[top]),
        top=top,
        area=None if outside else area,
        place=None if outside else place,
        lon=None if outside else lon,
        lat=None if outside else lat,
        start=start,
        end=end,
        precision=precision,
        reported=end + timedelta(hours=late),
        text=rng.choice(words.TEXTS[top]),
        severity=rng.choice([None, None, 1, 2, 2, 3]),
    )


def _where(rng: random.Random, area: str) -> tuple[str | None, float | None, float | None]:
    """A named place, a point in the area, or only the area."""
    roll = rng.random()
    for name, _aliases, of, _kind, east, north, share in town.PLACES:
        if of == area:
            if roll < share:
                return name, *town.at(east + rng.gauss(0, 18), north + rng.gauss(0, 18))
            roll -= share
    if rng.random() < 0.2:
        return None, None, None
    return None, *_point(rng, area)


_shapes = town.area_shapes()


def _point(rng: random.Random, area: str) -> tuple[float, float]:
    from shapely import Point

    shape = _shapes[area]
    west, south, east, north = shape.bounds
    while True:
        x, y = rng.uniform(west, east), rng.uniform(south, north)
        if shape.contains(Point(x, y)):
            return town.at(x, y)
