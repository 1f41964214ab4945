"""What was decided about the same place, or the same kind of thing in the same area, by the meeting that looked at it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from est_site.access import Permission, may
from est_site.slots import Card
from incidents.models import Incident
from interventions.models import Decision, Intervention
from situation.became import follows, meeting_of, meetings_on
from situation.models import Meeting, MeetingState


@dataclass(frozen=True)
class Line:
    """A decision of that meeting, and how far its intervention has come since."""

    decision: Decision
    latest: Decision


def cards(member: Any, subjects: Sequence[Any], now: datetime) -> list[Card]:
    """For each observation that a closed meeting has looked at: its decisions, or that none names it."""
    incidents = [one for one in follows(member, subjects) if one.withdrawn_at is None]
    meetings = meetings_on(member, {one.day for one in incidents})
    closed = [meeting for meeting in meetings if meeting.state == MeetingState.CLOSED]
    decisions, latest = _decisions(member, closed)
    found = []
    for one in incidents:
        meeting = meeting_of(closed, one.day)
        lines = [
            Line(decision, latest[decision.intervention_id])
            for decision in decisions
            if meeting is not None and decision.meeting_id == meeting.pk and is_about(decision.intervention, one)
        ]
        context = {"lines": lines, "may_open": may(member, Permission.SEE_INTERVENTIONS)}
        found.append(Card("interventions/became.html", context, subject_id=one.pk, order=20))
    return found


def _decisions(member: Any, meetings: Sequence[Meeting]) -> tuple[list[Decision], dict[int, Decision]]:
    """What these meetings decided, and the last decision of any closed meeting on each of those interventions."""
    if not meetings:
        return [], {}
    seen = Decision.objects.visible_to(member).standing().filter(meeting__state=MeetingState.CLOSED)
    rows = seen.select_related("meeting__group", "intervention__category").order_by("decided_at", "pk")
    decided = list(rows.filter(meeting__in=meetings))
    since = rows.filter(intervention__in={decision.intervention_id for decision in decided})
    return decided, {decision.intervention_id: decision for decision in since}


def is_about(intervention: Intervention, incident: Incident) -> bool:
    """The same place; or, where no place was named, the same kind of thing in the same area or everywhere.

    Nothing else joins the two: that one led to the other is not claimed.
    """
    if intervention.category is not None and not _kin(intervention, incident):
        return False
    if intervention.place_id is not None:
        return intervention.place_id == incident.place_id
    if intervention.category is None:
        return False
    return intervention.area_id is None or intervention.area_id == incident.area_id


def _kin(intervention: Intervention, incident: Incident) -> bool:
    """The same category, or one above the other."""
    one, other = intervention.category, incident.category
    assert one is not None
    return one.pk in (other.pk, other.parent_id) or one.parent_id == other.pk
