"""The one reminder: an organisation that has said nothing by the deadline is asked, kindly, before the meeting."""

from __future__ import annotations

from datetime import datetime

from est_site import mail
from est_site.partners.models import Membership, Organisation, Role
from incidents.models import CalmReport, Incident
from situation.models import Meeting, MeetingState


def silent(meeting: Meeting) -> list[Organisation]:
    """Those expected to report that have said nothing of the meeting's period, not even that it was calm somewhere."""
    period = meeting.period
    own = Incident.objects.filter(group_id=meeting.group_id).standing().between(period.first_day, period.last_day)
    calm = CalmReport.objects.filter(group_id=meeting.group_id, period=period)
    said = set(own.values_list("organisation_id", flat=True)) | set(calm.values_list("organisation_id", flat=True))
    expected = Organisation.objects.filter(group_id=meeting.group_id, reports=True).active()
    return [organisation for organisation in expected.order_by("pk") if organisation.pk not in said]


def remind_silent(*, meeting: Meeting, now: datetime) -> None:
    """A letter to who speaks for each of them, once a meeting, and none when it has begun.

    An organisation for which nobody speaks stands as silent on the agenda, where the coordinator sees it.
    """
    if meeting.state != MeetingState.PLANNED or meeting.starts_at <= now:
        return
    today = now.astimezone(meeting.group.zone).date()
    for organisation in silent(meeting):
        people = Membership.objects.filter(organisation=organisation, role__in=[Role.MEMBER, Role.COORDINATOR])
        for member in people.active(today).order_by("pk"):
            ids, left = {"meeting": meeting.pk}, meeting.starts_at - now
            mail.post("meeting.reminder", member=member, key=str(meeting.pk), now=now, ids=ids, sensible=left)
