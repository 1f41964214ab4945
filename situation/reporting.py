"""More disorder, or more reporting? What the strip of a picture tells of the period before and this one.

Pure: the figures of a picture in, sentences out. Organisations stand for the active reporters: that one person's
reports make a difference is not told of a person. It costs no question, so pictures frozen long ago say it too; what
they were compared with, and how soon it was reported, only those that keep it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from situation import driven, wording
from situation.coverage import Decomposition, Matched, concentration, decompose, matched_change
from situation.models import ReportingChange
from situation.quality import JOINED
from situation.verdicts import ALL

FEW = 20  # events in both periods together: under it, no shares
EVEN = 0.10  # a change of the total smaller than this is not divided
LEAST_TIMED = 10  # events behind each of two medians
MUCH, HOURS = 1.5, 6  # times as long, and so many hours longer: then a lag has changed
DAY = 24
MOST = 0.5  # of an increase from one, or of all reports from one, is worth a sentence


WHAT = dict(ReportingChange.choices)


@dataclass(frozen=True)
class Two:
    """What each organisation said of the period before and of this one: a number, or None for silence."""

    before: Mapping[str, int | None]
    after: Mapping[str, int | None]
    joined: frozenset[str] = frozenset()  # who was not there yet in the period before

    @property
    def totals(self) -> tuple[int, int]:
        return sum(filter(None, self.before.values())), sum(filter(None, self.after.values()))

    @property
    def active(self) -> tuple[int, int]:
        """Who sent a report or said that it was calm."""
        before, after = (sum(n is not None for n in one.values()) for one in (self.before, self.after))
        return before, after

    @property
    def divided(self) -> Decomposition | None:
        counts = (self.totals[0], self.active[0], self.totals[1], self.active[1])
        return decompose(*counts) if min(counts) > 0 else None

    @property
    def matched(self) -> Matched | None:
        before, after = (_counts(one) for one in (self.before, self.after))
        both = any(before.get(name, 0) > 0 and after.get(name, 0) > 0 for name in after)
        return matched_change(before, after) if both else None


def two(picture: Mapping[str, Any]) -> Two | None:
    """The last two periods of the strip; none for the first there is, nor where nobody spoke of one of them."""
    names = {one["id"]: one["name"] for one in picture["organisations"]}
    rows = [(names[id_], states) for id_, states in picture["strip"]["rows"] if id_ in names and len(states) > 1]
    found = Two(
        {name: _said(states[-2]) for name, states in rows},
        {name: _said(states[-1]) for name, states in rows},
        frozenset(name for name, states in rows if states[-2] == "away" and states[-1] != "away"),
    )
    return found if min(found.active) > 0 else None


def sentences(picture: Mapping[str, Any]) -> list[str]:
    """What has changed in the reporting since the period before; nothing while the period runs."""
    found = two(picture)
    if found is None or wording.running(picture):
        return []
    said = [_counted(picture, found), _who(found)]
    kept = picture.get("quality") or {}
    if len({_length(weeks) for weeks in picture["strip"]["weeks"][-2:]}) > 1:
        said.append(_("The two periods differ in length, so their numbers are not divided."))
    elif sum(found.totals) < FEW:
        said.append(_("Too few to divide between those who report and how much each reports."))
    else:
        one_person = driven.by_reporter(picture)  # a name beside it would tell who
        said += [_parts(found), _same(found), "" if one_person else _driven(found), _one_sided(found)]
    return [one for one in [*said, _usual(kept.get("usual"), found), *_quality(kept)] if one]


def _counted(picture: Mapping[str, Any], found: Two) -> str:
    words = {
        "n": wording.count_text(found.totals[1]),
        "then": number_format(found.totals[0]),
        "week": wording.weeks_text(picture["strip"]["weeks"][-2]),
        "active": found.active[1],
        "before": found.active[0],
    }
    return _("%(n)s from %(active)s who answered, against %(then)s from %(before)s in %(week)s.") % words


def _who(found: Two) -> str:
    """Who answers now and did not then, and the other way round."""
    new = [name for name, n in found.after.items() if n is not None and found.before[name] is None]
    new = [name for name in new if name not in found.joined]
    gone = [name for name, n in found.after.items() if n is None and found.before[name] is not None]
    said = []
    if found.joined:
        said.append(_("Has joined since: %(names)s.") % {"names": wording.join(sorted(found.joined))})
    if new:
        said.append(_("Answer now and did not then: %(names)s.") % {"names": wording.join(new)})
    if gone:
        said.append(_("Answered then and do not now: %(names)s.") % {"names": wording.join(gone)})
    return " ".join(said)


def _parts(found: Two) -> str:
    """ln(N1/N0) = ln(A1/A0) + ln((N1/A1)/(N0/A0)), in words."""
    parts = found.divided
    if parts is None or abs(math.expm1(parts.total)) < EVEN:
        return ""
    share = parts.reporter_part / parts.total
    if share >= 1:
        more = _("The increase is no larger than that of those who answer.")
        fewer = _("The decrease is no larger than that of those who answer.")
    elif share <= 0:
        more = _("The increase comes from more reports each, not from more who answer.")
        fewer = _("The decrease comes from fewer reports each, not from fewer who answer.")
    else:
        words = {"part": _percent(share)}
        more = _("About %(part)s of the increase comes from more who answer, the rest from more reports each.") % words
        fewer = (
            _("About %(part)s of the decrease comes from fewer who answer, the rest from fewer reports each.") % words
        )
    return more if parts.total > 0 else fewer


def _same(found: Two) -> str:
    """Among those who reported in both."""
    same = found.matched
    if same is None:
        return _("Nobody reported in both periods, so nothing can be compared.")
    before, after = (sum(_counts(one).get(name, 0) for name in same.sources) for one in (found.before, found.after))
    words: dict[str, Any] = {"n": len(same.sources), "before": before, "after": after}
    if before + after < FEW:
        text = ngettext(
            "The only one who reported in both went from %(before)s to %(after)s.",
            "The %(n)s who reported in both went from %(before)s to %(after)s.",
            len(same.sources),
        )
        return text % words
    words["change"] = _percent(same.change, signed=True)
    text = ngettext(
        "The only one who reported in both went from %(before)s to %(after)s (%(change)s).",
        "The %(n)s who reported in both went from %(before)s to %(after)s (%(change)s).",
        len(same.sources),
    )
    return text % words


def _driven(found: Two) -> str:
    same = found.matched
    if same is None or same.share_of_increase is None or same.share_of_increase <= MOST or not same.largest_contributor:
        return ""
    if found.totals[1] < found.totals[0] * (1 + EVEN) or found.before[same.largest_contributor] is None:
        return ""  # who was silent then is named already: a new voice is more reporting
    words = {"name": same.largest_contributor}
    if same.share_of_increase >= 1:
        return _("Without %(name)s there would be no increase: it is driven by one organisation.") % words
    words["part"] = _percent(same.share_of_increase)
    return _("%(part)s of the increase comes from %(name)s: it is driven by one organisation.") % words


def _one_sided(found: Two) -> str:
    """How much of all comes from one; the effective number of sources is one by the Herfindahl-Hirschman index."""
    counts = {name: n for name, n in _counts(found.after).items() if n}
    if not counts:
        return ""
    largest = max(counts, key=counts.__getitem__)
    if counts[largest] <= MOST * sum(counts.values()) or len(counts) < 2:
        return ""
    words = {
        "name": largest,
        "part": _percent(counts[largest] / sum(counts.values())),
        "sources": number_format(1 / concentration(counts), 1),
    }
    return (
        _("%(part)s of all reports comes from %(name)s; it is as if %(sources)s organisations reported alike.") % words
    )


def _usual(usual: Mapping[str, int] | None, found: Two) -> str:
    """Against the periods of the verdicts, as far as a picture keeps what was reported in them."""
    if not usual or not usual["active"]:
        return ""
    periods = usual["periods"]
    words = {
        "n": wording.number(periods),
        "reports": wording.mean_text(usual["reports"] / periods),
        "active": wording.mean_text(usual["active"] / periods),
    }
    text = ngettext(
        "The verdicts compare with %(n)s period, which had %(reports)s from %(active)s who answered.",
        "The verdicts compare with %(n)s periods, which had on average %(reports)s from %(active)s who answered.",
        periods,
    )
    counts = (usual["reports"], usual["active"], found.totals[1] * periods, found.active[1] * periods)
    if min(counts) <= 0 or usual["reports"] / periods + found.totals[1] < FEW:
        return text % words
    return f"{text % words} {_against(decompose(*counts))}".strip()


def _against(parts: Decomposition) -> str:
    if abs(math.expm1(parts.total)) < EVEN:
        return ""
    share, more = parts.reporter_part / parts.total, parts.total > 0
    if share >= 1:
        if more:
            return _("Against them the increase is no larger than that of those who answer.")
        return _("Against them the decrease is no larger than that of those who answer.")
    if share <= 0:
        if more:
            return _("Against them the increase comes from more reports each.")
        return _("Against them the decrease comes from fewer reports each.")
    words = {"part": _percent(share)}
    if more:
        return _("Against them about %(part)s of the increase comes from more who answer.") % words
    return _("Against them about %(part)s of the decrease comes from fewer who answer.") % words


def _quality(kept: Mapping[str, Any]) -> list[str]:
    """How soon, how often twice and by how many: each only where it says something."""
    said = []
    if lag := kept.get("lag"):
        now, before = lag["hours"]
        longer, shorter = max(now, before), min(now, before)
        if min(lag["events"]) >= LEAST_TIMED and longer >= shorter * MUCH and longer - shorter >= HOURS:
            words = {"now": _duration(now), "before": _duration(before)}
            said.append(
                _("Half of the events were reported within %(now)s; in the periods compared with, within %(before)s.")
                % words
            )
    if n := kept.get("twice", 0):
        text = ngettext(
            "%(n)s event was told by several organisations and counts once.",
            "%(n)s events were told by several organisations and count once each.",
            n,
        )
        said.append(text % {"n": wording.capital(wording.number(n))})
    if persons := kept.get("persons"):
        said.append(_("%(n)s people have reported in the period.") % {"n": wording.capital(wording.number(persons))})
    return said


def _duration(hours: float) -> str:
    """Whole hours, and whole days from two on."""
    if hours >= 2 * DAY:
        return _("%(n)s days") % {"n": number_format(round(hours / DAY))}
    n = max(1, round(hours))
    return ngettext("%(n)s hour", "%(n)s hours", n) % {"n": n}


def changes(picture: Mapping[str, Any], kind: int | str | None = None, *, compared: bool = False) -> list[str]:
    """`2 November: new app (a new or changed app or form, Polisen)`; of those `compared`, the ones that touch a kind."""
    said = []
    for one in picture.get("events", []):
        if compared and not (one["compared"] and (kind == ALL or one["category"] in (None, kind))):
            continue
        day = date_format(date.fromisoformat(one["day"]), "j F")
        if one["what"] == JOINED:
            said.append(_("%(day)s: %(name)s joined") % {"day": day, "name": one["text"]})
            continue
        about = ", ".join(filter(None, [str(WHAT.get(one["what"], "")), one["organisation"]]))
        said.append(f"{day}: {one['text']} ({about})")
    return said


def _said(state: int | str | None) -> int | None:
    return 0 if state == "calm" else state if isinstance(state, int) else None


def _counts(said: Mapping[str, int | None]) -> dict[str, int]:
    return {name: n or 0 for name, n in said.items()}


def _length(weeks: str) -> int:
    """Weeks in `47`, `13–14`, `52–1`; over a year's end by the longer year."""
    first, _dash, last = weeks.partition("–")
    return (int(last or first) - int(first)) % 53 + 1


def _percent(share: float, *, signed: bool = False) -> str:
    whole = round(share * 100)
    sign = "" if not signed or not whole else "+" if whole > 0 else "−"
    return f"{sign}{number_format(abs(whole) if signed else whole)}\u00a0%"
