"""A picture as the page shows it: rows, cells and words made from the JSON, whether it is frozen or live."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from pyphen import Pyphen

from est_site.maps import MapArea, Projection, map_svg, shape_of
from incidents.models import Incident, TimePrecision, Visibility
from situation import ahead_words, judged, links, ordering, presence_words, reporting, source_words, when, wording
from situation.judged import Judged
from situation.lines import AreaLine, area_lines, bottom
from situation.material import AreaRow
from situation.verdicts import ALL

MANY_REPORTS = 10
UNHEARD = (None, "away")  # silent, or not there yet
WEEKS_ON_A_PHONE = 6
LONG_WORD = 10
FILLS = ["more-sure", "more-maybe", "less-sure", "less-maybe", "normal", "thin", "changed"]


def page(
    picture: Mapping[str, Any],
    areas: Sequence[AreaRow],
    *,
    slug: str,
    zone: ZoneInfo,
    metric_epsg: int,
    asked: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, Any]:
    """All that the template shows of a picture; `asked` names the comparison that is explained, and the order of rows."""
    behind = links.Observations(slug, picture["period"]["id"])
    verdicts = Judged.of(picture)
    lines = area_lines(picture, behind, verdicts)
    named = [soft(name, get_language() or "sv") for _id, name in wording.categories(picture)]
    return {
        "picture": picture,
        "first_day": date.fromisoformat(picture["period"]["first_day"]),
        "last_day": date.fromisoformat(picture["period"]["last_day"]),
        "cut_off": local(datetime.fromisoformat(picture["cut_off"]), zone),
        "week": wording.capital(wording.week_text(picture)),
        "running": wording.running(picture),
        "headline": judged.opening(picture, verdicts),
        "sentences": wording.sentences(picture),
        "figures": figures(picture, verdicts),
        "lines": lines,
        "columns": ordering.columns([_("All kinds"), *([_("Four weeks")] if verdicts else []), *named], lines, asked),
        "rows": ordering.ordered(lines, asked.get("order", "")),
        "ways": ordering.ways(lines, asked, judged=verdicts is not None),
        "tight": asked.get("tight") == "1",
        "bottom": bottom(picture, behind, verdicts),
        "strip": strip(picture),
        "reporting": reporting.sentences(picture),
        "reporting_changes": reporting.changes(picture),
        "when": when.section(picture),
        "ahead": ahead_words.sentences(picture["ahead"]) if "ahead" in picture else None,
        "presence": presence_words.section(picture),
        "sources": [source_words.summary(one) for one in picture.get("sources", [])],
        "map": draw_map(picture, lines, areas, metric_epsg, verdicts),
        "observations_url": behind(),
        "baseline": len(picture["baseline"]),
        "average_of": wording.before_text(len(picture["baseline"])),
        **(_verdicts(picture, verdicts, lines, asked) if verdicts else {}),
    }


def _verdicts(
    picture: Mapping[str, Any], verdicts: Judged, lines: Sequence[AreaLine], asked: Mapping[str, str]
) -> dict[str, Any]:
    """The words in place of means, and the explanation of the comparison that was asked for, or else of the first."""
    called = judged.names(picture)
    key = judged.asked(asked, verdicts)
    used = {line.word for line in lines}
    spans = {"period": wording.capital(wording.week_text(picture)), "long": _("Four weeks")}
    return {
        "verdicts": verdicts,
        "sentences": [*judged.sentences(verdicts, called), *wording.sentences(picture, judged=True)],
        "legend": [value for value in FILLS if value in used],
        "explained": [*judged.explained(verdicts, key), *_beside(picture, key)],
        "explained_what": wording.capital(called.of(key)),
        "explained_word": verdicts.word(verdicts.found[key]),
        "choices": [
            (
                "area",
                _("Area"),
                [
                    ("none" if one is None else one, name, one == key.area)
                    for one, name in called.areas.items()
                    if verdicts.get(one, ALL)
                ],
            ),
            ("kind", _("Kind"), [(one, name, one == key.kind) for one, name in called.kinds.items()]),
            ("span", _("Time"), [(one, name, one == key.span) for one, name in spans.items()]),
        ],
    }


def _beside(picture: Mapping[str, Any], key: judged.Key) -> list[str]:
    """What changed in the reporting between the weeks of a comparison."""
    changed = reporting.changes(picture, key.kind, compared=True)
    if not changed:
        return []
    return [
        _("The reporting itself has changed since the first of the weeks compared: %(what)s.")
        % {"what": "; ".join(changed)}
    ]


def figures(picture: Mapping[str, Any], verdicts: Judged | None = None) -> list[dict[str, Any]]:
    """The few numbers under the headline."""
    heard, silent = wording.voices(picture["organisations"])
    calm = sum(o["state"] == "calm" for o in heard)
    said = [
        ngettext("%(n)s with observations", "%(n)s with observations", len(heard) - calm)
        % {"n": wording.number(len(heard) - calm)},
        ngettext("%(n)s calm", "%(n)s calm", calm) % {"n": wording.number(calm)},
        ngettext("%(n)s silent", "%(n)s silent", len(silent)) % {"n": wording.number(len(silent))},
    ]
    count, mean = picture["total"]
    average = _("on average %(mean)s in a whole period") if wording.running(picture) else _("on average %(mean)s")
    everyone = len(heard) + len(silent)
    note = average % {"mean": wording.mean_text(mean)} if mean is not None else ""
    total = verdicts.get(ALL, ALL) if verdicts else None
    if total and total.p is not None:
        note = _("normally %(normal)s") % {"normal": judged.interval(total)}
    return [
        {
            "label": _("Observations"),
            "value": count if picture["heard"] else "–",
            "note": note,
            "verdict": verdicts.word(total) if verdicts else "",
        },
        {
            "label": _("Have answered"),
            "value": _("%(heard)s of %(all)s") % {"heard": len(heard), "all": everyone},
            "note": ", ".join(said),
        },
        *([_clear(verdicts)] if verdicts else []),
        *_period_before(picture),
        *([] if verdicts else _spread(picture)),
    ]


def _clear(verdicts: Judged) -> dict[str, Any]:
    n = round(verdicts.by_chance)
    words = {"all": number_format(verdicts.comparisons), "n": wording.number(n)}
    if verdicts.changed:
        note = _("of %(all)s comparisons: the reporting has changed") % words
    elif n:
        note = _("of %(all)s comparisons; about %(n)s expected by chance") % words
    else:
        note = _("of %(all)s comparisons; fewer than one expected by chance") % words
    return {"label": _("Clear differences"), "value": "–" if verdicts.changed else verdicts.clear, "note": note}


def _period_before(picture: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The count of the period before, beside how many answered then; nothing for the first period."""
    counts, weeks = picture["series"]["total"], picture["series"]["weeks"]
    if len(counts) < 2:
        return []
    answered = sum(states[-2] not in UNHEARD for _id, states in picture["strip"]["rows"])
    return [
        {
            "label": wording.capital(wording.weeks_text(weeks[-2])),
            "value": "–" if counts[-2] is None else counts[-2],
            "note": ngettext("%(n)s answered then", "%(n)s answered then", answered) % {"n": wording.number(answered)},
        }
    ]


