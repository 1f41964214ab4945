"""The verdicts frozen with a picture, found by area and category, and each of them explained in words.

Pure: JSON in, words in the active language out. A sentence never claims more than the figures carry.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, cast
from urllib.parse import urlencode

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from est_site.maps import Fill
from situation import driven, wording
from situation.deviation import LEAST_HISTORY
from situation.verdicts import ALL, CLEAR, POSSIBLE, Verdict

CHANGED = "changed"  # the word of every verdict where the reporting cannot be compared
NOTHING = ("normal", "thin", CHANGED)
MOST_POSSIBLE = 3  # named in the sentences, when nothing or little is clear
ASKED_BY = ("area", "kind", "span")  # the parameters of an address that name a comparison
RARE = 0.001  # below it a chance is told as "less than one in a thousand"

Area = int | str | None
Kind = int | str
Span = Literal["period", "long"]


class Key(NamedTuple):
    """One comparison."""

    area: Area
    kind: Kind
    span: Span = "period"

    @property
    def words(self) -> tuple[str, str, str]:
        return "none" if self.area is None else str(self.area), str(self.kind), self.span

    @property
    def query(self) -> str:
        """As an address carries it."""
        return urlencode(list(zip(ASKED_BY, self.words, strict=True)))


@dataclass(frozen=True)
class Judged:
    """All comparisons of one picture."""

    found: Mapping[Key, Verdict]
    shown: Sequence[Key]  # what is put in front, the most unusual first
    comparisons: int
    by_chance: float
    changed: bool
    driven: Mapping[Key, tuple[str, list[str]]] = field(default_factory=dict)  # as in `situation.driven`

    @classmethod
    def of(cls, picture: Mapping[str, Any]) -> Judged | None:
        """None where nothing was judged: an old picture, a period that went on or of which nobody spoke, too short a past."""
        kept = picture.get("verdicts") or {}
        rows = [Verdict(*row) for row in kept.get("rows", [])]
        if not any(row.p is not None for row in rows):
            return None
        days = wording.length(picture)
        keys = [Key(row.area, row.category, "period" if row.days == days else "long") for row in rows]
        return cls(
            dict(zip(keys, rows, strict=True)),
            [keys[n] for n in kept["shown"]],
            kept["comparisons"],
            kept["by_chance"],
            bool(kept["reporting"] and kept["reporting"]["changed"]),
            {keys[n]: by for n, by in driven.of(kept).items()},
        )

    def get(self, area: Area, kind: Kind, span: Span = "period") -> Verdict | None:
        return self.found.get(Key(area, kind, span))

    def word(self, verdict: Verdict | None) -> str:
        """As components/verdict.html knows it; nothing is called different where the reporting is."""
        if verdict is None:
            return "thin"
        return CHANGED if self.changed and verdict.p is not None else verdict.word

    def fill(self, area: Area) -> Fill:
        """How the area is drawn on a map."""
        word = self.word(self.get(area, ALL))
        return "plain" if word == "normal" else cast(Fill, word)

    @property
    def clear(self) -> int:
        """How many differ clearly, of all comparisons."""
        return sum(self.word(one).endswith("-sure") for one in self.found.values())

    def possible(self) -> Iterator[Key]:
        """What may be different in the period, one area and kind at a time, the smallest chance first."""
        maybe = [
            (one.p or 1, key)
            for key, one in self.found.items()
            if self.word(one).endswith("-maybe") and key.span == "period" and ALL not in (key.area, key.kind)
        ]
        return (key for _p, key in sorted(maybe, key=lambda pair: (pair[0], pair[1].words)))

    def mark(self, key: Key) -> str:
        """Whether the difference rests on one who reports; empty where it does not, or was not asked."""
        by, names = self.driven.get(key, ("", []))
        if self.changed or not by:
            return ""
        if by == driven.REPORTER:
            return _("driven by one single reporter")
        if not names:
            return _("driven by one organisation")
        return _("driven by one organisation: %(name)s") % {"name": names[0]}

    def marked(self, key: Key, what: str) -> str:
        """`gatherings in Hamnen (driven by one organisation: Polisen)`."""
        mark = self.mark(key)
        return f"{what} ({mark})" if mark else what

    def rank(self, area: Area) -> float:
        """Where an area stands in a list: what differs comes first, by its chance."""
        verdict = self.get(area, ALL)
        return verdict.p if verdict and verdict.p is not None and self.word(verdict) not in NOTHING else 1.0


class Names(NamedTuple):
    """What areas and kinds are called in the reader's language."""

    areas: Mapping[Area, str]
    kinds: Mapping[Kind, str]

    def of(self, key: Key) -> str:
        """`gatherings in Hamnen`, `Hamnen`, `gatherings in all areas`, `all areas together`."""
        area, kind = self.areas.get(key.area, ""), self.kinds.get(key.kind, "")
        words = {"area": area, "kind": lowered(kind)}
        if key.kind == ALL:
            if key.area is None:
                return _("outside the areas")
            return _("all areas together") if key.area == ALL else area
        if key.area is None:
            return _("%(kind)s outside the areas") % words
        return _("%(kind)s in all areas") % words if key.area == ALL else _("%(kind)s in %(area)s") % words


