"""What an edition of the picture holds, by who it is made for. Pure: the figures of a picture in, JSON-ready values out.

The group's holds all of it. One organisation's holds its own share too. The steering group's holds no table of areas by kinds,
and names no organisation. The public's holds counts alone, under the small-number rule, so that what leaves the group tells
of nobody: no hidden count can be worked out from the sums beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from situation import small

MOST_DAYS = 400  # a year and a month
STRETCHES = 12  # of the same length before it, to compare with
STEERED = frozenset(
    {"method", "cut_off", "as_of", "heard", "period", "baseline", "baseline_days", "areas", "ended", "categories"}
    | {"area_totals", "category_totals", "total", "when", "series"}
)  # of a picture, what names no organisation; what is told of organisations is added without their names
WEEKLY_ONLY = ("ahead", "presence")  # what looks forward from a week and says nothing of other spans


@dataclass(frozen=True)
class Span:
    """Days, both ends included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def is_month(self) -> bool:
        return self.first.day == 1 and self.last == month(self.first).last

    def before(self, many: int) -> list[Span]:
        """As many spans of the same kind that lie before it without a gap, oldest first."""
        found = [self]
        for _n in range(many):
            until = found[0].first - timedelta(days=1)
            found.insert(0, month(until) if self.is_month else Span(until - timedelta(days=self.days - 1), until))
        return found[:-1]


def month(day: date) -> Span:
    """The calendar month a day lies in."""
    first = day.replace(day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    return Span(first, following - timedelta(days=1))


def content(
    picture: Mapping[str, Any], audience: str, *, weekly: bool, least: int, organisation: int | None = None
) -> dict[str, Any]:
    """What is frozen of a picture for an audience; `weekly` where the span is one of the group's own periods.

    `least` is the smallest number that may leave the group.
    """
    kept = {name: value for name, value in picture.items() if weekly or name not in WEEKLY_ONLY}
    if audience == "public":
        return {"public": public(picture, least)}
    if audience == "steering":
        return {"picture": {name: value for name, value in kept.items() if name in STEERED} | unnamed(picture)}
    if audience == "own":
        return {"picture": kept, "own": own(picture, organisation)}
    return {"picture": kept}


def own(picture: Mapping[str, Any], organisation: int | None) -> dict[str, Any]:
    """What one organisation said itself: nothing where it does not take part."""
    said = next((one for one in picture["organisations"] if one["id"] == organisation), None)
    return {} if said is None else {"state": said["state"], "reports": said["reports"]}


def unnamed(picture: Mapping[str, Any]) -> dict[str, Any]:
    """How many said what, without who, also where a difference rests on one."""
    found: dict[str, Any] = {"cells": [], "strip": {"weeks": [], "rows": []}}
    found["organisations"] = [
        {"id": n, "name": "", "expected": one["expected"], "state": one["state"]}
        for n, one in enumerate(picture["organisations"])
    ]
    if verdicts := picture.get("verdicts"):
        found["verdicts"] = {**verdicts, "driven": [[n, by, []] for n, by, _names in verdicts.get("driven", [])]}
    return found


def public(picture: Mapping[str, Any], least: int) -> dict[str, Any]:
    """Counts by area and by kind, few of them hidden (None); a sum of few is not told either."""
    total, mean = picture["total"]
    names = {area["id"]: area["name"] for area in picture["areas"]}
    areas = [(names.get(id_, ""), count) for id_, count, _mean in picture["area_totals"]]
    kinds = {one["id"]: one for one in picture["categories"]}
    listed = [(kinds[id_], count) for id_, count, _mean in picture["category_totals"] if id_ in kinds]
    heard = sum(one["state"] != "silent" for one in picture["organisations"])
    few = 0 < total < least
    return {
        "least": least,
        "heard": [heard, sum(one["state"] != "silent" or one["expected"] for one in picture["organisations"])],
        "known": picture["heard"],
        "total": None if few else total,
        "before": None if few or mean is None else mean,
        "baseline": len(picture["baseline"]),
        "areas": [
            [name, told] for (name, _n), told in zip(areas, _told([n for _name, n in areas], least), strict=True)
        ],
        "kinds": [
            [kind["sv"], kind["en"], told]
            for (kind, _n), told in zip(listed, _told([n for _kind, n in listed], least), strict=True)
        ],
        "clear": _clear(picture),
    }


def _told(counts: Sequence[int], least: int) -> list[int | None]:
    return [row[0] for row in small.protect([[count] for count in counts], least)] if counts else []


def _clear(picture: Mapping[str, Any]) -> str:
    """`more` or `less` where the whole town differs clearly, by no single voice and as reported as ever; else nothing."""
    verdicts = picture.get("verdicts") or {}
    alone = {n for n, _by, _names in verdicts.get("driven", [])}
    if (verdicts.get("reporting") or {}).get("changed"):
        return ""
    for n, (area, kind, days, _events, word, *_rest) in enumerate(verdicts.get("rows", [])):
        if (area, kind) == ("*", "*") and days == _length(picture) and word.endswith("-sure") and n not in alone:
            return str(word.removesuffix("-sure"))
    return ""


def _length(picture: Mapping[str, Any]) -> int:
    first, last = (date.fromisoformat(picture["period"][name]) for name in ("first_day", "last_day"))
    return Span(first, last).days
