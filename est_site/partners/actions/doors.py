"""The group's own list of right doors."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from est_site import audit
from est_site.partners import editing
from est_site.partners.models import Door, Group, Membership

MOST = 8  # more than a person reads while something is going on


@transaction.atomic
def add_door(*, by: Membership, title: str, use: str, phone: str, link: str, now: datetime) -> Door:
    """Last in the list."""
    _room(by)
    last = Door.objects.filter(group_id=by.group_id).order_by("position").last()
    door = Door(
        group_id=by.group_id, title=title, use=use, phone=phone, link=link, position=last.position + 1 if last else 1
    )
    door.save()
    audit.append(what="door.add", by=by, on=door, now=now)
    return door


@transaction.atomic
def change_door(
    *, by: Membership, door: Door, version: int, title: str, use: str, phone: str, link: str, now: datetime
) -> Door:
    door = editing.lock(door, version)
    changed = editing.save(door, title=title, use=use, phone=phone, link=link)
    audit.append(what="door.change", by=by, on=door, now=now, fields=changed)
    return door


@transaction.atomic
def move_door(*, by: Membership, door: Door, up: bool, now: datetime) -> Door:
    """One step among those shown; at the edge it stays where it is."""
    Group.objects.select_for_update().get(pk=by.group_id)
    rows = list(Door.objects.filter(group_id=by.group_id).shown())
    here = next((n for n, row in enumerate(rows) if row.pk == door.pk), None)
    if here is None:
        raise ValidationError(_("This door is not shown."))
    there = min(max(here + (-1 if up else 1), 0), len(rows) - 1)
    rows[here], rows[there] = rows[there], rows[here]
    for position, row in enumerate(rows, start=1):
        row.position = position
    Door.objects.bulk_update(rows, ["position"])
    audit.append(what="door.move", by=by, on=door, now=now, fields=["position"])
    return door


@transaction.atomic
def show_door(*, by: Membership, door: Door, version: int, shown: bool, now: datetime) -> Door:
    """Hidden, or shown again; what is hidden keeps its words."""
    if shown:
        _room(by)
    door = editing.lock(door, version)
    editing.save(door, is_active=shown)
    audit.append(what="door.show" if shown else "door.hide", by=by, on=door, now=now)
    return door


def _room(by: Membership) -> None:
    Group.objects.select_for_update().get(pk=by.group_id)
    if Door.objects.filter(group_id=by.group_id).shown().count() >= MOST:
        raise ValidationError(_("At most %(most)s doors are shown. Hide one first.") % {"most": MOST})
