"""The situation picture on screen: of any period as it is known now, and of a meeting as it was frozen."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, cast

from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from est_site.access import Permission, may, require
from est_site.partners import limits
from est_site.partners.models import Membership, Period
from incidents.models import Incident
from situation import matrix, picture, rows, screen, wording
from situation.material import Material
from situation.models import Meeting, MeetingState, Picture

LABEL = re.compile(r"(\d{4})-W(\d{2})(?:[-–](\d{2}))?")
FORWARD = timedelta(days=35)
LISTED = 20


@require_safe
@require(Permission.SEE_PICTURE, notes="picture.read")
def situation(request: HttpRequest) -> HttpResponse:
    """The latest period that has begun."""
    member = _member(request)
    today = timezone.now().astimezone(member.group.zone).date()
    around = _around(member, today)
    period = next((p for p in around if p.first_day <= today), None)
    if period is None:
        may_plan = may(member, Permission.MANAGE_SCHEDULE)
        settings_url = reverse("schedule", args=[member.group.slug]) if may_plan else ""
        return render(
            request,
            "situation/no_periods.html",
            {"settings_url": settings_url, "first": around[-1] if around else None},
        )
    return _live(request, period, around)


@require_safe
@require(Permission.SEE_PICTURE, notes="picture.read")
def situation_period(request: HttpRequest, label: str) -> HttpResponse:
    """Any period by its label; a week that became part of a longer period leads there."""
    member = _member(request)
    period, around = _by_label(member, label)
    if _plain(period.label) != _plain(label):
        return redirect("situation_period", member.group.slug, period.label)
    return _live(request, period, around)


@require_safe
@require(Permission.SEE_PICTURE, notes="picture.exported")
@limits.limited("export")
def situation_matrix(request: HttpRequest, label: str) -> HttpResponse:
    """The matrix of a period as CSV."""
    member = _member(request)
    period, around = _by_label(member, label)
    material = rows.gather(period, group=member.group, cut_off=timezone.now(), earlier=_earlier(period, around))
    return _file(matrix.as_csv(picture.assemble(material)), f"{member.group.slug}-{_plain(period.label)}")


@require_safe
@require(Permission.SEE_PICTURE, notes="picture.exported")
@limits.limited("export")
def frozen_csv(request: HttpRequest, pk: int) -> HttpResponse:
    """Every comparison of a frozen picture as CSV; one that was not judged as its matrix."""
    member = _member(request)
    meeting = get_object_or_404(Meeting.objects.visible_to(member).select_related("period"), pk=pk)
    _versions, shown = _frozen(member, meeting, request.GET)
    if shown is None:
        raise Http404
    name = f"{member.group.slug}-{_plain(meeting.period.label)}-version-{shown.version}"
    return _file(matrix.comparisons_csv(shown.frozen) or matrix.as_csv(shown.frozen), name)


def _file(text: str, name: str) -> HttpResponse:
    response = HttpResponse(f"\ufeff{text}", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


@require_safe
@require(Permission.SEE_PICTURE)
def frozen_picture(request: HttpRequest, pk: int) -> HttpResponse:
    """The picture a meeting has in front of it, in the version asked for or the latest."""
    member = _member(request)
    cast(Any, request).section = "situation"
    meeting = get_object_or_404(Meeting.objects.visible_to(member).select_related("period"), pk=pk)
    versions, shown = _frozen(member, meeting, request.GET)
    context = {"meeting": meeting, "starts_at": screen.local(meeting.starts_at, member.group.zone)}
    if shown is None:
        return render(request, "situation/not_frozen.html", context)
    material = rows.gather(meeting.period, group=member.group, cut_off=timezone.now(), timed=False)
    changes = picture.added(shown.frozen, picture.assemble(material))
    names = {area["id"]: area["name"] for area in shown.frozen["areas"]} | {
        area.id: area.name for area in material.areas
    }
    context |= _shown(member, shown.frozen, material, request.GET) | {
        "versions": [(one, screen.local(one.cut_off, member.group.zone)) for one in versions],
        "shown": shown,
        "added": wording.added(changes, {**names, None: _("outside the areas")}),
        "meeting_url": _meeting_url(member, meeting),
    }
    return render(request, "situation/frozen.html", context)


def _frozen(member: Membership, meeting: Meeting, asked: Mapping[str, str]) -> tuple[list[Picture], Picture | None]:
    """The frozen versions, latest first, and the one that is asked for; 404 for one that there is not."""
    versions = list(Picture.objects.visible_to(member).filter(meeting=meeting).order_by("-version"))
    if not versions:
        return [], None
    shown = next((one for one in versions if str(one.version) == asked.get("version", str(versions[0].version))), None)
    if shown is None:
        raise Http404
    return versions, shown


def _live(request: HttpRequest, period: Period, around: list[Period]) -> HttpResponse:
    member = _member(request)
    cast(Any, request).section = "situation"
    now = timezone.now()
    material = rows.gather(period, group=member.group, cut_off=now, earlier=_earlier(period, around))
    meeting = _meeting(member, period)
    observations = _observations(member, period)
    today = material.today
    context = _shown(member, picture.assemble(material), material) | {
        "previous": next((p for p in around if p.last_day < period.first_day), None),
        "next": next((p for p in reversed(around) if p.first_day > period.last_day and p.first_day <= today), None),
        "meeting": meeting,
        "frozen_at": screen.local(meeting.frozen_at, member.group.zone) if meeting and meeting.frozen_at else None,
        "starts_at": screen.local(meeting.starts_at, member.group.zone) if meeting else None,
        "meeting_url": _meeting_url(member, meeting),
        "observations": [
            screen.observation(row, member.group.zone, member.group.slug) for row in observations[:LISTED]
        ],
        "more": len(observations) > LISTED,
    }
    return render(request, "situation/period.html", context)


def _shown(
    member: Membership, figures: dict[str, Any], material: Material, asked: Mapping[str, str] = MappingProxyType({})
) -> dict[str, Any]:
    group, reads = member.group, may(member, Permission.SEE_INCIDENTS)
    slug = group.slug if reads else ""  # a figure leads nowhere for those who may not open the list
    return screen.page(
        figures, material.areas, slug=slug, zone=group.zone, metric_epsg=group.metric_epsg, asked=asked
    ) | {
        "reads_observations": reads,
        "report_url": reverse("report", args=[group.slug]) if may(member, Permission.REPORT) else "",
        "areas_url": reverse("areas", args=[group.slug]) if may(member, Permission.MANAGE_PLACES) else "",
    }


def _around(member: Membership, day: date) -> list[Period]:
    """The regular periods about a day, latest first: those before it that a picture shows, and the next few."""
    until = min(day, date.max - FORWARD) + FORWARD  # the last days there are can be typed into an address
    periods = Period.objects.visible_to(member).regular().filter(first_day__lte=until)
    return list(periods.order_by("-first_day")[: rows.PERIODS_BACK + 8])


def _by_label(member: Membership, label: str) -> tuple[Period, list[Period]]:
    """The period of this label, or the one that holds the week the label begins with."""
    found = LABEL.fullmatch(label)
    try:
        monday = date.fromisocalendar(int(found[1]), int(found[2]), 1) if found else None
    except ValueError:
        monday = None
    if monday is None or found is None:
        raise Http404
    around = _around(member, monday)
    for period in around:
        if _plain(period.label) == _plain(label):
            return period, around
    for period in around:
        if found[3] is None and period.first_day <= monday <= period.last_day:
            return period, around
    raise Http404


def _plain(label: str) -> str:
    """A label with the dash of the keyboard."""
    return label.replace("–", "-")


def _earlier(period: Period, around: list[Period]) -> list[Period]:
    return [p for p in around if p.last_day < period.first_day]


def _meeting(member: Membership, period: Period) -> Any:
    """The sitting that looks at the period, with when its picture was last frozen."""
    latest = Picture.objects.filter(meeting=OuterRef("pk")).order_by("-version")
    meetings = Meeting.objects.visible_to(member).weekly().filter(period=period).exclude(state=MeetingState.CANCELLED)
    return meetings.annotate(frozen_at=Subquery(latest.values("cut_off")[:1])).first()


def _meeting_url(member: Membership, meeting: Meeting | None) -> str:
    if meeting is None or not may(member, Permission.SEE_MEETING):
        return ""
    return reverse("meeting", args=[member.group.slug, meeting.pk])


def _observations(member: Membership, period: Period) -> list[Incident]:
    """The newest of the period, one more than is listed; none for those who may not read observations."""
    if not may(member, Permission.SEE_INCIDENTS):
        return []
    found = Incident.objects.visible_to(member).standing().between(period.first_day, period.last_day)
    return list(found.select_related("category", "area", "place", "organisation")[: LISTED + 1])


def _member(request: HttpRequest) -> Membership:
    return cast(Membership, cast(Any, request).member)
