"""Writes of presence: an organisation records when and where its own people were."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from est_site import audit
from est_site.partners import editing
from est_site.partners.models import Area, Membership, Organisation, Place
from incidents.actions import FormUsed
from situation.models import Presence

Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Said:
    """One presence as somebody says it, with all of it named."""

    kind: str
    area: Area
    place: Place | None
    span: Span
    people: int | None

    @property
    def key(self) -> tuple[object, ...]:
        """What makes it another than the next one; how many they were is only told of it."""
        return (self.kind, self.area.pk, self.place.pk if self.place else None, *self.span)


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
    rows = [_row(by, Said(kind, area, place, span, people), client_uuid, now) for span in spans]
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


@transaction.atomic
def record_pasted(*, by: Membership, rows: Sequence[Said], client_uuid: uuid.UUID, now: datetime) -> list[Presence]:
    """Those of the rows that their organisation has not logged yet: all of them, or none. Sent again, nothing is new.

    Raises `FormUsed` when the form's number was taken by others: nothing is written.
    """
    Organisation.objects.select_for_update(no_key=True, of=("self",)).get(pk=by.organisation_id)  # one paste at a time
    known = logged(by, rows)
    new = [said for said in rows if said.key not in known]
    numbered = [_row(by, said, uuid.uuid5(client_uuid, repr((by.pk, *said.key))), now) for said in new]
    try:
        with transaction.atomic():
            kept: list[Presence] = Presence.objects.bulk_create(numbered)
    except IntegrityError as error:
        raise FormUsed from error
    if kept:
        audit.append(what="presence.record_pasted", by=by, on=kept[0], now=now, count=len(kept))
    return kept


def logged(by: Membership, rows: Sequence[Said]) -> set[tuple[object, ...]]:
    """The keys of what the organisation has logged already, of the same times as the rows; one query."""
    if not rows:
        return set()
    starts = [said.span[0] for said in rows]
    there = Presence.objects.filter(group_id=by.group_id, organisation_id=by.organisation_id).standing()
    found = there.filter(starts_at__range=(min(starts), max(starts))).order_by()
    return set(found.values_list("kind", "area_id", "place_id", "starts_at", "ends_at"))


def _row(by: Membership, said: Said, client_uuid: uuid.UUID, now: datetime) -> Presence:
    row = Presence(
        group_id=by.group_id,
        organisation=by.organisation,
        kind=said.kind,
        area=said.area,
        place=said.place,
        starts_at=said.span[0],
        ends_at=said.span[1],
        people=said.people,
        client_uuid=client_uuid,
        recorded_at=now,
        recorded_by=by,
    )
    row.full_clean(
        exclude=["group", "organisation", "area", "place", "recorded_by"],
        validate_unique=False,
        validate_constraints=False,
    )
    return row


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
