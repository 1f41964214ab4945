"""Log an observation, or say that it was calm."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from est_site.access import Permission, require
from est_site.partners import limits
from est_site.partners.models import CategoryKind, Membership, Period
from incidents import actions, choices, drafts, photos, times
from incidents.forms import CalmAreasForm, ReportForm
from incidents.forms.table import CELL, TableForm
from incidents.models import CalmReport, DraftForm, Incident, LocationPrecision, Photo
from incidents.pins import NEAR_ENOUGH
from incidents.views.shared import see_other

FIELDS = ("category", "place", "area", "point", "approximate", "occurred_from", "occurred_to", "time_precision")
LATEST = 5


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.REPORT)
def report(request: HttpRequest) -> HttpResponse:
    """The form; after saving the same page again, with place and time kept and the number said."""
    member, now = cast(Membership, cast(Any, request).member), timezone.now()
    wait = _wait(request, member, now)
    if request.method == "POST":
        taken = _later(request, member, now, wait) if wait else _take(request, member, now)
        saved, draft = None, None
        if isinstance(taken, Incident):
            pin = "&pin=1" if request.POST.get("where") == "pin" else ""
            return see_other(f"{reverse('report', args=[member.group.slug])}?saved={taken.pk}{pin}")
        form = taken
    else:
        saved = _own(request, member)
        draft = None if saved else drafts.of(member, now)
        kept = _kept(saved, now, "pin" in request.GET) if saved else drafts.initial(draft)
        form = _offer(member, now, None, initial=kept)
        if saved:
            messages.success(request, _thanks(saved, kept))
    context = {"form": form, "saved": saved, "draft": draft, **week(member, now), "latest": latest(member)}
    response = render(request, "incidents/report.html", context, status=422 if form.errors else 200)
    return limits.told(response, wait)


@require_POST
@require(Permission.REPORT)
def draft(request: HttpRequest, form: DraftForm = DraftForm.REPORT) -> HttpResponse:
    """What is being written, kept a moment after the last key."""
    member = cast(Membership, cast(Any, request).member)
    names = [name for name in request.POST if _is_kept(name, form)]
    drafts.keep(by=member, data=dict(request.POST.lists()), names=names, now=timezone.now(), form=form)
    return HttpResponse(status=204)


@require_POST
@require(Permission.REPORT)
def forget_draft(request: HttpRequest, form: DraftForm = DraftForm.REPORT) -> HttpResponse:
    """Begin anew."""
    member = cast(Membership, cast(Any, request).member)
    drafts.forget(by=member, form=form)
    page = "report_table" if form == DraftForm.TABLE else "report"
    return see_other(reverse(page, args=[member.group.slug]))


def _is_kept(name: str, form: DraftForm) -> bool:
    if form == DraftForm.TABLE:
        return name in TableForm.base_fields or bool(CELL.fullmatch(name))
    return name in ReportForm.base_fields or name.startswith(("sub_", "q_"))


@require_POST
@require(Permission.REPORT)
def calm(request: HttpRequest) -> HttpResponse:
    """One tap: nothing to report from this organisation in the period that is going on."""
    member, now = cast(Membership, cast(Any, request).member), timezone.now()
    period = current_period(member, now)
    if period is None:
        messages.error(request, _("No period is planned for today, so nothing was saved. Ask your coordinator."))
    else:
        actions.report_calm(by=member, period=period, now=now)
        words = {"organisation": member.organisation.name, "week": period.weeks_text}
        messages.success(request, _("Thank you. Calm at %(organisation)s, week %(week)s.") % words)
    return see_other(reverse("report", args=[member.group.slug]))


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.REPORT)
def calm_areas(request: HttpRequest) -> HttpResponse:
    """Calm in some areas and not known of the others."""
    member, now = cast(Membership, cast(Any, request).member), timezone.now()
    cast(Any, request).section = "report"
    period = current_period(member, now)
    data = request.POST if request.method == "POST" else None
    form = CalmAreasForm(data, member=member, today=now.astimezone(member.group.zone).date())
    if period is not None and form.is_valid():
        areas = list(form.cleaned_data["areas"])
        actions.report_calm(by=member, period=period, now=now, areas=areas)
        messages.success(
            request, _("Thank you. Calm in %(areas)s.") % {"areas": ", ".join(area.name for area in areas)}
        )
        return see_other(reverse("report", args=[member.group.slug]))
    context = {"form": form, "period": period}
    return render(request, "incidents/calm_areas.html", context, status=422 if form.errors else 200)


def current_period(member: Membership, now: datetime) -> Period | None:
    """The period that today's local date lies in."""
    today = now.astimezone(member.group.zone).date()
    period: Period | None = Period.objects.visible_to(member).regular().containing(today).first()
    return period


def week(member: Membership, now: datetime) -> dict[str, Any]:
    """What the member's organisation has said in the period that is going on."""
    period = current_period(member, now)
    if period is None:
        return {"period": None, "count": 0, "is_calm": False, "calm_in": []}
    own = {"organisation_id": member.organisation_id}
    reports = Incident.objects.visible_to(member).standing().filter(**own).between(period.first_day, period.last_day)
    said = CalmReport.objects.visible_to(member).filter(period=period, **own).order_by("area__name")
    areas = list(said.values_list("area__name", flat=True))
    calm_in = [name for name in areas if name is not None]
    return {"period": period, "count": reports.count(), "is_calm": None in areas, "calm_in": calm_in}


