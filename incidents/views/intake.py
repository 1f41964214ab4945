"""The coordinator's review of what came in."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from est_site.access import Permission, require
from incidents import actions, states
from incidents import intake as came_in
from incidents.forms import MaskForm
from incidents.views.shared import back, member_of, refused, seen

SHOW = ("", "late", "nowhere")


@require_safe
@require(Permission.REVIEW_INTAKE, notes="observations.read")
def intake(request: HttpRequest) -> HttpResponse:
    """What is new, what may be the same, what came late or has no area."""
    member, now = member_of(request), timezone.now()
    cast(Any, request).section = "incidents"
    show = request.GET.get("show", "")
    rows = came_in.unseen(member, now)
    page = came_in.page(rows, show if show in SHOW else "", request.GET.get("page"))
    for row in page:
        row.states = states.words(row, now)
    doubles, count = came_in.doubles(member, now)
    context = {
        "page": page,
        "show": show,
        "tabs": _tabs(reverse("intake", args=[member.group.slug]), show),
        "doubles": doubles,
        "kept": came_in.kept(member, now),
        "double_count": count,
    }
    return render(request, "incidents/intake.html", context)


def _tabs(url: str, show: str) -> list[dict[str, Any]]:
    named = {"": _("Everything new"), "late": _("Late"), "nowhere": _("Outside every area")}
    return [
        {"url": f"{url}?show={name}" if name else url, "title": title, "current": name == show}
        for name, title in named.items()
    ]


@require_POST
@require(Permission.REVIEW_INTAKE)
def looked_at(request: HttpRequest) -> HttpResponse:
    """The page of new ones was read: they leave the queue."""
    member = member_of(request)
    pks = [int(pk) for pk in request.POST.getlist("pk") if pk.isascii() and pk.isdigit() and len(pk) < 19]
    count = actions.look_at(by=member, pks=pks[: came_in.PER_PAGE], now=timezone.now())
    said = ngettext("%(n)s observation is looked at.", "%(n)s observations are looked at.", count)
    messages.success(request, said % {"n": count})
    return redirect("intake", member.group.slug)


@require_POST
@require(Permission.REVIEW_INTAKE)
def merge(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    """The other is the same event as this one."""
    member = member_of(request)
    into, incident = seen(member, pk), seen(member, other)
    try:
        actions.merge_incidents(by=member, into=into, incident=incident, now=timezone.now())
    except actions.NotAllowed:
        return refused(request, into)
    words = {"first": into.number, "second": incident.number}
    messages.success(request, _("%(first)s and %(second)s count as one. Both stay as sources.") % words)
    return redirect("intake", member.group.slug)


@require_POST
@require(Permission.REVIEW_INTAKE)
def not_same(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    """These two are two."""
    member = member_of(request)
    actions.not_same(by=member, first=seen(member, pk), second=seen(member, other), now=timezone.now())
    messages.success(request, _("Noted: they are two. They are not shown as one again."))
    return redirect("intake", member.group.slug)


@require_POST
@require(Permission.REVIEW_INTAKE)
def part(request: HttpRequest, pk: int) -> HttpResponse:
    """It was another event after all."""
    member = member_of(request)
    incident = seen(member, pk)
    actions.part_incident(by=member, incident=incident, now=timezone.now())
    messages.success(request, _("Observation %(number)s counts on its own again.") % {"number": incident.number})
    return back(member, incident)


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.REVIEW_INTAKE, notes="observations.read")
def mask(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks first, what and why; then the original is gone everywhere."""
    member = member_of(request)
    cast(Any, request).section = "incidents"
    incident = seen(member, pk)
    form = MaskForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        actions.mask_incident(by=member, incident=incident, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Masked. What was written or shown is gone, also from the history."))
        return back(member, incident)
    context = {"form": form, "incident": incident, "cancel": reverse("incident", args=[member.group.slug, pk])}
    return render(request, "incidents/mask.html", context, status=422 if form.errors else 200)
