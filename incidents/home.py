"""What the incidents room shows on Home."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from est_site.access import Permission, may
from est_site.slots import Card
from incidents import followed
from incidents.intake import unseen
from incidents.models import Incident
from incidents.views.own import own_rows
from incidents.views.report import LATEST, week

FOLLOWED = 3


def cards(member: Any, subjects: Sequence[Any], now: datetime) -> list[Card]:
    """The way to the form, the one tap, the person's own latest observations, and what became of them."""
    if not may(member, Permission.REPORT):
        return []
    own: list[Incident] = list(own_rows(member).filter(withdrawn_at=None)[:LATEST])
    found = [Card("incidents/home.html", {"member": member, "latest": own, **week(member, now)})]
    if own:
        became = {"member": member, "reports": followed.reports(member, own[:FOLLOWED], now)}
        found.append(Card("incidents/home_became.html", became, order=10))
    if may(member, Permission.REVIEW_INTAKE):
        waiting = unseen(member, now).count()
        if waiting:
            found.append(Card("incidents/home_intake.html", {"member": member, "waiting": waiting}, order=5))
    return found
