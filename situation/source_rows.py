"""The other sources as plain values, beside our own counts of the same time."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from est_site.partners.models import Area, Group, Period
from situation import ordering, rows, sources
from situation.material import Stretch
from situation.models import SourceSeries, SourceValue
from situation.sources import Reading, When

Values = dict[str, dict[When, Reading]]  # by area's name; "" is all areas together


def figures(
    group: Group, cut_off: datetime, only: int | None = None, until: date | None = None
) -> list[dict[str, Any]]:
    """Each series with its last values and our own change over the same time; JSON-ready, to be frozen.

    With `until`, nothing of a time that ended later. Two queries, three more for each series, and one for the areas.
    """
    shown = SourceSeries.objects.filter(group=group, ended_at=None)
    series = list(shown if only is None else shown.filter(pk=only))
    known = _values(group, [one.pk for one in series], cut_off, until)
    drawn: dict[str, list[Any]] = defaultdict(list)
    for area in Area.objects.filter(group=group).est().defer("geometry"):
        drawn[area.name].append(area)
    return [_one(one, known[one.pk], drawn, group, cut_off) for one in series]


def values(series: SourceSeries, cut_off: datetime) -> Values:
    return _values(series.group, [series.pk], cut_off)[series.pk]


def _values(group: Group, ids: Collection[int], cut_off: datetime, until: date | None = None) -> dict[int, Values]:
    found: dict[int, Values] = {id_: defaultdict(dict) for id_ in ids}
    told = SourceValue.objects.filter(group=group, series__in=ids, taken_at__lte=cut_off)
    names = ("series_id", "area__name", "year", "quarter", "value", "low", "high")
    for series, area, year, quarter, value, low, high in told.values_list(*names):
        when = When(year, quarter)
        if until is None or when.last <= until:
            found[series][area or ""][when] = Reading(value, low, high)
    return found


def _one(
    series: SourceSeries, known: Values, drawn: dict[str, list[Any]], group: Group, cut_off: datetime
) -> dict[str, Any]:
    pairs = {area: found for area, values_ in known.items() if (found := sources.latest(values_)) is not None}
    spans = Counter(pair for pair in pairs.values() if pair[1] is not None)
    compared = max(spans, key=lambda pair: (pair[0], spans[pair]), default=None)
    seen = _Seen(group, compared, drawn, cut_off) if compared else None
    lines = []
    for area in sorted(pairs, key=ordering.alphabet):
        (last, before), readings = pairs[area], known[area]
        line: dict[str, Any] = {"area": area, "last": _written(last, readings[last]), "before": None, "way": "open"}
        if before is not None:
            line["before"] = _written(before, readings[before])
            line["way"] = sources.direction(readings[before], readings[last], counted=series.counted)
        line["ours"] = seen.of(area) if seen and (last, before) == compared else None
        ratio = line["ours"] or {}
        line["apart"] = sources.disagree(line["way"], series.rising, ratio.get("way", "open"))
        lines.append(line)
    return {
        "id": series.pk,
        "name": series.name,
        "unit": series.unit,
        "source": series.source,
        "rising": series.rising,
        "heard": list(seen.heard) if seen else None,
        "lines": lines,
    }


def _written(when: When, reading: Reading) -> list[Any]:
    return [when.year, when.quarter, reading.value, reading.low, reading.high]


class _Seen:
    """Our own observations in two spans, of who reported through both: else who began in between looks like more."""

    def __init__(
        self, group: Group, pair: tuple[When, When | None], drawn: dict[str, list[Any]], cut_off: datetime
    ) -> None:
        after, before = pair
        assert before is not None
        self.spans, self.drawn, self.first = (before, after), drawn, group.first_period
        weeks = [week for span in self.spans for week in span.weeks]
        stretches = [Stretch(-n, f"{first}", "", first, last) for n, (first, last) in enumerate(weeks, start=1)]
        counted = rows.by_organisation(group.pk, stretches, cut_off)
        heard = _heard(group, self.spans, counted, cut_off)
        both = {
            who
            for who in heard[0].keys() & heard[1].keys()
            if all(sources.steady(weeks[who], len(span.weeks)) for weeks, span in zip(heard, self.spans, strict=True))
        }
        self.heard = (len(heard[0]), len(heard[1]), len(both))
        self.known: Counter[tuple[str, Any]] = Counter()
        self.starts = [[first for first, _last in span.weeks] for span in self.spans]
        names = {area.pk: name for name, areas in drawn.items() for area in areas}
        for day, area_id, who, n in counted:
            if who in both:
                self.known["", day] += n
                self.known[names.get(area_id, "-"), day] += n

    def of(self, area: str) -> dict[str, Any]:
        """The two numbers with their ratio, or why nothing can be said."""
        before, after = self.spans
        if before.first < self.first:
            return {"why": "young"}
        if any(before.first < one.valid_from <= after.last for one in self.drawn.get(area, [])):
            return {"why": "redrawn"}
        weeks = [[self.known[area, day] for day in starts] for starts in self.starts]
        days = tuple((span.last - span.first).days + 1 for span in self.spans)
        found = sources.ours(weeks[0], weeks[1], days=(days[0], days[1]))
        if found is None:
            return {"why": "few", "numbers": [sum(weeks[0]), sum(weeks[1])]}
        return {
            "numbers": [found.before, found.after],
            "ratio": [round(n, 3) for n in (found.ratio, found.low, found.high)],
            "way": found.direction,
        }


def _heard(
    group: Group, spans: tuple[When, When], counted: Collection[tuple[date, int | None, int, int]], cut_off: datetime
) -> list[dict[int, set[int]]]:
    """Of each span, by organisation the weeks (0 the first) in which it told of something or said that it was calm."""
    found: list[dict[int, set[int]]] = []
    for span in spans:
        starts = {first: n for n, (first, _last) in enumerate(span.weeks)}
        by: defaultdict[int, set[int]] = defaultdict(set)
        for day, _place, who, _n in counted:
            if day in starts:
                by[who].add(starts[day])
        found.append(by)
    first, last = min(span.first for span in spans), max(span.last for span in spans)
    periods = Period.objects.filter(group=group, last_day__gte=first, first_day__lte=last).regular()
    days = {one.pk: (one.first_day, one.last_day) for one in periods}
    for who, period, _where in rows.calm(group.pk, list(days), cut_off):
        begins, ends = days[period]
        for span, by_week in zip(spans, found, strict=True):
            for n, (monday, sunday) in enumerate(span.weeks):
                if begins <= sunday and monday <= ends:
                    by_week.setdefault(who, set()).add(n)
    return found
