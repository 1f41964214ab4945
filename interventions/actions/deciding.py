"""What a meeting decides on an intervention."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from est_site import audit
from est_site.partners.models import Area, Category, Membership, Organisation, Place
from incidents.models import Visibility
from interventions.models import (
    TRANSITIONS,
    Decision,
    DecisionKind,
    Intervention,
    InterventionStatus,
)
from situation.actions import NotAllowed, open_now, touch
from situation.models import Meeting, MeetingState


@dataclass(frozen=True)
class NewIntervention:
    """What a decision to start says: what, why, where, when, who."""

    what: str
    responsible: Organisation
    first_day: date
    last_day: date | None = None
    hours: str = ""
    why: str = ""
    type: str = ""
    area: Area | None = None
    place: Place | None = None
    category: Category | None = None
    visibility: str = Visibility.GROUP
    follow_up_on: date | None = None


@transaction.atomic
def start_intervention(
    *, meeting: Meeting, new: NewIntervention, client_uuid: uuid.UUID, by: Membership, now: datetime
) -> Decision:
    """Decide on a new intervention. The same form twice is the same decision."""
    meeting = open_now(meeting)
    before = Decision.objects.filter(group_id=meeting.group_id, client_uuid=client_uuid).first()
    if before is not None:
        return before
    intervention = _create(new, meeting.group_id, client_uuid, None)
    decision = _decide(
        meeting,
        intervention,
        DecisionKind.START,
        by=by,
        now=now,
        client_uuid=client_uuid,
        reason=new.why,
        follow_up_on=intervention.follow_up_on,
    )
    audit.append(what="decision.start", by=by, on=decision, now=now)
    return decision


@transaction.atomic
def follow_up(
    *,
    meeting: Meeting,
    intervention: Intervention,
    kind: str,
    delivered: str = "",
    reason: str = "",
    follow_up_on: date | None = None,
    successor: NewIntervention | None = None,
    client_uuid: uuid.UUID,
    by: Membership,
    now: datetime,
) -> Decision:
    """Continue, expand, replace or end a running intervention, or start or drop a proposed one.

    Replacing creates the successor, linked and decided.
    """
    meeting = open_now(meeting)
    before = Decision.objects.filter(group_id=meeting.group_id, client_uuid=client_uuid).first()
    if before is not None:
        return before
    intervention = Intervention.objects.select_for_update().get(pk=intervention.pk)
    to = TRANSITIONS.get((intervention.status, kind))
    if to is None:
        raise NotAllowed(f"{intervention.status}, {kind}")
    if (kind == DecisionKind.REPLACE) != (successor is not None):
        raise ValidationError(_("Replacing needs the intervention that takes over."))
    ends = kind in (DecisionKind.END, DecisionKind.REPLACE, DecisionKind.DROP)
    intervention.status = to
    intervention.follow_up_on = None if ends else follow_up_on or next_follow_up(meeting)
    intervention.version += 1
    intervention.save()
    decision = _decide(
        meeting,
        intervention,
        kind,
        by=by,
        now=now,
        client_uuid=client_uuid,
        reason=reason,
        delivered=delivered,
        follow_up_on=intervention.follow_up_on,
    )
    if successor is not None:
        started = uuid.uuid5(client_uuid, "successor")
        heir = _create(successor, meeting.group_id, started, intervention)
        _decide(
            meeting,
            heir,
            DecisionKind.START,
            by=by,
            now=now,
            client_uuid=started,
            reason=successor.why,
            follow_up_on=heir.follow_up_on,
        )
    audit.append(what=f"decision.{kind}", by=by, on=decision, now=now)
    return decision


@transaction.atomic
def propose(*, new: NewIntervention, client_uuid: uuid.UUID, by: Membership, now: datetime) -> Intervention:
    """Propose an intervention to the next meeting, for the member's organisation. The same form twice is the same one."""
    before = Intervention.objects.filter(group_id=by.group_id, client_uuid=client_uuid).first()
    if before is not None:
        return before
    mine = {"status": InterventionStatus.PROPOSED, "proposed_by_id": by.organisation_id, "proposed_at": now}
    row = _create(new, by.group_id, client_uuid, None, follow_up_on=None, **mine)
    _touch_open(by.group_id)
    audit.append(what="intervention.propose", by=by, on=row, now=now)
    return row


@transaction.atomic
def withdraw_proposal(*, intervention: Intervention, by: Membership, now: datetime) -> Intervention:
    """The organisation takes its own proposal back while nobody has decided on it; said again it changes nothing."""
    row = Intervention.objects.select_for_update().get(pk=intervention.pk)
    if row.status == InterventionStatus.DROPPED and not row.decisions.exists():
        return row
    if row.status != InterventionStatus.PROPOSED or row.proposed_by_id != by.organisation_id:
        raise NotAllowed(row.status)
    row.status = InterventionStatus.DROPPED
    row.version += 1
    row.save(update_fields=["status", "version"])
    _touch_open(by.group_id)
    audit.append(what="intervention.withdraw", by=by, on=row, now=now, fields=["status"])
    return row


def _touch_open(group_id: int) -> None:
    """A meeting that goes on shows it at once."""
    Meeting.objects.filter(group_id=group_id, state=MeetingState.OPEN).update(version=F("version") + 1)


def next_follow_up(meeting: Meeting) -> date:
    """The day of the next sitting: when a decision is looked at unless somebody says otherwise."""
    following = (
        Meeting.objects.filter(group_id=meeting.group_id, starts_at__gt=meeting.starts_at)
        .weekly()
        .exclude(state=MeetingState.CANCELLED)
        .order_by("starts_at")
        .first()
    )
    if following is not None:
        return following.local_start.date()
    return meeting.local_start.date() + timedelta(weeks=meeting.group.cadence)


def _create(
    new: NewIntervention, group_id: int, client_uuid: uuid.UUID, replaces: Intervention | None, **fields: Any
) -> Intervention:
    known = {"status": InterventionStatus.RUNNING, "follow_up_on": new.follow_up_on} | fields
    intervention = Intervention(
        group_id=group_id,
        what=new.what,
        why=new.why,
        type=new.type,
        area=new.area or (new.place.area if new.place else None),
        place=new.place,
        category=new.category,
        first_day=new.first_day,
        last_day=new.last_day,
        hours=new.hours,
        responsible=new.responsible,
        replaces=replaces,
        visibility=new.visibility,
        client_uuid=client_uuid,
        **known,
    )
    intervention.save()
    return intervention


def _decide(
    meeting: Meeting,
    intervention: Intervention,
    kind: str,
    *,
    by: Membership,
    now: datetime,
    client_uuid: uuid.UUID,
    reason: str,
    delivered: str = "",
    follow_up_on: date | None,
) -> Decision:
    last = meeting.decisions.aggregate(n=Max("number"))["n"] or 0  # the meeting's row is locked: no number twice
    touch(meeting)
    return Decision.objects.create(
        group_id=meeting.group_id,
        intervention=intervention,
        meeting=meeting,
        number=last + 1,
        kind=kind,
        delivered=delivered,
        reason=reason,
        what=intervention.what,
        follow_up_on=follow_up_on,
        decided_at=now,
        decided_by=by,
        client_uuid=client_uuid,
    )
