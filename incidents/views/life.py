"""What may be done to an observation after it was logged. Each button has an address of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from est_site.access import Permission, require
from incidents import actions, drafts
from incidents.forms import WithdrawForm
from incidents.models import Incident
from incidents.views.shared import back, member_of, own, refused, seen


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.REPORT)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks first, and why; what was logged stays readable and counts no longer."""
    member, now = member_of(request), timezone.now()
    incident = own(member, pk)
    if incident.withdrawn_at is not None:
        return back(member, incident)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        actions.withdraw_incident(by=member, incident=incident, reason=form.cleaned_data["reason"], now=now)
        messages.success(request, _("Observation %(number)s is withdrawn.") % {"number": incident.number})
        return redirect("my_reports", member.group.slug)
    context = {"form": form, "incident": incident}
    return render(request, "incidents/withdraw.html", context, status=422 if form.errors else 200)


@require_POST
@require(Permission.REPORT)
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    incident = own(member_of(request), pk)
    return _press(request, incident, actions.restore_incident, _("The observation is back and counts again."))


@require_POST
@require(Permission.REPORT)
def same(request: HttpRequest, pk: int) -> HttpResponse:
    """I saw it too; who found it while reporting goes on reporting."""
    said = _("Thank you. You are noted as a witness; the event counts once.")
    answer = _press(request, seen(member_of(request), pk), actions.see_same, said)
    return _answer(request, answer)


@require_POST
@require(Permission.REPORT)
def still(request: HttpRequest, pk: int) -> HttpResponse:
    """It is still so."""
    said = _("Thank you. Noted: still so today.")
    return _answer(request, _press(request, seen(member_of(request), pk), actions.see_still, said))


@require_POST
@require(Permission.REPORT)
def ended(request: HttpRequest, pk: int) -> HttpResponse:
    """It has been put right."""
    return _press(request, seen(member_of(request), pk), actions.end_condition, _("Good. It is noted as put right."))


@require_POST
@require(Permission.REPORT)
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Not put right after all."""
    return _press(request, seen(member_of(request), pk), actions.reopen_condition, _("It is open again."))


def _answer(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """Pressed in the report form, it is the answer to what was being written there."""
    if request.POST.get("back") != "report":
        return answer
    member = member_of(request)
    drafts.forget(by=member)
    return redirect("report", member.group.slug)


def _press(request: HttpRequest, incident: Incident, action: Callable[..., Any], said: Any) -> HttpResponse:
    try:
        action(by=member_of(request), incident=incident, now=timezone.now())
    except actions.NotAllowed:
        return refused(request, incident)
    messages.success(request, said)
    return back(member_of(request), incident)
