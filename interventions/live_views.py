"""The meeting on the wall and on followers' own devices, and the address they all ask for news."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from est_site.access import Permission, require
from interventions import actions, live
from interventions.asked import meeting_of, member_of
from interventions.models import AgendaItem
from situation.actions import NotAllowed
from situation.models import Meeting

KEPT = 60  # seconds; a newer version is another key


def _position(request: HttpRequest) -> int | None:
    """The item somebody looks at by hand; anything but a small number is none."""
    text = request.GET.get("item", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else None


def _part(request: HttpRequest, row: Meeting, part: str) -> dict[str, Any]:
    """What a part shows. The meeting was read before it: a change in between is asked for again, never missed."""
    if part == "present":
        return {"meeting": row, "stage": live.stage(row, _position(request))}
    shown = {
        "meeting": row,
        "decisions": live.decisions_seen(row, member_of(request)),
        "given": live.colours(row),
    }
    return shown if part == "run" else shown | {"stage": live.at_hand(row)}


@require_safe
@require(Permission.SEE_MEETING)
def present(request: HttpRequest, pk: int) -> HttpResponse:
    """For the projector: the item at hand in large letters, or another that somebody leafs to."""
    return render(request, "interventions/present.html", _part(request, meeting_of(request, pk)[1], "present"))


@require_safe
@require(Permission.SEE_MEETING)
def follow(request: HttpRequest, pk: int) -> HttpResponse:
    """For one's own device; paused it stands still and says how old it is."""
    context = _part(request, meeting_of(request, pk)[1], "follow")
    context |= {"paused": "paused" in request.GET, "now": timezone.localtime()}
    return render(request, "interventions/follow.html", context)


@require_safe
@require(Permission.SEE_MEETING)
def state(request: HttpRequest, pk: int) -> HttpResponse:
    """News of the meeting: 204 when nothing was written since `version`, else the part that was asked for."""
    version = Meeting.objects.visible_to(member_of(request)).filter(pk=pk).values_list("version", flat=True).first()
    if str(version) == request.GET.get("version"):
        nothing = HttpResponse(status=204)
        del nothing["Content-Type"]
        cast(Any, nothing)._csp_exempt = cast(Any, nothing).xframe_options_exempt = True  # there is no document
        return nothing
    part = request.GET.get("part")
    part = part if part in ("run", "present") else "follow"
    return HttpResponse(_kept(request, pk, version, part))


def _kept(request: HttpRequest, pk: int, version: int | None, part: str) -> str:
    """The part as all of an organisation see it in one language: the first who asks after a write makes it for all."""
    member = member_of(request)
    whom = (member.group_id, member.organisation_id, get_language(), _position(request))
    key = f"live:{pk}:{version}:{part}:{':'.join(map(str, whom))}"
    text = cache.get(key)
    if text is None:
        text = render_to_string(
            f"interventions/live_{part}.html", _part(request, meeting_of(request, pk)[1], part), request
        )
        cache.set(key, text, KEPT)
    return str(text)


@require_POST
@require(Permission.RUN_MEETING)
def take_up(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    """This is what the room talks about now."""
    member, row = meeting_of(request, pk)
    subject = get_object_or_404(AgendaItem.objects.filter(meeting=row), pk=item)
    back = reverse("meeting", args=[row.group.slug, row.pk])
    try:
        actions.take_up(item=subject, by=member, now=timezone.now())
    except NotAllowed:
        messages.error(request, _("The meeting is not going on."))
    return redirect(f"{back}#{subject.anchor}")
