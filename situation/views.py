"""The situation picture on screen: of any period as it is known now, and of a meeting as it was frozen."""

from __future__ import annotations

from collections.abc import Mapping
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
from est_site.partners.screens import member_of
from incidents.models import Incident
from situation import around, files, matrix, picture, rows, screen, wording
from situation.material import Material
from situation.models import Evaluation, Meeting, MeetingState, Picture

LISTED = 20
LISTED_FIELDS = (
    *("group", "day", "text", "visibility", "occurred_from", "occurred_to", "time_precision"),
    *("category__name_sv", "category__name_en", "area__name", "place__name", "organisation__name"),
)


@require_safe
@require(Permission.SEE_PICTURE, notes="picture.read")
def situation(request: HttpRequest) -> HttpResponse:
    """The latest period that has begun."""
    member = member_of(request)
    today = timezone.now().astimezone(member.group.zone).date()
    near = around.around(member, today)
    period = next((p for p in near if p.first_day <= today), None)
    if period is None:
        may_plan = may(member, Permission.MANAGE_SCHEDULE)
        settings_url = reverse("schedule", args=[member.group.slug]) if may_plan else ""
        return render(
            request,
            "situation/no_periods.html",
            {"settings_url": settings_url, "first": near[-1] if near else None},
        )
    return _live(request, period, near)


@require_safe
@require(Permission.SEE_PICTURE, notes="picture.read")
def situation_period(request: HttpRequest, label: str) -> HttpResponse:
    """Any period by its label; a week that became part of a longer period leads there."""
    member = member_of(request)
    period, near = around.by_label(member, label)
    if around.plain(period.label) != around.plain(label):
        return redirect("situation_period", member.group.slug, period.label)
    return _live(request, period, near)


@require_safe
@require(Permission.SEE_PICTURE, notes="picture.exported")
@limits.limited("export")
def situation_matrix(request: HttpRequest, label: str) -> HttpResponse:
    """The matrix of a period as CSV; with `judged`, every comparison as it was judged the night after."""
    member = member_of(request)
    period, near = around.by_label(member, label)
    night = _evaluation(member, period) if "judged" in request.GET else None
    if night and (judged_as := matrix.comparisons_csv(night.figures)):
        return files.download(judged_as, f"{member.group.slug}-{around.plain(period.label)}-preliminary")
    material = rows.gather(period, group=member.group, cut_off=timezone.now(), earlier=around.earlier(period, near))
    return files.download(
        matrix.as_csv(picture.assemble(material)), f"{member.group.slug}-{around.plain(period.label)}"
    )


@require_safe
@require(Permission.SEE_PICTURE, notes="picture.exported")
@limits.limited("export")
def frozen_csv(request: HttpRequest, pk: int) -> HttpResponse:
    """Every comparison of a frozen picture as CSV; one that was not judged as its matrix."""
    member = member_of(request)
    meeting = get_object_or_404(Meeting.objects.visible_to(member).select_related("period"), pk=pk)
    _versions, shown = _frozen(member, meeting, request.GET)
    if shown is None:
        raise Http404
    name = f"{member.group.slug}-{around.plain(meeting.period.label)}-version-{shown.version}"
    return files.download(matrix.comparisons_csv(shown.frozen) or matrix.as_csv(shown.frozen), name)


@require_safe
@require(Permission.SEE_PICTURE)
def frozen_picture(request: HttpRequest, pk: int) -> HttpResponse:
    """The picture a meeting has in front of it, in the version asked for or the latest."""
    member = member_of(request)
    cast(Any, request).section = "situation"
    meeting = get_object_or_404(Meeting.objects.visible_to(member).select_related("period"), pk=pk)
    versions, shown = _frozen(member, meeting, request.GET)
    context = {"meeting": meeting, "starts_at": screen.local(meeting.starts_at, member.group.zone)}
    if shown is None:
        return render(request, "situation/not_frozen.html", context)
    # only what has come in since is counted anew, so nothing before the period is read
    material = rows.gather(meeting.period, group=member.group, cut_off=timezone.now(), earlier=[], timed=False)
    context |= _shown(member, shown.frozen, material, request.GET) | {
        "versions": [(one, screen.local(one.cut_off, member.group.zone)) for one in versions],
        "shown": shown,
        "added": wording.added(*_added(shown.frozen, picture.assemble(material), material)),
        "preliminary": wording.preliminary(shown.frozen, material.today),
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


def _live(request: HttpRequest, period: Period, near: list[Period]) -> HttpResponse:
    member = member_of(request)
    cast(Any, request).section = "situation"
    now = timezone.now()
    night = _evaluation(member, period)
    before = around.earlier(period, near)
    material = rows.gather(period, group=member.group, cut_off=now, earlier=before, timed=night is None)
    meeting = _meeting(member, period)
    observations = _observations(member, period)
    today = material.today
    context = _judged_or_live(member, night, material, request.GET) | {
        "previous": next((p for p in near if p.last_day < period.first_day), None),
        "next": next((p for p in reversed(near) if p.first_day > period.last_day and p.first_day <= today), None),
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


def _evaluation(member: Membership, period: Period) -> Evaluation | None:
    """What the night made of a period that has ended, while nothing is frozen."""
    if not getattr(period, "judged", False):
        return None
    return Evaluation.objects.visible_to(member).filter(period=period).first()


def _judged_or_live(
    member: Membership, evaluation: Evaluation | None, material: Material, asked: Mapping[str, str]
) -> dict[str, Any]:
    """The figures as they were judged in the night; without that as they are now."""
    live = picture.assemble(material)
    if evaluation is None:
        return _shown(member, live, material, asked)
    answered = {key: live[key] for key in ("organisations", "strip")}  # who is still silent is asked all day
    worked_out = screen.local(evaluation.cut_off, member.group.zone)
    return _shown(member, evaluation.figures | answered, material, asked) | {
        "added": wording.added(*_added(evaluation.figures, live, material), frozen=False),
        "preliminary": wording.preliminary(evaluation.figures, material.today, worked_out),
    }


def _added(
    figures: Mapping[str, Any], live: Mapping[str, Any], material: Material
) -> tuple[list[tuple[int | None, int]], dict[Any, str]]:
    """What has changed since those figures, and what the areas are called."""
    names = {area["id"]: area["name"] for area in figures["areas"]} | {area.id: area.name for area in material.areas}
    return picture.added(figures, live), {**names, None: _("outside the areas")}


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
    named = found.select_related("category", "area", "place", "organisation")
    return list(named.only(*LISTED_FIELDS)[: LISTED + 1])
