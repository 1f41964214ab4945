"""What was done to an observation after it was logged, in words: what it was and what it became."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from est_site.partners.models import Membership
from incidents.forms import MaskReason, WithdrawReason
from incidents.models import Incident, IncidentChange, Visibility

LABELS = {
    "answers": gettext_lazy("answers"),
    "day": gettext_lazy("day it belongs to"),
    "location_precision": gettext_lazy("how exactly where"),
    "point": gettext_lazy("position"),
    "reason": gettext_lazy("reason"),
    "time_precision": gettext_lazy("how exactly when"),
    "masked": gettext_lazy("masked"),
    "merged_into": gettext_lazy("the same as"),
    "visibility": gettext_lazy("seen by"),
    "ended_at": gettext_lazy("put right"),
}
ORDER = ("category", "place", "area", "point", "occurred_from", "occurred_to", "text")
FOLLOWS = {"day", "time_precision", "location_precision"}  # what the rest of the row says already


@dataclass(frozen=True)
class Line:
    label: str
    was: str
    became: str


@dataclass(frozen=True)
class Entry:
    """One change as a reader may see it; no lines where it happened out of their sight."""

    change: IncidentChange
    who: str
    lines: list[Line] = field(default_factory=list)


def entries(incident: Incident, member: Membership) -> list[Entry]:
    """The history, the latest first. Names of people are for their own organisation.

    What was said while fewer could see the observation stays with those.
    """
    rows = incident.changes.select_related("by__user", "organisation").order_by("-at", "-id")
    found, seen_by = [], incident.visibility
    for change in rows:
        seen_by = (change.fields.get("visibility") or [None])[0] or seen_by
        own = change.organisation_id == member.organisation_id
        who = str(change.by.user) if own and change.by else str(change.organisation or "")
        shown = lines(change.fields) if _sees(member, incident, seen_by) else []
        found.append(Entry(change, who, shown))
    return found


def _sees(member: Membership, incident: Incident, seen_by: str) -> bool:
    if seen_by == Visibility.GROUP or incident.organisation_id == member.organisation_id:
        return True
    return seen_by == Visibility.POLICE and member.organisation.kind == "police"


def lines(fields: dict[str, Any]) -> list[Line]:
    """Each field that changed, with both values in words; an emptied one says nothing."""
    names = sorted(fields, key=lambda name: (ORDER.index(name) if name in ORDER else len(ORDER), name))
    shown = [name for name in names if name not in FOLLOWS or set(fields) <= FOLLOWS]
    found = []
    for name in shown:
        values = fields[name]
        if isinstance(values, list) and len(values) == 2:
            found.append(Line(label(name), text(name, values[0]), text(name, values[1])))
    return found


def label(name: str) -> str:
    if name in LABELS:
        return str(LABELS[name])
    return str(cast(Any, Incident._meta.get_field(name)).verbose_name)


def text(name: str, value: Any) -> str:
    if value in (None, "", []):
        return "–"
    if isinstance(value, dict):
        return str(value.get((get_language() or "sv")[:2]) or value.get("name", ""))
    if name == "point":
        return ", ".join(f"{number:.5f}" for number in reversed(value))
    if name == "answers":
        return _answers(value)
    if name == "reason":
        return str(dict(WithdrawReason.choices).get(value, value))
    if name == "merged_into":
        return _("no. %(number)s") % {"number": value}
    if name == "masked":
        words = {"text": _("the words"), "photos": _("the photos"), **dict(MaskReason.choices)}
        return ", ".join(str(words.get(part, part)) for part in value)
    if name == "severity":
        return _("%(n)s of 3") % {"n": value}
    if (instant := _instant(name, value)) is not None:
        return instant
    choices = dict(getattr(Incident._meta.get_field(name), "flatchoices", []))
    return str(choices.get(value, value))


def _instant(name: str, value: Any) -> str | None:
    if name not in ("occurred_from", "occurred_to", "discovered_at", "ended_at", "day"):
        return None
    if name == "day":
        day = parse_date(value)
        return date_format(day, "j F Y") if day else str(value)
    found = parse_datetime(value)
    return date_format(_local(found), "SHORT_DATETIME_FORMAT") if found else str(value)


def _local(instant: datetime) -> datetime:
    return timezone.localtime(instant)  # the gate has set the group's zone


def _answers(values: Iterable[Any]) -> str:
    said: Sequence[str] = [
        f"{one.get('question', '')} {one.get('answer', '')}".strip() for one in values if isinstance(one, dict)
    ]
    return "; ".join(said) or "–"
