"""What the incidents room shows on Home."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from est_site.access import Permission, may
from est_site.slots import Card
from incidents.views.report import latest, week


def cards(member: Any, subjects: Sequence[Any], now: datetime) -> list[Card]:
    """The way to the form, the one tap, and the person's own latest observations."""
    if not may(member, Permission.REPORT):
        return []
    return [Card("incidents/home.html", {"member": member, "latest": latest(member), **week(member, now)})]
