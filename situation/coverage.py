"""More disorder, or more reporting? Shares and changes over those who report. Counts are reports per period."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Decomposition:
    """A change in natural logarithms: what more reporters account for, and what more reports from each do."""

    total: float  # ln(N1/N0) = reporter_part + intensity_part
    reporter_part: float  # ln(A1/A0)
    intensity_part: float  # ln((N1/A1)/(N0/A0))


@dataclass(frozen=True)
class Matched:
    """The change among those who reported in both periods, and who made most of the increase."""

    sources: tuple[str, ...]  # with reports in both periods, sorted
    change: float  # of their sum, as a share: 0.05 is +5 %
    largest_contributor: str | None  # of all sources, new ones too; the first by name when two grew alike
    share_of_increase: float | None  # its growth / the net growth of all, can exceed 1; None when all did not grow


def decompose(reports_before: int, active_before: int, reports_after: int, active_after: int) -> Decomposition:
    """ln(N1/N0) = ln(A1/A0) + ln((N1/A1)/(N0/A0)): N reports and A active reporters in the periods before and after."""
    if min(reports_before, active_before, reports_after, active_after) <= 0:
        raise ValueError("A change can be divided only where both periods have reports and active reporters.")
    total = math.log(reports_after) - math.log(reports_before)
    reporters = math.log(active_after) - math.log(active_before)
    return Decomposition(total, reporters, total - reporters)


def matched_change(before: Mapping[str, int], after: Mapping[str, int]) -> Matched:
    """The change of the sum over the sources active in both periods; reports per source."""
    _refuse_negative(before)
    _refuse_negative(after)
    sources = tuple(sorted(name for name in before if before[name] > 0 and after.get(name, 0) > 0))
    if not sources:
        raise ValueError("No source reported in both periods: there is no change to compare.")
    change = sum(after[name] for name in sources) / sum(before[name] for name in sources) - 1
    grown = {name: after.get(name, 0) - before.get(name, 0) for name in sorted({*before, *after})}
    largest = max(grown, key=grown.__getitem__)
    net = sum(grown.values())
    return Matched(sources, change, largest if grown[largest] > 0 else None, grown[largest] / net if net > 0 else None)


def concentration(counts: Mapping[str, int]) -> float:
    """Herfindahl-Hirschman index: the sum of the squared shares of the sources. 1/k when k share alike, 1 for one."""
    _refuse_negative(counts)
    total = sum(counts.values())
    if not total:
        raise ValueError("There are no reports to divide into shares.")
    return sum((count / total) ** 2 for count in counts.values())


def coverage(expected: int, with_reports: int, calm: int) -> float:
    """(reported + said that there was nothing to report) / expected, as a share of the expected reporters."""
    if expected <= 0:
        raise ValueError("Nobody is expected to report: there is no share of them.")
    if with_reports < 0 or calm < 0:
        raise ValueError("A number of reporters cannot be negative.")
    if with_reports + calm > expected:
        raise ValueError("More reporters were heard than are expected: count only those who are.")
    return (with_reports + calm) / expected


def _refuse_negative(counts: Mapping[str, int]) -> None:
    if any(count < 0 for count in counts.values()):
        raise ValueError("A number of reports cannot be negative.")
