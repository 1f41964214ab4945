"""What the situation rooms show on Home."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from est_site.access import Permission, may
from est_site.partners.models import Period
from est_site.slots import Card
from incidents.models import Incident
from situation import judged, screen, wording
from situation.models import Meeting, Picture


def cards(member: Any, subjects: Sequence[Any], now: datetime) -> list[Card]:
    """The next meeting, the latest picture and the way to log presence, each for those who may open it."""
    found = []
    if may(member, Permission.SEE_MEETING):
        found.append(Card("situation/home_meeting.html", _meeting(member, now), order=20))
    if may(member, Permission.SEE_PICTURE):
        found.append(Card("situation/home_picture.html", _picture(member, now), order=30))
    if may(member, Permission.REPORT):
        found.append(Card("situation/home_presence.html", {"slug": member.group.slug}, order=40))
    return found


def _meeting(member: Any, now: datetime) -> dict[str, Any]:
    meeting = Meeting.objects.visible_to(member).next_after(now).first()
    starts_at = screen.local(meeting.starts_at, member.group.zone) if meeting else None
    return {"meeting": meeting, "starts_at": starts_at, "slug": member.group.slug}


def _picture(member: Any, now: datetime) -> dict[str, Any]:
    """The latest frozen picture in its own words, and how far the period now going on has come."""
    today = now.astimezone(member.group.zone).date()
    latest = Picture.objects.visible_to(member).order_by("-period__first_day", "-version").first()
    period = Period.objects.visible_to(member).regular().filter(first_day__lte=today).order_by("-first_day").first()
    count = None
    if period is not None and (latest is None or latest.period_id != period.pk):
        rows = Incident.objects.visible_to(member).shared().between(period.first_day, period.last_day)
        count = rows.count()
    return {
        "slug": member.group.slug,
        "meeting_id": latest.meeting_id if latest else None,
        "headline": judged.opening(latest.frozen, judged.Judged.of(latest.frozen)) if latest else "",
        "coverage": wording.coverage(latest.frozen["organisations"]) if latest else "",
        "period": period,
        "so_far": wording.so_far(period.weeks_text, count, ended=period.last_day < today)
        if period is not None and count is not None
        else "",
    }
