"""Words or photos that should not have been written: destroyed, not hidden."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from est_site import audit
from est_site.partners import keeping
from est_site.partners.models import Membership
from incidents.actions.correcting import note
from incidents.models import ChangeKind, Incident

WRITTEN = ("text", "done_at_once")


@transaction.atomic
def mask_incident(
    *, by: Membership, incident: Incident, words: bool, pictures: bool, reason: str, now: datetime
) -> Incident:
    """The original is gone from the row, its history, the search, the photo files and every copy that a room registered.

    What stays is that it was masked, by whom, when, why and which part; and the answers to the category's questions, which
    hold a choice, a number or a yes, never words of the reporter's own.
    """
    row = Incident.objects.select_for_update(of=("self",)).get(pk=incident.pk)
    if words:
        for name in WRITTEN:
            setattr(row, name, "")
    row.masked_at = now
    row.version += 1
    row.save(update_fields=[*WRITTEN, "masked_at", "version"])
    parts = [name for name, chosen in (("text", words), ("photos", pictures)) if chosen]
    keeping.forget(keeping.Masked(row.group_id, row.pk, words=words, pictures=pictures, now=now))
    note(row, ChangeKind.MASKED, by=by, now=now, fields={"masked": ["", [*parts, reason]]})
    audit.append(what="incident.mask", by=by, on=row, now=now, fields=[*parts, reason])
    return row
