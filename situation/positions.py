"""The positions of a map, read from the observations each time: none is kept where masking or a limit cannot reach it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q

from est_site import maps
from est_site.partners.models import CategoryKind, Period, Place
from incidents import listing
from incidents.models import Incident, IncidentQuerySet
from situation.repeats import Named, Spot

FOUR, THIRTEEN = timedelta(weeks=4), timedelta(weeks=13)
Counts = tuple[int, int, int]
NONE: Counts = (0, 0, 0)
MARKED = 200  # conditions still open and what is coming, on one map


@dataclass(frozen=True)
class Positions:
    """Shared observations by position in metres; those without one, and those known only about, are numbers."""

    exact: list[Spot]
    about: list[Spot]  # inside a building, or known only about: drawn coarsely, never as a repeat
    unknown: Counts

    @property
    def total(self) -> Counts:
        return _sum([self.unknown, self.known, _sum([one.counts for one in self.about])])

    @property
    def known(self) -> Counts:
        return _sum([one.counts for one in self.exact])


def shared(period: Period, cut_off: datetime) -> IncidentQuerySet:
    """What a shared figure counts, as known at the cut-off."""
    return Incident.objects.filter(group_id=period.group_id, recorded_at__lte=cut_off).shared()


def read(period: Period, epsg: int, cut_off: datetime) -> Positions:
    """Grouped in the database: as many rows as there are positions."""
    last = period.last_day
    first = min(period.first_day, last - THIRTEEN + timedelta(days=1))
    rows = (
        listing.spots(shared(period, cut_off).between(first, last))
        .values_list("x", "y", "exact")
        .annotate(
            in_period=Count("id", filter=Q(day__gte=period.first_day)),
            in_four=Count("id", filter=Q(day__gt=last - FOUR)),
            in_all=Count("id"),
        )
        .order_by("x", "y", "exact")
    )
    exact: list[Spot] = []
    about: list[Spot] = []
    unknown = [NONE]
    found = list(rows)
    placed = [row for row in found if row[0] is not None and row[1] is not None]
    unknown += [row[3:] for row in found if row[0] is None or row[1] is None]
    if placed:
        xs, ys = maps.Projection(epsg).forward([row[0] for row in placed], [row[1] for row in placed])
        for x, y, row in zip(xs, ys, placed, strict=True):
            (exact if row[2] else about).append(Spot(float(x), float(y), row[3:]))
    return Positions(exact, about, _sum(unknown))


def places(period: Period, epsg: int) -> list[Named]:
    """The named places that have a position, without the register of addresses."""
    rows = Place.objects.filter(group_id=period.group_id, lon__isnull=False, lat__isnull=False).active().named()
    found = list(rows.order_by("name", "id").values_list("id", "name", "lon", "lat"))
    projection = maps.Projection(epsg)
    return [Named(id_, name, *projection.forward(lon, lat)) for id_, name, lon, lat in found]


def open_and_coming(period: Period, cut_off: datetime) -> list[Any]:
    """Conditions that nobody has put right, and what is announced and not over; the oldest first, one more than is shown."""
    lasting = Q(kind=CategoryKind.CONDITION, ended_at=None, day__lte=period.last_day)
    coming = Q(kind=CategoryKind.UPCOMING, occurred_to__gt=cut_off)
    rows = listing.spots(shared(period, cut_off).filter(lasting | coming))
    return list(
        rows.select_related("category", "place", "area").defer("area__geometry").order_by("occurred_from")[: MARKED + 1]
    )


def _sum(counts: list[Counts]) -> Counts:
    period, four, thirteen = (sum(one[n] for one in counts) for n in range(3))
    return period, four, thirteen
