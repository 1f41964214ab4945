"""The agenda and the minutes as frozen content: ids, figures and the meeting's own words, ready to be set as pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from est_site.models import AuditEvent
from est_site.partners.models import Organisation
from interventions.agenda import MINUTES
from interventions.models import (
    STANDING,
    AgendaItem,
    Decision,
    DecisionKind,
    DeliverySaid,
    Edition,
    EditionFor,
    EditionKind,
    Information,
    Intervention,
    ItemKind,
)
from interventions.rounds import round_the_table
from situation import colour_rows
from situation.models import Assessment, Attendance, Meeting, Picture

NEW = (DecisionKind.START, DecisionKind.DROP)  # of something new; the others follow up what runs


def agenda_content(meeting: Meeting, picture: Picture, items: Iterable[AgendaItem]) -> dict[str, Any]:
    """What the agenda says, as JSON-ready values."""
    return {
        **_head(meeting),
        "round": [one.frozen() for one in round_the_table(meeting, picture.frozen)],
        "picture": picture.frozen,
        "picture_version": picture.version,
        "items": [
            {
                "kind": item.kind,
                "heading": item.heading,
                "reasons": item.reasons,
                "minutes": MINUTES[ItemKind(item.kind)],
            }
            for item in items
        ],
    }


def minutes_content(meeting: Meeting) -> dict[str, Any]:
    """What the minutes say, as JSON-ready values: for the group, so limited interventions are left out."""
    picture = meeting.pictures.order_by("-version").first()
    present = Attendance.objects.filter(meeting=meeting).order_by("organisation__name")
    decisions = _decisions(meeting, Intervention.objects.shared())
    votes = colour_rows.tally(meeting)
    items = list(AgendaItem.objects.filter(meeting=meeting).shared().order_by("position"))
    brought = {one.intervention_id: one for one in DeliverySaid.objects.filter(meeting=meeting)}
    undecided = _undecided(meeting, {decision.intervention_id for decision in decisions})
    closed_by = meeting.closed_by.organisation.name if meeting.closed_by else ""
    return {
        **_head(meeting),
        "opened_at": _iso(meeting.opened_at),
        "closed_at": _iso(meeting.closed_at),
        "closed_for": closed_by,
        "attendance": [
            {"id": organisation, "name": name, "present": there, "stand_in": stand_in}
            for organisation, name, there, stand_in in present.values_list(
                "organisation_id", "organisation__name", "present", "stand_in"
            )
        ],
        "round": [one.frozen() for one in round_the_table(meeting, picture.frozen)] if picture else [],
        "guests": meeting.guests,
        "items": [{"kind": i.kind, "heading": i.heading, "note": i.note.strip()} for i in items if not i.parked_at],
        "parked": [{"kind": i.kind, "heading": i.heading} for i in items if i.parked_at],
        "information": [_told(row) for row in _information(meeting)],
        "follow_up": [_line(decision) | _said(decision, brought) for decision in decisions if decision.kind not in NEW],
        "undecided": undecided,
        "decisions": [_line(decision) for decision in decisions if decision.kind in NEW],
        "colours": [
            {"area": area, "name": name, "colour": colour, "votes": votes.get(area, {})}
            for area, name, colour in Assessment.objects.filter(meeting=meeting)
            .order_by("area__name")
            .values_list("area_id", "area__name", "colour")
        ],
        "notes": {item.kind: item.note for item in items if item.note.strip() and item.kind != ItemKind.OWN},
        "picture": picture.frozen if picture else None,
        "picture_version": picture.version if picture else None,
        "chain": chain_head(meeting.group_id),
    }


def annex_content(meeting: Meeting, organisation: Organisation) -> dict[str, Any] | None:
    """What the meeting said and decided for this organisation alone; None where there was nothing."""
    items = AgendaItem.objects.filter(meeting=meeting, limited_to=organisation, parked_at=None).order_by("position")
    said = [{"kind": i.kind, "heading": i.heading, "note": i.note.strip()} for i in items]
    lines = _decisions(meeting, Intervention.objects.limited_to(organisation))
    if not said and not lines:
        return None
    return {
        **_head(meeting),
        "organisation": {"id": organisation.pk, "name": organisation.name},
        "items": said,
        "follow_up": [_line(line) for line in lines if line.kind not in NEW],
        "decisions": [_line(line) for line in lines if line.kind in NEW],
    }


def chain_head(group_id: int) -> dict[str, Any] | None:
    """The newest link of the group's audit chain: what stood in it when the minutes were frozen."""
    link = AuditEvent.objects.filter(group_id=group_id).order_by("-n").values_list("n", "h").first()
    return None if link is None else {"n": link[0], "h": bytes(link[1]).hex()}


def _decisions(meeting: Meeting, interventions: QuerySet[Intervention]) -> list[Decision]:
    """The meeting's, on these interventions, by their numbers."""
    return list(
        Decision.objects.filter(meeting=meeting, intervention__in=interventions)
        .select_related("intervention__responsible", "intervention__place", "intervention__area", "meeting__group")
        .defer("intervention__area__geometry")
        .order_by("number")
    )


def items_of(frozen: dict[str, Any]) -> list[dict[str, Any]]:
    """The paragraphs in the meeting's order; minutes from before it could be arranged have the standing one."""
    notes = frozen["notes"]
    standing = [{"kind": kind.value, "heading": "", "note": notes.get(kind.value, "")} for kind in STANDING]
    return frozen.get("items") or standing


