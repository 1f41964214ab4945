"""What is done before a sitting: picture, agenda, letters."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import translation

from est_site import audit, filing, jobs, mail
from est_site.models import Document, Job
from est_site.partners.models import Membership, Role
from interventions import minutes
from interventions.actions import arranging
from interventions.agenda import Running, Waiting, build_agenda
from interventions.models import (
    AgendaItem,
    Edition,
    EditionKind,
    Information,
    Intervention,
    InterventionStatus,
)
from situation.actions import NotAllowed, freeze_picture, locked
from situation.models import Meeting, MeetingState, Picture


def running_for(meeting: Meeting) -> list[Running]:
    """The interventions a meeting has to look at, with what the one before did about them."""
    previous = meeting.previous()
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
            proposed_by=i.proposed_by.name if i.proposed_by else "",
            waited=previous is not None
            and i.proposed_at is not None
            and previous.closed_at is not None
            and i.proposed_at < previous.closed_at,
        )
        for i in open_ones.select_related("responsible", "proposed_by")
    ]


@transaction.atomic
def prepare_meeting(*, meeting: Meeting, now: datetime) -> Meeting:
    """What a worker does before the sitting: picture, agenda, its PDF, the last minutes' PDF, letters. Once, however often."""
    meeting = locked(meeting)
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
    """The items with their reasons, whatever is noted beside them, and the agenda's next version with its PDF.

    What was arranged stays as it was arranged; what the last meeting parked comes back and says so.
    """
    day = meeting.local_start.date()
    standing = build_agenda(picture.frozen, running_for(meeting), day=day, waiting=waiting_for(meeting))
    arranging.fill(meeting, standing)
    latest = Edition.objects.of_the_group(meeting, EditionKind.AGENDA).values_list("version", flat=True).first() or 0
    agenda = Edition.objects.create(
        group_id=meeting.group_id,
        meeting=meeting,
        kind=EditionKind.AGENDA,
        version=latest + 1,
        frozen=minutes.agenda_content(meeting, picture, AgendaItem.objects.on_the_agenda(meeting).shared()),
        frozen_at=now,
    )
    order_document(agenda, now=now)
    return agenda


def waiting_for(meeting: Meeting) -> list[Waiting]:
    """The information out that earlier meetings decided on and that waits still, the first due first."""
    rows = Information.objects.filter(group_id=meeting.group_id).waiting().exclude(meeting=meeting)
    return [
        Waiting(id=row.pk, recipient=row.recipient, responsible=row.responsible.name, due_on=row.due_on)
        for row in rows.select_related("responsible")
    ]


@transaction.atomic
def renew_agenda(*, meeting: Meeting, by: Membership, now: datetime) -> Edition:
    """A new version of the agenda as it is arranged now; nobody is sent a letter about it."""
    meeting = locked(meeting)
    picture = meeting.pictures.order_by("-version").first()
    if meeting.state != MeetingState.PLANNED or picture is None:
        raise NotAllowed(meeting.state)
    agenda = make_agenda(meeting, picture, now)
    audit.append(what="meeting.agenda", by=by, on=agenda, now=now)
    return agenda


def minutes_before(meeting: Meeting) -> Edition | None:
    """Those of the meeting that was held last before this one."""
    previous = meeting.previous()
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
    return Edition.objects.of_the_group(meeting, EditionKind.MINUTES).first()


def order_document(edition: Edition, *, now: datetime) -> Document:
    """The PDF of an edition, from a worker, the first time somebody needs it."""
    with translation.override(edition.meeting.group.language):
        title = minutes.title_of(edition)
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
