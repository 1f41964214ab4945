"""The positions of a map, read from the observations each time: none is kept where masking or a limit cannot reach it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery

from est_site import maps
from est_site.partners.models import CategoryKind, Period, Place
from incidents import listing
from incidents.models import ChangeKind, Incident, IncidentChange, IncidentQuerySet
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
    """Conditions not put right at the cut-off, and what was announced and not over; oldest first, one more than shown."""
    lasting = Q(kind=CategoryKind.CONDITION, day__lte=period.last_day) & _open_at(cut_off)
    coming = Q(kind=CategoryKind.UPCOMING, occurred_to__gt=cut_off)
    turned = IncidentChange.objects.filter(
        group_id=OuterRef("group_id"),
        incident_id=OuterRef("pk"),
        kind__in=[ChangeKind.ENDED, ChangeKind.REOPENED],
        at__gt=cut_off,
    )
    first = Subquery(turned.order_by("at", "id").values("kind")[:1])
    rows = listing.spots(shared(period, cut_off).filter(lasting | coming).annotate(next_turn=first))
    return list(
        # what is opened again next was put right then
        rows.filter(Q(next_turn=None) | Q(next_turn=ChangeKind.ENDED))
        .select_related("category", "place", "area")
        .defer("area__geometry")
        .order_by("occurred_from")[: MARKED + 1]
    )


def _open_at(cut_off: datetime) -> Q:
    """Open now, or put right since; what was put right then and has been opened again is told by its history alone."""
    return Q(ended_at=None) | Q(ended_at__gt=cut_off)


def _sum(counts: list[Counts]) -> Counts:
    period, four, thirteen = (sum(one[n] for one in counts) for n in range(3))
    return period, four, thirteen
