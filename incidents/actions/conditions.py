"""A condition lasts until somebody has put it right."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from est_site import audit
from est_site.access import Permission, may
from est_site.partners.models import CategoryKind, Membership
from incidents.actions.correcting import NotAllowed, note
from incidents.models import ChangeKind, Incident


def may_end(by: Membership, incident: Incident) -> bool:
    """The organisation that reported it knows, and so does who convenes the group."""
    return incident.organisation_id == by.organisation_id or may(by, Permission.RUN_MEETING)


@transaction.atomic
def end_condition(*, by: Membership, incident: Incident, now: datetime) -> Incident:
    """It has been put right. Said twice, it is said once."""
    return _set(by, incident, ended_at=now, kind=ChangeKind.ENDED, what="incident.end", now=now)


@transaction.atomic
def reopen_condition(*, by: Membership, incident: Incident, now: datetime) -> Incident:
    """It was not put right after all: open since it was first seen."""
    return _set(by, incident, ended_at=None, kind=ChangeKind.REOPENED, what="incident.reopen", now=now)


def _set(
    by: Membership, incident: Incident, *, ended_at: datetime | None, kind: str, what: str, now: datetime
) -> Incident:
    row: Incident = Incident.objects.select_for_update(of=("self",)).get(pk=incident.pk)
    if not may_end(by, row) or row.kind != CategoryKind.CONDITION or row.withdrawn_at or row.merged_into_id:
        raise NotAllowed(kind)
    if (row.ended_at is None) == (ended_at is None):
        return row
    was, row.ended_at = row.ended_at, ended_at
    row.version += 1
    row.save(update_fields=["ended_at", "version"])
    both = [value.isoformat() if value else None for value in (was, ended_at)]
    note(row, kind, by=by, now=now, fields={"ended_at": both})
    audit.append(what=what, by=by, on=row, now=now, fields=["ended_at"])
    return row
