"""Somebody else saw it too, or it is still so. A witness, never a count."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction

from est_site import audit
from est_site.partners.models import CategoryKind, Membership
from incidents.actions.correcting import NotAllowed
from incidents.models import Incident, Sighting, SightingKind

NAMES = uuid.UUID("6a1c35de-53f2-4b0f-9c5e-0c6e7f4b7a11")  # who, what and when give a sighting its number


@transaction.atomic
def see_same(*, by: Membership, incident: Incident, now: datetime) -> Incident:
    """The member saw the same event; once per person, and nothing for who logged it."""
    if incident.withdrawn_at or incident.merged_into_id:
        raise NotAllowed("does not stand")
    if incident.reporter_id != by.pk:
        _add(SightingKind.SAME, by, incident, now, once="")
    return incident


@transaction.atomic
def see_still(*, by: Membership, incident: Incident, now: datetime) -> Incident:
    """The member saw that a condition is still so; once per person and local day."""
    stands = not (incident.withdrawn_at or incident.merged_into_id or incident.ended_at)
    if not stands or incident.kind != CategoryKind.CONDITION:
        raise NotAllowed("no open condition")
    _add(SightingKind.STILL, by, incident, now, once=now.astimezone(by.group.zone).date().isoformat())
    return incident


def _add(kind: str, by: Membership, incident: Incident, now: datetime, *, once: str) -> None:
    sighting, added = Sighting.objects.get_or_create(
        group_id=by.group_id,
        client_uuid=uuid.uuid5(NAMES, f"{kind}:{incident.pk}:{by.pk}:{once}"),
        defaults={
            "incident": incident,
            "kind": kind,
            "at": now,
            "organisation_id": by.organisation_id,
            "reporter": by,
        },
    )
    if added:
        audit.append(what=f"incident.{kind}", by=by, on=sighting, now=now)
