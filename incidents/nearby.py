"""What was logged already of the same kind, near in place and time: offered before saving, never in the way."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from est_site.partners.models import Category, CategoryKind, Membership, Place
from incidents.alike import METRES_OF_A_DEGREE, Limits, Pair, Spot, pair
from incidents.intake import RELATED, spots
from incidents.models import Incident, IncidentQuerySet

SHOWN = 3
HERE = 0  # the number of what is not saved yet


@dataclass(frozen=True)
class Near:
    """One that may be the same, and how far off."""

    incident: Incident
    metres: float


def nearby(
    member: Membership,
    *,
    category: Category,
    place: Place | None,
    point: tuple[float, float] | None,
    start: datetime,
    end: datetime,
    client_uuid: uuid.UUID | None = None,
) -> list[Near]:
    """The nearest that stand and that the member may see; none without a place or a position."""
    lon, lat = point or ((place.lon, place.lat) if place else (None, None))
    top = category.parent or category
    limits, lasts = Limits(top.near_metres, top.near_hours), category.kind == CategoryKind.CONDITION
    here = Spot(
        HERE, top.pk, category.pk if lasts else top.pk, lasts, start, end, lon, lat, place.pk if place else None
    )
    rows = _around(Incident.objects.visible_to(member).standing(), here, limits, category)
    if client_uuid is not None:
        rows = rows.exclude(client_uuid=client_uuid)
    found: list[Pair] = sorted(
        filter(None, (pair(here, one, limits) for one in spots(rows))), key=lambda one: (one.metres, one.apart)
    )[:SHOWN]
    by_pk = Incident.objects.visible_to(member).select_related(*RELATED).in_bulk([one.second for one in found])
    return [Near(by_pk[one.second], one.metres) for one in found]


def _around(rows: IncidentQuerySet, here: Spot, limits: Limits, category: Category) -> IncidentQuerySet:
    """Those that the database can tell are out of reach are left there."""
    near = Q(pk__in=[])
    if here.place is not None:
        near |= Q(place_id=here.place)
    if here.lon is not None and here.lat is not None:
        north = limits.metres / METRES_OF_A_DEGREE
        east = north * 3  # as far north as Sweden goes a degree of longitude is a third of one of latitude
        box = {"lon__range": (here.lon - east, here.lon + east), "lat__range": (here.lat - north, here.lat + north)}
        near |= Q(**box) | Q(lon=None, **{f"place__{name}": value for name, value in box.items()})
    if here.lasts:
        return rows.filter(near, category=category, ended_at=None)
    long = timedelta(hours=limits.hours)
    same = Q(category_id=here.top) | Q(category__parent_id=here.top)
    return rows.filter(near, same, occurred_from__lte=here.end + long, occurred_to__gte=here.start - long)
