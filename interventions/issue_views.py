"""The minutes for others than the group, and who vouches for them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from est_site.access import Permission, may, require
from est_site.partners import limits
from est_site.partners.models import Membership
from interventions import actions, minutes
from interventions.asked import minutes_of
from interventions.correct_forms import AdjusterForm, ApproveForm, IssueForm
from interventions.models import Adjuster, Edition, EditionFor, EditionKind
from situation.actions import NotAllowed
from situation.models import Meeting


@require_http_methods(["GET", "POST"])
@require(Permission.SEE_MEETING)
def editions(request: HttpRequest, pk: int) -> HttpResponse:
    """Which editions there are of the minutes, and what makes another; POST makes one."""
    member, row, latest = minutes_of(request, pk)
    now, wait, sent = timezone.now(), 0, request.POST.get("audience", "")
    forms = {one.value: IssueForm(latest=latest, audience=one) for one in EditionFor if actions.may_make(member, one)}
    if request.method == "POST":
        if sent not in forms:
            raise PermissionDenied
        forms[sent] = form = IssueForm(request.POST, latest=latest, audience=sent)
        wait = limits.spend("edition", member, now) if form.is_valid() else 0
        if form.is_valid() and not wait:
            made = actions.make_edition(meeting=row, audience=sent, by=member, now=now, **form.cleaned_data)
            form.keep_overrides(on=made, by=member, now=now)
            messages.success(request, _("The edition is frozen. Its PDF is being made."))
            return redirect("edition", row.group.slug, made.pk)
        if wait:
            form.add_error(None, limits.sentence(wait))
    known = Edition.objects.visible_to(member).filter(meeting=row, kind=EditionKind.MINUTES).in_order().defer("frozen")
    context = {
        "meeting": row,
        "edition": latest,
        "forms": forms,
        "made": [(one, minutes.title_of(one, row.number)) for one in known.select_related("organisation")],
    }
    response = render(request, "interventions/editions.html", context, status=422 if sent else 200)
    return limits.told(response, wait)


@require_http_methods(["GET", "POST"])
@require(Permission.SEE_MEETING)
def adjust(request: HttpRequest, pk: int) -> HttpResponse:
    """Who vouches for the minutes; POST is the approval of whoever was asked, who gives their password once more."""
    member, row, latest = minutes_of(request, pk)
    asked = Adjuster.objects.filter(meeting=row, member=member).first()
    form, status = ApproveForm(user=request.user, initial={"version": latest.version}), 200
    if request.method == "POST":
        sent, status = ApproveForm(request.POST, user=request.user), 409
        if asked is not None and not sent.is_valid():
            form, status = sent, 422
        elif asked is not None:
            try:
                version = sent.cleaned_data["version"]
                actions.approve_minutes(meeting=row, version=version, by=member, now=timezone.now())
                said = _("You have approved the minutes. Your organisation and name stand beside them.")
                messages.success(request, said)
                return redirect("edition", row.group.slug, latest.pk)
            except (actions.Stale, NotAllowed):
                pass  # the page says how it stands now
    return _adjust_page(request, member, row, latest, asked, form, status)


def _adjust_page(
    request: HttpRequest,
    member: Membership,
    row: Meeting,
    latest: Edition,
    asked: Adjuster | None,
    form: ApproveForm,
    status: int,
) -> HttpResponse:
    chairs, now = may(member, Permission.RUN_MEETING), timezone.now()
    context: dict[str, Any] = {
        "meeting": row,
        "edition": latest,
        "adjusters": Adjuster.objects.filter(meeting=row).select_related("member__user", "member__organisation"),
        "asked": asked,
        "form": form,
        "changed": status == 409 and asked is not None,
        "chairs": chairs,
        "name_form": AdjusterForm(choices=actions.may_adjust(row, now)) if chairs else None,
        "most": actions.MOST_ADJUSTERS,
    }
    return render(request, "interventions/adjust.html", context, status=status)


@require_POST
@require(Permission.RUN_MEETING)
def name_adjuster(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask one of those who were there."""
    member, row, _latest = minutes_of(request, pk)
    now = timezone.now()
    form = AdjusterForm(request.POST, choices=actions.may_adjust(row, now))
    if form.is_valid():
        try:
            actions.name_adjuster(meeting=row, member=form.cleaned_data["member"], by=member, now=now)
            messages.success(request, _("They see it under Approval beside the minutes."))
        except ValidationError as error:
            messages.error(request, error.messages[0])
    else:
        messages.error(request, _("Choose somebody who was at the meeting."))
    return redirect("minutes_adjust", row.group.slug, row.pk)


@require_POST
@require(Permission.RUN_MEETING)
def drop_adjuster(request: HttpRequest, pk: int, adjuster: int) -> HttpResponse:
    """Ask no longer, as long as they have not approved."""
    member, row, _latest = minutes_of(request, pk)
    found = get_object_or_404(Adjuster.objects.visible_to(member), pk=adjuster, meeting=row)
    try:
        actions.drop_adjuster(adjuster=found, by=member, now=timezone.now())
    except NotAllowed:
        messages.error(request, _("They have approved already: that stands."))
    return redirect("minutes_adjust", row.group.slug, row.pk)