def corrected(
    frozen: dict[str, Any],
    notes: Sequence[str],
    guests: str,
    what: str,
    *,
    version: int,
    who: str,
    at: datetime,
    chain: dict[str, Any] | None,
) -> dict[str, Any]:
    """The minutes with other notes, in the items' order, and the correction named at their end. Pure."""
    items = [item | {"note": note.strip()} for item, note in zip(items_of(frozen), notes, strict=True)]
    said = {"version": version, "what": what, "who": who, "at": at.isoformat()}
    own = ItemKind.OWN.value
    return frozen | {
        "items": items,
        "notes": {item["kind"]: item["note"] for item in items if item["note"] and item["kind"] != own},
        "guests": guests,
        "chain": chain,
        "corrections": [*frozen.get("corrections", []), said],
    }


def is_correction(frozen: dict[str, Any], notes: Sequence[str], guests: str, what: str) -> bool:
    """Whether these minutes are what this correction made of the ones before."""
    found = [item["note"] for item in items_of(frozen)]
    last = (frozen.get("corrections") or [{}])[-1]
    return (found, frozen.get("guests", ""), last.get("what")) == ([note.strip() for note in notes], guests, what)


def _head(meeting: Meeting) -> dict[str, Any]:
    """Who meets when and where, about which period."""
    group = meeting.group
    return {
        "group": {"id": group.pk, "name": group.name, "municipality": group.municipality, "language": group.language},
        "meeting": {
            "id": meeting.pk,
            "number": meeting.number,
            "week": meeting.week,
            "starts_at": meeting.local_start.isoformat(),
            "ends_at": meeting.ends_at.astimezone(group.zone).isoformat(),
            "place": meeting.place,
        },
        "period": {
            "label": meeting.period.label,
            "weeks": meeting.period.weeks_text,
            "first_day": meeting.period.first_day.isoformat(),
            "last_day": meeting.period.last_day.isoformat(),
        },
    }


def _line(decision: Decision) -> dict[str, Any]:
    intervention = decision.intervention
    where = intervention.place or intervention.area
    return {
        "id": decision.pk,
        "number": decision.reference,
        "kind": decision.kind,
        "delivered": decision.delivered,
        "what": decision.what,
        "where": where.name if where else "",
        "area": intervention.area_id,
        "first_day": intervention.first_day.isoformat(),
        "last_day": intervention.last_day.isoformat() if intervention.last_day else None,
        "hours": intervention.hours,
        "who": intervention.responsible.name,
        "reason": decision.reason,
        "follow_up_on": decision.follow_up_on.isoformat() if decision.follow_up_on else None,
    }


def _said(decision: Decision, brought: dict[int, DeliverySaid]) -> dict[str, str]:
    """What the responsible organisation had said, where the meeting said nothing else."""
    one = brought.get(decision.intervention_id)
    return {"delivered": one.delivered, "why": one.why} if one is not None and not decision.delivered else {}


def _information(meeting: Meeting) -> Iterable[Information]:
    """What this meeting decided to tell others, then what earlier ones decided and was settled since or waits still."""
    before = meeting.previous()
    since = Q(settled_at__gt=before.closed_at) if before is not None else Q(settled_at__isnull=False)
    earlier = Information.objects.filter(group_id=meeting.group_id, meeting__starts_at__lt=meeting.starts_at)
    rows = Information.objects.filter(meeting=meeting) | earlier.filter(since | Q(settled_at__isnull=True))
    return rows.select_related("responsible", "meeting__group").order_by("-meeting__starts_at", "due_on", "pk")


def _told(row: Information) -> dict[str, Any]:
    return {
        "id": row.pk,
        "week": row.meeting.week,
        "recipient": row.recipient,
        "text": row.text,
        "channel": row.channel,
        "who": row.responsible.name,
        "due_on": row.due_on.isoformat(),
        "status": row.status,
    }


def _undecided(meeting: Meeting, decided: set[int]) -> list[dict[str, Any]]:
    """Due at this meeting and nobody said anything: it comes back next time, and the minutes say so."""
    left = (
        Intervention.objects.filter(group_id=meeting.group_id)
        .shared()
        .due_by(meeting.local_start.date())
        .exclude(pk__in=decided)
    )
    return [{"id": i.pk, "what": i.what, "who": i.responsible.name} for i in left.select_related("responsible")]


def title_of(edition: Edition, number: str = "") -> str:
    """What an edition is called, in the active language; `number` is the meeting's where what is frozen was not read."""
    number = number or edition.frozen["meeting"]["number"]
    if edition.kind == EditionKind.AGENDA:
        return _("Agenda %s") % number
    who = edition.organisation.name if edition.organisation else ""
    return {
        EditionFor.GROUP: _("Minutes %(number)s"),
        EditionFor.OWN: _("Minutes %(number)s, for %(who)s"),
        EditionFor.STEERING: _("Minutes %(number)s, for the steering group"),
        EditionFor.PUBLIC: _("From the meeting %(number)s"),
        EditionFor.ARCHIVE: _("Minutes %(number)s, for the archive"),
        EditionFor.ANNEX: _("Minutes %(number)s, annex for %(who)s"),
    }[EditionFor(edition.audience)] % {"number": number, "who": who}


def _iso(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat()