def _spread(picture: Mapping[str, Any]) -> list[dict[str, Any]]:
    """How many of the areas have any observation at all."""
    counts = [count for id_, count, _mean in picture["area_totals"] if id_ is not None]
    if not counts or not picture["heard"]:
        return []
    return [
        {
            "label": _("Areas with observations"),
            "value": _("%(heard)s of %(all)s") % {"heard": sum(map(bool, counts)), "all": len(counts)},
        }
    ]


def strip(picture: Mapping[str, Any]) -> dict[str, Any]:
    """Who said something in which period; the older columns go where there is no room."""
    weeks = picture["strip"]["weeks"]
    old = len(weeks) - WEEKS_ON_A_PHONE
    said = dict(picture["strip"]["rows"])
    rows = []
    for organisation in picture["organisations"]:
        states = said[organisation["id"]]
        rows.append(
            {
                "name": organisation["name"],
                "silent": organisation["expected"] and organisation["state"] == "silent",
                "tail": _tail(organisation, states),
                "cells": [_said(one, organisation["expected"], n < old) for n, one in enumerate(states)],
            }
        )
    heard = [sum(said[o["id"]][n] not in UNHEARD for o in picture["organisations"]) for n in range(len(weeks))]
    return {
        "weeks": [(week, n < old, n == len(weeks) - 1) for n, week in enumerate(weeks)],
        "rows": rows,
        "heard": [(count, n < old) for n, count in enumerate(heard)],
    }


