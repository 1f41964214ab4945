"""What everything written in a meeting needs: that it is under way, and that nobody wrote before."""

from __future__ import annotations

from situation.actions import NotAllowed
from situation.models import Meeting, MeetingState


class Stale(Exception):
    """Somebody else wrote meanwhile: 409, both texts are shown and nothing is lost."""


def open_now(meeting: Meeting) -> Meeting:
    """The meeting, its row locked; raises `NotAllowed` unless it is under way."""
    meeting = Meeting.objects.select_for_update(of=("self",)).select_related("group").get(pk=meeting.pk)
    if meeting.state != MeetingState.OPEN:
        raise NotAllowed(meeting.state)
    return meeting
