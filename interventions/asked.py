"""Who asks, and about which meeting: what every page of a meeting begins with."""

from __future__ import annotations

from typing import Any, cast

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from est_site.partners.models import Membership
from interventions.actions import latest_minutes
from interventions.models import Edition
from situation.models import Meeting


def member_of(request: HttpRequest, section: str = "meetings") -> Membership:
    """Who asks; the menu shows that the page belongs to this section."""
    cast(Any, request).section = section
    return cast(Membership, cast(Any, request).member)


def meeting_of(request: HttpRequest, pk: int, section: str = "meetings") -> tuple[Membership, Meeting]:
    """Who asks, and the meeting where they may see it; else 404."""
    member = member_of(request, section)
    rows = Meeting.objects.visible_to(member).select_related("period", "group")
    return member, get_object_or_404(rows, pk=pk)


def minutes_of(request: HttpRequest, pk: int) -> tuple[Membership, Meeting, Edition]:
    """Who asks, the meeting, and the latest version of its minutes; 404 before there are any."""
    member, row = meeting_of(request, pk, "documents")
    latest = latest_minutes(row)
    if latest is None:
        raise Http404
    return member, row, latest
