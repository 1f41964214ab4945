"""A sitting at another hour or place: what prepares it moves along, and who was invited is told."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from est_site import audit, periods
from est_site.partners.models import Membership
from interventions import minutes
from interventions.actions import Stale, invite, latest_minutes, order_document
from interventions.models import Edition, EditionKind
from situation.actions import NotAllowed
from situation.models import Meeting, MeetingState
from situation.schedule import HORIZON, move_meeting


@transaction.atomic
def move_sitting(
    *, meeting: Meeting, version: int, day: date, at: time, where: str, by: Membership, now: datetime
) -> Meeting:
    """Hold a planned sitting on a local `day` `at` a wall time. Safe to repeat.

    Raises ValidationError with `day` or `at` where it cannot be held then, NotAllowed when it is no longer planned and
    Stale when somebody else changed it meanwhile.
    A sitting that is prepared gets a new version of its agenda, and its participants a letter.
    """
    meeting = Meeting.objects.select_for_update(of=("self",)).select_related("group", "period").get(pk=meeting.pk)
    group = meeting.group
    _within_reach(meeting, day)
    starts_at = periods.local_instant(day, at, group.zone)
    if (meeting.starts_at, meeting.place) == (starts_at, where):
        return meeting
    if meeting.state != MeetingState.PLANNED:
        raise NotAllowed(meeting.state)
    if meeting.version != version:
        raise Stale
    if starts_at != meeting.starts_at:
        if starts_at <= now:
            raise ValidationError({"at": _("That hour has passed. Choose one to come.")})
        _between_its_neighbours(meeting, starts_at)
    meeting.place = where
    meeting = move_meeting(meeting=meeting, starts_at=starts_at)
    meeting.period.deadline = periods.due_before(day, at, group.deadline_lead_hours, group.zone)
    meeting.period.save(update_fields=["deadline"])
    if meeting.prepared_at is not None:
        _prepared_again(meeting, now)
    audit.append(what="meeting.move", by=by, on=meeting, now=now, fields=["starts_at", "place"])
    return meeting


def _within_reach(meeting: Meeting, day: date) -> None:
    ends = meeting.period.last_day
    words = {"weeks": meeting.period.weeks_text, "day": date_format(ends, "j F")}
    if day <= ends:
        raise ValidationError(
            {"day": _("The meeting looks at week %(weeks)s, which ends on %(day)s. Choose a later day.") % words}
        )
    if day > ends + HORIZON:
        words["weeks"] = str(HORIZON // timedelta(weeks=1))
        raise ValidationError({"day": _("Choose a day at most %(weeks)s weeks after %(day)s.") % words})


def _between_its_neighbours(meeting: Meeting, starts_at: datetime) -> None:
    """Sittings are held in the order of the periods they look at: each follows up what the one before decided."""
    others = Meeting.objects.filter(group_id=meeting.group_id).weekly().exclude(state=MeetingState.CANCELLED)
    after = others.filter(period__first_day__gt=meeting.period.last_day, starts_at__lte=starts_at)
    before = others.filter(period__last_day__lt=meeting.period.first_day, starts_at__gte=starts_at)
    for other in after.select_related("group").order_by("starts_at")[:1]:
        words = {"day": date_format(other.local_start, "j F H.i")}
        raise ValidationError({"day": _("The next meeting is held on %(day)s. Choose an earlier time.") % words})
    for other in before.select_related("group").order_by("-starts_at")[:1]:
        words = {"day": date_format(other.local_start, "j F H.i")}
        raise ValidationError({"day": _("The meeting before it is held on %(day)s. Choose a later time.") % words})


def _prepared_again(meeting: Meeting, now: datetime) -> None:
    """The figures stay frozen; the agenda says the new hour."""
    latest = meeting.editions.filter(kind=EditionKind.AGENDA).order_by("-version").first()
    if latest is None:
        return
    agenda = Edition.objects.create(
        group_id=meeting.group_id,
        meeting=meeting,
        kind=EditionKind.AGENDA,
        version=latest.version + 1,
        frozen=latest.frozen | minutes.head(meeting),
        frozen_at=now,
    )
    order_document(agenda, now=now)
    previous = Meeting.objects.filter(group_id=meeting.group_id).weekly().held_before(meeting.starts_at).first()
    invite(meeting, agenda, None if previous is None else latest_minutes(previous), now, moved=True)
