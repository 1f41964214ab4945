"""The areas × categories matrix as a file for a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from io import StringIO
from typing import Any

from django.utils.formats import get_format, number_format
from django.utils.translation import gettext as _

from situation import wording

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def as_csv(picture: Mapping[str, Any]) -> str:
    """Counts and means with one row per area; the separator is the one that spreadsheets of the language expect."""
    kinds = wording.categories(picture)
    names = {area["id"]: area["name"] for area in picture["areas"]} | {None: _("Outside the areas")}
    cells = {(area, kind): (count, mean) for area, kind, count, mean in picture["cells"]}
    out = StringIO()
    write = csv.writer(out, delimiter=";" if get_format("DECIMAL_SEPARATOR") == "," else ",").writerow

    def pair(count: int, mean: float | None) -> list[str]:
        return [str(count) if picture["heard"] else "", "" if mean is None else str(number_format(mean, 2))]

    titles = [_("All kinds"), *(name for _id, name in kinds)]
    heads = [word for title in titles for word in (title, _("%(kind)s, average") % {"kind": title})]
    write([neutral(word) for word in [_("Period"), _("Area"), *heads]])
    label = picture["period"]["label"]
    for id_, count, mean in picture["area_totals"]:
        figures = [pair(count, mean), *(pair(*cells.get((id_, kind), (0, mean and 0.0))) for kind, _name in kinds)]
        write([neutral(label), neutral(names[id_]), *(text for figure in figures for text in figure)])
    totals = {id_: (count, mean) for id_, count, mean in picture["category_totals"]}
    figures = [pair(*picture["total"]), *(pair(*totals[kind]) for kind, _name in kinds)]
    write([neutral(label), neutral(_("All areas")), *(text for figure in figures for text in figure)])
    return out.getvalue()


def neutral(text: str) -> str:
    """Text that a spreadsheet cannot take for a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
