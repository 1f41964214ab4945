"""The weekly series of a group: days and categories in, weeks out. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

WEEK = timedelta(weeks=1)
Day = tuple[date, int, int]  # local day, category, observations
Kind = tuple[int, str, int | None]  # a category: id, code, what it lies under


def parts(categories: Iterable[Kind], wanted: Mapping[str, Sequence[str]]) -> dict[str, frozenset[int]]:
    """Name -> ids of the categories of these codes and of all under them; a main category each where none are named."""
    rows = list(categories)
    codes = wanted or {code: [code] for _pk, code, above in rows if above is None}
    unknown = {code for several in codes.values() for code in several} - {code for _pk, code, _above in rows}
    if unknown:
        raise ValueError(f"There is no category {', '.join(sorted(unknown))}.")
    chosen = {name: {pk for pk, code, _above in rows if code in several} for name, several in codes.items()}
    return {name: frozenset(pk for pk, _code, above in rows if {pk, above} & ids) for name, ids in chosen.items()}


def weekly(days: Iterable[Day], of: Mapping[str, frozenset[int]]) -> list[tuple[date, list[int]]]:
    """Each Monday from the first week with any observation to the last, with the count of each part; none is 0."""
    found: dict[str, Counter[date]] = {name: Counter() for name in of}
    mondays = set()
    for day, category, n in days:
        monday = day - timedelta(days=day.weekday())
        mondays.add(monday)
        for name, ids in of.items():
            if category in ids:
                found[name][monday] += n
    if not mondays:
        return []
    weeks = range((max(mondays) - min(mondays)).days // 7 + 1)
    every = [min(mondays) + n * WEEK for n in weeks]
    return [(monday, [found[name][monday] for name in of]) for monday in every]
