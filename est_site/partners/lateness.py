"""Whether anybody works: a quiet line for who can do something about it when what is due is left lying."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings

from est_site.access import Permission, may
from est_site.models import Job, JobState
from est_site.partners.models import Membership
from est_site.slots import Card

LATE = 3 * settings.JOB_TICK


def card(member: Membership, _subjects: Sequence[Any], now: datetime) -> Sequence[Card]:
    """On the coordinator's Home, since when the group's oldest job waits; a job that waits for a peer is due later."""
    if not may(member, Permission.MANAGE_SCHEDULE):
        return []
    left = Job.objects.visible_to(member).filter(state=JobState.DUE, due_at__lt=now - LATE).order_by("due_at").first()
    if left is None:
        return []
    return [Card("partners/late.html", {"since": left.due_at, "zone": member.group.time_zone}, order=-1)]
