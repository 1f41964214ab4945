"""The weekly meeting: the screen is the agenda, and what is typed on it becomes the minutes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from est_site.access import Permission, may, require
from est_site.partners.models import Area
from interventions import actions, screen
from interventions.asked import meeting_of, member_of
from interventions.forms import AttendanceForm, ColourForm, DecideForm, FollowUpForm, MoveForm, NoteForm, ReplaceForm
from interventions.models import AgendaItem, Edition, EditionFor, EditionKind, Intervention
from interventions.moving import move_sitting
from situation.actions import NotAllowed, open_meeting, set_attendance, set_colour
from situation.models import Attendance, Meeting, MeetingState


def _back(meeting: Meeting, part: str = "") -> HttpResponse:
    url = reverse("meeting", args=[meeting.group.slug, meeting.pk])
    return redirect(f"{url}#{part}" if part else url)


@require_safe
@require(Permission.SEE_MEETING)
def meetings(request: HttpRequest) -> HttpResponse:
    """The next sitting first, then the ones that were held."""
    now = timezone.now()
    member = member_of(request)
    rows = Meeting.objects.visible_to(member).weekly().select_related("period")
    of_all = Edition.objects.visible_to(member).filter(kind=EditionKind.MINUTES, audience=EditionFor.GROUP)
    editions = Prefetch("editions", of_all.defer("frozen"))
    held = Paginator(rows.filter(state=MeetingState.CLOSED).order_by("-starts_at").prefetch_related(editions), 26)
    coming = list(rows.filter(state__in=[MeetingState.PLANNED, MeetingState.OPEN]).order_by("starts_at")[:4])
    page = held.get_page(request.GET.get("page"))
    return render(
        request, "interventions/meetings.html", {"coming": coming, "page": page, "now": now, "paginator": held}
    )


@require_safe
@require(Permission.SEE_MEETING)
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, meeting_of(request, pk)[1])


def _show(
    request: HttpRequest, row: Meeting, bound: dict[str, forms.Form] | None = None, status: int = 200, **context: Any
) -> HttpResponse:
    member = member_of(request)
    shown = screen.build(row, member, bound=bound)
    context |= {
        "screen": shown,
        "meeting": row,
        "may_run": may(member, Permission.RUN_MEETING),
        "early": "early" in request.GET and row.state == MeetingState.PLANNED,
        "has_errors": bool(bound),
        "minutes": actions.latest_minutes(row),
        "agenda": Edition.objects.of_the_group(row, EditionKind.AGENDA).first(),
        "section": "meetings",
        "today": timezone.localdate(),
    }
    return render(request, "interventions/meeting.html", context, status=status)


def _refused(request: HttpRequest, row: Meeting) -> HttpResponse:
    """The meeting has moved on meanwhile: say so above the meeting as it now is."""
    row.refresh_from_db()
    return _show(request, row, status=409, refused=True)


@require_POST
@require(Permission.RUN_MEETING)
def prepare(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the worker to prepare now instead of at its hour."""
    member, row = meeting_of(request, pk)
    actions.order_preparation(meeting=row, by=member, now=timezone.now())
    messages.success(request, _("The agenda is being made. It is here within a minute or two."))
    return _back(row)


