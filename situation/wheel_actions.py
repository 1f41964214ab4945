"""Writes of the year wheel."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from est_site import audit
from est_site.partners import editing
from est_site.partners.models import Membership
from situation.models import WheelEntry


@transaction.atomic
def add_wheel_entry(*, by: Membership, now: datetime, **said: Any) -> WheelEntry:
    entry = WheelEntry(group_id=by.group_id, **said)
    entry.full_clean(exclude=["group", "area"])
    with _once():
        entry.save()
    audit.append(what="wheel.add", by=by, on=entry, now=now)
    return entry


@transaction.atomic
def change_wheel_entry(*, by: Membership, entry: WheelEntry, version: int, now: datetime, **said: Any) -> WheelEntry:
    """From now on; what is frozen keeps what was said then."""
    entry = editing.lock(entry, version)
    with _once():
        changed = editing.save(entry, **said)
    audit.append(what="wheel.change", by=by, on=entry, now=now, fields=changed)
    return entry


@transaction.atomic
def end_wheel_entry(*, by: Membership, entry: WheelEntry, version: int, now: datetime) -> WheelEntry:
    """It comes no more."""
    entry = editing.lock(entry, version)
    editing.save(entry, ended_at=now)
    audit.append(what="wheel.end", by=by, on=entry, now=now)
    return entry


def _once() -> AbstractContextManager[None]:
    return editing.once("title", _("This stands in the year wheel already."))
