"""What others measure in the invented town: a yearly survey, and the police's reported crimes by quarter."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta

from est_site import audit
from est_site.partners.models import Area, Group, Membership
from reviews.demo import town, truth
from situation.models import SourceSeries, SourceValue
from situation.sources import When

SURVEY = ("Trygga utomhus på kvällen", "procent", "Kommunens trygghetsmätning, enkät till 4 800 invånare")
CRIMES = ("Anmälda brott utomhus", "anmälda brott", "Polisens statistik: misshandel, rån, skadegörelse och klotter")
YEARS = 3
SAFER = "Hamnen"  # where the survey rises though more is seen: what the two sources are put side by side for


def build(group: Group, now: datetime) -> None:
    rng = random.Random(truth.SEED * 13)  # noqa: S311  invented data
    areas = {area.name: area for area in Area.objects.filter(group=group)}
    keeper = Membership.objects.filter(group=group, role="analyst").order_by("id").first()
    if keeper is None:
        return
    today = now.astimezone(group.zone).date()
    survey = _series(group, SURVEY, rising="better")
    crimes = _series(group, CRIMES, quarterly=True, counted=True)
    values = []
    for name, _east, _north, lives, weight in town.AREAS:
        for n, year in enumerate(range(today.year - YEARS, today.year)):
            share = 84 - 14 * weight + (10 * n if name == SAFER else rng.gauss(0, 1.5))
            values.append(_value(survey, areas[name], When(year), round(share, 1), today, keeper, now, spread=4.5))
            for quarter in (1, 2, 3, 4):
                count = max(0, round(rng.gauss(lives / 260 * weight, 2) * (1.15 if quarter in (2, 3) else 0.9)))
                values.append(_value(crimes, areas[name], When(year, quarter), count, today, keeper, now))
        for quarter in (1, 2, 3):
            count = max(0, round(rng.gauss(lives / 260 * weight, 2) * (1.15 if quarter in (2, 3) else 0.9)))
            values.append(_value(crimes, areas[name], When(today.year, quarter), count, today, keeper, now))
    for n, year in enumerate(range(today.year - YEARS, today.year)):
        values.append(_value(survey, None, When(year), 66.5 + 0.4 * n, today, keeper, now, spread=1.3))
    rows = [row for row in values if row is not None]
    SourceValue.objects.bulk_create(rows)
    audit.append(what="source.demo", by=None, on=group, now=now, count=len(rows))


def _series(group: Group, said: tuple[str, str, str], **more: object) -> SourceSeries:
    name, unit, source = said
    return SourceSeries.objects.create(group=group, name=name, unit=unit, source=source, **more)


def _value(
    series: SourceSeries,
    area: Area | None,
    when: When,
    value: float,
    today: date,
    by: Membership,
    now: datetime,
    *,
    spread: float = 0.0,
) -> SourceValue | None:
    """None for a time that is not over, or of which nobody can have counted yet."""
    if when.last + timedelta(days=30) > today:
        return None
    return SourceValue(
        group=series.group,
        series=series,
        area=area,
        year=when.year,
        quarter=when.quarter,
        value=value,
        low=round(value - spread, 1) if spread else None,
        high=round(value + spread, 1) if spread else None,
        taken_at=now,
        taken_by=by,
    )
