"""When it happened: the hours of the week that a picture holds, as its page shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from est_site.charts import hours
from situation.wording import capital, decimal

LEAST = 30  # under so many events no hours are shown
HOURLY = 150  # from so many on hour by hour, else in blocks of three hours
BLOCK = 3
DAY_BEGINS = 6  # the night belongs to the evening before
PART = 6  # hours of one column of the table


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
    parts = [[_part(weights, day, column) for column in range(24 // PART)] for day in range(7)]
    return {
        "sentences": [_most(parts, events), _timed(kept["precise"]), *_left_out(unknown)],
        "chart": hours(
            weights if events >= HOURLY else _blocks(weights),
            [(capital(str(WEEKDAYS[day])), capital(str(WEEKDAYS_ABBR[day]))) for day in range(7)],
            idn="when",
            title=_("Events by weekday and hour"),
            desc=_most(parts, events),
        ),
        "parts": [_hours_of(column) for column in range(24 // PART)],
        "rows": [(capital(str(WEEKDAYS[day])), [decimal(n, 1) for n in parts[day]]) for day in range(7)],
    }


def _part(weights: Sequence[Sequence[float]], day: int, column: int) -> float:
    """A quarter of the day that begins at six, so that the last one lies in the calendar's next day."""
    first = DAY_BEGINS + column * PART
    return sum(weights[(day + hour // 24) % 7][hour % 24] for hour in range(first, first + PART))


def _blocks(weights: Sequence[Sequence[float]]) -> list[list[float]]:
    return [[sum(day[hour : hour + BLOCK]) for hour in range(0, 24, BLOCK)] for day in weights]


def _hours_of(column: int) -> str:
    first = DAY_BEGINS + column * PART
    return f"{first % 24:02}–{(first + PART) % 24:02}"


def _most(parts: Sequence[Sequence[float]], events: int) -> str:
    most, day, column = max((n, -day, -column) for day, row in enumerate(parts) for column, n in enumerate(row))
    words = {
        "day": WEEKDAYS[-day],
        "hours": _hours_of(-column),
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
