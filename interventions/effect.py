"""Did it help? Ratios with their intervals, displacement, regression to the mean, panels and interrupted series.

Plain counts in, frozen values out. A pair is (before, after), in events. Intervals are 95 %, p-values two-sided, a
dispersion under 1 counts as 1. SciPy is imported by the function that needs it, so that a web worker starts without it.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, islice
from operator import index as whole
from statistics import NormalDist
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

Z = 1.96
DETECTABLE = 2.8  # standard errors between no effect and one that is seen four times of five
MOST_SETS = 100_000  # of placebo areas that are all tried
ALIKE = 1e-9

Pair = tuple[int, int]
Floats = NDArray[np.float64]
A = TypeVar("A", bound=Hashable)


@dataclass(frozen=True)
class Effect:
    """How many times as many events as without: under 1 is fewer."""

    ratio: float
    log_ratio: float
    se: float  # of the log ratio
    interval: tuple[float, float]
    p_value: float
    change: float  # as a share: -0.33 is 33 % fewer
    corrected: bool = False  # 0.5 was added to every count, because one was 0


@dataclass(frozen=True)
class Displacement:
    """How many events more there were than expected: under 0 is fewer."""

    estimate: float
    se: float
    z: float
    interval: tuple[float, float]
    local: float  # what happened where it was done
    displaced: float  # what happened around it


@dataclass(frozen=True)
class Quotient:
    """What happened in a buffer, as a share of what happened where it was done."""

    gross_effect: int  # events fewer
    net_effect: float  # fall of the share of the control area
    success: float  # the same with the sign turned: under 0 it went well
    buffer: float  # rise of the buffer's share of the control area
    quotient: float | None  # over 0: gain around it too; -1 to 0: moved in part; under -1: worse. None without success
    total_net_effect: float  # events fewer in both together than the control area would have had


@dataclass(frozen=True)
class Regression:
    """The effect on a place that was chosen because it was high."""

    expected_without_effect: float  # events after
    ratio: float
    se: float
    interval: tuple[float, float]
    share_of_before: float  # of the level before, what would have gone by itself


@dataclass(frozen=True)
class PanelEffect:
    """Difference in differences over areas and periods, and what as many other areas would have shown."""

    log_ratio: float
    se: float
    dispersion: float
    placebo_p: float  # the share of sets with an effect at least as large, the real one included
    placebos: tuple[float, ...]  # log ratios


@dataclass(frozen=True)
class Series:
    """The step of one series at a moment."""

    ratio: float
    se: float  # of the log ratio
    interval: tuple[float, float]
    dispersion: float
    autocorrelation: float  # of the Pearson residuals, one period apart


def relative_rate_ratio(treated: Pair, comparison: Pair, dispersion: float = 1.0) -> Effect:
    """(Ta/Tb)/(Ca/Cb) over equal lengths: the change where it was done beside the change elsewhere.

    The variance of its logarithm is phi (1/Ta + 1/Tb + 1/Ca + 1/Cb). Where a count is 0, 0.5 is added to all four.
    Source: Wilson 2022, J Quant Criminol 38:323.
    """
    counts = [float(n) for n in (*_pair(treated), *_pair(comparison))]
    if not any(counts):
        raise ValueError("There are no events at all: there is no ratio.")
    corrected = not all(counts)
    if corrected:
        counts = [n + 0.5 for n in counts]
    before, after, there_before, there_after = counts
    log_ratio = math.log(after / before) - math.log(there_after / there_before)
    se = math.sqrt(_dispersion(dispersion) * sum(1 / n for n in counts))
    p = 2 * NormalDist().cdf(-abs(log_ratio) / se)
    return Effect(math.exp(log_ratio), log_ratio, se, _around(log_ratio, se), p, math.expm1(log_ratio), corrected)


def single_area_ratio(before: int, after: int, weeks_before: float, weeks_after: float) -> Effect:
    """The rate after over the rate before, exact given the sum (Clopper-Pearson); nothing is compared with elsewhere.

    With a count of 0 the ratio is 0 or infinite and the interval has one end.
    """
    from scipy.stats import binomtest

    before, after = _pair((before, after))
    _lengths(weeks_before, weeks_after)
    total = before + after
    if not total:
        raise ValueError("There are no events before or after: there is no ratio.")
    test = binomtest(after, total, weeks_after / (weeks_after + weeks_before))
    inside = test.proportion_ci(0.95, method="exact")
    low, high = (q / (1 - q) * weeks_before / weeks_after if q < 1 else math.inf for q in (inside.low, inside.high))
    ratio = after / before * weeks_before / weeks_after if before else math.inf
    log_ratio = math.log(ratio) if 0 < ratio < math.inf else math.copysign(math.inf, ratio - 1)
    se = math.sqrt(1 / before + 1 / after) if before and after else math.inf
    return Effect(ratio, log_ratio, se, (float(low), float(high)), float(test.pvalue), ratio - 1)


def weighted_displacement_difference(
    treated: Pair, comparison: Pair, displacement: Pair | None = None, displacement_comparison: Pair | None = None
) -> Displacement:
    """(Ta - Tb) - (Ca - Cb), and the same of the areas around: events more than expected, over equal lengths.

    Its variance is the sum of all counts. Source: Wheeler & Ratcliffe 2018, Crime Science 7:11.
    """
    if displacement is None and displacement_comparison is not None:
        raise ValueError("Areas to compare a displacement with need the displacement's own counts.")
    pairs = [_pair(pair or (0, 0)) for pair in (treated, comparison, displacement, displacement_comparison)]
    here, there, around, beside = (after - before for before, after in pairs)
    total = sum(map(sum, pairs))
    if not total:
        raise ValueError("There are no events at all: there is no difference to judge.")
    local, displaced, se = float(here - there), float(around - beside), math.sqrt(total)
    estimate = local + displaced
    interval = (estimate - Z * se, estimate + Z * se)
    return Displacement(estimate, se, estimate / se, interval, local, displaced)


def weighted_displacement_quotient(response: Pair, buffer: Pair, control: Pair) -> Quotient:
    """(Da/Ca - Db/Cb)/(Ra/Ca - Rb/Cb), only where the divisor is under 0; and the total net effect in events.

    Source: Bowers & Johnson 2003, J Quant Criminol 19:275; Guerette 2009, POP Tool Guide 10.
    """
    (r_before, r_after), (d_before, d_after), (c_before, c_after) = map(_pair, (response, buffer, control))
    if not (c_before and c_after):
        raise ValueError("The control area has no events before or after: nothing can be a share of them.")
    success = r_after / c_after - r_before / c_before
    moved = d_after / c_after - d_before / c_before
    elsewhere = c_after / c_before
    total = (r_before * elsewhere - r_after) + (d_before * elsewhere - d_after)
    quotient = moved / success if success < 0 else None
    return Quotient(r_before - r_after, -success, success, moved, quotient, total)


def regression_to_mean(
    before: int, after: int, weeks_before: float, weeks_after: float, alpha: float, beta: float
) -> Regression:
    """What was to be expected of a place chosen because it was high, and the effect beyond it (empirical Bayes).

    With the prior Gamma(alpha, beta) of the weekly rate over all areas: pi = (y + alpha)/(e_b + beta) e_a, its variance
    (y + alpha)/(e_b + beta)^2 e_a^2, theta = (A/pi)/(1 + Var/pi^2). Source: Hauer 1997, Observational Before-After Studies.
    """
    before, after = _pair((before, after))
    _lengths(weeks_before, weeks_after)
    if not (0 <= alpha < math.inf and 0 <= beta < math.inf):
        raise ValueError("The prior of the rates is finite and not negative.")
    if not before:
        raise ValueError("There are no events before: no part of them can have been chance.")
    expected = (before + alpha) / (weeks_before + beta) * weeks_after
    scatter = 1 / (before + alpha)  # Var/pi^2
    ratio = after / expected / (1 + scatter)
    # theta^2 (1/A + Var/pi^2)/(1 + Var/pi^2)^2, with the first theta^2/A written so that A may be 0
    variance = ratio * (1 / expected / (1 + scatter) + ratio * scatter) / (1 + scatter) ** 2
    se = math.sqrt(variance)
    share = 1 - expected / (before * weeks_after / weeks_before)
    return Regression(expected, ratio, se, (max(0.0, ratio - Z * se), ratio + Z * se), share)


def difference_in_differences(rows: Sequence[tuple[A, int, int]], treated: set[A], first_post: int) -> PanelEffect:
    """treat:post of a Poisson model with area and period effects, and a placebo test in space.

    Rows are (area, period, count); periods from `first_post` on are after. In a complete panel the effect is exactly the
    log of the relative rate ratio of the four sums. The dispersion is Pearson's over its degrees of freedom. Every set of
    as many areas stands in for the treated (beyond 100,000 sets, so many of them); sets with an empty sum are left out.
    """
    panel = _Panel(rows, first_post)
    real = frozenset(treated)
    if not real or not real < set(panel.areas):
        raise ValueError("Some areas of the panel are treated and some are not.")
    found = panel.effect(real)
    if found is None:
        raise ValueError(
            "There are no events before or after in the treated areas or in the others: there is no ratio."
        )
    log_ratio, variance = found
    dispersion = panel.dispersion(real)
    sets = (panel.effect(frozenset(chosen)) for chosen in _sets(panel.areas, real))
    placebos = tuple(one[0] for one in sets if one is not None)
    larger = sum(abs(one) >= abs(log_ratio) - ALIKE for one in placebos)
    return PanelEffect(log_ratio, math.sqrt(variance * dispersion), dispersion, larger / len(placebos), placebos)


def interrupted_time_series(
    counts: Sequence[int],
    step_at: int,
    exposure: Sequence[float] | None = None,
    harmonics: int = 0,
    period: int = 12,
    slope: bool = False,
) -> Series:
    """The step of a quasi-Poisson series at an index: columns 1, t, step, and a season of sines and cosines.

    With `slope` the trend may change too, and the step is that at the moment itself. Exposure: the size or length behind
    each count. Source: Lopez Bernal et al. 2017, Int J Epidemiol 46:348.
    """
    y = np.array([_count(n) for n in counts], dtype=float)
    n = len(y)
    if not 0 < step_at < n:
        raise ValueError("The step lies inside the series, with periods before and after it.")
    if not (y[:step_at].any() and y[step_at:].any()):
        raise ValueError("There are no events before or after the step: there is no ratio.")
    size = np.ones(n) if exposure is None else np.array(exposure, dtype=float)
    if len(size) != n or not np.all((size > 0) & np.isfinite(size)):
        raise ValueError("Each period has an exposure above 0.")
    if harmonics < 0 or period < 1:
        raise ValueError("A season has a length, and no fewer than no harmonics.")
    t = np.arange(n, dtype=float)
    after = (t >= step_at).astype(float)
    turns = [f(2 * math.pi * j * t / period) for j in range(1, harmonics + 1) for f in (np.sin, np.cos)]
    columns = np.column_stack([np.ones(n), t, after, *turns, *([(t - step_at) * after] if slope else [])])
    free = n - np.linalg.matrix_rank(columns)
    if free < 1:
        raise ValueError("Too little history: the series has no more periods than the model has columns.")
    mu, coefficients, covariance = _poisson(columns, y, np.log(size))
    residuals = (y - mu) / np.sqrt(mu)
    dispersion = max(1.0, float(residuals @ residuals) / float(free))
    step, se = float(coefficients[2]), math.sqrt(dispersion * float(covariance[2, 2]))
    centred = residuals - residuals.mean()
    spread = float(centred @ centred)
    lagged = float(centred[1:] @ centred[:-1]) / spread if spread else 0.0
    return Series(math.exp(step), se, _around(step, se), dispersion, lagged)


def minimum_detectable_ratio(counts: Sequence[int], dispersion: float = 1.0) -> float:
    """The relative rate ratio that counts of this size show four times of five: exp(-2.8 sqrt(phi sum 1/n))."""
    expected = [_count(n) for n in counts]
    if not expected or not all(expected):
        raise ValueError("Without events before and after, nothing can be detected.")
    return math.exp(-DETECTABLE * math.sqrt(_dispersion(dispersion) * sum(1 / n for n in expected)))


class _Panel(Generic[A]):
    """Counts by area and period."""

    def __init__(self, rows: Sequence[tuple[A, int, int]], first_post: int) -> None:
        if len({(area, period) for area, period, _n in rows}) < len(rows):
            raise ValueError("An area has two counts for one period.")
        self.areas = list(dict.fromkeys(area for area, _period, _n in rows))
        periods = sorted({period for _area, period, _n in rows})
        if not periods or not periods[0] < first_post <= periods[-1]:
            raise ValueError("The panel has periods before and after.")
        where = {area: n for n, area in enumerate(self.areas)}
        when = {period: n for n, period in enumerate(periods)}
        self.counts = np.full((len(self.areas), len(periods)), np.nan)
        for area, period, n in rows:
            self.counts[where[area], when[period]] = _count(n)
        self.seen = ~np.isnan(self.counts)
        self.after = np.array([period >= first_post for period in periods])
        self.sums = np.column_stack([np.nansum(self.counts[:, side], axis=1) for side in (~self.after, self.after)])
        self.where = where

    def chosen(self, areas: frozenset[A]) -> NDArray[np.bool_]:
        return np.isin(np.arange(len(self.areas)), [self.where[area] for area in areas])

    def effect(self, areas: frozenset[A]) -> tuple[float, float] | None:
        """The log ratio and its variance under Poisson; None where one of the four sums is 0."""
        chosen = self.chosen(areas)
        four = np.array([self.sums[chosen].sum(axis=0), self.sums[~chosen].sum(axis=0)])
        if not four.all():
            return None
        if self.seen.all():
            logs = np.log(four)
            return float(logs[0, 1] - logs[0, 0] - logs[1, 1] + logs[1, 0]), float((1 / four).sum())
        _mu, coefficients, covariance = self._fitted(chosen)
        return float(coefficients[-1]), float(covariance[-1, -1])

    def dispersion(self, areas: frozenset[A]) -> float:
        """Pearson's statistic over the degrees of freedom, at least 1."""
        mu, coefficients, _covariance = self._fitted(self.chosen(areas))
        free = len(mu) - len(coefficients)
        y = self.counts[self.seen]
        return max(1.0, float(((y - mu) ** 2 / mu).sum()) / free) if free > 0 else 1.0

    def _fitted(self, chosen: NDArray[np.bool_]) -> tuple[Floats, Floats, Floats]:
        """One column an area, one a period but the first, and treat:post last."""
        row, column = np.nonzero(self.seen)
        areas = np.eye(len(self.areas))[row]
        periods = np.eye(len(self.after))[column][:, 1:]
        both = (chosen[row] & self.after[column]).astype(float)
        return _poisson(np.column_stack([areas, periods, both]), self.counts[self.seen], np.zeros(len(row)))


