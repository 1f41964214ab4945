"""What lies ahead of a period: as many days as it has, from the day after its last. Read once, frozen with the picture."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Q

from est_site.maps import shape_of
from est_site.partners.models import Area, CategoryKind, Group, Period
from incidents.models import Incident
from situation import sun
from situation.days import Line, holidays, occurrences, pay_day
from situation.models import WheelEntry

YEARS_BACK = 3
YEAR = timedelta(days=364)  # by index: the same weekdays, and no jump after a year of 53 weeks
LEAST = 10  # under so many observations a year back tells nothing
MANY = 20

Past = tuple[date, str | None, int, int]  # day, name of the area, organisation, observations


def figures(period: Period, *, group: Group, cut_off: datetime) -> dict[str, Any]:
    """What is known of the coming days at the cut-off; four queries. Ids, figures and the group's own words."""
    length = (period.last_day - period.first_day).days + 1
    first = period.last_day + timedelta(days=1)
    last = first + timedelta(days=length - 1)
    lines = [
        Line(*row)
        for row in WheelEntry.objects.filter(group_id=group.pk, ended_at=None).values_list(
            "id", "title", "kind", "first_day", "last_day", "repeats", "area_id"
        )
    ]
    shared = Incident.objects.filter(group_id=group.pk, recorded_at__lte=cut_off).shared()
    coming = shared.filter(kind=CategoryKind.UPCOMING).between(first, last).order_by("occurred_from", "id")
    return {
        "first_day": first.isoformat(),
        "last_day": last.isoformat(),
        "days": days(first, last, _centre(group), group.zone),
        "wheel": wheel(lines, first, last),
        "events": [
            [pk, day.isoformat(), category, area]
            for pk, day, category, area in coming.values_list("id", "day", "category_id", "area_id")[:MANY]
        ],
        "before": before(_past(group, first, last, cut_off), first, last),
    }


def days(first: date, last: date, centre: tuple[float, float] | None, zone: ZoneInfo) -> list[dict[str, Any]]:
    """Each day with its holiday, whether it is the day of pay, and its sun where the group lies."""
    found = []
    for n in range((last - first).days + 1):
        day = first + timedelta(days=n)
        light = sun.sun(day, *centre, zone) if centre else None
        found.append(
            {
                "day": day.isoformat(),
                "holiday": holidays(day.year).get(day, ""),
                "pay": day == pay_day(day.year, day.month),
                "sun": [f"{at:%H:%M}" for at in light] if isinstance(light, tuple) else light,
            }
        )
    return found


def wheel(lines: Iterable[Line], first: date, last: date) -> list[dict[str, Any]]:
    """The lines of the year wheel that touch these days, by their first day."""
    found = [
        {
            "id": line.id,
            "title": line.title,
            "kind": line.kind,
            "area": line.area,
            "first_day": begins.isoformat(),
            "last_day": ends.isoformat(),
        }
        for line in lines
        for begins, ends in occurrences(line, first, last)
    ]
    return sorted(found, key=lambda one: (one["first_day"], one["title"]))


def before(past: Iterable[Past], first: date, last: date) -> list[dict[str, Any]]:
    """The same weeks of each year back: how many organisations reported, and the observations by area, most first."""
    by_year: dict[int, list[Past]] = defaultdict(list)
    for row in past:
        for back in range(1, YEARS_BACK + 1):
            if first - back * YEAR <= row[0] <= last - back * YEAR:
                by_year[back].append(row)
    found = []
    for back in range(1, YEARS_BACK + 1):
        areas: defaultdict[str | None, int] = defaultdict(int)
        for _day, area, _organisation, n in by_year[back]:
            areas[area] += n
        found.append(
            {
                "first_day": (first - back * YEAR).isoformat(),
                "last_day": (last - back * YEAR).isoformat(),
                "organisations": len({organisation for _day, _area, organisation, _n in by_year[back]}),
                "areas": sorted(areas.items(), key=lambda one: (-one[1], one[0] or "")),
                "total": sum(areas.values()),
            }
        )
    return found


def _past(group: Group, first: date, last: date, cut_off: datetime) -> list[Past]:
    within = Q()
    for back in range(1, YEARS_BACK + 1):
        within |= Q(day__gte=first - back * YEAR, day__lte=last - back * YEAR)
    rows = Incident.objects.filter(within, group_id=group.pk, recorded_at__lte=cut_off).shared().order_by()
    return list(rows.values_list("day", "area__name", "organisation_id").annotate(n=Count("id")))


def _centre(group: Group) -> tuple[float, float] | None:
    """Latitude and longitude of the middle of the areas; none where nothing is drawn."""
    drawn = Area.objects.filter(group_id=group.pk).est().to_draw().values_list("geojson", flat=True)
    middles = [shape_of(text).centroid for text in drawn]
    if not middles:
        return None
    return sum(p.y for p in middles) / len(middles), sum(p.x for p in middles) / len(middles)
