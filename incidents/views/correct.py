"""Say an observation anew."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from est_site.access import Permission, require
from est_site.partners.editing import Stale
from est_site.partners.models import Membership
from incidents import actions, choices, history
from incidents.actions.correcting import frozen, proposed
from incidents.forms import CorrectForm
from incidents.models import Incident
from incidents.views.report import said_in
from incidents.views.shared import back, member_of, own, refused


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.REPORT, notes="observations.read")
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """The form filled with what was said; who saves second is asked."""
    member, now = member_of(request), timezone.now()
    incident = own(member, pk)
    if incident.withdrawn_at is not None:
        return refused(request, incident)
    form = _form(request, member, incident, now)
    if request.method != "POST" or not form.is_valid():
        return _show(request, incident, form)
    said = said_in(form)
    try:
        version = form.cleaned_data["version"]
        saved = actions.correct_incident(by=member, incident=incident, version=version, now=now, **said)
    except Stale:
        return _show_stale(request, member, own(member, pk), form, said)
    except actions.NotAllowed:
        return refused(request, incident)
    form.keep_overrides(on=saved, by=member, now=now)
    if saved.version == version:
        messages.info(request, _("Nothing was changed, so nothing was saved."))
    else:
        messages.success(request, _("Saved. What it was before stands in the history."))
    return back(member, incident)


def _form(request: HttpRequest, member: Membership, incident: Incident, now: datetime) -> CorrectForm:
    data = request.POST if request.method == "POST" else None
    places = choices.own_places(member) + choices.chosen_place(member, data.get("where", "") if data else "")
    if incident.place is not None:
        places.insert(0, choices.OwnPlace(incident.place, None))
    once = list({own.place.pk: own for own in places}.values())
    tiles = choices.with_category(choices.in_order(member), incident.category)
    return CorrectForm(data, incident=incident, member=member, now=now, tiles=tiles, places=once)


def _show(request: HttpRequest, incident: Incident, form: CorrectForm) -> HttpResponse:
    request.section = "incidents"  # type: ignore[attr-defined]
    context = {"form": form, "incident": incident, "amends": frozen(incident.group_id, [incident.day])}
    return render(request, "incidents/correct.html", context, status=422 if form.errors else 200)


def _show_stale(
    request: HttpRequest, member: Membership, current: Incident, form: CorrectForm, said: dict[str, Any]
) -> HttpResponse:
    """409: what is saved beside what was written, and the form that saves it after all."""
    version = current.version
    differences = history.lines(proposed(member, current, **said))
    form.data = form.data.copy()  # type: ignore[attr-defined]
    form.data["version"] = str(version)  # type: ignore[index]
    request.section = "incidents"  # type: ignore[attr-defined]
    context = {"form": form, "incident": own(member, current.pk), "differences": differences}
    return render(request, "incidents/correct_stale.html", context, status=409)
