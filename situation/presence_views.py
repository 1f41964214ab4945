"""Presence: the organisation's own form, and what all of it adds up to beside the events."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from est_site.access import Permission, may, require
from est_site.partners.editing import Stale
from est_site.partners.models import Area, Membership
from est_site.partners.screens import member_of, press, shown_version
from incidents.actions import FormUsed
from situation import presence_actions, presence_rows, presence_words
from situation.around import by_label
from situation.models import Presence
from situation.presence_forms import CorrectForm, RecordForm, as_said, suggested

LISTED = 60
OWN_LISTED = 12


@require_safe
@require(Permission.SEE_PICTURE)
def presence(request: HttpRequest, label: str) -> HttpResponse:
    """Who was where in a period, and how it lies against what happened."""
    member, now = member_of(request), timezone.now()
    cast(Any, request).section = "situation"
    period, around = by_label(member, label)
    rows = presence_rows.of_period(member.group, period, now).select_related("organisation", "area", "place")
    listed = list(rows[: LISTED + 1])
    names = dict(Area.objects.visible_to(member).values_list("id", "name"))
    found = presence_rows.figures(period, group=member.group, cut_off=now)
    context = {
        "period": period,
        "previous": next((p for p in around if p.last_day < period.first_day), None),
        "rows": [presence_words.line(row, member.group.zone) for row in listed[:LISTED]],
        "more": len(listed) > LISTED,
        "may_record": may(member, Permission.REPORT),
        **presence_words.page(found, names),
    }
    return render(request, "situation/presence.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.REPORT)
def record_presence(request: HttpRequest) -> HttpResponse:
    """One's own organisation was there; what it said last is the first suggestion."""
    member, now = member_of(request), timezone.now()
    if request.method != "POST":
        return _form(request, RecordForm(member=member, now=now, initial=suggested(member, now)))
    form = RecordForm(request.POST, member=member, now=now)
    if not form.is_valid():
        return _form(request, form, 422)
    names = ("kind", "area", "place", "people", "spans", "client_uuid")
    said = {name: form.cleaned_data[name] for name in names}
    try:
        kept = presence_actions.record_presence(by=member, now=now, **said)
    except FormUsed:
        form.renewed()
        return _form(request, form, 422)
    text = ngettext("Saved: %(n)s time in %(area)s.", "Saved: %(n)s times in %(area)s.", len(kept))
    messages.success(request, text % {"n": len(kept), "area": said["area"].name})
    return redirect("record_presence", member.group.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.REPORT)
def correct_presence(request: HttpRequest, pk: int) -> HttpResponse:
    """Only for the organisation that said it; who saves second sees both."""
    member, now = member_of(request), timezone.now()
    row = _own(member, pk)
    if request.method != "POST":
        return _form(request, CorrectForm(member=member, now=now, initial=as_said(row)), row=row)
    form = CorrectForm(request.POST, member=member, now=now)
    if not form.is_valid():
        return _form(request, form, 422, row=row)
    names = ("version", "kind", "area", "place", "people", "span")
    try:
        with transaction.atomic():
            said = {name: form.cleaned_data[name] for name in names}
            presence_actions.correct_presence(by=member, presence=row, now=now, **said)
    except Stale as stale:
        cast(Any, form).data = cast(Any, form.data).copy()
        cast(Any, form).data["version"] = str(cast(Presence, stale.current).version)
        return _form(request, form, 409, row=row, late=presence_words.line(_own(member, pk), member.group.zone))
    messages.success(request, _("Saved."))
    return redirect("record_presence", member.group.slug)


@require_POST
@require(Permission.REPORT)
def withdraw_presence(request: HttpRequest, pk: int) -> HttpResponse:
    member = member_of(request)
    return press(
        request,
        reverse("record_presence", args=[member.group.slug]),
        presence_actions.withdraw_presence,
        _("Withdrawn. It counts no more."),
        presence=_own(member, pk),
        version=shown_version(request),
        now=timezone.now(),
    )


def _own(member: Membership, pk: int) -> Presence:
    rows = Presence.objects.visible_to(member).filter(organisation_id=member.organisation_id).standing()
    found: Presence = get_object_or_404(rows.select_related("organisation", "area", "place", "group"), pk=pk)
    return found


def _form(request: HttpRequest, form: Any, status: int = 200, **context: Any) -> HttpResponse:
    member = member_of(request)
    cast(Any, request).section = "situation"
    own = Presence.objects.visible_to(member).filter(organisation_id=member.organisation_id).standing()
    rows = own.select_related("organisation", "area", "place")[:OWN_LISTED] if "row" not in context else []
    context |= {
        "form": form,
        "rows": [presence_words.line(row, member.group.zone) for row in rows],
        "sees_picture": may(member, Permission.SEE_PICTURE),
    }
    return render(request, "situation/presence_form.html", context, status=status)
