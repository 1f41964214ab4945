"""What may be the same event, asked for while a report is being filled in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from est_site.access import Permission, require
from incidents import choices
from incidents import nearby as nearness
from incidents.forms import ReportForm
from incidents.views.shared import member_of

NEEDED = ("category", "occurred_from", "occurred_to")


@require_POST
@require(Permission.REPORT, notes="observations.read")
def nearby(request: HttpRequest) -> HttpResponse:
    """A part of the report's page: the nearest of the same kind, as far as the form says what, where and when already."""
    member, now = member_of(request), timezone.now()
    places = choices.chosen_place(member, request.POST.get("where", ""))
    form = ReportForm(
        request.POST,
        member=member,
        now=now,
        tiles=choices.chosen_tile(member, request.POST.get("top", "")),
        places=places,
    )
    form.full_clean()
    said = form.cleaned_data
    found = []
    if all(said.get(name) for name in NEEDED) and (said.get("place") or said.get("point")):
        found = nearness.nearby(
            member,
            category=said["category"],
            place=said["place"],
            point=said["point"],
            start=said["occurred_from"],
            end=said["occurred_to"],
            client_uuid=said.get("client_uuid"),
        )
    codes = {error.code for errors in form.errors.as_data().values() for error in errors}
    return render(request, "incidents/nearby.html", {"found": found}, status=422 if "invalid_choice" in codes else 200)
