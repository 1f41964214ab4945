"""A picture as a file for a spreadsheet: its areas × categories matrix, or each of its comparisons."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from io import StringIO
from typing import Any

from django.template.loader import render_to_string
from django.utils.formats import get_format
from django.utils.translation import gettext as _

from situation import wording
from situation.judged import Judged, names

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def as_csv(picture: Mapping[str, Any]) -> str:
    """Counts and means with one row per area; the separator is the one that spreadsheets of the language expect."""
    kinds = wording.categories(picture)
    out, write = sheet()
    called = names(picture).areas
    cells = {(area, kind): (count, mean) for area, kind, count, mean in picture["cells"]}

    def pair(count: int, mean: float | None) -> list[str]:
        return [str(count) if picture["heard"] else "", "" if mean is None else wording.decimal(mean, 2)]

    titles = [_("All kinds"), *(name for _id, name in kinds)]
    heads = [word for title in titles for word in (title, _("%(kind)s, average") % {"kind": title})]
    write([neutral(word) for word in [_("Period"), _("Area"), *heads]])
    label = picture["period"]["label"]
    for id_, count, mean in picture["area_totals"]:
        figures = [pair(count, mean), *(pair(*cells.get((id_, kind), (0, mean and 0.0))) for kind, _name in kinds)]
        write([neutral(label), neutral(called[id_]), *(text for figure in figures for text in figure)])
    totals = {id_: (count, mean) for id_, count, mean in picture["category_totals"]}
    figures = [pair(*picture["total"]), *(pair(*totals[kind]) for kind, _name in kinds)]
    write([neutral(label), neutral(_("All areas")), *(text for figure in figures for text in figure)])
    return out.getvalue()


def comparisons_csv(picture: Mapping[str, Any]) -> str:
    """One row per comparison with all that its verdict rests on; empty where nothing was judged.

    The chance and the power are shares between 0 and 1; what could not be said is left empty.
    """
    judged = Judged.of(picture)
    if judged is None:
        return ""
    called, label = names(picture), picture["period"]["label"]
    out, write = sheet()
    write(
        [
            *(_("Period"), _("Area"), _("Kind"), _("Days"), _("Observations"), _("Weeks compared with")),
            *(_("On average"), _("Normal from"), _("Normal to"), _("Clearly more above")),
            *(_("Chance"), _("Chance among all"), _("Chance to see a doubling"), _("Verdict"), _("Rests on one")),
        ]
    )
    words = {word: _word(word) for word in {judged.word(one) for one in judged.found.values()}}
    for key, one in judged.found.items():
        figures = [_decimal(one.mean, 2), _whole(one.low), _whole(one.high), _whole(one.limit)]
        chances = [_decimal(one.p, 4), _decimal(one.adjusted, 4), _decimal(one.power, 2)]
        what = [neutral(text) for text in (label, called.areas.get(key.area, ""), called.kinds.get(key.kind, ""))]
        write(
            [
                *what,
                one.days,
                one.events,
                one.weeks,
                *figures,
                *chances,
                words[judged.word(one)],
                neutral(judged.mark(key)),
            ]
        )
    return out.getvalue()


def sheet() -> tuple[StringIO, Callable[[Sequence[Any]], Any]]:
    """A file and how a row is written to it: with the separator that spreadsheets of the language expect."""
    out = StringIO()
    return out, csv.writer(out, delimiter=";" if get_format("DECIMAL_SEPARATOR") == "," else ",").writerow


def _word(verdict: str) -> str:
    """As the pages call it."""
    return render_to_string("components/verdict_word.html", {"value": verdict}).strip()


def _decimal(value: float | None, places: int) -> str:
    return "" if value is None else wording.decimal(value, places)


def _whole(value: int | None) -> str:
    return "" if value is None else str(value)


def neutral(text: str) -> str:
    """Text that a spreadsheet cannot take for a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
