"""Writes of the incidents room: an observation, and the word that it was calm."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TypedDict, Unpack

from django.db import IntegrityError, transaction

from est_site import audit
from est_site.partners.models import Area, Category, Membership, Period, Place
from incidents import photos
from incidents.areas import AreaFinder
from incidents.models import CalmReport, Incident, LocationPrecision, TimePrecision
from incidents.photos.pixels import Pixels


class FormUsed(Exception):
    """Somebody else's observation already carries this form's number: nothing was written."""


class Details(TypedDict, total=False):
    """What may be said about an observation beyond what, where and when."""

    time_precision: str
    discovered_at: datetime | None
    reported_at: datetime
    object_type: str
    certainty: str
    severity: int | None
    people: str
    police_reported: str
    done_at_once: str
    text: str
    visibility: str


def record_incident(
    *,
    by: Membership,
    now: datetime,
    category: Category,
    occurred_from: datetime,
    occurred_to: datetime,
    client_uuid: uuid.UUID,
    place: Place | None = None,
    area: Area | None = None,
    point: tuple[float, float] | None = None,
    approximate: bool = False,
    pictures: Sequence[Pixels] = (),
    dropped: Collection[int] = (),
    **details: Unpack[Details],
) -> Incident:
    """One observation of the member's organisation. The same form sent again gives the row of the first time."""
    incident = Incident(
        group_id=by.group_id,
        organisation_id=by.organisation_id,
        reporter=by,
        category=category,
        kind=category.kind,
        occurred_from=occurred_from,
        occurred_to=occurred_to,
        day=occurred_from.astimezone(by.group.zone).date(),
        place=place,
        lon=point[0] if point else None,
        lat=point[1] if point else None,
        client_uuid=client_uuid,
        recorded_at=now,
        **{"reported_at": now, "time_precision": _precision(occurred_from, occurred_to), **details},
    )
    incident.area_id = _area_id(incident, area)
    incident.location_precision = _location_precision(incident, approximate)
    incident.full_clean(
        exclude=["group", "organisation", "reporter", "category", "place", "area"],
        validate_unique=False,
        validate_constraints=False,
    )
    try:
        with transaction.atomic():
            incident.save(force_insert=True)
            photos.keep(by=by, client_uuid=client_uuid, photos=pictures, now=now)
            photos.attach(incident, by, dropped)
            audit.append(what="incident.record", by=by, on=incident, now=now)
    except IntegrityError:
        first = Incident.objects.filter(group_id=by.group_id, client_uuid=client_uuid).first()
        if first is None:
            raise
        if first.reporter_id != by.pk:
            raise FormUsed from None
        return first
    return incident


@transaction.atomic
def report_calm(*, by: Membership, period: Period, now: datetime) -> CalmReport:
    """The member's organisation has nothing to report for the period. Said twice, it is said once."""
    calm, said_now = CalmReport.objects.get_or_create(
        group_id=by.group_id,
        organisation_id=by.organisation_id,
        period=period,
        area=None,
        defaults={"reporter": by, "reported_at": now},
    )
    if said_now:
        audit.append(what="incident.calm", by=by, on=calm, now=now)
    return calm


def _precision(occurred_from: datetime, occurred_to: datetime) -> str:
    return TimePrecision.EXACT if occurred_from == occurred_to else TimePrecision.INTERVAL


def _area_id(incident: Incident, chosen: Area | None) -> int | None:
    """From the point as the areas were drawn on the day, else from the place, else the area that was chosen."""
    place = incident.place
    point = (incident.lon, incident.lat)
    if point[0] is None and place is not None:
        point = (place.lon, place.lat)
    if point[0] is not None and point[1] is not None:
        found = AreaFinder(incident.group_id).find(point[0], point[1], incident.day)
        if found is not None:
            return found
    if place is not None and place.area_id is not None:
        return place.area_id
    return chosen.pk if chosen is not None else None


def _location_precision(incident: Incident, approximate: bool) -> str:
    if incident.area_id is None:
        return LocationPrecision.NONE
    if incident.lon is None and incident.place is None:
        return LocationPrecision.AREA
    return LocationPrecision.APPROXIMATE if approximate else LocationPrecision.EXACT
