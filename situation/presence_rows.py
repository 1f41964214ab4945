"""The one way from the tables to presence as plain values."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet

from est_site import periods
from est_site.partners.models import CategoryKind, Group, Period
from incidents.models import Incident
from situation import presence
from situation.models import Presence
from situation.presence import Event, Spell


def bounds(first: date, last: date, group: Group) -> tuple[datetime, datetime]:
    """From the first instant of the first day to that of the day after the last, both in the group's zone."""
    begin, end = (periods.local_instant(day, time(0), group.zone) for day in (first, last + timedelta(days=1)))
    return begin, end


def of_period(group: Group, period: Period, cut_off: datetime) -> QuerySet[Any]:
    """What began in the period and is known at the cut-off, latest first."""
    within = bounds(period.first_day, period.last_day, group)
    return Presence.objects.filter(group_id=group.pk, recorded_at__lte=cut_off).standing().beginning(*within)


def figures(period: Period, *, group: Group, cut_off: datetime) -> dict[str, Any]:
    """The period's presence beside the events of four weeks; two queries."""
    first = period.last_day - timedelta(weeks=presence.WEEKS) + timedelta(days=1)
    first = min(first, period.first_day)
    known = Presence.objects.filter(group_id=group.pk, recorded_at__lte=cut_off).standing()
    rows = known.beginning(*bounds(first, period.last_day, group)).order_by("starts_at", "id")
    zone = group.zone
    spells = [
        Spell(area, kind, start.astimezone(zone), end.astimezone(zone), people)
        for area, kind, start, end, people in rows.values_list("area_id", "kind", "starts_at", "ends_at", "people")
    ]
    week = [spell for spell in spells if period.first_day <= spell.start.date() <= period.last_day]
    told = (
        Incident.objects.filter(group_id=group.pk, recorded_at__lte=cut_off, kind=CategoryKind.EVENT)
        .shared()
        .between(first, period.last_day)
        .order_by()
        .values_list("area_id", "occurred_from", "occurred_to")
    )
    events = [Event(area, start.astimezone(zone), end.astimezone(zone)) for area, start, end in told]
    return presence.assemble(week, spells, events)
