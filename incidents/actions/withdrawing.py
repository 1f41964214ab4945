"""An observation that was none, taken back by who logged it, and brought back while nobody has counted without it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F

from est_site import audit
from est_site.partners.models import Membership
from incidents.actions.correcting import Changes, NotAllowed, changed, frozen, note, own
from incidents.models import ChangeKind, Incident, IncidentChange, IncidentQuerySet


@transaction.atomic
def withdraw_incident(*, by: Membership, incident: Incident, reason: str, now: datetime) -> Incident:
    """Out of every shared figure and list; pictures already frozen keep what was known. Twice is once."""
    row = _locked(own(by, incident))
    if row.withdrawn_at is not None:
        return row
    take_back(Incident.objects.filter(pk=row.pk), by=by, now=now, fields={"reason": ["", reason]})
    row.refresh_from_db(fields=["withdrawn_at", "version"])
    audit.append(what="incident.withdraw", by=by, on=row, now=now, fields=["withdrawn_at"])
    return row


def take_back(rows: IncidentQuerySet, *, by: Membership, now: datetime, fields: Changes) -> int:
    """Those of one group that are not withdrawn yet, with a row of history each; for an action of its own right."""
    pks = list(rows.filter(withdrawn_at=None).select_for_update(of=("self",)).values_list("pk", flat=True))
    Incident.objects.filter(pk__in=pks).update(withdrawn_at=now, version=F("version") + 1)
    heads = Incident.objects.filter(merged_into__in=pks).values_list("merged_into", flat=True)
    for head in sorted(set(heads)):
        _hand_over(head, by, now)
    noted = [changed(by.group_id, pk, ChangeKind.WITHDRAWN, by=by, now=now, fields=fields) for pk in pks]
    IncidentChange.objects.bulk_create(noted, batch_size=1000)
    return len(pks)


@transaction.atomic
def restore_incident(*, by: Membership, incident: Incident, now: datetime) -> Incident:
    """As if it had not been withdrawn; until the picture of its day is frozen."""
    row = _locked(own(by, incident))
    if row.withdrawn_at is None:
        return row
    if frozen(row.group_id, [row.day]):
        raise NotAllowed("frozen")
    row.withdrawn_at = None
    _save(row, "withdrawn_at")
    note(row, ChangeKind.RESTORED, by=by, now=now)
    audit.append(what="incident.restore", by=by, on=row, now=now, fields=["withdrawn_at"])
    return row


def may_restore(by: Membership, incident: Incident) -> bool:
    withdrawn_own = incident.reporter_id == by.pk and incident.withdrawn_at is not None
    return withdrawn_own and not frozen(incident.group_id, [incident.day])


def _hand_over(head: int, by: Membership, now: datetime) -> None:
    """What others saw is not taken back with it: the first of them stands for the rest."""
    merged = list(Incident.objects.select_for_update(of=("self",)).filter(merged_into=head).order_by("pk"))
    heir = next((row for row in merged if row.withdrawn_at is None), None)
    if heir is None:
        return
    for row in merged:
        row.merged_into = None if row == heir else heir
        _save(row, "merged_into")
    note(heir, ChangeKind.PARTED, by=by, now=now)


def _locked(incident: Incident) -> Incident:
    rows = Incident.objects.select_for_update(of=("self",)).select_related("group")
    found: Incident = rows.get(pk=incident.pk)
    return found


def _save(row: Incident, field: str) -> None:
    row.version += 1
    row.save(update_fields=[field, "version"])
