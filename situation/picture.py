"""The shared situation picture of a period: pure counting over plain values, JSON-ready so that it can be frozen.

A count stands beside a mean and nothing is judged. The mean is over those of the previous eight periods in which
somebody said something: a period of silence is unknown, not zero. Where periods differ in length the mean is per day
of the periods before, times the days of this one, so that like stands beside like.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import itemgetter
from typing import Any, TypeVar

from situation.material import AreaRow, Material, Stretch, Voice
from situation.timing import aoristic

METHOD = "mean8/4"  # version of what `assemble` computes
BASELINE_PERIODS = 8
STRIP_PERIODS = 12

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True)
class Figure:
    """A count beside the mean of the periods before, in events per period of this length; None without any."""

    count: int
    mean: float | None


Table = dict[K, list[int]]  # counts of each stretch in order, by what is counted


def tally(material: Material, stretches: Sequence[Stretch], area: Callable[[int | None], int | None]) -> Table[Any]:
    """Counts by (area, category) of the stretches; what happened on other days is left out."""
    index = {day: n for n, stretch in enumerate(stretches) for day in stretch.dates}
    table: defaultdict[Any, list[int]] = defaultdict(lambda: [0] * len(stretches))
    for row in material.counts:
        n = index.get(row.day)
        if n is not None:
            table[area(row.area_id), row.category_id][n] += row.count
    return dict(table)


def by(table: Table[Any], key: Callable[[Any], K]) -> Table[K]:
    """The table summed over what has the same key."""
    found: Table[K] = {}
    for one, counts in table.items():
        new = key(one)
        found[new] = [a + b for a, b in zip(found[new], counts, strict=True)] if new in found else counts
    return found


def compare(table: Table[K], stretches: Sequence[Stretch], before: Callable[[K], Sequence[Stretch]]) -> dict[K, Figure]:
    """The count of the last stretch, beside the mean over those that count as `before` for that key.

    Keys without any count in either are left out.
    """
    index = {stretch.id: n for n, stretch in enumerate(stretches)}
    found = {}
    for key, counts in table.items():
        usable = before(key)
        earlier = sum(counts[index[stretch.id]] for stretch in usable)
        if counts[-1] or earlier:
            found[key] = Figure(counts[-1], mean(earlier, usable, stretches[-1]))
    return found


def mean(earlier: int, stretches: Sequence[Stretch], period: Stretch) -> float | None:
    """Events per period of this length, to two decimals."""
    length = sum(stretch.days for stretch in stretches)
    return round(earlier * period.days / length, 2) if length else None


@dataclass(frozen=True)
class Line:
    """An area as the reader knows it: all drawings of one name in one layer, headed by the one that counts here."""

    head: AreaRow
    rows: tuple[AreaRow, ...]
    since: date  # the first day it can have been counted

    def before(self, stretches: Sequence[Stretch]) -> list[Stretch]:
        return [stretch for stretch in stretches if stretch.first >= self.since]

    def redrawn(self, stretches: Sequence[Stretch], period: Stretch) -> date | None:
        """When its border last changed inside what is compared."""
        first = stretches[0].first if stretches else period.first
        changes = [row.valid_from for row in self.rows[1:] if first < row.valid_from <= period.last]
        return changes[-1] if changes else None


def lines(material: Material) -> list[Line]:
    """The areas of the material by name; the head is the drawing in force on the period's last day, if any is."""
    seen: dict[int, date] = {}
    for row in material.counts:
        if row.area_id is not None:
            seen[row.area_id] = min(row.day, seen.get(row.area_id, row.day))
    named: defaultdict[tuple[str, str], list[AreaRow]] = defaultdict(list)
    for area in material.areas:
        named[area.layer, area.name].append(area)
    made = []  # in the order of the material, which is by name
    for drawings in named.values():
        drawings.sort(key=lambda area: area.valid_from)
        begun = [area for area in drawings if area.valid_from <= material.period.last] or drawings[:1]
        current = [area for area in begun if area.drawn(material.period.last)]
        drawn = drawings[0].valid_from
        first = min((seen[area.id] for area in drawings if area.id in seen), default=drawn)
        if first < drawn:  # observations from before it was drawn were placed in it: it counts from their period on
            drawn = next((s.first for s in [*material.earlier, material.period] if first in s), first)
        made.append(Line((current or begun)[-1], tuple(drawings), drawn))
    return made


