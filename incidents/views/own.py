"""A person's own observations, and whether they want to hear by mail what became of them."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from est_site.access import Permission, require
from est_site.partners.actions import choose_keys, choose_weekly_mail
from est_site.partners.models import Membership
from incidents import followed
from incidents.models import ChangeKind, Incident, IncidentChange, IncidentQuerySet
from incidents.views.shared import member_of

PER_PAGE = 20


@require_safe
@require(Permission.REPORT, notes="observations.read")
def my_reports(request: HttpRequest) -> HttpResponse:
    """What I have logged, latest first, where it stands and what became of it."""
    member, now = member_of(request), timezone.now()
    request.section = "report"  # type: ignore[attr-defined]
    page = Paginator(own_rows(member), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "incidents/mine.html", {"page": page, "reports": followed.reports(member, list(page), now)})


@require_POST
@require(Permission.REPORT)
def weekly_mail(request: HttpRequest) -> HttpResponse:
    member = member_of(request)
    wanted = request.POST.get("wanted") == "on"
    choose_weekly_mail(by=member, wanted=wanted, now=timezone.now())
    if wanted:
        messages.success(request, _("You get a letter after each meeting that looked at something of yours."))
    else:
        messages.success(request, _("You get no letters about your reports."))
    return redirect("my_reports", member.group.slug)


@require_POST
@require(Permission.SEE_INCIDENTS)
def list_keys(request: HttpRequest) -> HttpResponse:
    """Whether letters move about in the list; back to where the button stood, narrowed as it was."""
    member = member_of(request)
    wanted = request.POST.get("wanted") == "on"
    choose_keys(by=member, wanted=wanted, now=timezone.now())
    messages.success(request, _("The keys of the list are on.") if wanted else _("The keys of the list are off."))
    if request.POST.get("back") == "mine":
        return redirect("my_reports", member.group.slug)
    narrowed = QueryDict(request.POST.get("query", "")).urlencode()
    return redirect(reverse("incidents", args=[member.group.slug]) + (f"?{narrowed}" if narrowed else ""))


def own_rows(member: Membership) -> IncidentQuerySet:
    said_anew = IncidentChange.objects.filter(
        group_id=OuterRef("group_id"),
        incident=OuterRef("pk"),
        kind__in=[ChangeKind.CORRECTED, ChangeKind.AMENDED],
    )
    rows = Incident.objects.visible_to(member).filter(reporter=member)
    found: IncidentQuerySet = (
        rows.select_related("category__parent", "place", "area")
        .defer("area__geometry")
        .annotate(said_anew=Exists(said_anew))
        .order_by("-recorded_at", "-id")
    )
    return found
