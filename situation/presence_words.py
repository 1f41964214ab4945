"""Presence as the pages say it: lines, a table, and sentences that claim no more than the figures carry."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from est_site.charts import hours
from situation import dayparts, presence
from situation.models import Presence, PresenceKind
from situation.presence import LEAST
from situation.presence_pasting import Row
from situation.wording import capital, decimal, quarter

KINDS = dict(PresenceKind.choices)


def line(row: Presence, zone: ZoneInfo) -> dict[str, Any]:
    """One presence as a list shows it; who wrote it is not told."""
    people = ngettext("%(n)s person", "%(n)s persons", row.people or 0) % {"n": row.people} if row.people else ""
    return {
        "id": row.pk,
        "version": row.version,
        "who": capital(str(row.get_kind_display())),
        "where": f"{row.area.name}, {row.place.name}" if row.place else row.area.name,
        "when": _when(row.starts_at.astimezone(zone), row.ends_at.astimezone(zone)),
        "people": people,
        "organisation": row.organisation.name,
    }


def pasted(row: Row, zone: ZoneInfo) -> dict[str, Any]:
    """A pasted row as it was understood; one with faults as it was written."""
    cells, said = row.cells, row.said
    if said is None:
        where = ", ".join(filter(None, (cells.get("area"), cells.get("where"))))
        times = "–".join(filter(None, (cells.get("from"), cells.get("to"))))
        words = {"who": cells.get("who", ""), "where": where, "when": f"{cells.get('day', '')} {times}".strip()}
        return {**words, "people": cells.get("people", ""), "row": row}
    start, end = (at.astimezone(zone) for at in said.span)
    return {
        "who": capital(str(KINDS[said.kind])),
        "where": f"{said.area.name}, {said.place.name}" if said.place else said.area.name,
        "when": _when(start, end),
        "people": said.people or "",
        "row": row,
    }


def _when(start: datetime, end: datetime) -> str:
    return f"{date_format(start, 'D j/n')} {date_format(start, 'H.i')}–{date_format(end, 'H.i')}"


def page(found: Mapping[str, Any], names: Mapping[int, str]) -> dict[str, Any]:
    """All that is shown of what `presence.assemble` gave, live or frozen."""
    return {
        "totals": _totals(found["totals"], names),
        "all_hours": _hours(sum(row[2] for row in found["totals"])),
        "sentences": sentences(found, names),
        "axis": _axis(found) if found["past"] else None,
    }


def section(picture: Mapping[str, Any]) -> dict[str, Any] | None:
    """The few lines on the picture's page; None for pictures that were frozen without."""
    found = picture.get("presence")
    if found is None:
        return None
    names = {area["id"]: area["name"] for area in picture["areas"]}
    return {"opening": opening(found), "sentences": sentences(found, names) if found["past"] else []}


def brief(picture: Mapping[str, Any]) -> list[str]:
    """For the agenda and the minutes: the hours, the area with the largest gap and the one with the largest surplus.

    Nothing where nobody has logged presence in four weeks: a group that does not use it is not told so each week.
    """
    found = picture.get("presence")
    if found is None or not (found["past"] or found["totals"]):
        return []
    names = {area["id"]: area["name"] for area in picture["areas"]}
    known = [one for one in found["areas"] if one["area"] in names]
    gaps = sorted((one for one in known if round(one["empty"])), key=lambda one: -one["empty"])
    over = sorted((one for one in known if presence.surplus(one)), key=lambda one: -one["idle"])
    shown = {one["area"] for one in (*gaps[:1], *over[:1])}
    said = [opening(found)]
    if shown:
        said += sentences({**found, "areas": [one for one in known if one["area"] in shown]}, names)
    if left := len({one["area"] for one in (*gaps, *over)} - shown):
        told = ngettext(
            "%(n)s more area has a smaller gap or surplus.", "%(n)s more areas have smaller gaps or surpluses.", left
        )
        said.append(told % {"n": left})
    return said


def opening(found: Mapping[str, Any]) -> str:
    """How many hours in the period, by whom."""
    total = sum(row[2] for row in found["totals"])
    if not total:
        return _("Nobody has said that they were out during the period.")
    kinds = {kind for _area, kind, _hours, _times in found["totals"]}
    said = [str(name) for kind, name in PresenceKind.choices if kind in kinds]
    return _("%(hours)s hours of presence during the period: %(who)s.") % {
        "hours": _hours(total),
        "who": ", ".join(said),
    }


def sentences(found: Mapping[str, Any], names: Mapping[int, str]) -> list[str]:
    """Gaps and surplus of the areas that have enough events, over four weeks."""
    if not found["past"]:
        return []
    said, never = [], []
    for one in found["areas"]:
        area = names.get(one["area"])
        if area is None:
            continue
        words = {"area": area, "n": decimal(one["empty"], 0), "all": number_format(one["events"])}
        if not one["hours"]:
            never.append(f"{area} ({words['all']})")
            continue
        if round(one["empty"]):
            day, part, n = one["most"]
            words |= {"day": WEEKDAYS[day], "hours": quarter(day, part), "m": decimal(n, 0)}
            said.append(
                _(
                    "%(area)s: about %(n)s of %(all)s events in four weeks lie at times of the week when nobody was"
                    " there, most on %(day)s %(hours)s (about %(m)s)."
                )
                % words
            )
        if presence.surplus(one):
            words = {"area": area, "n": _hours(one["idle"]), "all": _hours(one["hours"])}
            said.append(
                _("%(area)s: %(n)s of %(all)s hours of presence lie at times of the week without events.") % words
            )
    if never:
        told = _("Nobody has said that they were there in four weeks, with the number of events: %(areas)s.")
        said.append(told % {"areas": ", ".join(never)})
    if not found["areas"]:
        said.append(
            _(
                "No area has %(least)s events in four weeks: too few to tell whether anybody was there when they happened."
            )
            % {"least": LEAST}
        )
    return said


def _hours(n: float) -> str:
    return decimal(n, 0 if n == round(n) else 1)


def _totals(totals: Any, names: Mapping[int, str]) -> list[tuple[str, str, str, int]]:
    rows = [(names.get(area, ""), str(KINDS[kind]), _hours(n), times) for area, kind, n, times in totals]
    return sorted(rows)


def _axis(found: Mapping[str, Any]) -> dict[str, Any]:
    """Hours of presence on the same axis as the hours of the events, and both in a table."""
    days = [(capital(str(WEEKDAYS[day])), capital(str(WEEKDAYS_ABBR[day]))) for day in range(7)]
    there, happened = (dayparts.parts(found[name]) for name in ("hours", "events"))
    return {
        "chart": hours(
            found["hours"],
            days,
            idn="presence",
            title=_("Hours of presence by weekday and hour, four weeks"),
            desc=_("%(n)s hours in all.") % {"n": _hours(sum(map(sum, found["hours"])))},
        ),
        "parts": [dayparts.called(part) for part in range(dayparts.PARTS)],
        "rows": [
            (long, [(_hours(round(h, 1)), decimal(n, 1)) for h, n in zip(there[day], happened[day], strict=True)])
            for day, (long, _short) in enumerate(days)
        ],
    }
