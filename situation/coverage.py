"""Is it more disorder, or more reporting? Pure figures about who reported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import log


@dataclass(frozen=True)
class Decomposition:
    """The change of the number of reports as natural logarithms: total = reporter_part + intensity_part."""

    total: float
    reporter_part: float
    intensity_part: float


@dataclass(frozen=True)
class Matched:
    """The change among those sources that reported in both periods, and who grew most of all."""

    sources: tuple[str, ...]
    change: float
    largest_contributor: str | None
    share_of_increase: float | None


def decompose(reports_before: float, active_before: float, reports_after: float, active_after: float) -> Decomposition:
    """ln(N1/N0) = ln(A1/A0) + ln[(N1/A1)/(N0/A0)]; N reports, A active reporters (natural logarithms, no unit).

    Source: O'Brien, Sampson & Winship 2015, Sociological Methodology 45:101 (more events or more reporting).
    """
    if min(reports_before, active_before, reports_after, active_after) <= 0:
        raise ValueError("Reports and active reporters must be more than zero in both periods.")
    total = log(reports_after) - log(reports_before)
    reporters = log(active_after) - log(active_before)
    return Decomposition(total, reporters, total - reporters)


def matched_change(before: Mapping[str, int], after: Mapping[str, int]) -> Matched:
    """Change of the sum over the sources with reports in both periods, as a share (0.05 is five per cent more).

    The largest contributor is looked for among all sources; its share is its growth / the net growth of the total.
    """
    _counts(before)
    _counts(after)
    both = tuple(sorted(name for name, n in before.items() if n > 0 and after.get(name, 0) > 0))
    if not both:
        raise ValueError("No source reported in both periods, so there is no change to compare.")
    old = sum(before[name] for name in both)
    growth = {name: after.get(name, 0) - before.get(name, 0) for name in sorted({*before, *after})}
    largest = max(growth, key=lambda name: growth[name])
    net = sum(growth.values())
    grew = growth[largest] > 0
    return Matched(
        sources=both,
        change=sum(after[name] for name in both) / old - 1,
        largest_contributor=largest if grew else None,
        share_of_increase=growth[largest] / net if net > 0 else None,
    )


def concentration(counts: Mapping[str, int]) -> float:
    """Herfindahl-Hirschman index, the sum of the squared shares: 1/k when k sources are equal, 1 when one says all."""
    _counts(counts)
    total = sum(counts.values())
    if not total:
        raise ValueError("There are no reports to share between the sources.")
    return sum((n / total) ** 2 for n in counts.values())


def coverage(expected: int, with_reports: int, calm: int) -> float:
    """(with reports + those who only said that there was nothing to report) / expected reporters, a share."""
    if expected <= 0:
        raise ValueError("At least one reporter must be expected.")
    if with_reports < 0 or calm < 0:
        raise ValueError("The number of reporters cannot be negative.")
    if with_reports + calm > expected:
        raise ValueError("More reporters were active than were expected.")
    return (with_reports + calm) / expected


def _counts(counts: Mapping[str, int]) -> None:
    if any(n < 0 for n in counts.values()):
        raise ValueError("The number of reports cannot be negative.")