@require_POST
@require(Permission.RUN_MEETING)
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the sitting. Before its day it asks first: the figures would be frozen before all is said."""
    member, row = meeting_of(request, pk)
    now = timezone.now()
    if row.state == MeetingState.PLANNED and row.lies_ahead(now) and "early" not in request.POST:
        return redirect(reverse("meeting", args=[row.group.slug, row.pk]) + "?early=1")
    try:
        if row.prepared_at is None:
            actions.prepare_meeting(meeting=row, now=now)
            row.refresh_from_db()
        open_meeting(meeting=row, by=member, now=now)
    except NotAllowed:
        return _refused(request, row)
    return _back(row)


@require_http_methods(["GET", "POST"])
@require(Permission.RUN_MEETING)
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Another day, hour or place for a planned sitting."""
    member, row = meeting_of(request, pk)
    if row.state != MeetingState.PLANNED:
        return _refused(request, row)
    initial = {"day": row.local_start.date(), "at": row.local_start.time(), "where": row.place, "version": row.version}
    form = MoveForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        try:
            moved = move_sitting(meeting=row, by=member, now=now, **form.cleaned_data)
            form.keep_overrides(on=moved, by=member, now=now)
            messages.success(request, _("The meeting is moved."))
            return _back(moved)
        except NotAllowed:
            return _refused(request, row)
        except ValidationError as error:
            form.add_error(None, error)
        except actions.Stale:
            row.refresh_from_db()
            form.data = request.POST.dict() | {"version": row.version}
            return render(
                request, "interventions/move.html", {"form": form, "meeting": row, "changed": True}, status=409
            )
    status = 422 if request.method == "POST" else 200
    return render(request, "interventions/move.html", {"form": form, "meeting": row}, status=status)


@require_POST
@require(Permission.RUN_MEETING)
def attendance(request: HttpRequest, pk: int) -> HttpResponse:
    member, row = meeting_of(request, pk)
    lines = list(Attendance.objects.filter(meeting=row).select_related("organisation").order_by("organisation__name"))
    form = AttendanceForm(request.POST, lines=lines)
    if not form.is_valid():
        return _show(request, row, {"attendance": form}, 422)
    try:
        there, instead = form.organisations("present"), form.organisations("stand_ins")
        said = {"present": there, "stand_ins": instead, "guests": form.cleaned_data["guests"]}
        set_attendance(meeting=row, by=member, now=timezone.now(), **said)
        form.keep_overrides(on=row, by=member, now=timezone.now())
    except NotAllowed:
        return _refused(request, row)
    return _back(row, "attendance")


@require_POST
@require(Permission.RUN_MEETING)
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    member, row = meeting_of(request, pk)
    form = DecideForm(request.POST, member=member, day=row.local_start.date())
    if not form.is_valid():
        return _show(request, row, {"decide": form}, 422)
    now = timezone.now()
    try:
        decision = actions.start_intervention(
            meeting=row,
            new=form.new(),
            client_uuid=form.cleaned_data["client_uuid"],
            by=member,
            now=now,
        )
        form.keep_overrides(on=decision.intervention, by=member, now=now)
    except NotAllowed:
        return _refused(request, row)
    messages.success(request, _("The decision is saved."))
    return _back(row, "decisions")


@require_POST
@require(Permission.RUN_MEETING)
def follow_up(request: HttpRequest, pk: int, intervention: int) -> HttpResponse:
    member, row = meeting_of(request, pk)
    subject = get_object_or_404(Intervention.objects.visible_to(member), pk=intervention)
    form = FollowUpForm(request.POST, auto_id=f"id_f{subject.pk}_%s")
    if not form.is_valid():
        return _show(request, row, {f"follow-{subject.pk}": form}, 422)
    now = timezone.now()
    try:
        decision = actions.follow_up(meeting=row, intervention=subject, by=member, now=now, **form.cleaned_data)
        form.keep_overrides(on=decision, by=member, now=now)
    except NotAllowed:
        return _refused(request, row)
    messages.success(request, _("The decision is saved."))
    return _back(row, f"i{subject.pk}")


