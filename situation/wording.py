"""The picture in sentences that can be read aloud. Pure: figures in, words in the active language out.

A sentence says a count, what it stands beside and who was heard. It never says why, and never that a difference is
more than chance: the figures do not carry that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format, number_format
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from situation import dayparts
from situation.picture import BASELINE_PERIODS

MOST_NAMED = 2
SILENT_NAMED = 3
LATE = timedelta(days=7)  # after the end of a period; what comes then is to be expected, so a verdict is preliminary


def headline(picture: Mapping[str, Any]) -> str:
    """The period in one sentence."""
    week = week_text(picture)
    if not picture["heard"]:
        if not begun(picture):
            return _("%(week)s has not begun.") % {"week": capital(week)}
        return _("Nobody has said anything about %(week)s, so the picture is unknown.") % {"week": week}
    count, mean = picture["total"]
    words = {
        "count": count_text(count),
        "week": week,
        "mean": mean_text(mean),
        "before": before_text(len(picture["baseline"])),
    }
    if running(picture):
        if mean is None:
            return _("%(count)s so far in %(week)s.") % words
        return _("%(count)s so far in %(week)s; a whole period has %(mean)s on average.") % words
    if mean is None:
        return _("%(count)s in %(week)s.") % words
    if uneven(picture):
        weeks = length(picture) / 7
        words |= {"now": mean_text(count / weeks), "mean": mean_text(mean / weeks)}
        return _("%(count)s in %(week)s: %(now)s a week, against %(mean)s a week on average %(before)s.") % words
    if len(picture["baseline"]) == 1:
        return _("%(count)s in %(week)s, %(mean)s %(before)s.") % words
    return _("%(count)s in %(week)s, on average %(mean)s %(before)s.") % words


def sentences(picture: Mapping[str, Any], *, judged: bool = False) -> list[str]:
    """What follows the headline: who was heard, what it is compared with, where there was most.

    Where the figures are `judged`, what is said of their means is left to the verdicts.
    """
    said = [coverage(picture["organisations"])] if begun(picture) or picture["heard"] else []
    if judged:
        return [sentence for sentence in [*said, outside(picture)] if sentence]
    if picture["heard"]:
        said += [growing(picture), uneven_text(picture), most(picture), outside(picture), ended(picture)]
    return [sentence for sentence in said if sentence]


def categories(picture: Mapping[str, Any]) -> list[tuple[int, str]]:
    """The kinds of the picture, as they were called, in the active language."""
    language = "en" if (get_language() or "sv").startswith("en") else "sv"
    return [(category["id"], category[language]) for category in picture["categories"]]


def coverage(organisations: Sequence[Mapping[str, Any]]) -> str:
    """How many of those who are asked have said something, and who has not."""
    heard, silent = voices(organisations)
    everyone = len(heard) + len(silent)
    if not everyone:
        return _("No organisation is expected to report.")
    words = {"heard": capital(number(len(heard))), "all": number(everyone), "silent": number(len(silent))}
    if not heard:
        return (
            ngettext(
                "The only organisation has not said anything.",
                "None of the %(all)s organisations has said anything.",
                everyone,
            )
            % words
        )
    if not silent:
        return (
            ngettext(
                "The only organisation has said something.", "All %(all)s organisations have said something.", everyone
            )
            % words
        )
    text = ngettext(
        "%(heard)s of %(all)s organisations has said something,",
        "%(heard)s of %(all)s organisations have said something,",
        len(heard),
    )
    rest = ngettext("%(silent)s is silent", "%(silent)s are silent", len(silent))
    names = [o["name"] for o in silent]
    tail = f": {join(names)}." if len(names) <= SILENT_NAMED else "."
    return f"{text % words} {rest % words}{tail}"


def voices(
    organisations: Sequence[Mapping[str, Any]],
) -> tuple[list[Mapping[str, Any]], list[Mapping[str, Any]]]:
    """Those who said something and those who were expected to and did not."""
    heard = [o for o in organisations if o["state"] != "silent"]
    return heard, [o for o in organisations if o["state"] == "silent" and o["expected"]]


def growing(picture: Mapping[str, Any]) -> str:
    """That the comparison rests on fewer periods than it will."""
    n = len(picture["baseline"])
    if not n:
        return _("There is nothing to compare with yet.")
    if n >= BASELINE_PERIODS:
        return ""
    return _("EST is building up a picture of the normal (%(n)s of %(all)s periods).") % {
        "n": n,
        "all": BASELINE_PERIODS,
    }


def uneven_text(picture: Mapping[str, Any]) -> str:
    if not uneven(picture):
        return ""
    return _("The periods differ in length, so every average is recalculated to the length of this one.")


def most(picture: Mapping[str, Any]) -> str:
    """The areas with the highest counts; where the order is a tie, nobody is named."""
    names = {area["id"]: area["name"] for area in picture["areas"]}
    ranked = sorted(
        ((count, names[id_], mean) for id_, count, mean in picture["area_totals"] if id_ is not None and count),
        key=lambda row: (-row[0], row[1]),
    )
    clear = [
        n for n in range(1, min(MOST_NAMED, len(ranked)) + 1) if n == len(ranked) or ranked[n - 1][0] > ranked[n][0]
    ]
    if not clear or len(ranked) < 2:
        return ""
    parts = []
    for count, name, mean in ranked[: clear[-1]]:
        if mean is None or running(picture):
            parts.append(_("%(area)s, %(n)s") % {"area": name, "n": count})
        else:
            parts.append(
                _("%(area)s, %(n)s (on average %(mean)s)") % {"area": name, "n": count, "mean": mean_text(mean)}
            )
    return _("Most in %(areas)s.") % {"areas": join(parts)}


def outside(picture: Mapping[str, Any]) -> str:
    count = next((count for id_, count, _mean in picture["area_totals"] if id_ is None), 0)
    if not count:
        return ""
    return ngettext("%(n)s observation lies outside the areas.", "%(n)s observations lie outside the areas.", count) % {
        "n": capital(number(count))
    }


def ended(picture: Mapping[str, Any]) -> str:
    names = picture["ended"]
    if not names:
        return ""
    return _("The average for the whole town includes %(areas)s, no longer drawn on the map.") % {"areas": join(names)}


def preliminary(picture: Mapping[str, Any], today: date, worked_out: datetime | None = None) -> str:
    """That late reports can still change what differs; of figures that are not frozen, when they were `worked_out`."""
    until = date.fromisoformat(picture["period"]["last_day"]) + LATE
    words = {"day": date_format(until, "j F"), "when": date_format(worked_out, "D j F H.i") if worked_out else ""}
    if worked_out is None:
        late = _("What differs is preliminary until %(day)s: late reports still come.")
        return late % words if today <= until else ""
    if today <= until:
        text = _("Preliminary, worked out %(when)s: nothing is frozen yet, and late reports come until %(day)s.")
    else:
        text = _("Preliminary, worked out %(when)s: it was never frozen.")
    return text % words


def added(changes: Sequence[tuple[int | None, int]], names: Mapping[int | None, str], *, frozen: bool = True) -> str:
    """What changed after the freezing, area by area; where nothing is frozen, since the figures were worked out."""
    if not changes:
        return _("Nothing has been added since it was frozen.") if frozen else ""
    came = [(area, n) for area, n in changes if n > 0]
    went = [(area, -n) for area, n in changes if n < 0]
    said = []
    if came:
        n = sum(n for _area, n in came)
        text = ngettext(
            "Since it was frozen %(n)s observation has been added: %(areas)s.",
            "Since it was frozen %(n)s observations have been added: %(areas)s.",
            n,
        )
        if not frozen:
            text = ngettext(
                "Since then %(n)s observation has been added: %(areas)s.",
                "Since then %(n)s observations have been added: %(areas)s.",
                n,
            )
        said.append(text % {"n": number(n), "areas": _places(came, names)})
    if went:
        n = sum(n for _area, n in went)
        text = ngettext(
            "%(n)s has been taken out or moved: %(areas)s.", "%(n)s have been taken out or moved: %(areas)s.", n
        )
        said.append(text % {"n": capital(number(n)), "areas": _places(went, names)})
    return " ".join(said)


def difference(count: int, mean: float | None) -> str:
    """A count against its mean in words, in whole observations; never a percentage."""
    if mean is None:
        return _("nothing to compare with")
    gap = round(abs(count - mean))
    if not gap:
        return _("about the average")
    if count > mean:
        return _("%(n)s more") % {"n": gap}
    return _("%(n)s fewer") % {"n": gap}


def count_text(count: int) -> str:
    if not count:
        return _("No observations")
    return ngettext("%(n)s observation", "%(n)s observations", count) % {"n": number_format(count)}


def mean_text(mean: float | None) -> str:
    """Whole from ten, else one decimal: no more exact than the count beside it."""
    if mean is None:
        return "–"
    if mean >= 10 or round(mean, 1) == int(round(mean, 1)):
        return str(number_format(round(mean), 0))
    return decimal(mean, 1)


def decimal(value: float, places: int) -> str:
    """Rounded, as the language writes it; the framework by itself cuts the rest of the digits off."""
    return str(number_format(round(value, places), places))


def before_text(periods: int) -> str:
    return ngettext("in the period before", "in the %(n)s periods before", periods) % {"n": number(periods)}


def so_far(weeks: str, count: int, *, ended: bool) -> str:
    """How many observations a period has that is not frozen yet."""
    words = {"count": count_text(count), "week": weeks_text(weeks)}
    return (_("%(count)s in %(week)s.") if ended else _("%(count)s so far in %(week)s.")) % words


def week_text(picture: Mapping[str, Any]) -> str:
    return weeks_text(picture["period"]["weeks"])


def weeks_text(weeks: str) -> str:
    """`week 47`, `weeks 13–14`."""
    return (_("weeks %(weeks)s") if "–" in weeks else _("week %(weeks)s")) % {"weeks": weeks}


def length(picture: Mapping[str, Any]) -> int:
    """Days in the period."""
    first, last = (date.fromisoformat(picture["period"][key]) for key in ("first_day", "last_day"))
    return (last - first).days + 1


def uneven(picture: Mapping[str, Any]) -> bool:
    """Whether the periods before are of another length than this one."""
    return any(days != length(picture) for days in picture["baseline_days"])


def running(picture: Mapping[str, Any]) -> bool:
    """Whether the period was still going on at the cut-off."""
    return bool(picture["as_of"] <= picture["period"]["last_day"])


def begun(picture: Mapping[str, Any]) -> bool:
    return bool(picture["as_of"] >= picture["period"]["first_day"])


def number(n: int) -> str:
    """Up to twelve as a word, as one reads aloud."""
    words = [
        pgettext("number", "none"),
        pgettext("number", "one"),
        pgettext("number", "two"),
        pgettext("number", "three"),
        pgettext("number", "four"),
        pgettext("number", "five"),
        pgettext("number", "six"),
        pgettext("number", "seven"),
        pgettext("number", "eight"),
        pgettext("number", "nine"),
        pgettext("number", "ten"),
        pgettext("number", "eleven"),
        pgettext("number", "twelve"),
    ]
    return words[n] if n < len(words) else str(number_format(n))


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def quarter(day: int, part: int) -> str:
    """`18–00`; of the night also the day it leads to, since the calendar and the speaker call it by different ones."""
    hours = dayparts.called(part)
    if part < dayparts.PARTS - 1:
        return hours
    return _("%(hours)s, the night towards %(day)s") % {"hours": hours, "day": WEEKDAYS[(day + 1) % 7]}


def join(names: Sequence[str]) -> str:
    """`A`, `A and B`, `A, B and C`."""
    if len(names) < 2:
        return "".join(names)
    return _("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}


def _places(changes: Sequence[tuple[int | None, int]], names: Mapping[int | None, str]) -> str:
    elsewhere = _("another area")
    return join([f"{names.get(area) or elsewhere} {n}" for area, n in changes])
