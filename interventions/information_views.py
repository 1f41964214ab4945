"""Information out: decided in a meeting, sent by an organisation, followed until somebody says so."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, F, Value, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from est_site.access import Permission, may, require
from est_site.partners.models import Membership
from interventions import actions
from interventions.asked import member_of
from interventions.forms import InformForm
from interventions.models import Information, InformationStatus
from interventions.screen import coming
from situation.actions import NotAllowed
from situation.models import Meeting, MeetingState


def may_settle(member: Membership, row: Information) -> bool:
    """Whoever was to send it, and the coordinator."""
    return row.responsible_id == member.organisation_id or may(member, Permission.RUN_MEETING)


@require_safe
@require(Permission.SEE_MEETING)
def information(request: HttpRequest) -> HttpResponse:
    """What is to be told to others: what waits first, then what was sent or dropped."""
    member = member_of(request)
    waits = Case(When(status=InformationStatus.TO_DO, then=Value(0)), default=Value(1))
    rows = Information.objects.visible_to(member).select_related("responsible", "meeting__group")
    soonest = Case(When(status=InformationStatus.TO_DO, then=F("due_on")))  # what waits by its day, the rest backwards
    page = Paginator(rows.order_by(waits, soonest, "-due_on", "-pk"), 25).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": [(row, row.status == InformationStatus.TO_DO and may_settle(member, row)) for row in page],
        "today": timezone.localdate(),
    }
    return render(request, "interventions/information.html", context)


@require_http_methods(["GET", "POST"])
@require(Permission.RUN_MEETING)
def inform(request: HttpRequest, pk: int) -> HttpResponse:
    """A message out, decided in this meeting."""
    member = member_of(request)
    row = get_object_or_404(Meeting.objects.visible_to(member).select_related("period", "group"), pk=pk)
    back = reverse("meeting", args=[row.group.slug, row.pk])
    form = InformForm(request.POST or None, member=member, initial={"due_on": coming(row)["last_day"]})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            now = timezone.now()
            try:
                saved = actions.inform(meeting=row, by=member, now=now, **form.cleaned_data)
                form.keep_overrides(on=saved, by=member, now=now)
                messages.success(request, _("The information is noted."))
                return redirect(f"{back}#information")
            except NotAllowed:
                status = 409
    over = row.state != MeetingState.OPEN
    return render(request, "interventions/inform.html", {"form": form, "meeting": row, "over": over}, status=status)


@require_POST
@require(Permission.SEE_MEETING)
def information_settle(request: HttpRequest, pk: int) -> HttpResponse:
    """It is sent, or it is dropped."""
    member = member_of(request)
    rows = Information.objects.visible_to(member).select_related("meeting__group")
    row = get_object_or_404(rows, pk=pk)
    if not may_settle(member, row):
        raise Http404
    try:
        actions.settle_information(row=row, status=request.POST.get("status", ""), by=member, now=timezone.now())
    except NotAllowed:
        messages.error(request, _("Somebody else has said what became of it meanwhile."))
    slug, meeting = row.meeting.group.slug, request.POST.get("meeting", "")
    if meeting.isascii() and meeting.isdigit() and len(meeting) < 19:  # pressed on a meeting's page
        return redirect(reverse("meeting", args=[slug, int(meeting)]) + "#information")
    return redirect("own_list" if "own" in request.POST else "information", slug)
