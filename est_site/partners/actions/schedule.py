"""When the group meets, and edits of the calendar. Whatever is done, each day lies in exactly one period."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from est_site import audit
from est_site.partners import calendar, editing
from est_site.partners.models import Group, Membership, Period

DAY = timedelta(days=1)
MOVES_SITTINGS = {"weekday", "meeting_time", "meeting_minutes", "meeting_place"} | {
    "deadline_lead_hours",
    "prepare_lead_hours",
}


@transaction.atomic
def change_schedule(*, by: Membership, version: int, now: datetime, **fields: Any) -> Group:
    """Another rhythm, time or place. Periods already made stay; a new rhythm begins after the last of them."""
    group = editing.lock(by.group, version)
    changed = editing.save(group, **fields)
    if MOVES_SITTINGS & set(changed):
        today = now.astimezone(group.zone).date()
        coming = Period.objects.filter(group=group, last_day__gte=today, frozen_at__isnull=True).regular()
        calendar.tell(changed=list(coming.select_related("group")), now=now)
    audit.append(what="schedule.change", by=by, on=group, now=now, fields=changed)
    return group


@transaction.atomic
def merge_periods(*, by: Membership, first: Period, last: Period, now: datetime) -> Period:
    """One sitting in place of several: the first period takes the days of those up to the last."""
    group = _locked(by)
    run = list(
        Period.objects.filter(group=group, first_day__gte=first.first_day, last_day__lte=last.last_day).regular()
    )
    if len(run) < 2:
        raise ValidationError(_("Choose at least two periods that follow each other."))
    kept = _join(group, run, now)
    audit.append(what="period.merge", by=by, on=kept, now=now, count=len(run))
    return kept


@transaction.atomic
def cancel_period(*, by: Membership, period: Period, now: datetime) -> Period:
    """No sitting about this period alone: its days are looked at together with the next one's."""
    group = _locked(by)
    period = Period.objects.get(pk=period.pk)
    kept = _join(group, [period, _next(group, period)], now)
    audit.append(what="period.cancel", by=by, on=kept, now=now)
    return kept


@transaction.atomic
def move_period(*, by: Membership, period: Period, last_day: date, now: datetime) -> Period:
    """Let the period end on another day; the next one begins the day after."""
    group = _locked(by)
    period = Period.objects.get(pk=period.pk)
    following = _next(group, period)
    _may_change(group, [period, following], now)
    if last_day < max(period.first_day, now.astimezone(group.zone).date()):
        raise ValidationError({"last_day": _("The period cannot end before it begins, or in the past.")})
    if last_day >= following.last_day:
        raise ValidationError(
            {"last_day": _("The next period would have no day left. Look at the two together instead.")}
        )
    grows = last_day > period.last_day
    period.last_day, following.first_day = last_day, last_day + DAY
    # whoever gives days away goes first: no day is ever in two periods
    for row in [following, period] if grows else [period, following]:
        row.save(update_fields=["first_day", "last_day"])
    calendar.tell(changed=[period, following], now=now)
    audit.append(what="period.move", by=by, on=period, now=now, fields=["last_day"])
    return period


def _locked(by: Membership) -> Group:
    """One edit of the calendar at a time."""
    return Group.objects.select_for_update().get(pk=by.group_id)


def _next(group: Group, period: Period) -> Period:
    calendar.extend_periods(group, period.last_day + DAY)
    return Period.objects.filter(group=group, first_day=period.last_day + DAY).regular().get()


def _may_change(group: Group, run: list[Period], now: datetime) -> None:
    """The first may be going on, the others must lie ahead, and no picture may be frozen yet."""
    today = now.astimezone(group.zone).date()
    if run[0].last_day < today or any(period.first_day <= today for period in run[1:]):
        raise ValidationError(_("What has been cannot be changed. Choose a period that is going on or lies ahead."))
    if any(period.frozen_at for period in run):
        raise ValidationError(_("The picture of this period is already frozen for its meeting."))


def _join(group: Group, run: list[Period], now: datetime) -> Period:
    _may_change(group, run, now)
    kept, gone = run[0], run[1:]
    last_day = gone[-1].last_day
    try:
        calendar.tell(changed=[], gone=gone, now=now)
        for period in gone:
            period.delete()
    except ProtectedError:
        raise ValidationError(_("Something has already been written about one of these periods.")) from None
    kept.last_day = last_day
    kept.save(update_fields=["last_day"])
    calendar.tell(changed=[kept], now=now)
    return kept