def _said(one: int | str | None, expected: bool, old: bool) -> dict[str, Any]:
    if one in UNHEARD:
        return {"kind": "silent" if expected and one is None else "unasked", "n": "", "old": old}
    if one == "calm":
        return {"kind": "calm", "n": "", "old": old}
    return {"kind": "many" if int(one) >= MANY_REPORTS else "some", "n": one, "old": old}


def _tail(organisation: Mapping[str, Any], states: Sequence[int | str | None]) -> str:
    """The state of this period in words, with how long the silence has lasted."""
    if areas := organisation.get("calm_in"):
        return _("calm in %(areas)s") % {"areas": ", ".join(areas)}
    if organisation["state"] == "calm":
        return _("calm")
    if organisation["state"] != "silent":
        return ""
    if not organisation["expected"]:
        return _("not expected to report")
    silence = next((n for n, one in enumerate(reversed(states)) if one is not None), len(states))
    return ngettext("silent, %(n)d period", "silent, %(n)d periods", silence) % {"n": silence}


def draw_map(
    picture: Mapping[str, Any],
    lines: Sequence[AreaLine],
    areas: Sequence[AreaRow],
    metric_epsg: int,
    verdicts: Judged | None = None,
) -> SafeString | str:
    """The chart of the areas with their counts; nothing where no area is drawn."""
    drawn = {area.id: area.geojson for area in areas}
    shapes = [
        MapArea(
            id=line.id,
            name=line.name,
            geometry=shape_of(drawn[line.id]),
            fill=verdicts.fill(line.id) if verdicts else "plain" if picture["heard"] else "thin",
            count=str(line.count) if picture["heard"] else "–",
            href=line.url,
        )
        for line in lines
        if line.id is not None and line.id in drawn
    ]
    if not shapes:
        return ""
    return map_svg(
        shapes,
        idn="map",
        title=_("Map of the areas with the number of observations in each."),
        desc=_("The same numbers stand in the list beside the map."),
        projection=Projection(metric_epsg),
    )


@dataclass(frozen=True)
class Observation:
    """One line of the list under the figures."""

    number: str
    what: str
    where: str
    when: str
    words: str
    organisation: str
    limited: str
    url: str


def observation(row: Incident, zone: ZoneInfo, slug: str) -> Observation:
    """Where and when as exactly as it is known; never who reported it."""
    area = row.area.name if row.area else _("outside the areas")
    where = [row.place.name, area] if row.place else [area]
    return Observation(
        number=row.number,
        what=row.category.name,
        where=", ".join(where),
        when=_when(row, zone),
        words=row.text,
        organisation=row.organisation.name,
        limited="" if row.visibility == Visibility.GROUP else row.get_visibility_display(),
        url=reverse("incident", args=[slug, row.pk]),
    )


def _when(row: Incident, zone: ZoneInfo) -> str:
    first, last = local(row.occurred_from, zone), local(row.occurred_to, zone)
    day = date_format(first, "D j F")
    if row.time_precision in (TimePrecision.DAY, TimePrecision.UNKNOWN):
        return str(day)
    if row.time_precision == TimePrecision.EXACT or first == last:
        return f"{day} {date_format(first, 'H.i')}"
    until = date_format(last, "H.i" if last.date() == first.date() else "D j F H.i")
    return f"{day} {date_format(first, 'H.i')}–{until}"


def local(instant: datetime, zone: ZoneInfo) -> datetime:
    """Wall time in the group's zone, without a zone, so that the template shows it as it is."""
    return instant.astimezone(zone).replace(tzinfo=None)


@lru_cache(1000)
def soft(name: str, language: str) -> str:
    """The name with soft hyphens in its long words: a dozen kinds stand side by side, and browsers lack the dictionary."""
    words = Pyphen(lang=language[:2], left=4, right=4)
    return " ".join(words.inserted(word, "\u00ad") if len(word) >= LONG_WORD else word for word in name.split(" "))
