"""What the coordinator does with what came in: looked at, the same as another, not the same, parted again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from est_site import audit
from est_site.partners.models import Membership
from incidents.actions.correcting import NotAllowed, note
from incidents.models import ChangeKind, Incident, IncidentChange, NotSame


@transaction.atomic
def look_at(*, by: Membership, pks: Collection[int], now: datetime) -> int:
    """These were looked at. How many had not been before."""
    rows = Incident.objects.visible_to(by).filter(pk__in=pks, reviewed_at=None)
    count = rows.update(reviewed_at=now)
    if count:
        audit.append(what="incident.review", by=by, on=by.group, now=now, count=count)
    return count


@transaction.atomic
def merge_incidents(*, by: Membership, into: Incident, incident: Incident, now: datetime) -> Incident:
    """One event that two reported: both stay as sources, it counts once. What was merged into the second comes along."""
    head, row = _both(into, incident)
    if row.merged_into_id == head.pk:
        return head
    if row.visibility != head.visibility:
        raise NotAllowed("seen by others")
    if head.pk == row.pk or not (_stands(head) and _stands(row)):
        raise NotAllowed("does not stand")
    for child in Incident.objects.select_for_update(of=("self",)).filter(merged_into=row).order_by("pk"):
        _hang(child, head, by, now)
    _hang(row, head, by, now)
    audit.append(what="incident.merge", by=by, on=row, now=now, fields=["merged_into"])
    return head


@transaction.atomic
def part_incident(*, by: Membership, incident: Incident, now: datetime) -> Incident:
    """It was another event after all: it counts again, and what it had brought along is with it again."""
    row = Incident.objects.select_for_update(of=("self",)).get(pk=incident.pk)
    if row.merged_into_id is None:
        return row
    head_id = row.merged_into_id
    _free(row, by, now)
    for child in Incident.objects.select_for_update(of=("self",)).filter(merged_into_id=head_id).order_by("pk"):
        last = IncidentChange.objects.filter(incident=child, kind=ChangeKind.MERGED).order_by("-at", "-id").first()
        if last is not None and last.fields.get("merged_into") == [row.pk, head_id]:
            _hang(child, row, by, now)
    audit.append(what="incident.part", by=by, on=row, now=now, fields=["merged_into"])
    return row


@transaction.atomic
def not_same(*, by: Membership, first: Incident, second: Incident, now: datetime) -> NotSame:
    """Somebody looked: these two are two. They are not offered as one again."""
    low, high = sorted((first.pk, second.pk))
    said, said_now = NotSame.objects.get_or_create(
        group_id=by.group_id, first_id=low, second_id=high, defaults={"by": by, "at": now}
    )
    if said_now:
        audit.append(what="incident.not_same", by=by, on=said, now=now)
    return said


def _both(into: Incident, incident: Incident) -> tuple[Incident, Incident]:
    """Both locked, always in the same order."""
    rows = Incident.objects.select_for_update(of=("self",)).filter(pk__in=[into.pk, incident.pk]).order_by("pk")
    found = {row.pk: row for row in rows}
    return found[into.pk], found[incident.pk]


def _stands(row: Incident) -> bool:
    return row.withdrawn_at is None and row.merged_into_id is None


def _hang(row: Incident, head: Incident, by: Membership, now: datetime) -> None:
    was, row.merged_into = row.merged_into_id, head
    row.version += 1
    row.save(update_fields=["merged_into", "version"])
    note(row, ChangeKind.MERGED, by=by, now=now, fields={"merged_into": [was, head.pk]})


def _free(row: Incident, by: Membership, now: datetime) -> None:
    was, row.merged_into = row.merged_into_id, None
    row.version += 1
    row.save(update_fields=["merged_into", "version"])
    note(row, ChangeKind.PARTED, by=by, now=now, fields={"merged_into": [was, None]})
