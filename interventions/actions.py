"""Writes of the meeting: preparing it, deciding in it, closing it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Max
from django.utils import translation
from django.utils.translation import gettext as _

from est_site import audit, filing, jobs, mail
from est_site.models import Document, Job
from est_site.partners.models import Area, Category, Membership, Organisation, Place, Role
from incidents.models import Visibility
from interventions import minutes
from interventions.agenda import Running, build_agenda
from interventions.models import (
    TRANSITIONS,
    AgendaItem,
    Decision,
    DecisionKind,
    Edition,
    EditionKind,
    Intervention,
    InterventionStatus,
)
from interventions.telling import order_letters
from situation.actions import NotAllowed, freeze_picture, move
from situation.models import Meeting, MeetingState, Picture


class Stale(Exception):
    """Somebody else wrote meanwhile: 409, both texts are shown and nothing is lost."""


def running_for(meeting: Meeting) -> list[Running]:
    """The interventions a meeting has to look at, with what the one before did about them."""
    previous = Meeting.objects.filter(group_id=meeting.group_id).weekly().held_before(meeting.starts_at).first()
    decided: set[int] = set()
    if previous is not None:
        decided = set(previous.decisions.values_list("intervention_id", flat=True))
    open_ones = Intervention.objects.filter(
        group_id=meeting.group_id, status__in=[InterventionStatus.RUNNING, InterventionStatus.PROPOSED]
    ).shared()
    return [
        Running(
            id=i.pk,
            what=i.what,
            responsible=i.responsible.name,
            status=i.status,
            follow_up_on=i.follow_up_on,
            decided_last_time=i.pk in decided,
            was_due_last_time=previous is not None
            and i.follow_up_on is not None
            and i.follow_up_on <= previous.local_start.date(),
        )
        for i in open_ones.select_related("responsible")
    ]


@transaction.atomic
def prepare_meeting(*, meeting: Meeting, now: datetime) -> Meeting:
    """What a worker does before the sitting: picture, agenda, its PDF, the last minutes' PDF, letters. Once, however often."""
    meeting = Meeting.objects.select_for_update(of=("self",)).select_related("group", "period").get(pk=meeting.pk)
    if meeting.state != MeetingState.PLANNED or meeting.prepared_at is not None:
        return meeting
    picture = freeze_picture(meeting=meeting, now=now)
    agenda, before = make_agenda(meeting, picture, now), minutes_before(meeting)
    if before is not None:
        order_document(before, now=now)
    meeting.prepared_at = now
    meeting.version += 1
    meeting.save(update_fields=["prepared_at", "version"])
    invite(meeting, agenda, before, now)
    audit.append(what="meeting.prepare", by=None, on=meeting, now=now)
    return meeting


def make_agenda(meeting: Meeting, picture: Picture, now: datetime) -> Edition:
    """The items with their reasons, whatever is noted beside them, and the agenda's next version with its PDF."""
    items = build_agenda(picture.frozen, running_for(meeting), day=meeting.local_start.date())
    AgendaItem.objects.bulk_create(
        [
            AgendaItem(group_id=meeting.group_id, meeting=meeting, position=n, kind=kind, reasons=reasons)
            for n, (kind, reasons) in enumerate(items, start=1)
        ],
        update_conflicts=True,
        unique_fields=["group", "meeting", "kind"],
        update_fields=["position", "reasons"],
    )
    latest = meeting.editions.filter(kind=EditionKind.AGENDA).aggregate(n=Max("version"))["n"] or 0
    agenda = Edition.objects.create(
        group_id=meeting.group_id,
        meeting=meeting,
        kind=EditionKind.AGENDA,
        version=latest + 1,
        frozen=minutes.agenda_content(meeting, picture, items),
        frozen_at=now,
    )
    order_document(agenda, now=now)
    return agenda


def minutes_before(meeting: Meeting) -> Edition | None:
    """Those of the meeting that was held last before this one."""
    previous = Meeting.objects.filter(group_id=meeting.group_id).weekly().held_before(meeting.starts_at).first()
    return None if previous is None else latest_minutes(previous)


@transaction.atomic
def order_preparation(*, meeting: Meeting, by: Membership, now: datetime) -> Job:
    """Somebody waits for the agenda: the worker's job is due now, and begins anew if it had stopped."""
    job = jobs.due(
        "meeting.prepare",
        group_id=meeting.group_id,
        key=f"meeting.prepare:{meeting.pk}",
        at=now,
        ids={"meeting": meeting.pk},
    )
    jobs.hurry(job, now)
    jobs.retry(job, now)
    audit.append(what="meeting.order", by=by, on=meeting, now=now)
    return job


