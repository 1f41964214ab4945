"""What the meeting says of a proposal."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from est_site.access import Permission, require
from interventions import actions
from interventions.asked import meeting_of
from interventions.models import Intervention
from interventions.own_forms import ProposalDecisionForm
from situation.actions import NotAllowed
from situation.models import MeetingState


@require_http_methods(["GET", "POST"])
@require(Permission.RUN_MEETING)
def decide(request: HttpRequest, pk: int, intervention: int) -> HttpResponse:
    """Start what an organisation proposed, or say why it is not taken up."""
    member, row = meeting_of(request, pk)
    seen = Intervention.objects.visible_to(member).select_related("proposed_by", "responsible", "area", "place")
    subject = get_object_or_404(seen.defer("area__geometry"), pk=intervention)
    form = ProposalDecisionForm(
        request.POST or None, initial={"follow_up_on": actions.next_follow_up(row), "kind": "start"}
    )
    status, over = 200, row.state != MeetingState.OPEN
    if request.method == "POST":
        status, now = 422, timezone.now()
        if form.is_valid():
            try:
                decision = actions.follow_up(meeting=row, intervention=subject, by=member, now=now, **form.cleaned_data)
                form.keep_overrides(on=decision, by=member, now=now)
                messages.success(request, _("The decision is saved."))
                return redirect(reverse("meeting", args=[row.group.slug, row.pk]) + "#decisions")
            except NotAllowed:
                status, over = 409, True
    context = {"form": form, "meeting": row, "intervention": subject, "over": over}
    return render(request, "interventions/proposal.html", context, status=status)