def latest(member: Membership) -> list[Incident]:
    """The person's own latest observations, without what they took back."""
    own = Incident.objects.visible_to(member).filter(reporter=member, withdrawn_at=None)
    named = own.select_related("category", "place", "area").defer("area__geometry")
    return list(named.order_by("-recorded_at", "-id")[:LATEST])


def _wait(request: HttpRequest, member: Membership, now: datetime) -> int:
    """Seconds until the person may log more."""
    if request.method != "POST":
        return 0
    sent = len(request.FILES.getlist("photos"))
    return limits.spend("observation", member, now) or limits.spend("photo", member, now, sent)


def _later(request: HttpRequest, member: Membership, now: datetime, wait: int) -> ReportForm:
    """The form as it was sent, and how long to wait."""
    form = _offer(member, now, request.POST, files=request.FILES)
    form.add_error(None, limits.sentence(wait))
    return form


def _take(request: HttpRequest, member: Membership, now: datetime) -> Incident | ReportForm:
    """What was saved, or the form with what is wrong. An answer is read without what only a page would show."""
    places = choices.chosen_place(member, request.POST.get("where", ""))
    answer = ReportForm(
        request.POST,
        request.FILES,
        member=member,
        now=now,
        tiles=choices.chosen_tile(member, request.POST.get("top", "")),
        places=places,
        waiting=_waiting(member, request.POST),
    )
    if not answer.is_valid():
        return _offer(member, now, request.POST, files=request.FILES)
    try:
        return _record(answer, member, now)
    except actions.FormUsed:
        form = _offer(member, now, request.POST)
        form.renewed(uuid.uuid4())
        return form


def _offer(member: Membership, now: datetime, data: Any, **options: Any) -> ReportForm:
    """The form as a page shows it: tiles in the order of use, the person's own places, and the one they chose."""
    places = choices.own_places(member)
    known = data or options.get("initial", {})
    chosen = choices.chosen_place(member, known.get("where", ""))
    places += [own for own in chosen if own.place not in [known.place for known in places]]
    options["waiting"] = _waiting(member, known)
    return ReportForm(data, member=member, now=now, tiles=choices.tiles(member), places=places, **options)


def _waiting(member: Membership, data: Any) -> list[Photo]:
    try:
        return photos.waiting(member, uuid.UUID(str(data.get("client_uuid", ""))))
    except ValueError:
        return []


def _own(request: HttpRequest, member: Membership) -> Incident | None:
    number = request.GET.get("saved", "")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    own = Incident.objects.visible_to(member).filter(reporter=member)
    found: Incident | None = own.filter(pk=int(number)).first()
    return found


def _kept(saved: Incident, now: datetime, pin: bool) -> dict[str, Any]:
    """Place and time of what was just saved: a round is logged at one place, one thing after the other."""
    kept: dict[str, Any] = {"where": "unknown", "when": "between"}
    zone = saved.group.zone
    if saved.place_id is not None:
        kept["where"] = f"place-{saved.place_id}"
    elif saved.lon is not None:
        kept |= {"where": "pin" if pin else "here", "lon": saved.lon, "lat": saved.lat}
        if saved.location_precision == LocationPrecision.APPROXIMATE:
            kept["accuracy"] = NEAR_ENOUGH + 1
    elif saved.area_id is not None:
        kept |= {"where": "area", "area": saved.area_id}
    span = (saved.occurred_from, saved.occurred_to)
    if span == (saved.recorded_at, saved.recorded_at):
        kept["when"] = "now"
    elif span == times.last_night(now, zone):
        kept["when"] = "night"
    elif span == times.yesterday_evening(now, zone):
        kept["when"] = "evening"
    else:
        kept |= {"occurred_from": saved.occurred_from, "occurred_to": saved.occurred_to}
        if saved.kind == CategoryKind.CONDITION:
            kept |= {"since": "earlier", "since_day": saved.day}
    return kept


def _thanks(saved: Incident, kept: dict[str, Any]) -> str:
    """The number, and what the next one need not be told again."""
    said = [_("Thank you. Saved as number %(number)s.") % {"number": saved.number}]
    if kept["where"] != "unknown":
        said.append(_("Place and time are kept: the next one goes quicker."))
    return " ".join(said)


def said_in(form: ReportForm) -> dict[str, Any]:
    """What a valid form says of an observation, as the actions take it."""
    return {name: form.cleaned_data[name] for name in (*FIELDS, *ReportForm.DETAILS, "text", "answers")}


def _record(form: ReportForm, member: Membership, now: datetime) -> Incident:
    sent = {name: form.cleaned_data[name] for name in ("client_uuid", "dropped")}
    pictures = form.cleaned_data["photos"]
    incident = actions.record_incident(by=member, now=now, pictures=pictures, **sent, **said_in(form))
    form.keep_overrides(on=incident, by=member, now=now)
    drafts.forget(by=member)
    return incident
