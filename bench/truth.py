"""Are the verdicts true? The invented town, where it is known what was planted, judged week by week in many throws of the dice.

Each town is the demo's own generator with another seed. A comparison is *quiet* where nothing was planted and nothing
ended or began in what is judged nor in its baseline; *settling* where only the baseline holds a surge, an effect or a
new reporter; *planted* where a surge runs.
"""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bench.walk import say
from reviews.demo import observations, town, truth
from situation import verdicts
from situation.material import AreaRow, DayCount, Material, NamedCategory, Stretch, Voice
from situation.verdicts import ALL, Past, Verdict

TOWNS = 20
EVERY = 3  # weeks between those judged: what is judged every week says the same thing three times
FIRST = 16  # weeks of history before the first
MONDAY = date(2026, 11, 23)
ZONE = ZoneInfo("Europe/Stockholm")
AREAS = [name for name, *_rest in town.AREAS]
KINDS = list(truth.SHARES)
CALM = 0.9  # of the silent organisations, those who say that it was calm


@dataclass
class Tally:
    """What came of the comparisons of one sort in one town."""

    judged: int = 0
    flagged: int = 0
    by_chance: float = 0.0


@dataclass
class Town:
    sorts: dict[tuple[str, str], Tally] = field(default_factory=dict)
    surges: Counter[str] = field(default_factory=Counter)


def main() -> None:
    towns = []
    for n in range(TOWNS):
        say(f"Town {n + 1} of {TOWNS}.")
        towns.append(judge(throw(truth.SEED + 10_000 * n)))
    report(towns)


def throw(seed: int) -> Material:
    """Three years of one town, all in a material whose period is the last week."""
    weeks = list(observations.generate(MONDAY, ZONE, seed))
    stretches = [_week(n, monday) for n, monday in enumerate(observations.weeks_before(MONDAY))]
    counts: Counter[tuple[date, int | None, int]] = Counter()
    said: dict[str, Counter[date]] = {one.name: Counter() for one in town.ORGANISATIONS}
    for n, found in enumerate(weeks):
        for one in found:
            day = max(stretches[n].first, min(stretches[n].last, one.start.date()))
            counts[day, None if one.area is None else AREAS.index(one.area), KINDS.index(one.top)] += 1
            said[one.organisation][day] += 1
    voices = [
        Voice(n, one.name, True, True, None, tuple(said[one.name].items())) for n, one in enumerate(town.ORGANISATIONS)
    ]
    calm = frozenset(
        (voice.id, week.id)
        for voice in voices
        for week in stretches
        if not any(week.first <= day <= week.last for day in voice.by_day) and (voice.id * 7 + week.id) % 10 < CALM * 10
    )
    return Material(
        period=stretches[-1],
        earlier=stretches[:-1],
        counts=[DayCount(day, area, kind, n) for (day, area, kind), n in counts.items()],
        areas=[AreaRow(n, name, "est", 1000, date.min, None) for n, name in enumerate(AREAS)],
        categories=[NamedCategory(n, kind, kind, kind) for n, kind in enumerate(KINDS)],
        voices=voices,
        calm=calm,
        cut_off=datetime.combine(MONDAY, datetime.min.time(), UTC),
        today=MONDAY,
    )


def _week(n: int, monday: date) -> Stretch:
    return Stretch(n, f"{n}", f"{n}", monday, monday + timedelta(days=6))


def judge(whole: Material) -> Town:
    """Every third week with what was known of those before it."""
    found, every = Town(), [*whole.earlier, whole.period]
    seen: dict[int, set[str]] = {n: set() for n in range(len(truth.SURGES))}
    surge_weeks = {week for s in truth.SURGES for week in range(s.first_week, s.first_week + s.weeks)}
    for week in range(FIRST, len(every)):
        if week % EVERY and week not in surge_weeks:
            continue
        until = every[week].last
        material = Material(
            period=every[week],
            earlier=every[:week],
            counts=[row for row in whole.counts if row.day <= until],
            areas=whole.areas,
            categories=whole.categories,
            voices=whole.voices,
            calm=whole.calm,
            cut_off=whole.cut_off,
            today=whole.today,
        )
        past = Past(every[: week + 1], frozenset(range(week + 1)))
        for verdict, chance in verdicts.compare_all(material, past):
            if verdict.p is not None:
                _count(found, verdict, chance, week, past, week % EVERY == 0)
                _note(seen, verdict, week)
    for n, how in seen.items():
        if truth.SURGES[n].first_week >= FIRST:
            found.surges[best(how)] += 1
    return found


