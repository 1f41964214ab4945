"""The coming week as the pages say it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from situation.ahead import LEAST
from situation.models import WheelKind
from situation.wording import capital

NAMES = {
    "new_year": gettext_lazy("New Year's Day"),
    "twelfth_night": gettext_lazy("Twelfth Night"),
    "epiphany": gettext_lazy("Epiphany"),
    "maundy_thursday": gettext_lazy("Maundy Thursday"),
    "good_friday": gettext_lazy("Good Friday"),
    "easter_eve": gettext_lazy("Easter Eve"),
    "easter": gettext_lazy("Easter Sunday"),
    "easter_monday": gettext_lazy("Easter Monday"),
    "walpurgis": gettext_lazy("Walpurgis Night"),
    "first_of_may": gettext_lazy("May Day"),
    "ascension": gettext_lazy("Ascension Day"),
    "whitsun_eve": gettext_lazy("Whitsun Eve"),
    "whitsun": gettext_lazy("Whit Sunday"),
    "national_day": gettext_lazy("National Day"),
    "midsummer_eve": gettext_lazy("Midsummer Eve"),
    "midsummer": gettext_lazy("Midsummer Day"),
    "saints_eve": gettext_lazy("All Saints' Eve"),
    "saints": gettext_lazy("All Saints' Day"),
    "lucia": gettext_lazy("Lucia"),
    "christmas_eve": gettext_lazy("Christmas Eve"),
    "christmas": gettext_lazy("Christmas Day"),
    "boxing_day": gettext_lazy("Boxing Day"),
    "new_years_eve": gettext_lazy("New Year's Eve"),
}
KINDS = dict(WheelKind.choices)


def page(found: Mapping[str, Any], areas: Mapping[int, str], categories: Mapping[int, str]) -> dict[str, Any]:
    """All that is shown of what `ahead.figures` gave."""
    return {
        "first": date.fromisoformat(found["first_day"]),
        "last": date.fromisoformat(found["last_day"]),
        "days": [_day(one) for one in found["days"]],
        "wheel": [_entry(one, areas) for one in found["wheel"]],
        "events": [
            (pk, capital(_named(day)), categories.get(category, ""), areas.get(area, _("outside the areas")))
            for pk, day, category, area in found["events"]
        ],
        "before": [_before(one) for one in found["before"]],
    }


def sentences(found: Mapping[str, Any]) -> list[str]:
    """The few that the agenda and the picture's page say: days that stand out, and the group's own lines."""
    said = [f"{capital(_named(one['day']))}: {', '.join(_notes(one))}." for one in found["days"] if _notes(one)]
    said += [f"{one['title']} ({_span(one)})." for one in found["wheel"]]
    if n := len(found["events"]):
        said.append(ngettext("%(n)s coming event is logged.", "%(n)s coming events are logged.", n) % {"n": n})
    return said


def _day(one: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": capital(_named(one["day"])), "notes": ", ".join(_notes(one)), "sun": _sun(one["sun"])}


def _notes(one: Mapping[str, Any]) -> list[str]:
    pay = [_("day of pay")] if one["pay"] else []
    return [*([str(NAMES[one["holiday"]])] if one["holiday"] else []), *pay]


def _sun(said: Any) -> str:
    if said is None:
        return ""
    if isinstance(said, str):
        return _("the sun does not set") if said == "up" else _("the sun does not rise")
    rises, sets = (at.replace(":", ".") for at in said)
    return f"{rises}–{sets}"


def _entry(one: Mapping[str, Any], areas: Mapping[int, str]) -> dict[str, Any]:
    return {
        "title": one["title"],
        "kind": capital(str(KINDS[one["kind"]])),
        "when": _span(one),
        "area": areas.get(one["area"], "") if one["area"] else "",
    }


def _span(one: Mapping[str, Any]) -> str:
    first, last = _named(one["first_day"]), _named(one["last_day"])
    return first if first == last else f"{first} – {last}"


def _named(day: str) -> str:
    return date_format(date.fromisoformat(day), "D j F")


def _before(one: Mapping[str, Any]) -> dict[str, Any]:
    total, first = one["total"], date.fromisoformat(one["first_day"])
    heard = ngettext("%(n)s organisation reported", "%(n)s organisations reported", one["organisations"]) % {
        "n": one["organisations"]
    }
    days = f"{date_format(first, 'j/n')}–{date_format(date.fromisoformat(one['last_day']), 'j/n Y')}"
    if not total:
        said = _("Nothing was reported then, which is not the same as calm.")
    elif total < LEAST:
        said = ngettext("%(n)s observation: too few to tell.", "%(n)s observations: too few to tell.", total)
        said = said % {"n": total}
    else:
        most = [f"{area or _('outside the areas')} {n}" for area, n in one["areas"][:5]]
        said = ngettext("%(n)s observation", "%(n)s observations", total) % {"n": total} + ": " + ", ".join(most) + "."
    week = first.isocalendar()[1]
    return {"when": _("Week %(week)s, %(days)s") % {"week": week, "days": days}, "heard": heard, "said": said}
