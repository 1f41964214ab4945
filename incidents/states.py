"""In a word or two, where an observation stands."""

from __future__ import annotations

from datetime import date, datetime, time
from functools import lru_cache

from django.utils.formats import date_format, time_format
from django.utils.translation import get_language
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


def began(incident: Incident) -> tuple[str, str]:
    """The day and the hour it began, by the group's own clock, as short as they are written in the reader's language."""
    local = incident.occurred_from.astimezone(incident.group.zone)
    language = get_language() or ""
    return _short_day(local.date(), language), _short_time(local.time().replace(second=0, microsecond=0), language)


@lru_cache(1000)  # a list has few days, and a day few minutes: writing one takes as long as reading a row
def _short_day(day: date, _language: str) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")


@lru_cache(3000)
def _short_time(at: time, _language: str) -> str:
    return time_format(at, "TIME_FORMAT")


def _day(incident: Incident, instant: datetime) -> str:
    return date_format(instant.astimezone(incident.group.zone), "j F Y")
