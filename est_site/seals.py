"""Reads are noted without a lock; each minute a worker seals a group's new notes into its chain as one hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime

from django.db import connection, transaction

from est_site import audit, jobs, tenancy
from est_site.audit import Fault
from est_site.models import AccessEvent, AuditEvent, Job

KIND = "access.seal"


def order(now: datetime) -> int:
    """Write the row that is due for every group with notes of a minute that is over, and return how many.

    The groups are found as the role of the clock, which sees that there is a note and nothing of what it says.
    """
    minute = now.replace(second=0, microsecond=0)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE est_clock")
        cursor.execute("SELECT DISTINCT group_id FROM est_site_accessevent WHERE seal IS NULL AND at < %s", [minute])
        groups = [row[0] for row in cursor.fetchall()]
        cursor.execute("SET LOCAL ROLE NONE")
    for group_id in groups:
        with tenancy.inside(group_id):
            jobs.due(KIND, group_id=group_id, key=f"{KIND}:{minute.isoformat()}", at=minute)
    return len(groups)


def seal(job: Job, now: datetime) -> None:
    """Seal what is not sealed yet, up to the minute the job was due for. A second run finds nothing and writes nothing."""
    events = AccessEvent.objects.select_for_update().filter(seal=None, at__lt=job.due_at).order_by("id")
    found = list(events)
    if not found:
        return
    AccessEvent.objects.filter(pk__in=[event.pk for event in found]).update(seal=job.pk)
    audit.append(what="access.sealed", by=None, on=job, now=now, count=len(found), proof=digest(found))


def digest(events: Iterable[AccessEvent]) -> str:
    """SHA-256 over the notes in order of their ids, as hexadecimal digits."""
    lines = (json.dumps([e.pk, e.at.isoformat(), e.user_id, e.what, e.subject]) for e in events)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def verify(group_id: int) -> Fault | None:
    """The first seal that no longer agrees with its notes, by its number in the chain of the group we are inside."""
    sealed = AuditEvent.objects.filter(group_id=group_id, body__contains='"what": "access.sealed"').order_by("n")
    for n, body in sealed.values_list("n", "body"):
        event = json.loads(body)
        if digest(AccessEvent.objects.filter(seal=event["on"][1]).order_by("id")) != event["proof"]:
            return Fault(n, "sealed over notes of reading that are no longer the same")
    return None