def best(how: set[str]) -> str:
    return next((word for word in ("clear", "possible") if word in how), "missed")


def _count(found: Town, verdict: Verdict, chance: float, week: int, past: Past, regular: bool) -> None:
    sort = _sort(verdict, week, past)
    if sort == "planted" or not regular:
        return
    tally = found.sorts.setdefault((_level(verdict), sort), Tally())
    tally.judged += 1
    tally.by_chance += chance
    tally.flagged += verdict.word in ("more-sure", "less-sure")


def _note(seen: dict[int, set[str]], verdict: Verdict, week: int) -> None:
    """What the area and kind of a surge, its area and its kind were called while it ran."""
    for n, surge in enumerate(truth.SURGES):
        if not 0 <= week - surge.first_week < surge.weeks + (verdict.days > 7) * 3:
            continue
        area, kind = AREAS.index(surge.area), KINDS.index(surge.category)
        if (verdict.area, verdict.category) == (area, kind) and verdict.word.startswith("more"):
            seen[n].add({"more-sure": "clear", "more-maybe": "possible"}[verdict.word])


def _level(verdict: Verdict) -> str:
    what = {(True, True): "everything", (True, False): "a kind in all", (False, True): "an area in all"}
    return f"{what.get((verdict.area == ALL, verdict.category == ALL), 'an area and kind')}, {verdict.days // 7} w"


def _sort(verdict: Verdict, week: int, past: Past) -> str:
    """planted, settling or quiet."""
    span = range(week - verdict.days // 7 + 1, week + 1)
    areas = AREAS if verdict.area == ALL else [] if verdict.area is None else [AREAS[int(verdict.area)]]
    kinds = KINDS if verdict.category == ALL else [KINDS[int(verdict.category)]]
    if any(_surge(area, kind, n) for area in areas for kind in kinds for n in span):
        return "planted"
    weeks = [*span, *past.baseline(span[0], 0)]
    level = {round(truth.rate_factor(area, kind, n), 6) for area in areas for kind in kinds for n in weeks}
    return "quiet" if level <= {1.0} else "settling"


def _surge(area: str, kind: str, week: int) -> bool:
    return any((s.area, s.category) == (area, kind) and 0 <= week - s.first_week < s.weeks for s in truth.SURGES)


def report(towns: Sequence[Town]) -> None:
    total: Counter[str] = Counter()
    for one in towns:
        total.update(one.surges)
    everything = total.total()
    print(f"\n{TOWNS} towns, {everything} planted surges of one kind in one area")
    for word in ("clear", "possible", "missed"):
        share = total[word] / everything
        error = math.sqrt(share * (1 - share) / everything)
        print(f"{word:44}{total[word]:>8}{share * 100:>9.1f} % ± {error * 100:.1f}")
    print(f"\n{'flags of 100 comparisons':44}{'judged':>8}{'flagged':>12}{'by chance':>12}")
    for level, sort in sorted({key for one in towns for key in one.sorts}):
        rows = [one.sorts[level, sort] for one in towns if (level, sort) in one.sorts]
        judged = sum(row.judged for row in rows)
        shares = [100 * row.flagged / row.judged for row in rows]
        error = statistics.stdev(shares) / math.sqrt(len(shares)) if len(shares) > 1 else math.nan
        flagged, chance = (100 * sum(getattr(row, name) for row in rows) / judged for name in ("flagged", "by_chance"))
        print(f"{f'{level}, {sort}':44}{judged:>8}{flagged:>6.2f} ± {error:.2f}{chance:>12.2f}")


if __name__ == "__main__":
    main()
