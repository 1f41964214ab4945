"""Whether what was said about when can be so: what happened lies behind, what is coming ahead, neither far away."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _

from est_site.partners.models import CategoryKind

YEAR = timedelta(days=366)  # what is further away is a slip of the keyboard, or an import


def fault(
    start: datetime, end: datetime, kind: str, now: datetime, earliest_ahead: datetime
) -> tuple[Literal["from", "to"], Any] | None:
    """Which end is wrong and why, with a place for what time it is now."""
    if end < start:
        return "to", _("“To” lies before “From”. Change one of them.")
    if kind == CategoryKind.UPCOMING:
        if start <= earliest_ahead:
            return "from", _("What is coming must lie ahead. It is %(now)s now.")
        if end - now > YEAR:
            return "to", _("That is more than a year ahead. Check the year.")
    elif end > now:
        return "from" if start > now else "to", _("That time has not come yet. It is %(now)s now.")
    elif now - start > YEAR:
        return "from", _("That is more than a year ago. Check the year.")
    return None
