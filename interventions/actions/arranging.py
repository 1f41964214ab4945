"""The order of business as the coordinator arranges it: moved, added, parked until the next meeting."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from est_site import audit
from est_site.partners.models import Membership, Organisation
from interventions.agenda import Item
from interventions.models import STANDING, AgendaItem, ItemKind
from situation.actions import NotAllowed, to_come, touch
from situation.models import Meeting

MOST_OWN = 20  # own items of one meeting, parked ones counted
BEFORE = ItemKind.DECISIONS  # what is talked about stands before what is decided


def fill(meeting: Meeting, standing: Sequence[Item]) -> None:
    """The standing items with their reasons, and what the last meeting parked; what was arranged stays."""
    before = meeting.previous()
    parked = AgendaItem.objects.filter(meeting=before).exclude(parked_at=None) if before else ()
    back = {
        (item.kind, item.heading): {
            "kind": "parked",
            "meeting": item.meeting_id,
            "week": before.week,
            "note": item.note,
        }
        for item in parked
        if before is not None
    }
    there = list(AgendaItem.objects.filter(meeting=meeting).order_by("position", "pk"))
    arranged = any(item.kind != ItemKind.OWN for item in there)
    known = {(item.kind, item.heading) for item in there}
    limited = {(item.kind, item.heading): item.limited_to_id for item in parked}
    wanted = [(kind, "", reasons) for kind, reasons in standing]
    wanted += [(kind, heading, []) for kind, heading in back if kind == ItemKind.OWN and (kind, heading) not in known]
    AgendaItem.objects.bulk_create(
        [
            AgendaItem(
                group_id=meeting.group_id,
                meeting=meeting,
                position=0,
                kind=kind,
                heading=heading,
                limited_to_id=limited.get((kind, heading)),
                reasons=[*([back[kind, heading]] if (kind, heading) in back else []), *reasons],
            )
            for kind, heading, reasons in wanted
        ],
        update_conflicts=True,
        unique_fields=["group", "meeting", "kind", "heading"],
        update_fields=["reasons"],
    )
    if arranged:
        order = [item.pk for item in there]
    else:
        rank = {kind.value: n for n, kind in enumerate(STANDING)}
        standing_now = AgendaItem.objects.filter(meeting=meeting).exclude(kind=ItemKind.OWN)
        order = [item.pk for item in sorted(standing_now, key=lambda item: rank[item.kind])]
    _number(meeting, order)


def _number(meeting: Meeting, order: Sequence[int]) -> None:
    """Positions from 1 in this order; what the order does not name stands before the decisions, parked items last.

    A confidential item stands after all others, so that no gap between their numbers tells of it.
    """
    items = {item.pk: item for item in AgendaItem.objects.filter(meeting=meeting).order_by("position", "pk")}
    known = [items[pk] for pk in order if pk in items]
    new = [item for pk, item in items.items() if pk not in order]
    at = next((n for n, item in enumerate(known) if item.kind == BEFORE), len(known))
    arranged = known[:at] + new + known[at:]
    arranged.sort(key=lambda item: (item.parked_at is not None, item.limited_to_id is not None))
    moved = []
    for position, item in enumerate(arranged, start=1):
        if item.position != position:
            item.position = position
            moved.append(item)
    AgendaItem.objects.bulk_update(moved, ["position"])


def _order(meeting: Meeting) -> list[int]:
    return list(AgendaItem.objects.filter(meeting=meeting).order_by("position", "pk").values_list("pk", flat=True))


@transaction.atomic
def move_item(*, item: AgendaItem, seen: int, to: int, by: Membership, now: datetime) -> AgendaItem:
    """Put the item at position `to`. It stood at `seen` for who pressed; where it stands elsewhere now nothing is done."""
    meeting = to_come(item.meeting)
    item.refresh_from_db()
    order = _order(meeting)
    parked = AgendaItem.objects.filter(meeting=meeting).exclude(parked_at=None).count()
    to = min(max(to, 1), len(order) - parked)
    if item.parked_at is not None or item.position != seen or item.position == to:
        return item
    order.remove(item.pk)
    order.insert(to - 1, item.pk)
    _number(meeting, order)
    return _arranged(item, meeting, "meeting.item.move", by, now)


@transaction.atomic
def add_item(
    *, meeting: Meeting, heading: str, by: Membership, now: datetime, limited_to: Organisation | None = None
) -> AgendaItem:
    """An item of the coordinator's own, before the decisions. The same heading twice is the same item.

    With `limited_to` it is that organisation's alone: its words stand in an annex, and in no shared page.

    Raises ValidationError with `heading` when the meeting has as many as it can have.
    """
    meeting = to_come(meeting)
    own = AgendaItem.objects.filter(meeting=meeting, kind=ItemKind.OWN)
    before = own.filter(heading=heading).first()
    if before is not None and before.limited_to == limited_to:
        return before
    if before is not None:
        raise ValidationError(
            {"heading": _("Another item has this heading, and is seen by others. Choose another heading.")}
        )
    if own.count() >= MOST_OWN:
        said = _("A meeting has at most %(most)d items of its own. Park one, or put two together.")
        raise ValidationError({"heading": said % {"most": MOST_OWN}})
    order = _order(meeting)
    item = AgendaItem.objects.create(
        group_id=meeting.group_id,
        meeting=meeting,
        position=0,
        kind=ItemKind.OWN,
        heading=heading,
        limited_to=limited_to,
    )
    _number(meeting, order)
    return _arranged(item, meeting, "meeting.item.add", by, now)


@transaction.atomic
def park_item(*, item: AgendaItem, parked: bool, by: Membership, now: datetime) -> AgendaItem:
    """Leave the item for the next meeting, where it comes by itself, or take it back. Attendance is never parked."""
    meeting = to_come(item.meeting)
    item.refresh_from_db()
    if item.kind == ItemKind.ATTENDANCE:
        raise NotAllowed("attendance")
    if (item.parked_at is not None) == parked:
        return item
    order = [pk for pk in _order(meeting) if pk != item.pk]
    if item.at_hand:
        stop_clock(meeting, now)
        item.refresh_from_db()
    item.parked_at = now if parked else None
    item.save(update_fields=["parked_at"])
    _number(meeting, [*order, item.pk] if parked else order)
    return _arranged(item, meeting, "meeting.item.park" if parked else "meeting.item.back", by, now)


def stop_clock(meeting: Meeting, now: datetime) -> None:
    """What is at hand is no longer: how long it was is kept."""
    for item in AgendaItem.objects.filter(meeting=meeting, at_hand=True):
        if item.taken_up_at is not None:
            item.seconds += max(0, int((now - item.taken_up_at).total_seconds()))
        item.taken_up_at, item.at_hand = None, False
        item.save(update_fields=["seconds", "taken_up_at", "at_hand"])


def _arranged(item: AgendaItem, meeting: Meeting, what: str, by: Membership, now: datetime) -> AgendaItem:
    touch(meeting)
    item.refresh_from_db()
    audit.append(what=what, by=by, on=item, now=now, fields=["position"])
    return item