def _sets(areas: Sequence[A], real: frozenset[A]) -> Iterator[tuple[A, ...]]:
    """Every set of as many areas; if there are too many, the real one and some drawn the same way each time."""
    if math.comb(len(areas), len(real)) <= MOST_SETS:
        yield from combinations(areas, len(real))
        return
    yield tuple(real)
    draw = np.random.default_rng(0)
    drawn = (draw.choice(len(areas), len(real), replace=False) for _n in range(MOST_SETS))
    yield from (tuple(areas[n] for n in one) for one in islice(drawn, MOST_SETS - 1))


def _poisson(columns: Floats, y: Floats, offset: Floats) -> tuple[Floats, Floats, Floats]:
    """log mu = columns b + offset by iterated least squares: mu, b and the inverse of the Fisher information."""
    eta = np.log(y + 0.1)
    deviance = math.inf
    for _step in range(100):
        mu = np.exp(np.clip(eta, -30, 700))
        root = np.sqrt(mu)
        working = (eta - offset + (y - mu) / mu) * root
        coefficients = np.linalg.lstsq(columns * root[:, None], working, rcond=None)[0]
        eta = columns @ coefficients + offset
        mu = np.exp(np.clip(eta, -30, 700))
        last, deviance = deviance, 2 * float(np.sum(y * np.log(np.where(y > 0, y, 1.0) / mu) - (y - mu)))
        if abs(deviance - last) < 1e-12 * (abs(deviance) + 0.1):
            break
    return mu, coefficients, np.linalg.pinv((columns * mu[:, None]).T @ columns)


def _around(log_ratio: float, se: float) -> tuple[float, float]:
    return math.exp(log_ratio - Z * se), math.exp(log_ratio + Z * se)


def _pair(pair: Pair) -> Pair:
    before, after = pair
    return _count(before), _count(after)


def _count(n: int) -> int:
    try:
        count = whole(n)
    except TypeError as error:
        raise ValueError("A count is a whole number.") from error
    if count < 0:
        raise ValueError("A count cannot be negative.")
    return count


def _lengths(*weeks: float) -> None:
    if not all(0 < length < math.inf for length in weeks):
        raise ValueError("A length is finite and more than no weeks.")


def _dispersion(given: float) -> float:
    if not 0 <= given < math.inf:
        raise ValueError("A dispersion is a finite number that is not negative.")
    return max(1.0, given)
