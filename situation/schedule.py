"""The calendar of sittings, made ahead as rows, each with the job that prepares it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db import transaction

from est_site import audit, jobs, periods
from est_site.models import Job, JobState
from est_site.partners.calendar import extend_periods
from est_site.partners.models import Group, Period
from situation.models import Meeting, MeetingKind, MeetingState

HORIZON = timedelta(weeks=8)
NIGHT = time(0, 30)  # when a period that has ended is judged, in the group's own time


@transaction.atomic
def plan_ahead(*, group: Group, now: datetime) -> list[Meeting]:
    """Periods up to the horizon, a sitting after each that has none, and the next planning itself. Safe to repeat."""
    Group.objects.select_for_update().get(pk=group.pk)  # two at once would plan the same sittings
    today = now.astimezone(group.zone).date()
    extend_periods(group, today + HORIZON)
    waiting = Period.objects.filter(
        group=group, meetings__isnull=True, last_day__gte=today - timedelta(days=7)
    ).regular()
    planned = [plan_meeting(group=group, period=period) for period in waiting]
    for period in Period.objects.filter(group=group, last_day__gte=today - timedelta(days=7)).regular():
        order_evaluation(period, group, after=period.last_day)
    ahead = Meeting.objects.filter(group=group, state=MeetingState.PLANNED, period__deadline__gt=now)
    for meeting in ahead.select_related("period"):  # those planned before there were reminders
        if meeting.period.deadline is not None:
            order_reminder(meeting, meeting.period.deadline)
    week = periods.IsoWeek.of(today).shift(1)
    jobs.due(
        "schedule.plan",
        group_id=group.pk,
        key=f"schedule.plan:{week.label()}",
        at=periods.due_before(week.first_day, group.meeting_time, 0, group.zone),
    )
    if planned:
        audit.append(what="schedule.plan", by=None, on=None, now=now, count=len(planned))
    return planned


def plan_meeting(*, group: Group, period: Period) -> Meeting:
    """The sitting that looks at a period: on the group's weekday after it, at the group's wall time."""
    span = periods.Span("week" if period.kind == "regular" else "quarter", period.first_day, period.last_day)
    day = periods.session_day(span, group.weekday)
    starts = periods.local_instant(day, group.meeting_time, group.zone)
    period.deadline = periods.due_before(day, group.meeting_time, group.deadline_lead_hours, group.zone)
    period.save(update_fields=["deadline"])
    meeting = Meeting.objects.create(
        group=group,
        kind=MeetingKind.WEEKLY,
        period=period,
        starts_at=starts,
        ends_at=starts + timedelta(minutes=group.meeting_minutes),
        place=group.meeting_place,
    )
    due = periods.due_before(day, group.meeting_time, group.prepare_lead_hours, group.zone)
    jobs.due(
        "meeting.prepare", group_id=group.pk, key=f"meeting.prepare:{meeting.pk}", at=due, ids={"meeting": meeting.pk}
    )
    order_reminder(meeting, period.deadline)
    return meeting


def order_reminder(meeting: Meeting, deadline: datetime) -> None:
    """Whoever has said nothing by the deadline is asked once; of no use when the meeting has begun."""
    jobs.due(
        "meeting.remind",
        group_id=meeting.group_id,
        key=f"meeting.remind:{meeting.pk}",
        at=deadline,
        ids={"meeting": meeting.pk},
        last_sensible=max(meeting.starts_at - deadline, timedelta(0)),
    )


def order_evaluation(period: Period, group: Group, *, after: date) -> None:
    """Judge a period in the night after that day; its own last one, or one on which it was judged already."""
    night = after + timedelta(days=1)
    jobs.due(
        "picture.evaluate",
        group_id=group.pk,
        key=f"picture.evaluate:{period.pk}:{night}",
        at=periods.local_instant(night, NIGHT, group.zone),
        ids={"period": period.pk},
    )


@transaction.atomic
def move_meeting(*, meeting: Meeting, starts_at: datetime) -> Meeting:
    """Hold a planned sitting at another time; what prepares it moves along."""
    group = meeting.group
    length = meeting.ends_at - meeting.starts_at
    meeting.starts_at, meeting.ends_at = starts_at, starts_at + length
    meeting.version += 1
    meeting.save()
    local = starts_at.astimezone(group.zone)
    due = periods.due_before(local.date(), local.time(), group.prepare_lead_hours, group.zone)
    Job.objects.filter(group=group, dedupe_key=f"meeting.prepare:{meeting.pk}", state=JobState.DUE).update(due_at=due)
    deadline = periods.due_before(local.date(), local.time(), group.deadline_lead_hours, group.zone)
    Job.objects.filter(group=group, dedupe_key=f"meeting.remind:{meeting.pk}", state=JobState.DUE).update(
        due_at=deadline, last_sensible_at=starts_at
    )
    return meeting
