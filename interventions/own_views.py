"""A member before the meeting: the word round the table, what was done, and what the organisation proposes.

Whoever sees the meeting speaks for their organisation there: members, coordinators, analysts.
"""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from est_site.access import Permission, require
from est_site.partners.models import Membership
from incidents.actions import report_calm
from incidents.models import CalmReport
from interventions import actions
from interventions.asked import meeting_of
from interventions.models import DeliverySaid, Intervention, RoundNote
from interventions.own_forms import DeliveredForm, ProposalForm, RoundNoteForm
from interventions.screen import coming
from situation.actions import NotAllowed
from situation.models import Meeting, MeetingState


def _show(
    request: HttpRequest, row: Meeting, bound: dict[str, forms.Form] | None = None, status: int = 200, **context: Any
) -> HttpResponse:
    member, bound = cast(Membership, cast(Any, request).member), bound or {}
    mine = {"meeting": row, "organisation_id": member.organisation_id}
    note = RoundNote.objects.filter(**mine).first()
    running = list(Intervention.objects.visible_to(member).running().filter(responsible_id=member.organisation_id))
    said = {one.intervention_id: one for one in DeliverySaid.objects.filter(meeting=row, intervention__in=running)}
    proposals = Intervention.objects.visible_to(member).proposed().filter(proposed_by_id=member.organisation_id)
    context |= {
        "meeting": row,
        "to_come": row.state in (MeetingState.PLANNED, MeetingState.OPEN),
        "note": note,
        "note_form": bound.get("note")
        or RoundNoteForm(initial={"text": note.text if note else "", "version": note.version if note else 0}),
        "is_calm": CalmReport.objects.filter(
            organisation_id=member.organisation_id, period_id=row.period_id, area=None
        ).exists(),
        "delivered_form": bound.get("delivered") or DeliveredForm(rows=running, said=said),
        "running": running,
        "proposals": proposals.select_related("area", "place").defer("area__geometry"),
    }
    return render(request, "interventions/own.html", context, status=status)


def _over(request: HttpRequest, row: Meeting) -> HttpResponse:
    messages.error(request, _("The meeting is over. What you want to say belongs to the next one."))
    return redirect("meeting_own", row.group.slug, row.pk)


@require_safe
@require(Permission.SEE_MEETING)
def own(request: HttpRequest, pk: int) -> HttpResponse:
    """What one's organisation brings to this meeting."""
    _member, row = meeting_of(request, pk)
    return _show(request, row)


@require_POST
@require(Permission.SEE_MEETING)
def own_note(request: HttpRequest, pk: int) -> HttpResponse:
    member, row = meeting_of(request, pk)
    form = RoundNoteForm(request.POST)
    if not form.is_valid():
        return _show(request, row, {"note": form}, 422)
    data, now = form.cleaned_data, timezone.now()
    try:
        note = actions.write_round_note(meeting=row, text=data["text"], version=data["version"], by=member, now=now)
        form.keep_overrides(on=note, by=member, now=now)
    except NotAllowed:
        return _over(request, row)
    except actions.Stale:
        theirs = RoundNote.objects.get(meeting=row, organisation_id=member.organisation_id)
        form = RoundNoteForm(initial={"text": data["text"], "version": theirs.version})
        return _show(request, row, {"note": form}, 409, theirs=theirs)
    messages.success(request, _("Your note is saved."))
    return redirect("meeting_own", row.group.slug, row.pk)


@require_POST
@require(Permission.SEE_MEETING)
def own_calm(request: HttpRequest, pk: int) -> HttpResponse:
    """One tap: it was calm with us in the period that the meeting looks at."""
    member, row = meeting_of(request, pk)
    if row.state not in (MeetingState.PLANNED, MeetingState.OPEN):
        return _over(request, row)
    report_calm(by=member, period=row.period, now=timezone.now())
    words = {"organisation": member.organisation.name, "week": row.period.weeks_text}
    messages.success(request, _("Thank you. Calm at %(organisation)s, week %(week)s.") % words)
    return redirect("meeting_own", row.group.slug, row.pk)


@require_POST
@require(Permission.SEE_MEETING)
def own_delivered(request: HttpRequest, pk: int) -> HttpResponse:
    member, row = meeting_of(request, pk)
    mine = Intervention.objects.visible_to(member).running().filter(responsible_id=member.organisation_id)
    form = DeliveredForm(request.POST, rows=list(mine), said={})
    if not form.is_valid():
        return _show(request, row, {"delivered": form}, 422)
    now = timezone.now()
    try:
        for one in actions.say_delivered(meeting=row, said=form.said(), by=member, now=now):
            form.keep_overrides(on=one, by=member, now=now)
    except NotAllowed:
        return _over(request, row)
    messages.success(request, _("Saved. It stands beside the follow-up when the meeting comes to it."))
    return redirect("meeting_own", row.group.slug, row.pk)


@require_http_methods(["GET", "POST"])
@require(Permission.SEE_MEETING)
def propose(request: HttpRequest, pk: int) -> HttpResponse:
    """A proposal for a decision of this meeting."""
    member, row = meeting_of(request, pk)
    if row.state not in (MeetingState.PLANNED, MeetingState.OPEN):
        return _over(request, row)
    initial = coming(row) | {"responsible": member.organisation_id}
    form = ProposalForm(request.POST or None, member=member, day=row.local_start.date(), initial=initial)
    status = 200
    if request.method == "POST":
        status, now = 422, timezone.now()
        if form.is_valid():
            proposal = actions.propose(new=form.new(), client_uuid=form.cleaned_data["client_uuid"], by=member, now=now)
            form.keep_overrides(on=proposal, by=member, now=now)
            messages.success(request, _("Your proposal stands under Decisions on the agenda."))
            return redirect("meeting_own", row.group.slug, row.pk)
    return render(request, "interventions/propose.html", {"form": form, "meeting": row}, status=status)


@require_POST
@require(Permission.SEE_MEETING)
def withdraw(request: HttpRequest, pk: int, intervention: int) -> HttpResponse:
    """Take one's own proposal back."""
    member, row = meeting_of(request, pk)
    mine = Intervention.objects.visible_to(member).filter(proposed_by_id=member.organisation_id)
    subject = get_object_or_404(mine, pk=intervention)
    try:
        actions.withdraw_proposal(intervention=subject, by=member, now=timezone.now())
        messages.success(request, _("The proposal is taken back."))
    except NotAllowed:
        messages.error(request, _("The meeting has decided on it meanwhile, so it cannot be taken back."))
    return redirect("meeting_own", row.group.slug, row.pk)
