"""What waits for a member on Home: the meeting that is to come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from est_site.access import Permission, may
from est_site.slots import Card
from interventions.models import Intervention, RoundNote
from situation.models import Meeting


def cards(member: Any, subjects: Sequence[Any], now: datetime) -> list[Card]:
    """What the organisation has yet to say before its next meeting. Three queries."""
    if not may(member, Permission.SEE_MEETING):
        return []
    meeting = Meeting.objects.visible_to(member).weekly().next_after(now).select_related("group").first()
    if meeting is None:
        return []
    own = {"organisation_id": member.organisation_id}
    running = Intervention.objects.visible_to(member).running().filter(responsible_id=member.organisation_id)
    context = {
        "meeting": meeting,
        "slug": member.group.slug,
        "noted": RoundNote.objects.filter(meeting=meeting, **own).exclude(text="").exists(),
        "due": running.due_by(meeting.local_start.date()).count(),
    }
    return [Card("interventions/home_own.html", context, order=21)]
