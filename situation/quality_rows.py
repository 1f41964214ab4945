"""How a period was reported, read from the tables: medians and numbers, never a row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from django.db.models import Aggregate, Count, DurationField, F, Q, Value
from django.db.models.functions import Greatest

from est_site import periods
from est_site.partners.models import CategoryKind, Group, Period
from incidents.models import Incident, Visibility
from situation.material import Stretch
from situation.models import ReportingEvent
from situation.quality import Noted, Reported

Lags = tuple[timedelta | None, timedelta | None, tuple[int, int]]


class Median(Aggregate):
    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"


def reported(period: Period, before: Sequence[Stretch], *, group: Group, cut_off: datetime) -> Reported:
    """Of events alone: what lasts and what is coming has no hour of its own."""
    here = Q(day__range=(period.first_day, period.last_day))
    told = Incident.objects.filter(here, group_id=group.pk, recorded_at__lte=cut_off, visibility=Visibility.GROUP)
    shared = Q(merged_into__visibility=Visibility.GROUP, merged_into__withdrawn_at=None)
    other = Q(merged_into__isnull=False) & shared & ~Q(organisation=F("merged_into__organisation"))
    numbers = told.filter(withdrawn_at=None).aggregate(
        twice=Count("merged_into", filter=other, distinct=True), persons=Count("reporter", distinct=True)
    )
    lags = _lags(period, before, group, cut_off) if before else (None, None, (0, 0))
    return Reported(*lags, twice=numbers["twice"], persons=numbers["persons"])


def noted(group_id: int, first: date, last: date) -> list[Noted]:
    """The changes in the reporting of those days."""
    rows = ReportingEvent.objects.filter(group_id=group_id, ended_at=None, day__range=(first, last))
    return [Noted(*row) for row in rows.values_list("day", "what", "text", "organisation__name", "category_id")]


def _lags(period: Period, before: Sequence[Stretch], group: Group, cut_off: datetime) -> Lags:
    """The medians; of each earlier period what was known as long after its end, since the latest reports lack here."""

    def end(day: date) -> datetime:
        return periods.local_instant(day + timedelta(days=1), time(0), group.zone)

    room = cut_off - end(period.last_day)
    here, known = Q(day__range=(period.first_day, period.last_day)), Q(pk__in=[])
    for one in before:
        known |= Q(day__range=(one.first, one.last), reported_at__lte=end(one.last) + room)
    rows = Incident.objects.filter(here | known, group_id=group.pk, recorded_at__lte=cut_off, kind=CategoryKind.EVENT)
    lag = Greatest(F("reported_at") - F("occurred_to"), Value(timedelta(0)), output_field=DurationField())
    found = (
        rows.shared()
        .annotate(lag=lag)
        .aggregate(
            now=Median("lag", filter=here),
            then=Median("lag", filter=~here),
            n=Count("id", filter=here),
            n_then=Count("id", filter=~here),
        )
    )
    return found["now"], found["then"], (found["n"], found["n_then"])
