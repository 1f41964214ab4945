"""Which picture an observation was counted in, and which meeting looked at it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import OuterRef, Q, Subquery
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from est_site.access import Permission, may
from est_site.partners.models import Membership
from est_site.slots import Card
from incidents.models import ChangeKind, Incident, IncidentChange, Visibility
from situation.models import Meeting, MeetingState, Picture


@dataclass(frozen=True)
class AsKnown:
    """What was known of an observation at one instant, as far as a picture cares."""

    day: date
    visibility: str
    stands: bool


class Past:
    """The histories of some observations, read backwards."""

    def __init__(self, incidents: Sequence[Incident]) -> None:
        self._changes: dict[int, list[IncidentChange]] = {one.pk: [] for one in incidents}
        for change in IncidentChange.objects.filter(incident__in=self._changes).order_by("-at", "-id"):
            self._changes[change.incident_id].append(change)

    def at(self, incident: Incident, instant: datetime) -> AsKnown:
        day, visibility = incident.day, incident.visibility
        withdrawn, merged = incident.withdrawn_at is not None, incident.merged_into_id is not None
        for change in self._changes[incident.pk]:
            if change.at <= instant:
                break
            day = date.fromisoformat(_was(change, "day") or day.isoformat())
            visibility = _was(change, "visibility") or visibility
            withdrawn = {ChangeKind.WITHDRAWN: False, ChangeKind.RESTORED: True}.get(ChangeKind(change.kind), withdrawn)
            merged = {ChangeKind.MERGED: False, ChangeKind.PARTED: True}.get(ChangeKind(change.kind), merged)
        return AsKnown(day, visibility, not (withdrawn or merged))

    def days(self, incident: Incident) -> set[date]:
        """Every day it was ever said to belong to."""
        earlier = [_was(change, "day") for change in self._changes[incident.pk]]
        return {incident.day, *(date.fromisoformat(day) for day in earlier if day)}


def _was(change: IncidentChange, name: str) -> Any:
    values = change.fields.get(name)
    return values[0] if values else None


def follows(member: Membership, incidents: Sequence[Incident]) -> list[Incident]:
    """Whose fate the member may hear of: a reporter follows the observations of their own organisation."""
    if may(member, Permission.SEE_PICTURE):
        return list(incidents)
    return [one for one in incidents if one.organisation_id == member.organisation_id]


def on_days(days: Iterable[date], period: str) -> Q:
    """What looks at a period that holds any of these days; `period` is the way to it."""
    holds = Q(pk__in=[])
    for day in days:
        holds |= Q(**{f"{period}__first_day__lte": day, f"{period}__last_day__gte": day})
    return holds


def _meetings(member: Membership, days: Iterable[date]) -> list[Any]:
    """The weekly meetings that look at the periods of these days, each with the cut-off of the picture that stands."""
    pictures = Picture.objects.filter(group_id=member.group_id, meeting=OuterRef("pk")).order_by("-version")
    rows = Meeting.objects.visible_to(member).weekly().exclude(state=MeetingState.CANCELLED)
    return list(
        rows.filter(on_days(days, "period"))
        .annotate(cut_off=Subquery(pictures.values("cut_off")[:1]))
        .select_related("period")
        .order_by("starts_at")
    )


def cards(member: Any, subjects: Sequence[Any], now: datetime) -> list[Card]:
    """For each observation the picture it was part of, or will be part of, in one sentence."""
    incidents = follows(member, subjects)
    if not incidents:
        return []
    past = Past(incidents)
    meetings = _meetings(member, {day for one in incidents for day in past.days(one)})
    return [
        Card("situation/became.html", {"said": said, "meeting": link}, subject_id=one.pk, order=10)
        for one in incidents
        for said, link in _sentences(member, one, past, meetings)
    ]


def _sentences(
    member: Membership, incident: Incident, past: Past, meetings: Sequence[Any]
) -> list[tuple[str, Meeting | None]]:
    found: list[tuple[str, Meeting | None]] = []
    counted = set()
    for meeting in meetings:
        if meeting.cut_off is None or incident.recorded_at > meeting.cut_off:
            continue
        then = past.at(incident, meeting.cut_off)
        inside = meeting.period.first_day <= then.day <= meeting.period.last_day
        if inside and then.stands and then.visibility == Visibility.GROUP:
            counted.add(meeting.pk)
            found.append((_part_of(meeting), meeting if may(member, Permission.SEE_PICTURE) else None))
    if incident.withdrawn_at is not None or incident.merged_into_id is not None:
        return found
    if incident.visibility != Visibility.GROUP:
        return [*found, (_("It is limited to those who may see it, so no shared picture counts it."), None)]
    own = next((one for one in meetings if one.period.first_day <= incident.day <= one.period.last_day), None)
    if own is None:
        return [*found, (_("No meeting is planned yet that looks at its period."), None)]
    if own.pk not in counted:
        found.append((_came_late(own) if own.cut_off is not None else _will_be(own), None))
    return found


def _part_of(meeting: Meeting) -> str:
    if meeting.state == MeetingState.CLOSED:
        return _("Was part of week %(week)s's picture, met %(day)s.") % _words(meeting)
    return _("Is part of week %(week)s's picture, the meeting is %(day)s.") % _words(meeting)


def _came_late(meeting: Meeting) -> str:
    return _("Came in after week %(week)s's picture was frozen; the live picture has it.") % _words(meeting)


def _will_be(meeting: Meeting) -> str:
    return _("Will be part of week %(week)s's picture, the meeting is %(day)s.") % _words(meeting)


def _words(meeting: Meeting) -> dict[str, str]:
    return {"week": meeting.period.weeks_text, "day": date_format(meeting.local_start, "j F")}
