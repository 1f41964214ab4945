"""A whole sitting at once, for a period that lies behind: what the screen does step by step, by one person."""

from __future__ import annotations

from datetime import datetime

from est_site.partners.models import Membership, Period
from interventions.actions import close_meeting, prepare_meeting
from interventions.models import Edition
from situation.actions import open_meeting, set_attendance
from situation.models import Meeting
from situation.schedule import plan_meeting


def hold_meeting(*, period: Period, by: Membership, now: datetime) -> Edition:
    """Prepare, open and close the sitting that looks at a period; the minutes. Held already, the minutes there are.

    Only the organisation of `by` is noted as present: nobody else was asked.
    """
    meeting = Meeting.objects.filter(period=period).weekly().first()
    if meeting is None:
        meeting = plan_meeting(group=by.group, period=period)
    meeting = prepare_meeting(meeting=meeting, now=now)
    if meeting.state == "planned":
        open_meeting(meeting=meeting, by=by, now=now)
        set_attendance(meeting=meeting, present={by.organisation_id}, by=by, now=now)
    return close_meeting(meeting=meeting, by=by, now=now)