def clock(times: Sequence[tuple[datetime, datetime]]) -> dict[str, Any]:
    """The events of a period over the hours of the week; `times` in the group's own zone.

    `weights` is seven days, Monday first, of 24 hours; what spans a week or more is `unknown` and not in it.
    """
    found = aoristic(times)
    return {
        "events": found.events,
        "unknown": found.unknown,
        "precise": round(found.precise_share, 3),
        "weights": [[round(weight, 3) for weight in day] for day in found.weights],
    }


def state(voice: Voice, stretch: Stretch, calm: frozenset[tuple[int, int]]) -> tuple[str, int]:
    """reported, calm or silent, and how many observations. Silent is unknown, never zero."""
    reports = sum(voice.by_day.get(day, 0) for day in stretch.dates)
    if reports:
        return "reported", reports
    return ("calm" if (voice.id, stretch.id) in calm else "silent"), 0


def heard(material: Material, stretch: Stretch) -> bool:
    """Whether anybody said anything about the period: an observation, or that it was calm."""
    reported = any(day in material.days_heard for day in stretch.dates)
    return reported or any(id_ == stretch.id for _who, id_ in material.calm)


def assemble(material: Material) -> dict[str, Any]:
    """The picture as JSON-ready values: ids, names and numbers, never an observation's text."""
    period = material.period
    shown = [*material.earlier, period]
    known = {stretch.id for stretch in shown if heard(material, stretch)}
    before = [stretch for stretch in material.earlier[-BASELINE_PERIODS:] if stretch.id in known]
    every = lines(material)
    head: dict[int | None, int] = {row.id: line.head.id for line in every for row in line.rows}
    line_of = {line.head.id: line for line in every}

    def usable(area_id: int | None) -> list[Stretch]:
        return before if area_id is None else line_of[area_id].before(before)

    by_both = tally(material, shown, head.get)
    by_area, by_kind, by_none = by(by_both, itemgetter(0)), by(by_both, itemgetter(1)), by(by_both, lambda _key: "")
    cells = compare(by_both, shown, lambda key: usable(key[0]))
    areas = compare(by_area, shown, usable)
    kinds = compare(by_kind, shown, lambda _key: before)
    everything = compare(by_none, shown, lambda _key: before)
    here = [line for line in every if _belongs(line, areas, period)]
    ids: list[int | None] = [line.head.id for line in here]
    if None in areas:
        ids.append(None)
    gone = {line.head.id for line in every} - set(ids)
    ended = [line.head.name for line in every if line.head.id in gone and line.head.id in areas]
    return {
        "method": METHOD,
        "cut_off": material.cut_off.isoformat(),
        "as_of": material.today.isoformat(),
        "heard": period.id in known,
        "period": {
            "id": period.id,
            "label": period.label,
            "weeks": period.weeks,
            "first_day": period.first.isoformat(),
            "last_day": period.last.isoformat(),
        },
        "baseline": [stretch.label for stretch in before],
        "baseline_days": [stretch.days for stretch in before],
        "areas": [_area(line, before, period) for line in here],
        "ended": ended,
        "categories": [{"id": c.id, "code": c.code, "sv": c.sv, "en": c.en} for c in material.categories],
        "cells": [
            [a, c, figure.count, figure.mean]
            for (a, c), figure in sorted(cells.items(), key=lambda item: (item[0][0] or 0, item[0][1]))
            if a in ids
        ],
        "area_totals": [[a, *_pair(areas.get(a), usable(a))] for a in ids],
        "category_totals": [[c.id, *_pair(kinds.get(c.id), before)] for c in material.categories],
        "total": list(_pair(everything.get(""), before)),
        "organisations": _organisations(material),
        "strip": _strip(material, shown[-STRIP_PERIODS:]),
        **({} if material.times is None else {"when": clock(material.times)}),
        "series": _series(by_area, by_none, shown, known, [(a, line_of[a].since if a else date.min) for a in ids]),
    }


