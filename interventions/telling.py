"""After a meeting: who wants to hear what became of their reports is told where it stands."""

from __future__ import annotations

from datetime import datetime

from est_site import jobs, mail
from est_site.access import Permission, may
from est_site.models import Job
from est_site.partners.models import Membership
from incidents.models import Incident, IncidentQuerySet
from situation.models import Meeting, MeetingState


def order_letters(meeting: Meeting, *, now: datetime) -> Job:
    """The job that decides on the letters, in the transaction that closes the meeting."""
    key = f"meeting.tell_reporters:{meeting.pk}"
    return jobs.due("meeting.tell_reporters", group_id=meeting.group_id, key=key, at=now, ids={"meeting": meeting.pk})


def tell_reporters(*, meeting: Meeting, now: datetime) -> None:
    """One letter for each period to each member who asked for it and logged something of that period."""
    if meeting.state != MeetingState.CLOSED:
        return
    today = now.astimezone(meeting.group.zone).date()
    wanting = Membership.objects.filter(group_id=meeting.group_id, wants_weekly_mail=True).active(today)
    for member in wanting.order_by("pk"):
        if may(member, Permission.REPORT) and reported(meeting, member.pk).exists():
            key = f"period-{meeting.period_id}"
            mail.post("incident.became", member=member, key=key, now=now, ids={"meeting": meeting.pk})


def reported(meeting: Meeting, member_id: int) -> IncidentQuerySet:
    """What a member logged of the period the meeting looked at, and has not taken back."""
    own = Incident.objects.filter(group_id=meeting.group_id, reporter_id=member_id, withdrawn_at=None)
    found: IncidentQuerySet = own.between(meeting.period.first_day, meeting.period.last_day)
    return found
