"""What is being done now, on a page about areas."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q

from est_site.access import Permission, may
from est_site.slots import Card
from interventions.models import Intervention


def cards(member: Any, subjects: Sequence[Any], now: datetime) -> list[Card]:
    """For each area, given by its id, the interventions that run in it or at a place of it; one question."""
    if not may(member, Permission.SEE_INTERVENTIONS):
        return []
    here = Q(area__in=subjects) | Q(area=None, place__area__in=subjects)
    rows = Intervention.objects.visible_to(member).running().filter(here).select_related("place", "responsible")
    found = defaultdict(list)
    for row in rows.order_by("first_day", "pk"):
        found[row.area_id or row.place.area_id].append(row)
    return [
        Card("interventions/running.html", {"member": member, "rows": found[area]}, subject_id=area)
        for area in subjects
        if area in found
    ]
