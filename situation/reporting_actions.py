"""Writes of what changed in the reporting itself."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from est_site import audit
from est_site.partners import editing
from est_site.partners.models import Membership
from situation.models import ReportingEvent


@transaction.atomic
def add_reporting_event(*, by: Membership, now: datetime, **said: Any) -> ReportingEvent:
    event = ReportingEvent(group_id=by.group_id, **said)
    event.full_clean(exclude=["group", "organisation", "category"])
    with _once():
        event.save()
    audit.append(what="reporting.add", by=by, on=event, now=now)
    return event


@transaction.atomic
def change_reporting_event(
    *, by: Membership, entry: ReportingEvent, version: int, now: datetime, **said: Any
) -> ReportingEvent:
    """From now on; what is frozen keeps what was said then."""
    event = editing.lock(entry, version)
    with _once():
        changed = editing.save(event, **said)
    audit.append(what="reporting.change", by=by, on=event, now=now, fields=changed)
    return event


@transaction.atomic
def end_reporting_event(*, by: Membership, entry: ReportingEvent, version: int, now: datetime) -> ReportingEvent:
    """It was not so: no later picture draws it."""
    event = editing.lock(entry, version)
    editing.save(event, ended_at=now)
    audit.append(what="reporting.end", by=by, on=event, now=now)
    return event


def _once() -> AbstractContextManager[None]:
    return editing.once("text", _("This is noted already."))
