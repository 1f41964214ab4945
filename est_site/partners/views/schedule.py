"""Settings: when the group meets, and edits of the coming periods."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from est_site.access import Permission, require
from est_site.partners import actions, calendar
from est_site.partners.forms import WEEKDAYS, MergeForm, MoveForm, ScheduleForm
from est_site.partners.models import Membership, Period
from est_site.partners.screens import Page, member_of, own, path, press, save, show

SHOWN = 12


@dataclass(frozen=True)
class Coming:
    """A period as the list shows it."""

    period: Period
    deadline: datetime
    sitting: datetime
    going_on: bool
    long: bool  # more than the cadence makes by itself


def _upcoming(member: Membership, now: datetime) -> Any:
    today = now.astimezone(member.group.zone).date()
    return Period.objects.visible_to(member).regular().filter(last_day__gte=today)


@require_safe
@require(Permission.MANAGE_SCHEDULE)
def schedule(request: HttpRequest) -> HttpResponse:
    return _show_schedule(request, None)


def _show_schedule(request: HttpRequest, merge: MergeForm | None, status: int = 200) -> HttpResponse:
    member, now = member_of(request), timezone.now()
    group = member.group
    today = now.astimezone(group.zone).date()
    usual = timedelta(weeks=group.cadence)
    coming = []
    for period in _upcoming(member, now)[:SHOWN]:
        deadline, sitting = calendar.due(group, period)
        long = period.last_day - period.first_day >= usual
        coming.append(Coming(period, period.deadline or deadline, sitting, period.first_day <= today, long))
    context = {
        "group": group,
        "weekday": dict(WEEKDAYS)[group.weekday],
        "coming": coming,
        "merge": merge or MergeForm(periods=_upcoming(member, now), auto_id="merge_%s"),
        "form": merge,
        "zone": group.zone,
    }
    return show(request, "schedule", "schedule", context, status)


@require_http_methods(["GET", "POST"])
@require(Permission.MANAGE_SCHEDULE)
def change_schedule(request: HttpRequest) -> HttpResponse:
    member = member_of(request)
    intro = _("Meetings already planned move along with a new day or time. Those held stay as they were.")
    page = Page("schedule", _("Change the schedule"), _("Save"), path(member, "schedule"), intro)
    form = ScheduleForm(request.POST or None, instance=member.group)
    return save(request, page, form, actions.change_schedule, _("The schedule is changed."), now=timezone.now())


@require_POST
@require(Permission.MANAGE_SCHEDULE)
def merge_periods(request: HttpRequest) -> HttpResponse:
    member, now = member_of(request), timezone.now()
    form = MergeForm(request.POST, periods=_upcoming(member, now), auto_id="merge_%s")
    if not form.is_valid():
        return _show_schedule(request, form, 422)
    said = _("They are now looked at together.")
    return press(request, path(member, "schedule"), actions.merge_periods, said, **form.cleaned_data, now=now)


@require_http_methods(["GET", "POST"])
@require(Permission.MANAGE_SCHEDULE)
def move_period(request: HttpRequest, pk: int) -> HttpResponse:
    member, now = member_of(request), timezone.now()
    period = own(Period, member, pk)
    page = Page(
        "schedule",
        _("Let %(period)s end on another day") % {"period": period.label},
        _("Move"),
        path(member, "schedule"),
        _("The next period begins the day after, so that no day is left out or counted twice."),
    )
    form: forms.Form = MoveForm(request.POST or None, initial={"last_day": period.last_day})
    return save(request, page, form, actions.move_period, _("Moved."), period=period, now=now)


@require_POST
@require(Permission.MANAGE_SCHEDULE)
def cancel_period(request: HttpRequest, pk: int) -> HttpResponse:
    member = member_of(request)
    period = own(Period, member, pk)
    said = _("No meeting about %(period)s alone: its days are looked at with the next one's.") % {
        "period": period.label
    }
    return press(request, path(member, "schedule"), actions.cancel_period, said, period=period, now=timezone.now())
