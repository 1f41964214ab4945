"""An observation said anew by who logged it. What it was stays in its history."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Unpack

from django.db import models, transaction

from est_site import audit
from est_site.partners import editing
from est_site.partners.models import Area, Category, Membership, Period, Place
from incidents import placing
from incidents.actions.recording import Details
from incidents.models import ChangeKind, Incident, IncidentChange

PLAIN = (
    *("occurred_from", "occurred_to", "time_precision", "day", "discovered_at"),
    *("location_precision", "object_type", "certainty", "severity", "people", "police_reported"),
    *("done_at_once", "text", "visibility", "answers"),
)
NAMED = ("category", "place", "area")

Changes = dict[str, list[Any]]  # name of the field -> [what it was, what it became]


class NotAllowed(Exception):
    """The observation is in a state, or somebody else's, so that this may not be done to it: nothing was written."""


@transaction.atomic
def correct_incident(
    *,
    by: Membership,
    incident: Incident,
    version: int,
    now: datetime,
    category: Category,
    occurred_from: datetime,
    occurred_to: datetime,
    place: Place | None = None,
    area: Area | None = None,
    point: tuple[float, float] | None = None,
    approximate: bool = False,
    **details: Unpack[Details],
) -> Incident:
    """Say the observation anew. Until the picture of its day is frozen that corrects it, afterwards it amends it.

    Nothing is written when nothing differs; raises `editing.Stale` when somebody saved meanwhile.
    """
    row = editing.lock(own(by, incident), version)
    if row.withdrawn_at is not None:
        raise NotAllowed("withdrawn")
    before, day = snapshot(row), row.day
    _say(
        row,
        by,
        category=category,
        occurred_from=occurred_from,
        occurred_to=occurred_to,
        place=place,
        area=area,
        point=point,
        approximate=approximate,
        **details,
    )
    changed = differences(before, snapshot(row))
    if not changed:
        return row
    late = frozen(by.group_id, {day, row.day})
    row.version += 1
    row.save()
    note(row, ChangeKind.AMENDED if late else ChangeKind.CORRECTED, by=by, now=now, fields=changed)
    audit.append(what="incident.amend" if late else "incident.correct", by=by, on=row, now=now, fields=changed)
    return row


def _say(
    row: Incident,
    by: Membership,
    *,
    area: Area | None,
    point: tuple[float, float] | None,
    approximate: bool,
    **said: Any,
) -> None:
    """Put it on the row; the area and the precisions follow as they do for a new observation."""
    said.setdefault("time_precision", placing.time_precision(said["occurred_from"], said["occurred_to"]))
    for name, value in said.items():
        setattr(row, name, value)
    row.kind = row.category.kind
    row.day = row.occurred_from.astimezone(by.group.zone).date()
    row.lon, row.lat = point or (None, None)
    placing.place(row, area, approximate=approximate)
    placing.check(row)


def proposed(by: Membership, current: Incident, **said: Any) -> Changes:
    """What would differ if this were said of the observation as it stands now; writes nothing."""
    before = snapshot(current)
    _say(current, by, **said)
    return differences(before, snapshot(current))


def own(by: Membership, incident: Incident) -> Incident:
    if incident.reporter_id != by.pk:
        raise NotAllowed("not their own")
    return incident


def snapshot(incident: Incident) -> dict[str, Any]:
    """The observation as values that a row of the history can hold: references by id and by the names of the time."""
    found: dict[str, Any] = {name: _plain(getattr(incident, name)) for name in PLAIN}
    found["point"] = None if incident.lon is None else [incident.lon, incident.lat]
    for name in NAMED:
        row = getattr(incident, name)
        if isinstance(row, Category):
            found[name] = {"id": row.pk, "name": row.name_sv, "en": row.name_en}
        else:
            found[name] = None if row is None else {"id": row.pk, "name": row.name}
    return found


def differences(before: dict[str, Any], after: dict[str, Any]) -> Changes:
    """What changed, each with both values; a reference that was only renamed meanwhile did not."""

    def key(value: Any) -> Any:
        return value["id"] if isinstance(value, dict) else value

    return {name: [was, after[name]] for name, was in before.items() if key(was) != key(after[name])}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


def frozen(group_id: int, days: Iterable[date]) -> bool:
    """Whether the picture of any of these days is frozen."""
    holds = models.Q()
    for day in days:
        holds |= models.Q(first_day__lte=day, last_day__gte=day)
    return Period.objects.filter(holds, group_id=group_id, frozen_at__isnull=False).regular().exists()


def note(
    incident: Incident, kind: str, *, by: Membership, now: datetime, fields: Changes | None = None
) -> IncidentChange:
    """One more row of the history."""
    change = changed(incident.group_id, incident.pk, kind, by=by, now=now, fields=fields)
    change.save(force_insert=True)
    return change


def changed(
    group_id: int, incident_id: int, kind: str, *, by: Membership, now: datetime, fields: Changes | None = None
) -> IncidentChange:
    return IncidentChange(
        group_id=group_id,
        incident_id=incident_id,
        kind=kind,
        at=now,
        by=by,
        organisation_id=by.organisation_id,
        fields=fields or {},
    )
