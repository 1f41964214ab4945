"""The areas of a picture as lines: in the list beside the map, and as the rows of the matrix."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from est_site.charts import range_mark, spark
from est_site.charts.ink import VERDICT_CLASS
from situation import judged, links, wording
from situation.judged import Judged
from situation.verdicts import ALL, Verdict

THIN = 1  # under this mean a zero is what one would see anyway; where so few are many, no interval is written out
FLAG = {"more-sure": " flag", "more-maybe": " maybe", "less-sure": " flag-less", "less-maybe": " maybe-less"}


@dataclass(frozen=True)
class Cell:
    """One figure of the matrix."""

    count: int
    beside: str  # the mean or the normal interval; empty where it is not shown
    url: str
    kind: str  # few, none or nothing
    total: bool = False
    word: str = ""  # of a verdict that is not the ordinary one
    why: str = ""  # the query that asks for its explanation

    @property
    def blank(self) -> bool:
        """A zero where nothing else was to be expected: most cells of most pictures."""
        return self.kind == "few" and not self.count and not self.word

    @property
    def css(self) -> str:
        total = " total" if self.total else ""
        return f"cell{total}{f' {self.kind}' if self.kind else ''}{FLAG.get(self.word, '')}"


@dataclass(frozen=True)
class AreaLine:
    """One area: in the list beside the map and as a row of the matrix."""

    id: int | None
    name: str
    count: int
    mean: str
    difference: str
    note: str
    url: str
    spark: SafeString
    cells: list[Cell]  # all kinds together, then over four weeks where that is judged, then each kind
    word: str = ""  # the verdict, where there are verdicts
    normal: str = ""
    range: SafeString | str = ""
    why: str = ""


def area_lines(
    picture: Mapping[str, Any], behind: links.Observations, verdicts: Judged | None = None
) -> list[AreaLine]:
    """The areas, the most unusual and then most observations first; what lies outside them comes last."""
    known = {area["id"]: area for area in picture["areas"]} | {None: {"name": _("Outside the areas")}}
    make = LineMaker(picture, behind, verdicts)
    ranked = sorted(
        picture["area_totals"],
        key=lambda row: (row[0] is None, verdicts.rank(row[0]) if verdicts else 0, -row[1]),
    )
    return [make(known[row[0]], row) for row in ranked]


class LineMaker:
    """Makes the line of an area out of the figures of a picture."""

    def __init__(self, picture: Mapping[str, Any], behind: links.Observations, verdicts: Judged | None) -> None:
        self.picture, self.behind, self.verdicts = picture, behind, verdicts
        self.cells = {(area, category): (count, mean) for area, category, count, mean in picture["cells"]}
        self.series = dict(picture["series"]["areas"])
        shown = [verdicts.get(row[0], ALL) for row in picture["area_totals"]] if verdicts else []
        self.widest = max((max(one.events, one.high or 0) for one in shown if one), default=0)

    def __call__(self, area: Mapping[str, Any], row: Sequence[Any]) -> AreaLine:
        picture, verdicts = self.picture, self.verdicts
        id_, count, mean = row
        key: int | str = "none" if id_ is None else id_
        verdict = verdicts.get(id_, ALL) if verdicts else None
        word = verdicts.word(verdict) if verdicts else ""
        rests = " ".join(judged.rests_on(verdicts, judged.Key(id_, ALL))) if verdicts else ""
        return AreaLine(
            id=id_,
            name=area["name"],
            count=count,
            mean=wording.mean_text(mean),
            difference=_("going on") if wording.running(picture) else wording.difference(count, mean),
            note=" ".join(filter(None, [_area_note(area, len(picture["baseline"])), rests])),
            url=self.behind(area=key),
            spark=_spark(self.series[id_], verdict, word, _ticks(picture)),
            cells=cells_of(
                id_,
                [
                    (None, count, mean),
                    *((c, *self.cells.get((id_, c), (0, None))) for c, _name in wording.categories(picture)),
                ],
                lambda category: self.behind(area=key, category=category),
                verdicts,
            ),
            word=word,
            normal=judged.interval(verdict) if verdict else "",
            range=self._range(verdict, word),
            why=judged.Key(id_, ALL).query,
        )

    def _range(self, verdict: Verdict | None, word: str) -> SafeString | str:
        if verdict is None or verdict.low is None or verdict.high is None:
            return ""
        return range_mark(verdict.events, verdict.low, verdict.high, self.widest, verdict=_mark(word))


def _ticks(picture: Mapping[str, Any]) -> list[int]:
    """The periods in which the reporting itself changed."""
    return sorted({one["at"] for one in picture.get("events", [])})


def _spark(series: Sequence[int | None], verdict: Verdict | None, word: str, ticks: Sequence[int]) -> SafeString:
    if verdict is None or verdict.low is None or verdict.high is None:
        return spark(series, ticks=ticks)
    return spark(series, (verdict.low, verdict.high), verdict=_mark(word), ticks=ticks)


def _mark(word: str) -> Any:
    """The shape of a verdict in a drawing; a dot for all that is not called different."""
    return word if word in VERDICT_CLASS else ""


def cells_of(
    area: int | str | None,
    figures: Sequence[tuple[int | None, int, float | None]],
    url: Callable[[int | None], str],
    verdicts: Judged | None,
) -> list[Cell]:
    """A row of the matrix, the first figure that of all kinds; after it their four weeks, where those are judged."""
    made = []
    for category, count, mean in figures:
        address, total = url(category), category is None
        if verdicts is None:
            made.append(make_cell(count, mean, address, total=total))
            continue
        kind = ALL if category is None else category
        made.append(judged_cell(verdicts, judged.Key(area, kind), count, address, total=total))
        if total:
            long = judged.Key(area, kind, "long")
            found = verdicts.found.get(long)
            made.append(judged_cell(verdicts, long, found.events, "") if found else Cell(0, "", "", "few"))
    return made


def judged_cell(verdicts: Judged, key: judged.Key, count: int, url: str, *, total: bool = False) -> Cell:
    """The figure with its normal interval; where normal is one at most, the figure alone."""
    verdict = verdicts.found.get(key)
    word = verdicts.word(verdict)
    told = word if word in FLAG else ""
    few = not told and (verdict is None or verdict.high is None or (verdict.high <= THIN and not total))
    beside = "" if few or verdict is None else judged.interval(verdict)
    kind = "few" if few else "" if count else "none"
    return Cell(count, beside, url if count else "", kind, total, told, key.query if told else "")


def _area_note(area: Mapping[str, Any], baseline: int) -> str:
    if area.get("redrawn"):
        return _("Drawn anew on %(day)s; before that compared as it was drawn then.") % {"day": area["redrawn"]}
    if area.get("periods", baseline) < baseline:
        return ngettext(
            "Drawn so recently that the average is over %(n)d period.",
            "Drawn so recently that the average is over %(n)d periods.",
            area["periods"],
        ) % {"n": area["periods"]}
    return ""


def make_cell(count: int, mean: float | None, url: str, *, total: bool = False) -> Cell:
    """A zero where a zero is usual is a dot; its mean stands in the file to download."""
    thin = not count and (mean is None or mean < THIN)
    kind = "few" if thin else "" if count else "none"
    return Cell(count, "" if thin or mean is None else wording.mean_text(mean), url if count else "", kind, total)


def bottom(picture: Mapping[str, Any], behind: links.Observations, verdicts: Judged | None = None) -> dict[str, Any]:
    """The row for all areas together."""
    totals = {id_: (count, mean) for id_, count, mean in picture["category_totals"]}
    everything, average = picture["total"]
    kinds = [(id_, *totals.get(id_, (0, None))) for id_, _name in wording.categories(picture)]
    verdict = verdicts.get(ALL, ALL) if verdicts else None
    return {
        "spark": _spark(
            picture["series"]["total"], verdict, verdicts.word(verdict) if verdicts else "", _ticks(picture)
        ),
        "cells": cells_of(
            ALL, [(None, everything, average), *kinds], lambda category: behind(category=category), verdicts
        ),
    }
