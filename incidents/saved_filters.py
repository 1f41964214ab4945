"""Choices in the list of observations under a name of the person's own."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from est_site import audit, jobs
from est_site.models import Job
from est_site.partners.models import Membership
from incidents.models import SavedFilter

MOST = 12  # for one person: more would be a list beside the list
SWEPT = timedelta(days=7)
SWEEP = "filters.sweep"


@transaction.atomic
def save_filter(*, by: Membership, name: str, query: str, now: datetime) -> SavedFilter:
    """A new one; the same form sent twice is one."""
    Membership.objects.select_for_update(of=("self",)).get(pk=by.pk)  # two at once are counted one after the other
    known = _called(by, name)
    if known is not None and known.query == query:
        return known
    if known is not None:
        raise ValidationError({"name": _taken(known.name)})
    if SavedFilter.objects.visible_to(by).count() >= MOST:
        told = _("You have %(most)s saved choices, and there is room for no more. Remove one of them first.")
        raise ValidationError(told % {"most": MOST})
    row = SavedFilter.objects.create(group_id=by.group_id, member=by, name=name, query=query)
    _order_sweep(by.group_id, now)
    audit.append(what="filter.save", by=by, on=row, now=now)
    return row


@transaction.atomic
def rename_filter(*, by: Membership, saved: SavedFilter, name: str, now: datetime) -> SavedFilter:
    Membership.objects.select_for_update(of=("self",)).get(pk=by.pk)
    known = _called(by, name)
    if known is not None and known.pk != saved.pk:
        raise ValidationError({"name": _taken(known.name)})
    if saved.name != name:
        saved.name = name
        saved.save(update_fields=["name"])
        audit.append(what="filter.rename", by=by, on=saved, now=now)
    return saved


@transaction.atomic
def remove_filter(*, by: Membership, saved: SavedFilter, now: datetime) -> None:
    audit.append(what="filter.remove", by=by, on=saved, now=now)
    saved.delete()


def sweep(job: Job, now: datetime) -> None:
    """What belonged to a seat that has ended goes; as long as any is left, the next look is ordered."""
    rows = SavedFilter.objects.filter(group_id=job.group_id)
    today = now.astimezone(job.group.zone).date()
    rows.exclude(member__in=Membership.objects.filter(group_id=job.group_id).active(today)).delete()
    if rows.exists():
        _order_sweep(job.group_id, now)


def _order_sweep(group_id: int, now: datetime) -> None:
    """Once a week, however many choose."""
    week = "{}-W{:02}".format(*now.date().isocalendar()[:2])
    jobs.due(SWEEP, group_id=group_id, key=f"{SWEEP}:{week}", at=now + SWEPT)


def _called(by: Membership, name: str) -> SavedFilter | None:
    own = SavedFilter.objects.visible_to(by).alias(small=Lower("name"))
    found: SavedFilter | None = own.filter(small=Lower(Value(name))).first()
    return found


def _taken(name: str) -> str:
    return _("You already have a choice called “%(name)s”. Give this one another name.") % {"name": name}
