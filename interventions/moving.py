"""A sitting at another hour or place: what prepares it moves along, and who was invited is told."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from est_site import audit, mail, periods
from est_site.models import Job, JobState, Notification
from est_site.partners.models import Membership, Period
from interventions.actions import Stale, invite, make_agenda, minutes_before
from interventions.models import Intervention, InterventionStatus
from situation.actions import NotAllowed, locked
from situation.models import Meeting, MeetingState
from situation.schedule import move_meeting

ABOUT_TO_COME = ("meeting.invitation", "meeting.reminder")  # letters that make no sense when it is not held


@transaction.atomic
def move_sitting(
    *, meeting: Meeting, version: int, day: date, at: time, where: str, by: Membership, now: datetime
) -> Meeting:
    """Hold a planned sitting on a local `day` `at` a wall time. Safe to repeat.

    Raises ValidationError with `day` or `at` where it cannot be held then, NotAllowed when it is no longer planned and
    Stale when somebody else changed it meanwhile.
    A sitting that is prepared gets a new version of its agenda, and its participants a letter.
    """
    meeting = locked(meeting)
    group = meeting.group
    _within_reach(meeting, day)
    starts_at = periods.local_instant(day, at, group.zone)
    if (meeting.starts_at, meeting.place) == (starts_at, where):
        return meeting
    if meeting.state != MeetingState.PLANNED:
        raise NotAllowed(meeting.state)
    if meeting.version != version:
        raise Stale
    if starts_at != meeting.starts_at and starts_at <= now:
        raise ValidationError({"at": _("That hour has passed. Choose one to come.")})
    was, meeting.place = meeting.local_start.date(), where
    meeting = move_meeting(meeting=meeting, starts_at=starts_at)
    _follow_ups_move_along(meeting, was)
    meeting.period.deadline = periods.due_before(day, at, group.deadline_lead_hours, group.zone)
    meeting.period.save(update_fields=["deadline"])
    if meeting.prepared_at is not None:
        _prepare_again(meeting, now)
    audit.append(what="meeting.move", by=by, on=meeting, now=now, fields=["starts_at", "place"])
    return meeting


@transaction.atomic
def cancel_sitting(*, meeting: Meeting, version: int, by: Membership, now: datetime) -> Meeting:
    """A planned sitting is not held. What it was to decide is due and comes back; whoever was invited is told. Once.

    A letter about it that has not left yet never does.

    Raises NotAllowed when it is no longer planned and Stale when somebody else changed it meanwhile.
    """
    meeting = locked(meeting)
    if meeting.state == MeetingState.CANCELLED:
        return meeting
    if meeting.state != MeetingState.PLANNED:
        raise NotAllowed(meeting.state)
    if meeting.version != version:
        raise Stale
    meeting.state = MeetingState.CANCELLED
    meeting.version += 1
    meeting.save(update_fields=["state", "version"])
    told = Notification.objects.filter(group_id=meeting.group_id, ids__meeting=meeting.pk, kind__in=ABOUT_TO_COME)
    invited = told.filter(kind="meeting.invitation").exclude(dedupe_key__in=_taken_back(told, now))
    for member in Membership.objects.filter(pk__in=invited.values("member")).select_related("group").order_by("pk"):
        mail.post("meeting.cancelled", member=member, key=str(meeting.pk), now=now, ids={"meeting": meeting.pk})
    audit.append(what="meeting.cancel", by=by, on=meeting, now=now)
    return meeting


def _taken_back(letters: QuerySet[Notification], now: datetime) -> list[str]:
    """Those that had not left and now never will, by their keys."""
    jobs = {f"mail.send:{key}": key for key in letters.filter(sent_at=None).values_list("dedupe_key", flat=True)}
    sending = Job.objects.filter(group_id__in=letters.values("group_id")[:1], dedupe_key__in=list(jobs))
    sending.filter(state=JobState.DUE).update(state=JobState.CANCELLED, done_at=now)
    return [jobs[key] for key in sending.filter(state=JobState.CANCELLED).values_list("dedupe_key", flat=True)]


def _within_reach(meeting: Meeting, day: date) -> None:
    """After the period it looks at and before the next one is over: so no two meet in one week, nor out of order."""
    period = meeting.period
    following = Period.objects.filter(group_id=meeting.group_id, first_day__gt=period.last_day).regular()
    after = following.order_by("first_day").first()
    last = after.last_day if after else period.last_day + timedelta(weeks=meeting.group.cadence)
    if not period.last_day < day <= last:
        words = {"first": period.last_day + timedelta(days=1), "last": last}
        said = _("Choose a day from %(first)s to %(last)s: after the period it looks at, before the next one is over.")
        raise ValidationError({"day": said % {name: date_format(one, "j F") for name, one in words.items()}})


def _follow_ups_move_along(meeting: Meeting, was: date) -> None:
    """What was to be looked at on the day of the sitting is looked at at the sitting."""
    due = Intervention.objects.filter(group_id=meeting.group_id, follow_up_on=was).select_for_update()
    for intervention in due.filter(status=InterventionStatus.RUNNING):
        intervention.follow_up_on = meeting.local_start.date()
        intervention.version += 1
        intervention.save(update_fields=["follow_up_on", "version"])


def _prepare_again(meeting: Meeting, now: datetime) -> None:
    """The figures stay frozen; the agenda is made anew, and who was invited is told."""
    picture = meeting.pictures.order_by("-version").first()
    if picture is None:
        return
    agenda, before = make_agenda(meeting, picture, now), minutes_before(meeting)
    invite(meeting, agenda, before, now, moved=True)
