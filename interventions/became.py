"""What was decided about the same place, or the same kind of thing in the same area, by the meeting that looked at it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from est_site.access import Permission, may
from est_site.slots import Card
from incidents.models import Incident
from interventions.models import Decision, Intervention
from situation.became import follows, on_days
from situation.models import Meeting, MeetingState


@dataclass(frozen=True)
class Line:
    """A decision of that meeting, and how far its intervention has come since."""

    decision: Decision
    latest: Decision


def cards(member: Any, subjects: Sequence[Any], now: datetime) -> list[Card]:
    """For each observation what the closed meeting of its period decided, or that no decision names it."""
    incidents = [one for one in follows(member, subjects) if one.withdrawn_at is None]
    if not incidents:
        return []
    decided = _decided(member, {one.day for one in incidents})
    about = {one.pk: [decision for decision in decided if _is_answer(decision, one)] for one in incidents}
    latest = _latest(member, {decision.intervention_id for found in about.values() for decision in found})
    may_open = may(member, Permission.SEE_INTERVENTIONS)
    found = []
    for one in incidents:
        lines = [Line(decision, latest[decision.intervention_id]) for decision in about[one.pk]]
        context = {"lines": lines, "may_open": may_open}
        found.append(Card("interventions/became.html", context, subject_id=one.pk, order=20))
    return found


def _decided(member: Any, days: set[date]) -> list[Decision]:
    """What the closed weekly meetings that looked at these days decided, in order."""
    closed = Meeting.objects.visible_to(member).weekly().filter(state=MeetingState.CLOSED)
    meetings = {one.pk: one for one in closed.filter(on_days(days, "period")).select_related("period")}
    if not meetings:
        return []
    rows = Decision.objects.visible_to(member).standing().filter(meeting__in=meetings)
    decided = list(rows.select_related("intervention__category").order_by("decided_at", "pk"))
    for decision in decided:
        decision.meeting = meetings[decision.meeting_id]
    return decided


def _latest(member: Any, interventions: set[int]) -> dict[int, Decision]:
    """The last that a closed meeting decided on each."""
    if not interventions:
        return {}
    rows = Decision.objects.visible_to(member).standing().filter(meeting__state=MeetingState.CLOSED)
    last = rows.filter(intervention__in=interventions).order_by("intervention_id", "-decided_at", "-pk")
    found = {one.intervention_id: one for one in last.distinct("intervention_id").select_related("meeting")}
    for decision in found.values():
        decision.meeting.group = member.group
    return found


def _is_answer(decision: Decision, incident: Incident) -> bool:
    period = decision.meeting.period
    return period.first_day <= incident.day <= period.last_day and is_about(decision.intervention, incident)


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