def names(picture: Mapping[str, Any]) -> Names:
    areas = {area["id"]: area["name"] for area in picture["areas"]}
    return Names(
        {**areas, None: _("Outside the areas"), ALL: _("All areas")},
        {**dict(wording.categories(picture)), ALL: _("All kinds")},
    )


def lowered(name: str) -> str:
    """A name in the middle of a sentence; an abbreviation stays as it is."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def opening(picture: Mapping[str, Any], verdicts: Judged | None) -> str:
    """The picture in one sentence: by its verdicts, or by its mean where there are none."""
    if verdicts is None:
        return wording.headline(picture)
    return headline(verdicts, names(picture), wording.week_text(picture))


def headline(judged: Judged, called: Names, week: str) -> str:
    """The period in one sentence that a chairperson can read aloud."""
    if judged.changed:
        return _("%(week)s cannot be compared: the reporting has changed.") % {"week": wording.capital(week)}
    first = [key for key in judged.shown if key.span == "period"] or list(judged.shown)
    if first:
        lead = judged.found[first[0]].word
        alike = [key for key in first if judged.found[key].word == lead and key.span == first[0].span]
        what = {"what": wording.join([judged.marked(key, called.of(key)) for key in _apart(alike)])}
        if first[0].span == "long":
            if lead == "more-sure":
                return _("Clearly more observations than normal over four weeks: %(what)s.") % what
            return _("Clearly fewer observations than normal over four weeks: %(what)s.") % what
        if lead == "more-sure":
            return _("Clearly more observations than normal: %(what)s.") % what
        return _("Clearly fewer observations than normal: %(what)s.") % what
    everything = judged.word(judged.get(ALL, ALL))
    words = {"week": wording.capital(week)}
    if everything == "more-maybe":
        return _("%(week)s possibly has more observations than normal.") % words
    if everything == "less-maybe":
        return _("%(week)s possibly has fewer observations than normal.") % words
    if everything == "thin":
        return _("Nothing in %(week)s stands out.") % {"week": week}
    return _("%(week)s is within the normal.") % words


def _apart(keys: Sequence[Key]) -> list[Key]:
    """At most two, none of which is part of the other: an area beside a kind in it is one thing said twice."""
    chosen: list[Key] = []
    for key in keys:
        whole = (ALL, ALL) in [(one.area, one.kind) for one in (key, *chosen)]
        if not chosen or not (whole or any(key.area == one.area or key.kind == one.kind != ALL for one in chosen)):
            chosen.append(key)
    return chosen[:2]


def sentences(judged: Judged, called: Names) -> list[str]:
    """The figures behind the headline, what is only possible, and what chance would bring anyway."""
    if judged.changed:
        return []
    said = [_("%(what)s.") % {"what": wording.capital(beside(key, judged, called))} for key in judged.shown]
    room = max(0, MOST_POSSIBLE - len(judged.shown))
    maybe = [beside(key, judged, called) for key, _n in zip(judged.possible(), range(room), strict=False)]
    if maybe:
        said.append(_("Possibly different: %(what)s.") % {"what": "; ".join(maybe)})
    return [*said, by_chance(judged)]


def beside(key: Key, judged: Judged, called: Names) -> str:
    """`gatherings in Hamnen: 12, normally 1–6`."""
    one = judged.found[key]
    words = {"what": called.of(key), "n": number_format(one.events), "normal": interval(one)}
    if key.span == "long":
        return judged.marked(key, _("%(what)s over four weeks: %(n)s, normally %(normal)s") % words)
    return judged.marked(key, _("%(what)s: %(n)s, normally %(normal)s") % words)


def by_chance(judged: Judged) -> str:
    """How many of so many comparisons are called clear without anything having happened."""
    n = round(judged.by_chance)
    words = {"all": number_format(judged.comparisons), "n": wording.number(n)}
    if not n:
        return _("Of %(all)s comparisons, fewer than one is expected to differ clearly by chance alone.") % words
    return (
        ngettext(
            "Of %(all)s comparisons, about %(n)s is expected to differ clearly by chance alone.",
            "Of %(all)s comparisons, about %(n)s are expected to differ clearly by chance alone.",
            n,
        )
        % words
    )


def interval(one: Verdict) -> str:
    """The normal interval; empty where there is none."""
    if one.low is None or one.high is None:
        return ""
    return number_format(one.low) if one.low == one.high else f"{number_format(one.low)}–{number_format(one.high)}"


def explained(judged: Judged, key: Key) -> list[str]:
    """Why a comparison got its word: what it rests on, the interval, the chance, and what could have been seen."""
    one = judged.found[key]
    counted = ngettext("%(n)s observation in %(days)s days.", "%(n)s observations in %(days)s days.", one.events) % {
        "n": number_format(one.events),
        "days": one.days,
    }
    if one.p is None or one.mean is None or one.limit is None or one.power is None or one.adjusted is None:
        few = _(
            "Too little to go on: %(n)s of the %(least)s weeks that a comparison needs, in which somebody reported."
        )
        return [counted, few % {"n": wording.number(one.weeks), "least": wording.number(LEAST_HISTORY)}]
    said = [
        counted,
        ngettext(
            "Compared with %(n)s week: those just before and, where there are any, the same time of the last two years.",
            "Compared with %(n)s weeks: those just before and, where there are any, the same time of the last two years.",
            one.weeks,
        )
        % {"n": number_format(one.weeks)},
        _("Normal is %(normal)s, on average %(mean)s: eight or more of ten ordinary periods lie there.")
        % {"normal": interval(one), "mean": wording.decimal(one.mean, 1)},
        *([] if _is_low(one) else [_("More than %(limit)s is called clearly more.") % {"limit": one.limit}]),
        _chance(one),
        _("Among so many comparisons: of all that differ as much as this, up to %(n)s in 100 can be chance.")
        % {"n": number_format(min(100, max(1, round(100 * one.adjusted))))},
        _("A doubling would be discovered %(n)s times in 100.") % {"n": round(100 * one.power)},
    ]
    if one.word == "more-maybe" and one.p < CLEAR:
        said.append(_("A second method, which looks at the season too, sees nothing unusual: so it is only possible."))
    elif one.word == "more-maybe" and (one.p >= POSSIBLE or _is_low(one)):
        said.append(_("A second method, which looks at the season too, finds it unusual: so it is possible."))
    said += rests_on(judged, key)
    if judged.changed:
        said.append(
            _("Fewer or other organisations than usual have reported, so the figure says nothing about the town.")
        )
    return said


def rests_on(judged: Judged, key: Key) -> list[str]:
    """What is left of a clear difference when the one it rests on is left out."""
    by, names = judged.driven.get(key, ("", []))
    if judged.changed or not by:
        return []
    if by == driven.REPORTER:
        return [_("Without the reports of one single reporter it would not be clear. Who it is is told to nobody.")]
    if not names:
        return [_("Without the reports of one organisation it would not be clear.")]
    return [_("Without the reports of %(name)s it would not be clear.") % {"name": names[0]}]


def _is_low(one: Verdict) -> bool:
    return one.events < (one.mean or 0)


def _chance(one: Verdict) -> str:
    """How often an ordinary period brings so many, or so few."""
    p = one.p or 0.0
    low = _is_low(one)
    if p < RARE:
        if low:
            return _("So few or fewer come by chance in less than 1 of 1,000 ordinary periods.")
        return _("So many or more come by chance in less than 1 of 1,000 ordinary periods.")
    words = {"n": max(1, round(1000 * p))}
    if low:
        return _("So few or fewer come by chance in %(n)s of 1,000 ordinary periods.") % words
    return _("So many or more come by chance in %(n)s of 1,000 ordinary periods.") % words


def asked(query: Mapping[str, str], judged: Judged) -> Key:
    """The comparison an address names; for any other, what is put in front first, or all together."""
    wanted = tuple(query.get(name, "period" if name == "span" else "") for name in ASKED_BY)
    found = next((key for key in judged.found if key.words == wanted), None)
    return found or next(iter(judged.shown), Key(ALL, ALL))
