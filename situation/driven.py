"""Does a clear difference hold when one of those who report is left out?

Pure: the comparisons of `verdicts.evaluated` and who told of what in, JSON-ready values out. A single person is never
named, nor the organisation, nor anything that tells which it is: that there is one is all that is kept.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from situation.deviation import judged
from situation.material import Material, Stretch, Told
from situation.picture import lines
from situation.verdicts import ALL, Evaluated, Verdict, in_words

ORGANISATION, REPORTER = "organisation", "reporter"
LEAST_ORGANISATIONS = 2  # that reported, before one of them can be left out
LEAST_FOR_A_PERSON = 3  # before it is said that one single reporter lies behind

Counts = Counter[int]  # by position of the period
Row = tuple[int, str, list[str]]  # position among the comparisons, what drives it, names of organisations


def needed(evaluated: Evaluated) -> list[Stretch]:
    """The periods in which clear differences and what they are compared with lie."""
    used = {k for n in evaluated.flags for k in (*evaluated.comparisons[n].span, *evaluated.baseline(n))}
    return [evaluated.past.stretches[n] for n in sorted(used)]


def driven(material: Material, evaluated: Evaluated, told: Sequence[Told]) -> list[Row]:
    """The clear differences that are not clear any more without one organisation, or one single reporter.

    Where a reporter drives anything no organisation has a name here, or whose they are could be told by elimination.
    How much the counts scatter is left as it was; it comes from the past of all.
    """
    heard = {voice.id: voice.name for voice in material.voices if material.period.first in voice.by_day}
    if len(heard) < LEAST_ORGANISATIONS:
        return []
    names = {voice.id: voice.name for voice in material.voices}
    persons: dict[int, int] = {}
    if len(heard) >= LEAST_FOR_A_PERSON:
        by_person = [(row, row.reporter_id) for row in told if row.alone and row.reporter_id is not None]
        persons = _drivers(material, evaluated, by_person)
    kept: list[Row] = [(n, REPORTER, []) for n in persons]
    for n, one in _drivers(material, evaluated, [(row, row.organisation_id) for row in told]).items():
        if n not in persons:
            kept.append((n, ORGANISATION, [] if persons else [names[one]]))
    return sorted(kept)


def _drivers(material: Material, evaluated: Evaluated, told: Sequence[tuple[Told, int]]) -> dict[int, int]:
    """By position of a clear difference, the one without whom it is not clear.

    Where that holds of several, as where a difference is only just clear, the one without whom nothing is left of it;
    nobody where that is not one either.
    """
    head: dict[int | None, int] = {row.id: line.head.id for line in lines(material) for row in line.rows}
    index = {one.first: n for n, one in enumerate(evaluated.past.stretches)}
    cases: list[tuple[int, int, Counts]] = []
    for n in evaluated.flags:
        area, kind = evaluated.comparisons[n].series.key
        by_one: defaultdict[int, Counter[int]] = defaultdict(Counter)
        for row, one in told:
            if area in (ALL, head.get(row.area_id)) and kind in (ALL, row.category_id):
                by_one[one][index[row.day]] += row.count
        cases += [(n, one, by_one[one]) for one in sorted(by_one)]
    unclear: defaultdict[int, list[int]] = defaultdict(list)
    gone: defaultdict[int, list[int]] = defaultdict(list)
    for (n, one, _counts), word in zip(cases, _without(evaluated, cases), strict=True):
        was = Verdict(*evaluated.found["rows"][n]).word
        if word != was:
            unclear[n].append(one)
            if not word.startswith(was.removesuffix("-sure")):
                gone[n].append(one)
    alone = {n: found if len(found) == 1 else gone[n] for n, found in unclear.items()}
    return {n: found[0] for n, found in alone.items() if len(found) == 1}


def _without(evaluated: Evaluated, cases: Sequence[tuple[int, int, Counts]]) -> list[str]:
    """The word of each comparison when these counts are taken out of it and of its baseline."""
    if not cases:
        return []
    totals, exposures, dispersions, counts = [], [], [], []
    for n, _one, taken in cases:
        c, baseline = evaluated.comparisons[n], evaluated.baseline(n)
        totals.append(c.series.over(baseline) - sum(taken[k] for k in baseline))
        exposures.append(evaluated.past.days(baseline) / evaluated.past.days(c.span))
        dispersions.append(c.dispersion)
        counts.append(c.series.over(c.span) - sum(taken[k] for k in c.span))
    return [in_words(one.p_high, one.p_low) for one in judged(totals, exposures, dispersions, counts)]


def of(verdicts: Mapping[str, Any]) -> dict[int, tuple[str, list[str]]]:
    """As it was frozen, by position among the comparisons; nothing in a picture from before it was asked."""
    return {n: (by, names) for n, by, names in verdicts.get("driven", [])}


def by_reporter(picture: Mapping[str, Any]) -> bool:
    """Whether anything in a picture rests on one single reporter."""
    return any(by == REPORTER for by, _names in of(picture.get("verdicts") or {}).values())
