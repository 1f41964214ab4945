"""An edition in sentences. Pure: what is frozen in, words in the active language out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from situation import small, wording
from situation.editions import Span


def span_of(frozen: Mapping[str, Any]) -> Span:
    return Span(*(date.fromisoformat(frozen["span"][name]) for name in ("first_day", "last_day")))


def span_text(span: Span, *, weekly: bool) -> str:
    """`week 47, 16–22 November 2026`, `November 2026`, `1 October – 15 November 2026`."""
    if weekly:
        first, last = (day.isocalendar()[1] for day in (span.first, span.last))
        weeks = wording.weeks_text(str(first) if first == last else f"{first}–{last}")
        return f"{weeks}, {_days(span)}"
    return str(date_format(span.first, "F Y")) if span.is_month else _days(span)


def _days(span: Span) -> str:
    first, last = span.first, date_format(span.last, "j F Y")
    if span.days == 1:
        return str(last)
    if (first.year, first.month) == (span.last.year, span.last.month):
        return f"{first.day}–{last}"
    return f"{date_format(first, 'j F' if first.year == span.last.year else 'j F Y')} – {last}"


def called(frozen: Mapping[str, Any]) -> str:
    return span_text(span_of(frozen), weekly=frozen["span"]["weekly"])


def headline(frozen: Mapping[str, Any]) -> str:
    """The count of a span that is no period of the group's, beside the mean of as long before."""
    picture, when = frozen["picture"], called(frozen)
    if not picture["heard"]:
        return _("Nobody has said anything about %(when)s, so the picture is unknown. Silence is not zero.") % {
            "when": when
        }
    count, mean = picture["total"]
    words = {"count": wording.count_text(count), "when": when, "mean": wording.mean_text(mean)}
    if wording.running(picture):
        return _("%(count)s so far in %(when)s.") % words
    if mean is None:
        return _("%(count)s in %(when)s. There is nothing to compare with yet.") % words
    said = _("%(count)s in %(when)s, against %(mean)s on average in as long before.") % words
    return f"{said} " + _("Only weeks are judged: a difference from the average can be chance.")


def own(frozen: Mapping[str, Any]) -> str:
    """What one organisation reported itself, beside all."""
    said, name = frozen["own"], frozen["organisation"]
    if not said:
        return _("%(name)s did not take part in these days.") % {"name": name}
    if said["state"] == "calm":
        return _("%(name)s has said that it was calm.") % {"name": name}
    if said["state"] == "silent":
        return _("%(name)s has said nothing: that counts as unknown, never as zero.") % {"name": name}
    total = frozen["picture"]["total"][0]
    text = ngettext(
        "%(name)s reported %(n)s observation; all together reported %(all)s.",
        "%(name)s reported %(n)s observations; all together reported %(all)s.",
        said["reports"],
    )
    return text % {"name": name, "n": number_format(said["reports"]), "all": number_format(total)}


def answered(frozen: Mapping[str, Any]) -> str:
    """How many of those who are asked have answered, without who."""
    organisations = frozen["picture"]["organisations"]
    heard = sum(one["state"] != "silent" for one in organisations)
    asked = sum(one["state"] != "silent" or one["expected"] for one in organisations)
    return _answered(heard, asked)


def _answered(heard: int, asked: int) -> str:
    if not asked:
        return _("No organisation is expected to report.")
    text = ngettext(
        "%(heard)s of %(all)s organisation has answered.", "%(heard)s of %(all)s organisations have answered.", asked
    )
    return text % {"heard": heard, "all": asked}


def told(count: int | None, least: int) -> str:
    """A count that may leave the group, which tells none under `least`."""
    if count is None:
        return _("fewer than %(n)s, or hidden beside such a number") % {"n": least}
    return str(number_format(count))


def least_told(figures: Mapping[str, Any]) -> int:
    """Of editions made before a group could choose it, the one there was."""
    return int(figures.get("least", small.THRESHOLD))


def public_sentences(frozen: Mapping[str, Any]) -> list[str]:
    """What can be told to everybody, and what the numbers do not say."""
    figures, when = frozen["public"], called(frozen)
    if not figures["known"]:
        return [
            _("Nobody has reported anything about %(when)s. That is not the same as nothing having happened.")
            % {"when": when}
        ]
    total = figures["total"]
    if total is None:
        said = [_("Fewer than %(n)s observations in %(when)s.") % {"n": least_told(figures), "when": when}]
    else:
        said = [_("%(count)s in %(when)s.") % {"count": wording.count_text(total), "when": when}]
    said += [_answered(*figures["heard"]), _change(figures)]
    return [
        *said,
        _(
            "Each is something that somebody working in the town has seen at a place. It is not a crime, and not a person."
        ),
        _(
            "More observations can mean that more is happening, or that more people report: the numbers alone do not tell which."
        ),
    ]


def _change(figures: Mapping[str, Any]) -> str:
    if figures["clear"] == "more":
        return _("That is clearly more than what is usual, and more than chance brings.")
    if figures["clear"] == "less":
        return _("That is clearly fewer than what is usual, and fewer than chance brings.")
    return _("No change can be told from what chance brings.")


def kinds(frozen: Mapping[str, Any]) -> list[tuple[str, str]]:
    english, least = (get_language() or "sv").startswith("en"), least_told(frozen["public"])
    rows = [((en if english else sv), n) for sv, en, n in frozen["public"]["kinds"] if n != 0]
    return [(name, told(n, least)) for name, n in rows]


def areas(frozen: Mapping[str, Any]) -> list[tuple[str, str]]:
    least = least_told(frozen["public"])
    return [(name or _("Outside the areas"), told(n, least)) for name, n in frozen["public"]["areas"]]
