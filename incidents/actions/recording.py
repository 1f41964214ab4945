"""A new observation."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TypedDict, Unpack

from django.db import IntegrityError, transaction

from est_site import audit
from est_site.partners.models import Area, Category, Membership, Place
from incidents import photos, placing
from incidents.models import Incident
from incidents.photos.pixels import Pixels
from incidents.questions import Answer


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
    answers: Sequence[Answer]


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
        **{"reported_at": now, "time_precision": placing.time_precision(occurred_from, occurred_to), **details},
    )
    placing.place(incident, area, approximate=approximate)
    placing.check(incident)
    try:
        with transaction.atomic():
            incident.save(force_insert=True)
            kept = photos.keep(by=by, client_uuid=client_uuid, photos=pictures, now=now)
            photos.attach(incident, kept, dropped)
            audit.append(what="incident.record", by=by, on=incident, now=now)
    except IntegrityError:
        first = Incident.objects.filter(group_id=by.group_id, client_uuid=client_uuid).first()
        if first is None:
            raise
        if first.reporter_id != by.pk:
            raise FormUsed from None
        return first
    return incident
