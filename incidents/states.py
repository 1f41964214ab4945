"""In a word or two, where an observation stands."""

from __future__ import annotations

from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from est_site.partners.models import CategoryKind
from incidents.models import Incident


def words(incident: Incident, now: datetime) -> list[str]:
    """What is worth saying of it beside what, where and when; nothing for an event that simply counts."""
    if incident.withdrawn_at is not None:
        return [_("withdrawn %(day)s") % {"day": _day(incident, incident.withdrawn_at)}]
    if incident.merged_into_id is not None:
        return [_("counted together with another of the same event")]
    if incident.kind == CategoryKind.CONDITION:
        if incident.ended_at is not None:
            return [_("put right %(day)s") % {"day": _day(incident, incident.ended_at)}]
        return [_("open since %(day)s") % {"day": _day(incident, incident.occurred_from)}]
    if incident.kind == CategoryKind.UPCOMING and incident.occurred_to > now:
        return [_("coming")]
    return []


def _day(incident: Incident, instant: datetime) -> str:
    return date_format(instant.astimezone(incident.group.zone), "j F Y")
