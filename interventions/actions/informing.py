"""What the meeting lets others know, and what became of it."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from django.db import transaction
from django.db.models import F

from est_site import audit
from est_site.partners.models import Membership, Organisation
from interventions.models import Information, InformationStatus
from situation.actions import NotAllowed, open_now, touch
from situation.models import Meeting


@transaction.atomic
def inform(
    *,
    meeting: Meeting,
    recipient: str,
    text: str,
    channel: str,
    responsible: Organisation,
    due_on: date,
    client_uuid: uuid.UUID,
    by: Membership,
    now: datetime,
) -> Information:
    """Decide that somebody is told something. The same form twice is the same row."""
    meeting = open_now(meeting)
    before = Information.objects.filter(group_id=meeting.group_id, client_uuid=client_uuid).first()
    if before is not None:
        return before
    row = Information.objects.create(
        group_id=meeting.group_id,
        meeting=meeting,
        recipient=recipient,
        text=text,
        channel=channel,
        responsible=responsible,
        due_on=due_on,
        client_uuid=client_uuid,
    )
    touch(meeting)
    audit.append(what="information.decide", by=by, on=row, now=now)
    return row


@transaction.atomic
def settle_information(*, row: Information, status: str, by: Membership, now: datetime) -> Information:
    """It is sent, or it is dropped; said again it changes nothing, and what is settled is not settled otherwise."""
    if status not in (InformationStatus.SENT, InformationStatus.DROPPED):
        raise NotAllowed(status)
    row = Information.objects.select_for_update().get(pk=row.pk)
    if row.status == status:
        return row
    if row.status != InformationStatus.TO_DO:
        raise NotAllowed(row.status)
    row.status, row.settled_at, row.settled_by = status, now, by
    row.save(update_fields=["status", "settled_at", "settled_by"])
    Meeting.objects.filter(group_id=row.group_id, state="open").update(version=F("version") + 1)
    audit.append(what="information.settle", by=by, on=row, now=now, fields=["status"])
    return row