@require(Permission.RUN_MEETING)
def replace(request: HttpRequest, pk: int, intervention: int) -> HttpResponse:
    """The page on which an intervention is replaced by another: GET shows it, POST decides."""
    member, row = meeting_of(request, pk)
    subject = get_object_or_404(Intervention.objects.visible_to(member), pk=intervention)
    initial = screen.coming(row) | {"place": subject.place_id, "area": subject.area_id, "category": subject.category_id}
    form = ReplaceForm(request.POST or None, member=member, day=row.local_start.date(), initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            data, now = form.cleaned_data, timezone.now()
            try:
                decision = actions.follow_up(
                    meeting=row,
                    intervention=subject,
                    kind="replace",
                    delivered=data["delivered"],
                    reason=data["reason"],
                    successor=form.new(),
                    client_uuid=data["client_uuid"],
                    by=member,
                    now=now,
                )
                form.keep_overrides(on=decision, by=member, now=now)
            except NotAllowed:
                return _refused(request, row)
            messages.success(request, _("The decision is saved."))
            return _back(row, f"i{subject.pk}")
    return render(
        request, "interventions/replace.html", {"form": form, "meeting": row, "intervention": subject}, status=status
    )


@require_POST
@require(Permission.RUN_MEETING)
def colour(request: HttpRequest, pk: int, area: int) -> HttpResponse:
    member, row = meeting_of(request, pk)
    subject = get_object_or_404(Area.objects.visible_to(member), pk=area)
    form = ColourForm(request.POST)
    if form.is_valid():
        try:
            set_colour(meeting=row, area=subject, colour=form.cleaned_data["colour"], by=member, now=timezone.now())
        except NotAllowed:
            return _refused(request, row)
    else:
        messages.error(request, _("Choose green, yellow or red for %(area)s.") % {"area": subject.name})
    return _back(row, f"a{subject.pk}")


@require_POST
@require(Permission.RUN_MEETING)
def note(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    member, row = meeting_of(request, pk)
    subject = get_object_or_404(AgendaItem.objects.filter(meeting=row), pk=item)
    form = NoteForm(request.POST, auto_id=f"id_{subject.anchor}_%s")
    if not form.is_valid():
        return _show(request, row, {f"note-{subject.pk}": form}, 422)
    data, now = form.cleaned_data, timezone.now()
    try:
        actions.write_note(item=subject, note=data["note"], version=data["version"], by=member, now=now)
        form.keep_overrides(on=subject, by=member, now=now)
    except NotAllowed:
        return _refused(request, row)
    except actions.Stale:
        subject.refresh_from_db()
        context = {"item": subject, "mine": data["note"], "meeting": row, "title": subject.title}
        return render(request, "interventions/note_conflict.html", context, status=409)
    return _back(row, subject.anchor)


@require_POST
@require(Permission.RUN_MEETING)
def close(request: HttpRequest, pk: int) -> HttpResponse:
    member, row = meeting_of(request, pk)
    try:
        edition = actions.close_meeting(meeting=row, by=member, now=timezone.now())
    except NotAllowed:
        return _refused(request, row)
    messages.success(request, _("The meeting is closed and its minutes are frozen. The PDF is being made."))
    return redirect("edition", row.group.slug, edition.pk)


@require_safe
@require(Permission.SEE_INTERVENTIONS)
def interventions(request: HttpRequest) -> HttpResponse:
    """What is running, by when it is followed up, then what has ended."""
    member = member_of(request, "interventions")
    rows = Intervention.objects.visible_to(member).select_related("responsible", "area", "place")
    rows = rows.defer("area__geometry")
    ended = Paginator(rows.exclude(status__in=["running", "proposed"]).order_by("-first_day", "-pk"), 25)
    context = {
        "running": rows.filter(status__in=["running", "proposed"]),
        "today": timezone.now().astimezone(member.group.zone).date(),
        "page": ended.get_page(request.GET.get("page")),
    }
    return render(request, "interventions/interventions.html", context)


@require_safe
@require(Permission.SEE_INTERVENTIONS)
def intervention(request: HttpRequest, pk: int) -> HttpResponse:
    """One intervention with every decision on it, in order."""
    member = member_of(request, "interventions")
    rows = Intervention.objects.visible_to(member).select_related("responsible", "area", "place", "category")
    rows = rows.defer("area__geometry")
    row = get_object_or_404(rows, pk=pk)
    seen = Intervention.objects.visible_to(member)  # either neighbour may be limited though this one is not
    context = {
        "intervention": row,
        "predecessor": seen.filter(pk=row.replaces_id).first(),
        "decisions": row.decisions.select_related("meeting__group").order_by("decided_at", "number"),
        "successors": seen.filter(replaces=row),
    }
    return render(request, "interventions/intervention.html", context)
