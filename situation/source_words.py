"""Other sources in words: what they say, what we have seen, and whether the two point apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.formats import get_format, number_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from situation.wording import decimal


def when(year: int, quarter: int) -> str:
    return _("%(year)s Q%(quarter)s") % {"year": year, "quarter": quarter} if quarter else str(year)


def number(value: float) -> str:
    """Without decimals that say nothing."""
    return str(number_format(int(value), use_l10n=True)) if value == int(value) else decimal(value, 1)


def reading(written: Sequence[Any] | None) -> str:
    """`62 (58–66)`."""
    if written is None:
        return "–"
    _year, _quarter, value, low, high = written
    return number(value) if low is None else f"{number(value)} ({number(low)}–{number(high)})"


def called(area: str) -> str:
    return area or _("All areas")


def line(one: Mapping[str, Any]) -> dict[str, Any]:
    """A row of the page's table."""
    last, before = one["last"], one["before"]
    return {
        "area": called(one["area"]),
        "last": reading(last),
        "last_when": when(*last[:2]),
        "before": reading(before),
        "before_when": when(*before[:2]) if before else "",
        "way": _way(last, before, one["way"]),
        "ours": _ours(one["ours"]),
        "apart": one["apart"],
    }


def _way(last: Sequence[Any], before: Sequence[Any] | None, way: str) -> str:
    if before is None:
        return _("nothing to compare with")
    if way == "up":
        return _("clearly higher")
    if way == "down":
        return _("clearly lower")
    if last[2] == before[2]:
        return _("the same")
    return _("higher, but it can be chance") if last[2] > before[2] else _("lower, but it can be chance")


def _ours(found: Mapping[str, Any] | None) -> str:
    if found is None:
        return "–"
    if found.get("why") == "young":
        return _("we had not begun")
    if found.get("why") == "redrawn":
        return _("the border was drawn anew meanwhile")
    before, after = found["numbers"]
    counts = f"{number_format(before)} → {number_format(after)}"
    if found.get("why") == "few":
        return _("%(counts)s: too few to tell") % {"counts": counts}
    ratio, low, high = (decimal(n, 2) for n in found["ratio"])
    words = {"counts": counts, "ratio": ratio, "low": low, "high": high}
    if found["way"] == "up":
        return _("%(counts)s: clearly more (×%(ratio)s, %(low)s–%(high)s)") % words
    if found["way"] == "down":
        return _("%(counts)s: clearly fewer (×%(ratio)s, %(low)s–%(high)s)") % words
    return _("%(counts)s: no clear change (×%(ratio)s, %(low)s–%(high)s)") % words


def summary(series: Mapping[str, Any]) -> str:
    """One sentence for the picture: how new it is, and where it points apart from what we have seen."""
    lines = series["lines"]
    if not lines:
        return _("%(name)s: no values yet.") % {"name": series["name"]}
    words = {"name": series["name"], "when": when(*max(one["last"][:2] for one in lines))}
    if series["rising"] == "neither":
        return _("%(name)s, %(when)s: stands beside our observations without being compared.") % words
    apart = [one["area"] or _("all areas together") for one in lines if one["apart"]]
    if apart:
        words["areas"] = get_text_list(apart, _("and"))
        return _("%(name)s, %(when)s: points another way than our observations in %(areas)s.") % words
    told = [one for one in lines if one["way"] != "open" and (one["ours"] or {}).get("way", "open") != "open"]
    if told:
        return _("%(name)s, %(when)s: points the same way as our observations where both are clear.") % words
    return _("%(name)s, %(when)s: nothing is clear both there and in our observations.") % words


def heard(series: Mapping[str, Any]) -> str:
    """Whose observations are compared."""
    if series["heard"] is None:
        return ""
    before, after, both = series["heard"]
    told = ngettext(
        "Our numbers are those of %(n)s organisation that reported through both times; %(before)s reported then, %(after)s now.",
        "Our numbers are those of %(n)s organisations that reported through both times; %(before)s reported then, %(after)s now.",
        both,
    )
    return told % {"n": both, "before": before, "after": after}


def exact(value: float) -> str:
    """With every digit it has, and the decimal sign of the language."""
    return f"{value:.12g}".replace(".", str(get_format("DECIMAL_SEPARATOR")))