def latest_minutes(meeting: Meeting) -> Edition | None:
    return meeting.editions.filter(kind=EditionKind.MINUTES).order_by("-version").first()


def order_document(edition: Edition, *, now: datetime) -> Document:
    """The PDF of an edition, from a worker, the first time somebody needs it."""
    with translation.override(edition.meeting.group.language):
        title = minutes.title(edition.kind, edition.frozen)
    return filing.order(
        edition.kind,
        group_id=edition.group_id,
        subject_id=edition.pk,
        version=edition.version,
        title=title,
        now=now,
    )


def invite(meeting: Meeting, agenda: Edition, before: Edition | None, now: datetime, *, moved: bool = False) -> None:
    """Letters about a sitting to come; one that is over, or over before the letter can leave, invites nobody."""
    if meeting.ends_at <= now:
        return
    day = now.astimezone(meeting.group.zone).date()
    participants = Membership.objects.filter(group_id=meeting.group_id, role__in=[Role.MEMBER, Role.COORDINATOR])
    for member in participants.active(day).select_related("user"):
        ids = {"meeting": meeting.pk, "agenda": agenda.pk}
        if before is not None:
            ids["minutes"] = before.pk
        key = str(meeting.pk)
        if moved:
            ids, key = ids | {"moved": agenda.version}, f"{meeting.pk}:{agenda.version}"
        mail.post("meeting.invitation", member=member, key=key, now=now, ids=ids, sensible=meeting.ends_at - now)


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
    meeting = _open(meeting)
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
    """Continue, expand, replace or end a running intervention. Replacing creates the successor, linked and decided."""
    meeting = _open(meeting)
    before = Decision.objects.filter(group_id=meeting.group_id, client_uuid=client_uuid).first()
    if before is not None:
        return before
    intervention = Intervention.objects.select_for_update().get(pk=intervention.pk)
    to = TRANSITIONS.get((intervention.status, kind))
    if to is None:
        raise NotAllowed(f"{intervention.status}, {kind}")
    if (kind == DecisionKind.REPLACE) != (successor is not None):
        raise ValidationError(_("Replacing needs the intervention that takes over."))
    ends = kind in (DecisionKind.END, DecisionKind.REPLACE)
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


def _create(new: NewIntervention, group_id: int, client_uuid: uuid.UUID, replaces: Intervention | None) -> Intervention:
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
        status=InterventionStatus.RUNNING,
        follow_up_on=new.follow_up_on,
        replaces=replaces,
        visibility=new.visibility,
        client_uuid=client_uuid,
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
    Meeting.objects.filter(pk=meeting.pk).update(version=F("version") + 1)
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


@transaction.atomic
def write_note(*, item: AgendaItem, note: str, version: int, by: Membership, now: datetime) -> AgendaItem:
    """The words for one agenda item; raises `Stale` when somebody saved others meanwhile."""
    _open(item.meeting)
    changed = AgendaItem.objects.filter(pk=item.pk, version=version).update(note=note, version=version + 1)
    if not changed:
        raise Stale
    Meeting.objects.filter(pk=item.meeting_id).update(version=F("version") + 1)
    item.refresh_from_db()
    audit.append(what="meeting.note", by=by, on=item, now=now, fields=["note"])
    return item


@transaction.atomic
def close_meeting(*, meeting: Meeting, by: Membership, now: datetime) -> Edition:
    """Close the sitting: its minutes are frozen and numbered, a worker makes the PDF. Closing twice changes nothing."""
    meeting = Meeting.objects.select_for_update(of=("self",)).select_related("group", "period").get(pk=meeting.pk)
    if meeting.state == MeetingState.CLOSED:
        return Edition.objects.get(meeting=meeting, kind=EditionKind.MINUTES, version=1)
    move(meeting, MeetingState.CLOSED)
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
    order_letters(meeting, now=now)
    audit.append(what="meeting.close", by=by, on=meeting, now=now)
    return edition


def _open(meeting: Meeting) -> Meeting:
    meeting = Meeting.objects.select_for_update(of=("self",)).select_related("group").get(pk=meeting.pk)
    if meeting.state != MeetingState.OPEN:
        raise NotAllowed(meeting.state)
    return meeting
