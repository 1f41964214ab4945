"""Minutes after the meeting: remarks of those who were there, and corrections as new versions."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from est_site.access import Permission, require
from interventions import actions
from interventions.asked import minutes_of
from interventions.correct_forms import CorrectForm, RemarkForm
from interventions.models import Remark
from situation.actions import NotAllowed


@require_http_methods(["GET", "POST"])
@require(Permission.SEE_MEETING)
def remarks(request: HttpRequest, pk: int) -> HttpResponse:
    """What those who were there say of the minutes; while the window is open they say more."""
    member, row, latest = minutes_of(request, pk)
    form, status, now = RemarkForm(request.POST or None), 200, timezone.now()
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                saved = actions.leave_remark(meeting=row, by=member, now=now, **form.cleaned_data)
                form.keep_overrides(on=saved, by=member, now=now)
                messages.success(request, _("Your remark is saved. The coordinator sees it."))
                return redirect("minutes_remarks", row.group.slug, row.pk)
            except NotAllowed:
                status = 409
    context = {
        "form": form,
        "meeting": row,
        "edition": latest,
        "remarks": Remark.objects.visible_to(member).filter(meeting=row).select_related("organisation"),
        "may_remark": actions.may_remark(row, member, now),
        "ends": actions.window_ends(row),
        "open": now < cast(Any, actions.window_ends(row)),
    }
    return render(request, "interventions/remarks.html", context, status=status)


@require_http_methods(["GET", "POST"])
@require(Permission.RUN_MEETING)
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """A new version of the minutes that says what it changes."""
    member, row, latest = minutes_of(request, pk)
    form = CorrectForm(request.POST or None, edition=latest)
    status, overtaken, now = 200, False, timezone.now()
    if request.method == "POST":
        status = 422
        if form.is_valid():
            data = form.cleaned_data
            said = {"version": data["version"], "guests": data["guests"], "what": data["what"]}
            try:
                edition = actions.correct_minutes(meeting=row, notes=form.notes(), by=member, now=now, **said)
                form.keep_overrides(on=edition, by=member, now=now)
                messages.success(request, _("A new version of the minutes is frozen. Its PDF is being made."))
                return redirect("edition", row.group.slug, edition.pk)
            except actions.Stale:
                form.data = request.POST.dict() | {"version": str(latest.version)}
                status, overtaken = 409, True
    seen = Remark.objects.visible_to(member).filter(meeting=row).select_related("organisation")
    context = {"form": form, "meeting": row, "edition": latest, "remarks": seen, "overtaken": overtaken}
    return render(request, "interventions/correct.html", context, status=status)
