"""The order of business before and during the meeting: what comes when, what is added, what waits until next time."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from est_site.access import Permission, require
from interventions import actions
from interventions.asked import meeting_of
from interventions.forms import ItemForm
from interventions.models import AgendaItem, Edition, EditionKind, ItemKind
from interventions.moving import cancel_sitting
from situation.actions import NotAllowed
from situation.models import Meeting, MeetingState


def _over(request: HttpRequest, row: Meeting) -> HttpResponse:
    messages.error(request, _("The meeting is over: its agenda is not arranged any more."))
    return redirect("meeting", row.group.slug, row.pk)


@require_http_methods(["GET", "POST"])
@require(Permission.RUN_MEETING)
def arrange(request: HttpRequest, pk: int) -> HttpResponse:
    """The items in their order with what moves them; POST adds one."""
    member, row = meeting_of(request, pk)
    if row.state not in (MeetingState.PLANNED, MeetingState.OPEN):
        return _over(request, row)
    form, status, now = ItemForm(request.POST or None, member=member), 200, timezone.now()
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                item = actions.add_item(meeting=row, by=member, now=now, **form.cleaned_data)
                form.keep_overrides(on=item, by=member, now=now)
                messages.success(request, _("The item stands on the agenda."))
                return redirect("meeting_arrange", row.group.slug, row.pk)
            except NotAllowed:
                return _over(request, row)
            except ValidationError as error:
                form.add_error(None, error)
    items = list(AgendaItem.objects.on_the_agenda(row).select_related("limited_to"))
    sent = Edition.objects.of_the_group(row, EditionKind.AGENDA).first()
    told = [(one["kind"], one.get("heading", "")) for one in sent.frozen["items"]] if sent else []
    shared = [(one.kind, one.heading) for one in items if one.limited_to_id is None]
    context = {
        "meeting": row,
        "items": items,
        "movable": len(shared),
        "parked": AgendaItem.objects.filter(meeting=row).exclude(parked_at=None).order_by("position"),
        "form": form,
        "stale": bool(sent) and row.state == MeetingState.PLANNED and told != shared,
    }
    return render(request, "interventions/arrange.html", context, status=status)


def _number(text: str | None) -> int:
    """A position that was sent; 0 for anything that is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 7 else 0


@require_POST
@require(Permission.RUN_MEETING)
def item_move(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    """To another position: one up, one down, or where it was dropped."""
    member, row = meeting_of(request, pk)
    subject = get_object_or_404(AgendaItem.objects.filter(meeting=row), pk=item)
    seen, to = _number(request.POST.get("seen")), _number(request.POST.get("to"))
    if seen and to:
        try:
            actions.move_item(item=subject, seen=seen, to=to, by=member, now=timezone.now())
        except NotAllowed:
            return _over(request, row)
    return redirect("meeting_arrange", row.group.slug, row.pk)


@require_POST
@require(Permission.RUN_MEETING)
def item_park(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    """To the next meeting, or back from there."""
    member, row = meeting_of(request, pk)
    subject = get_object_or_404(AgendaItem.objects.filter(meeting=row).exclude(kind=ItemKind.ATTENDANCE), pk=item)
    try:
        actions.park_item(item=subject, parked="back" not in request.POST, by=member, now=timezone.now())
    except NotAllowed:
        return _over(request, row)
    return redirect("meeting_arrange", row.group.slug, row.pk)


@require_POST
@require(Permission.RUN_MEETING)
def agenda_renew(request: HttpRequest, pk: int) -> HttpResponse:
    """The agenda's document as it is arranged now."""
    member, row = meeting_of(request, pk)
    try:
        edition = actions.renew_agenda(meeting=row, by=member, now=timezone.now())
    except NotAllowed:
        return _over(request, row)
    messages.success(request, _("A new version of the agenda is being made."))
    return redirect("edition", row.group.slug, edition.pk)


@require_POST
@require(Permission.RUN_MEETING)
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """The sitting is not held."""
    member, row = meeting_of(request, pk)
    try:
        cancel_sitting(meeting=row, version=_number(request.POST.get("version")), by=member, now=timezone.now())
        messages.success(request, _("The meeting is cancelled. Whoever was invited gets a letter."))
    except (NotAllowed, actions.Stale):
        messages.error(request, _("The meeting has changed meanwhile and is not cancelled. This is how it stands now."))
        return redirect("meeting", row.group.slug, row.pk)
    return redirect("meetings", row.group.slug)
