"""What is noted in a meeting, and its end."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from est_site import audit
from est_site.partners.models import Membership
from interventions import minutes
from interventions.actions.arranging import stop_clock
from interventions.actions.editions import freeze_annexes
from interventions.actions.opened import Stale
from interventions.actions.preparing import order_document
from interventions.models import (
    AgendaItem,
    Edition,
    EditionKind,
)
from interventions.telling import order_letters
from situation.actions import locked, move, open_now, touch
from situation.models import Meeting, MeetingState


@transaction.atomic
def write_note(*, item: AgendaItem, note: str, version: int, by: Membership, now: datetime) -> AgendaItem:
    """The words for one agenda item; raises `Stale` when somebody saved others meanwhile."""
    open_now(item.meeting)
    changed = AgendaItem.objects.filter(pk=item.pk, version=version).update(note=note, version=version + 1)
    if not changed:
        raise Stale
    touch(item.meeting)
    item.refresh_from_db()
    audit.append(what="meeting.note", by=by, on=item, now=now, fields=["note"])
    return item


@transaction.atomic
def close_meeting(*, meeting: Meeting, by: Membership, now: datetime) -> Edition:
    """Close the sitting: its minutes are frozen and numbered, a worker makes the PDF. Closing twice changes nothing."""
    meeting = locked(meeting)
    if meeting.state == MeetingState.CLOSED:
        return Edition.objects.of_the_group(meeting, EditionKind.MINUTES).get(version=1)
    move(meeting, MeetingState.CLOSED)
    stop_clock(meeting, now)
    meeting.closed_at, meeting.closed_by = now, by
    meeting.version += 1
    meeting.save()
    edition = Edition.objects.create(
        group_id=meeting.group_id,
        meeting=meeting,
        kind=EditionKind.MINUTES,
        frozen=minutes.minutes_content(meeting),
        frozen_at=now,
        frozen_by=by,
    )
    order_document(edition, now=now)
    freeze_annexes(meeting, by=by, now=now)
    order_letters(meeting, now=now)
    audit.append(what="meeting.close", by=by, on=meeting, now=now)
    return edition
