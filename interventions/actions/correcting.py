"""Minutes after the meeting: remarks while the window is open, and corrections as new versions."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from est_site import audit
from est_site.partners.models import Membership
from interventions import minutes
from interventions.actions.opened import Stale
from interventions.actions.preparing import latest_minutes, order_document
from interventions.models import Edition, EditionKind, Remark
from situation.actions import NotAllowed, locked
from situation.models import Attendance, Meeting, MeetingState


def window_ends(meeting: Meeting) -> datetime | None:
    """Until when whoever was there may remark on the minutes; None before there are any."""
    if meeting.closed_at is None:
        return None
    return meeting.closed_at + timedelta(hours=meeting.group.correction_hours)


def may_remark(meeting: Meeting, member: Membership, now: datetime) -> bool:
    """Whether the window is open and the member's organisation was there."""
    ends = window_ends(meeting)
    if ends is None or now >= ends:
        return False
    there = Attendance.objects.filter(meeting=meeting, organisation_id=member.organisation_id, present=True)
    return there.exists()


@transaction.atomic
def leave_remark(*, meeting: Meeting, text: str, client_uuid: uuid.UUID, by: Membership, now: datetime) -> Remark:
    """Say what is wrong or missing in the minutes. The same form twice is the same remark.

    Raises NotAllowed when the window is closed or the organisation was not there.
    """
    meeting = locked(meeting)
    before = Remark.objects.filter(group_id=meeting.group_id, client_uuid=client_uuid).first()
    if before is not None:
        return before
    if not may_remark(meeting, by, now):
        raise NotAllowed("the window is closed")
    remark = Remark.objects.create(
        group_id=meeting.group_id,
        meeting=meeting,
        organisation_id=by.organisation_id,
        text=text,
        made_at=now,
        made_by=by,
        client_uuid=client_uuid,
    )
    audit.append(what="minutes.remark", by=by, on=remark, now=now)
    return remark


@transaction.atomic
def correct_minutes(
    *, meeting: Meeting, version: int, notes: Sequence[str], guests: str, what: str, by: Membership, now: datetime
) -> Edition:
    """The minutes' next version: other notes, in the items' order, and what was changed. The earlier ones stay.

    Raises Stale when `version` is no longer the latest, NotAllowed before the meeting is closed.
    """
    meeting = locked(meeting)
    latest = latest_minutes(meeting)
    if meeting.state != MeetingState.CLOSED or latest is None:
        raise NotAllowed(meeting.state)
    if latest.version != version:
        if latest.version == version + 1 and minutes.is_correction(latest.frozen, notes, guests, what):
            return latest  # the same form, sent twice
        raise Stale
    edition = Edition.objects.create(
        group_id=meeting.group_id,
        meeting=meeting,
        kind=EditionKind.MINUTES,
        version=version + 1,
        frozen=minutes.corrected(
            latest.frozen,
            notes,
            guests,
            what,
            version=version + 1,
            who=by.organisation.name,
            at=now,
            chain=minutes.chain_head(meeting.group_id),
        ),
        frozen_at=now,
        frozen_by=by,
    )
    order_document(edition, now=now)
    audit.append(what="minutes.correct", by=by, on=edition, now=now, fields=["notes"])
    return edition
