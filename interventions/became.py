"""What was decided about the same place, or the same kind of thing in the same area, by the meeting that looked at it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import OuterRef, Q, Subquery

from est_site.access import Permission, may
from est_site.slots import Card
from incidents.models import Incident
from interventions.models import Decision, Intervention
from situation.became import follows, on_days
from situation.models import Meeting, MeetingKind, MeetingState


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
    decisions = _decisions(member, {one.day for one in incidents})
    latest = {decision.intervention_id: decision for decision in decisions}  # in their order, so the last one stays
    found = []
    for one in incidents:
        lines = [
            Line(decision, latest[decision.intervention_id])
            for decision in decisions
            if _looked_at(decision.meeting, one) and is_about(decision.intervention, one)
        ]
        context = {"lines": lines, "may_open": may(member, Permission.SEE_INTERVENTIONS)}
        found.append(Card("interventions/became.html", context, subject_id=one.pk, order=20))
    return found


def _decisions(member: Any, days: set[date]) -> list[Decision]:
    """What closed meetings decided in the periods of these days, and the last decision on each of it since, in order."""
    seen = Decision.objects.visible_to(member).standing().filter(meeting__state=MeetingState.CLOSED)
    then = on_days(days, "meeting__period")
    last = seen.filter(intervention=OuterRef("intervention")).order_by("-decided_at", "-pk").values("pk")[:1]
    about = seen.filter(then).values("intervention")
    rows = (
        seen.filter(intervention__in=about)
        .filter(then | Q(pk=Subquery(last)))
        .select_related("meeting__group", "meeting__period", "intervention__category")
    )
    return list(rows.order_by("decided_at", "pk"))


def _looked_at(meeting: Meeting, incident: Incident) -> bool:
    in_period = meeting.period.first_day <= incident.day <= meeting.period.last_day
    return in_period and meeting.kind == MeetingKind.WEEKLY


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
