"""Writes of presence: an organisation records when and where its own people were."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from est_site import audit
from est_site.partners import editing
from est_site.partners.models import Area, Membership, Place
from incidents.actions import FormUsed
from situation.models import Presence

Span = tuple[datetime, datetime]


@transaction.atomic
def record_presence(
    *,
    by: Membership,
    kind: str,
    area: Area,
    spans: Sequence[Span],
    place: Place | None = None,
    people: int | None = None,
    client_uuid: uuid.UUID,
    now: datetime,
) -> list[Presence]:
    """One row for each time. The same form sent again gives the rows of the first time.

    Raises `FormUsed` when it was sent before with something else in it, or by others: nothing is written.
    """
    rows = []
    for start, end in spans:
        row = Presence(
            group_id=by.group_id,
            organisation=by.organisation,
            kind=kind,
            area=area,
            place=place,
            starts_at=start,
            ends_at=end,
            people=people,
            client_uuid=client_uuid,
            recorded_at=now,
            recorded_by=by,
        )
        row.full_clean(
            exclude=["group", "organisation", "area", "place", "recorded_by"],
            validate_unique=False,
            validate_constraints=False,
        )
        rows.append(row)
    try:
        with transaction.atomic():
            kept: list[Presence] = Presence.objects.bulk_create(rows)
    except IntegrityError as error:
        first = {_said(row): row for row in Presence.objects.filter(group_id=by.group_id, client_uuid=client_uuid)}
        if not first.keys() >= {_said(row) for row in rows}:
            raise FormUsed from error
        return [first[_said(row)] for row in rows]
    audit.append(what="presence.record", by=by, on=kept[0] if kept else None, now=now, count=len(kept))
    return kept


def _said(row: Presence) -> tuple[object, ...]:
    """All that a form says, and for whom."""
    return (row.organisation_id, row.kind, row.area_id, row.place_id, row.people, row.starts_at, row.ends_at)


@transaction.atomic
def correct_presence(
    *,
    by: Membership,
    presence: Presence,
    version: int,
    kind: str,
    area: Area,
    span: Span,
    place: Place | None,
    people: int | None,
    now: datetime,
) -> Presence:
    """Other words for the same presence; `editing.Stale` when somebody saved meanwhile."""
    presence = editing.lock(presence, version)
    changed = editing.save(
        presence, kind=kind, area=area, place=place, people=people, starts_at=span[0], ends_at=span[1]
    )
    audit.append(what="presence.correct", by=by, on=presence, now=now, fields=changed)
    return presence


@transaction.atomic
def withdraw_presence(*, by: Membership, presence: Presence, version: int, now: datetime) -> Presence:
    """It was not so: it counts no more."""
    presence = editing.lock(presence, version)
    editing.save(presence, withdrawn_at=now)
    audit.append(what="presence.withdraw", by=by, on=presence, now=now)
    return presence
