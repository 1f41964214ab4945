"""The shared situation picture of a period: assembled from plain values, frozen as JSON for a meeting."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from est_site.partners.models import Period
from situation import rows

METHOD = "mean8/1"  # counts beside the mean of the previous periods; version of what `assemble` computes
BASELINE_PERIODS = 8

Key = tuple[int | None, int]


@dataclass(frozen=True)
class Days:
    """First and last local day of a period, both included."""

    first: date
    last: date

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.first <= day <= self.last


@dataclass(frozen=True)
class Figure:
    """A count beside the mean of the periods before; None when there are none before."""

    count: int
    mean: float | None


def figures(counts: Sequence[rows.DayCount], period: Days, before: Sequence[Days]) -> dict[Key, Figure]:
    """Count per (area, category) in the period beside the plain mean over the `before` periods.

    Pairs that occur in neither are left out. The mean is in events per period.
    """
    now: Counter[Key] = Counter()
    earlier: Counter[Key] = Counter()
    for row in counts:
        key = (row.area_id, row.category_id)
        if row.day in period:
            now[key] += row.count
        elif any(row.day in days for days in before):
            earlier[key] += row.count
    keys = now.keys() | earlier.keys()
    return {key: Figure(now[key], round(earlier[key] / len(before), 2) if before else None) for key in keys}


def total(parts: Sequence[Figure], baseline: int) -> Figure:
    """The sum of figures; means add up because each is over the same periods."""
    mean = round(sum(part.mean or 0 for part in parts), 2) if baseline else None
    return Figure(sum(part.count for part in parts), mean)


def assemble(period: Period, *, group_id: int, cut_off: datetime) -> dict[str, Any]:
    """The picture of a period as known at the cut-off, as JSON-ready values. No observation's text enters it."""
    earlier = list(Period.objects.filter(group_id=group_id).before(period, BASELINE_PERIODS))
    first = earlier[-1].first_day if earlier else period.first_day
    before = [Days(p.first_day, p.last_day) for p in earlier]
    counts = rows.day_counts(group_id, first, period.last_day, cut_off)
    cells = figures(counts, Days(period.first_day, period.last_day), before)
    area_ids = sorted({area for area, _category in cells if area is not None})
    areas = rows.areas(group_id, period.last_day, area_ids)
    categories = rows.categories(group_id, sorted({category for _area, category in cells}))
    known: list[int | None] = [area.id for area in areas]
    if any(area is None for area, _category in cells):
        known.append(None)
    n = len(before)
    return {
        "method": METHOD,
        "cut_off": cut_off.isoformat(),
        "period": {
            "id": period.pk,
            "label": period.label,
            "weeks": period.weeks_text,
            "first_day": period.first_day.isoformat(),
            "last_day": period.last_day.isoformat(),
        },
        "baseline": [p.label for p in reversed(earlier)],
        "areas": [{"id": area.id, "name": area.name, "population": area.population} for area in areas],
        "categories": [{"id": c.id, "code": c.code, "sv": c.sv, "en": c.en} for c in categories],
        "cells": [
            [a, c, f.count, f.mean] for (a, c), f in sorted(cells.items(), key=lambda kv: (kv[0][0] or 0, kv[0][1]))
        ],
        "area_totals": [[a, *_pair(total([f for (area, _c), f in cells.items() if area == a], n))] for a in known],
        "category_totals": [
            [c.id, *_pair(total([f for (_a, category), f in cells.items() if category == c.id], n))] for c in categories
        ],
        "total": list(_pair(total(list(cells.values()), n))),
        "organisations": [
            {"id": s.organisation_id, "name": s.name, "expected": s.expected, "state": s.state, "reports": s.reports}
            for s in rows.said(group_id, period, cut_off)
        ],
    }


def _pair(figure: Figure) -> tuple[int, float | None]:
    return figure.count, figure.mean
