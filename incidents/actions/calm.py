"""The word that it was calm."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from est_site import audit
from est_site.partners.models import Area, Membership, Period
from incidents.models import CalmReport


@transaction.atomic
def report_calm(*, by: Membership, period: Period, now: datetime, areas: Sequence[Area] = ()) -> list[CalmReport]:
    """The member's organisation has nothing to report for the period, anywhere or in these areas. Said twice, it is said once."""
    said, everywhere = [], [None]
    for area in areas or everywhere:
        calm, said_now = CalmReport.objects.get_or_create(
            group_id=by.group_id,
            organisation_id=by.organisation_id,
            period=period,
            area=area,
            defaults={"reporter": by, "reported_at": now},
        )
        said.append(calm)
        if said_now:
            audit.append(what="incident.calm", by=by, on=calm, now=now)
    return said