def added(frozen: Mapping[str, Any], live: Mapping[str, Any]) -> list[tuple[int | None, int]]:
    """What came in, or was taken out, since the freezing: the live count minus the frozen one, per area."""
    then = {area: count for area, count, _mean in frozen["area_totals"]}
    now = {area: count for area, count, _mean in live["area_totals"]}
    changes = [(area, now.get(area, 0) - then.get(area, 0)) for area in [*now, *(a for a in then if a not in now)]]
    return [(area, change) for area, change in changes if change]


def _belongs(line: Line, areas: Mapping[int | None, Figure], period: Stretch) -> bool:
    """Drawn as an EST area when the period ended, or counted in it."""
    figure = areas.get(line.head.id)
    return (line.head.layer == "est" and line.head.drawn(period.last)) or bool(figure and figure.count)


def _area(line: Line, before: Sequence[Stretch], period: Stretch) -> dict[str, Any]:
    usable = line.before(before)
    redrawn = line.redrawn(usable, period)
    return {
        "id": line.head.id,
        "name": line.head.name,
        "population": line.head.population,
        "periods": len(usable),
        "redrawn": redrawn.isoformat() if redrawn else None,
    }


def _pair(figure: Figure | None, before: Sequence[Stretch]) -> tuple[int, float | None]:
    if figure:
        return figure.count, figure.mean
    return 0, 0.0 if before else None


def _organisations(material: Material) -> list[dict[str, Any]]:
    """Those who take part, and any other that said something about the period."""
    found = []
    for voice in material.voices:
        word, reports = state(voice, material.period, material.calm)
        if voice.takes_part(material.period) or word != "silent":
            said = {"id": voice.id, "name": voice.name, "expected": voice.expected, "state": word, "reports": reports}
            if voice.id in material.calm_in:
                said["calm_in"] = list(material.calm_in[voice.id])
            found.append(said)
    return found


def _strip(material: Material, stretches: Sequence[Stretch]) -> dict[str, Any]:
    """Each organisation over the last periods: a number, `calm`, `away` before it joined, or None for silent."""
    rows = []
    for organisation in _organisations(material):
        voice = next(voice for voice in material.voices if voice.id == organisation["id"])
        rows.append([voice.id, [_in_strip(voice, stretch, material.calm) for stretch in stretches]])
    return {"weeks": [stretch.weeks for stretch in stretches], "rows": rows}


def _in_strip(voice: Voice, stretch: Stretch, calm: frozenset[tuple[int, int]]) -> int | str | None:
    word, reports = state(voice, stretch, calm)
    if word != "silent":
        return reports or word
    return "away" if voice.joined is not None and stretch.last < voice.joined else None


def _series(
    areas: Table[int | None],
    everything: Table[str],
    stretches: Sequence[Stretch],
    known: set[int],
    ids: Sequence[tuple[int | None, date]],
) -> dict[str, Any]:
    """Counts of the last periods per area and in all; None where nobody spoke or the area was not there yet."""
    nothing = [0] * len(stretches)

    def line(counts: Sequence[int], since: date) -> list[int | None]:
        pairs = zip(counts, stretches, strict=True)
        return [n if one.id in known and one.first >= since else None for n, one in pairs]

    return {
        "weeks": [stretch.weeks for stretch in stretches],
        "areas": [[a, line(areas.get(a, nothing), since)] for a, since in ids],
        "total": line(everything.get("", nothing), date.min),
    }
