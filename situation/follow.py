"""Sittings follow the calendar when the coordinator edits it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from est_site.models import Job, JobState
from est_site.partners import calendar
from est_site.partners.models import Period
from situation.models import Evaluation, Meeting, MeetingState
from situation.schedule import move_meeting


def follow_calendar(changed: Sequence[Period], gone: Sequence[Period], now: datetime) -> None:
    """A planned sitting moves to the end of its period; one whose period goes is not held, nor prepared."""
    Evaluation.objects.filter(period__in=[*gone, *changed]).delete()  # of other days than the period has now
    for meeting in Meeting.objects.filter(period__in=gone, state=MeetingState.PLANNED):
        Job.objects.filter(
            group_id=meeting.group_id,
            dedupe_key__in=[f"meeting.{what}:{meeting.pk}" for what in ("prepare", "remind")],
            state=JobState.DUE,
        ).update(state=JobState.CANCELLED, done_at=now)
        meeting.delete()
    planned = Meeting.objects.filter(period__in=changed, state=MeetingState.PLANNED).select_related("period", "group")
    for meeting in planned.order_by("starts_at"):
        period = meeting.period
        period.deadline, starts_at = calendar.due(meeting.group, period)
        period.save(update_fields=["deadline"])
        meeting.place = meeting.group.meeting_place
        meeting.ends_at = meeting.starts_at + timedelta(minutes=meeting.group.meeting_minutes)
        move_meeting(meeting=meeting, starts_at=starts_at)
