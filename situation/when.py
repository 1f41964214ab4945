"""When it happened: the hours of the week that a picture holds, as its page shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from est_site.charts import hours
from situation import dayparts
from situation.wording import capital, decimal, quarter

LEAST = 30  # under so many events no hours are shown
HOURLY = 150  # from so many on hour by hour, else in blocks of three hours


def section(picture: Mapping[str, Any]) -> dict[str, Any] | None:
    """The chart of the hours with its table and its words; None for pictures that were frozen without."""
    kept = picture.get("when")
    if kept is None or not picture["heard"]:
        return None
    events, unknown = kept["events"], kept["unknown"]
    if events < LEAST:
        said = ngettext(
            "%(n)s event with a time: too few to show hours. At least %(least)s are needed.",
            "%(n)s events with a time: too few to show hours. At least %(least)s are needed.",
            events,
        ) % {"n": events, "least": LEAST}
        return {"sentences": [said, *_left_out(unknown)]}
    weights = kept["weights"]
    parts = dayparts.parts(weights)
    return {
        "sentences": [_most(parts, events), _timed(kept["precise"]), *_left_out(unknown)],
        "chart": chart(picture),
        "parts": [dayparts.called(part) for part in range(dayparts.PARTS)],
        "rows": [(capital(str(WEEKDAYS[day])), [decimal(n, 1) for n in parts[day]]) for day in range(7)],
    }


def brief(picture: Mapping[str, Any]) -> list[str]:
    """When most of it lies, in one sentence; nothing where there are too few to show hours."""
    kept = picture.get("when")
    if kept is None or not picture["heard"] or kept["events"] < LEAST:
        return []
    return [_most(dayparts.parts(kept["weights"]), kept["events"])]


def chart(picture: Mapping[str, Any], *, for_pdf: bool = False) -> SafeString | str:
    """The dots of the hours; nothing where there are too few events, or none were frozen."""
    kept = picture.get("when")
    if kept is None or kept["events"] < LEAST:
        return ""
    events, weights = kept["events"], kept["weights"]
    return hours(
        weights if events >= HOURLY else dayparts.blocks(weights),
        [(capital(str(WEEKDAYS[day])), capital(str(WEEKDAYS_ABBR[day]))) for day in range(7)],
        idn="when",
        title=_("Events by weekday and hour"),
        desc=_most(dayparts.parts(weights), events),
        for_pdf=for_pdf,
    )


def _most(parts: Sequence[Sequence[float]], events: int) -> str:
    most, day, column = max((n, -day, -column) for day, row in enumerate(parts) for column, n in enumerate(row))
    words = {
        "day": WEEKDAYS[-day],
        "hours": quarter(-day, -column),
        "n": decimal(most, 0),
        "all": number_format(events),
    }
    return _("Most lies on %(day)s %(hours)s: about %(n)s of %(all)s.") % words


def _timed(precise: float) -> str:
    share = decimal(100 * precise, 0)
    return _("%(share)s %% are timed to two hours; the others are spread over the time in which they may lie.") % {
        "share": share
    }


def _left_out(unknown: int) -> list[str]:
    if not unknown:
        return []
    said = ngettext(
        "%(n)s spans a week or more and is left out.", "%(n)s span a week or more and are left out.", unknown
    )
    return [said % {"n": number_format(unknown)}]
