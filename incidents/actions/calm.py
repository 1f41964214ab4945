"""The word that it was calm."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from est_site import audit
from est_site.partners.models import Area, Membership, Organisation, Period
from incidents.models import CalmReport


@transaction.atomic
def report_calm(*, by: Membership, period: Period, now: datetime, areas: Sequence[Area] = ()) -> list[CalmReport]:
    """The member's organisation has nothing to report for the period, anywhere or in these areas. Said twice, it is said once."""
    said = say_calm(by.organisation, period=period, areas=areas, by=by, now=now)
    return [calm for calm, _new in said]


def say_calm(
    organisation: Organisation,
    *,
    period: Period,
    areas: Sequence[Area],
    now: datetime,
    by: Membership | None = None,
    on_behalf: str = "system",
) -> list[tuple[CalmReport, bool]]:
    """A zero for each area, or one for everywhere, and whether it is said for the first time; by a person or a system."""
    everywhere: Sequence[Area | None] = [None]
    said = []
    for area in areas or everywhere:
        calm, is_new = CalmReport.objects.get_or_create(
            group_id=organisation.group_id,
            organisation=organisation,
            period=period,
            area=area,
            defaults={"reporter": by, "reported_at": now},
        )
        said.append((calm, is_new))
        if is_new:
            audit.append(what="incident.calm", by=by, on=calm, now=now, on_behalf=on_behalf)
    return said
