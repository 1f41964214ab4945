"""Is this week different, and can it be chance? Pure figures over weekly counts (whole numbers of events)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, isfinite, sqrt

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
HISTORY = 8  # weeks before there is a verdict
YEAR = 52
REFERENCE = 3  # weeks on each side of the same week of another year
BLOCKS = 9
LEVEL = BLOCKS + 1  # the level of the week itself
RECENT = 26  # weeks that do not enter the fit, or the rise would hide itself
NOTHING = 1e-9  # expected in a season in which nothing ever happened


def _table(mean: float, variance: float, up_to: int = 0) -> Floats:
    """P(Y=0), P(Y=1) … of a negative binomial (Poisson when variance = mean), at least as far as `up_to`."""
    ratio = variance / mean
    last = ceil(max(mean + 12 * sqrt(variance), up_to) + 40 * ratio + 40)
    k = np.arange(1, last + 1, dtype=np.float64)
    if ratio <= 1 + 1e-12:
        first, steps = -mean, np.log(mean / k)
    else:
        size = mean / (ratio - 1)
        first, steps = -size * np.log(ratio), np.log((k + size - 1) / k * (1 - 1 / ratio))
    table: Floats = np.exp(np.concatenate(([first], first + np.cumsum(steps))))
    return table


def _quantile(table: Floats, q: float) -> int:
    """The smallest y with P(Y <= y) >= q."""
    return int(np.searchsorted(np.cumsum(table), q * (1 - 1e-14)))


def _at_least(mean: float, variance: float, y: int) -> float:
    if y <= 0:
        return 1.0
    if mean <= 0:
        return 0.0
    # From the far end, so that a small tail keeps its digits.
    return min(1.0, float(_table(mean, variance, y)[y:][::-1].sum()))


def _checked(counts: Sequence[int]) -> None:
    if any(not isfinite(y) or y < 0 for y in counts):
        raise ValueError("A count cannot be negative or missing.")


def _dispersed(dispersion: float) -> float:
    if not isfinite(dispersion) or dispersion < 0:
        raise ValueError("The dispersion must be a number that is not negative.")
    return max(1.0, dispersion)


@dataclass(frozen=True)
class Predictive:
    """What a week like those of the baseline would bring: NB with this mean and variance, and its quantiles."""

    mean: float
    variance: float
    low: int
    high: int
    limit: int
    lower_limit: int

    def p_at_least(self, y: int) -> float:
        """P(Y >= y), one-sided."""
        return _at_least(self.mean, self.variance, y)

    def p_at_most(self, y: int) -> float:
        """P(Y <= y), one-sided."""
        if y < 0:
            return 0.0
        return min(1.0, float(_table(self.mean, self.variance, y)[: y + 1].sum()))


def predictive(baseline: Sequence[int], dispersion: float = 1.0) -> Predictive:
    """Gamma-Poisson prediction of one week (events): n weeks with the sum S, mu = (S+1/2)/n,
    V = phi (mu + mu^2/(S+1/2)), NB(size = mu^2/(V-mu), prob = mu/V).

    Normal interval: 10 % and 90 % quantile; limits: 1 % and 99 %. With phi = 1 it is Jeffreys' prior, as `algo.bayes`
    of R's surveillance (Salmon, Schumacher & Höhle 2016, J Stat Softw 70:10).
    """
    if not baseline:
        raise ValueError("The baseline has no weeks.")
    _checked(baseline)
    events = sum(baseline) + 0.5
    mean = events / len(baseline)
    variance = _dispersed(dispersion) * (mean + mean**2 / events)
    table = _table(mean, variance)
    low, high, limit, lower = (_quantile(table, q) for q in (0.1, 0.9, 0.99, 0.01))
    return Predictive(mean, variance, low, high, limit, lower)


def baseline_weeks(week: int, first_week: int = 0) -> list[int]:
    """The weeks (indices, ascending) that a week is compared with; none before there are eight.

    8-57 weeks of history: the 12 before. 58-109: the 6 before and last year's same week ± 6. From 110: the 6 before
    and ± 3 of the last two years. A year is 52 weeks by index. Source: Noufaily et al. 2013, Stat Med 32:1206.
    """
    history = week - first_week
    if history < HISTORY:
        return []
    if history < 58:
        return list(range(max(first_week, week - 12), week))
    near = range(week - 6, week)
    if history < 110:
        return [*range(week - YEAR - 6, week - YEAR + 7), *near]
    years = [w for back in (2 * YEAR, YEAR) for w in range(week - back - 3, week - back + 4)]
    return [*years, *near]


def pooled_dispersion(series: Sequence[tuple[Sequence[int], Sequence[int]]]) -> float:
    """phi = max(1, sum (y-m)^2 / sum m (1+1/n)) over all areas' observed weeks y; m = mean of the area's n baseline weeks.

    No unit. The ratio of the sums, for the mean of the ratios runs high where little happens.
    """
    above = below = 0.0
    for observed, baseline in series:
        if not baseline:
            raise ValueError("The baseline has no weeks.")
        _checked(observed)
        _checked(baseline)
        mean = sum(baseline) / len(baseline)
        above += sum((y - mean) ** 2 for y in observed)
        below += len(observed) * mean * (1 + 1 / len(baseline))
    return max(1.0, above / below) if below > 0 else 1.0


def adjusted(p_values: Sequence[float]) -> list[float]:
    """Benjamini-Hochberg: p times number of tests / rank, never falling with rank; in the order given.

    Source: Benjamini & Hochberg 1995, J R Stat Soc B 57:289.
    """
    if any(not 0 <= p <= 1 for p in p_values):
        raise ValueError("A probability must lie between 0 and 1.")
    n = len(p_values)
    result = [1.0] * n
    smallest = 1.0
    for rank, i in reversed(list(enumerate(sorted(range(n), key=lambda i: p_values[i]), 1))):
        smallest = min(smallest, p_values[i] * (n / rank))
        result[i] = smallest
    return result


def power_to_detect(normal_per_week: float, factor: float = 2.0, dispersion: float = 1.0, alpha: float = 0.01) -> float:
    """P(Y > the 1-alpha quantile of a normal week) when `factor` times as much happens; variance = dispersion * mean."""
    if not isfinite(normal_per_week) or normal_per_week < 0:
        raise ValueError("The normal level cannot be negative.")
    if not isfinite(factor) or factor <= 0:
        raise ValueError("The factor must be more than zero.")
    if not 0 < alpha < 1:
        raise ValueError("The rate of false alarms must lie between 0 and 1.")
    phi = _dispersed(dispersion)
    if normal_per_week == 0:
        return 0.0
    limit = _quantile(_table(normal_per_week, phi * normal_per_week), 1 - alpha)
    return _at_least(factor * normal_per_week, phi * factor * normal_per_week, limit + 1)


@dataclass(frozen=True)
class Farrington:
    """The limit of one week by the improved Farrington method, and what it rests on."""

    limit: int
    expected: float
    dispersion: float
    p_value: float
    trend: bool
    alarm: bool


def farrington(counts: Sequence[int], week: int, years_back: int, alpha: float = 0.01) -> Farrington:
    """Log-linear quasi-Poisson y ~ 1 + t + season over `years_back` years, twice, the second time with past outbreaks
    weighed down; limit = NB quantile 1-alpha with mean mu and variance phi mu; p = P(Y >= counts[week]), one-sided.

    Source: Noufaily et al. 2013, Stat Med 32:1206; `farringtonFlexible` with "nbPlugin" in R's surveillance.
    """
    if not 0 < alpha < 1:
        raise ValueError("The rate of false alarms must lie between 0 and 1.")
    if years_back < 1:
        raise ValueError("At least one year back is needed.")
    if not 0 <= week < len(counts):
        raise ValueError("The week lies outside the series.")
    first = week - YEAR * years_back - REFERENCE
    if first < 0:
        raise ValueError("There is too little history for so many years back.")
    _checked(counts[: week + 1])
    weeks = np.arange(first, week - RECENT)
    y = np.array(counts[first : week - RECENT], dtype=np.float64)
    levels = np.array([_level(int(w), week) for w in weeks])
    time = (weeks - week) / YEAR
    trend = years_back >= 3
    expected, phi = _fitted_twice(y, levels, time if trend else None)
    if trend and expected > y.max():
        trend = False
        expected, phi = _fitted_twice(y, levels, None)
    limit = _quantile(_table(expected, phi * expected), 1 - alpha)
    p = _at_least(expected, phi * expected, counts[week])
    return Farrington(limit, expected, phi, p, trend, counts[week] > limit)


def _level(at: int, week: int) -> int:
    """The season of a week: 10 around the week itself in every year, 1-9 the blocks between."""
    after = (at - week + REFERENCE) % YEAR - 2 * REFERENCE - 1
    if after < 0:
        return LEVEL
    length, longer = divmod(YEAR - 2 * REFERENCE - 1, BLOCKS)
    border = longer * (length + 1)
    return after // (length + 1) + 1 if after < border else longer + (after - border) // length + 1


def _fitted_twice(y: Floats, levels: NDArray[np.int_], time: Floats | None) -> tuple[float, float]:
    """The expected number in the week and the dispersion, after the second fit."""
    n = len(y)
    free = n - len(set(levels.tolist())) - (time is not None)
    mu, hat, _ = _fit(y, levels, time, np.ones(n))
    phi = max(1.0, float(((y - mu) ** 2 / mu).sum()) / free)
    residual = 1.5 * (y ** (2 / 3) * mu ** (-1 / 6) - np.sqrt(mu)) / np.sqrt(phi * (1 - hat))
    weights = np.where(residual > 2.58, np.maximum(residual, 2.58) ** -2.0, 1.0)
    weights *= n / weights.sum()
    mu, _, expected = _fit(y, levels, time, weights)
    return expected, max(1.0, float((weights * (y - mu) ** 2 / mu).sum()) / free)


def _fit(y: Floats, levels: NDArray[np.int_], time: Floats | None, weights: Floats) -> tuple[Floats, Floats, float]:
    """Weighted Poisson fit with one column for each season that occurs: fitted, hat diagonal, expected in the week.

    Seasons without events have no finite coefficient: they stand at almost nothing and do not enter the fit.
    """
    mu, hat = np.full(len(y), NOTHING), np.zeros(len(y))
    happened = [level for level in sorted(set(levels.tolist())) if y[levels == level].sum() > 0]
    if not happened:
        return mu, hat, NOTHING
    rows = np.isin(levels, happened)
    columns = [(levels[rows] == level).astype(np.float64) for level in happened]
    x = np.column_stack(columns if time is None else [*columns, time[rows]])
    events, prior = y[rows], weights[rows]
    start = [np.log(np.average(y[levels == level], weights=weights[levels == level])) for level in happened]
    beta = np.array(start if time is None else [*start, 0.0])
    for _ in range(100):
        fitted = np.exp(x @ beta)
        root = np.sqrt(prior * fitted)
        step = np.linalg.lstsq(x * root[:, None], root * (events - fitted) / fitted, rcond=None)[0]
        beta = beta + np.clip(step, -3, 3)
        if np.abs(step).max() < 1e-11:
            break
    mu[rows] = np.maximum(np.exp(x @ beta), NOTHING)
    q, _ = np.linalg.qr(x * np.sqrt(prior * mu[rows])[:, None])
    hat[rows] = np.minimum((q**2).sum(axis=1), 1 - 1e-12)
    expected = float(np.exp(beta[happened.index(LEVEL)])) if LEVEL in happened else NOTHING
    return mu, hat, max(expected, NOTHING)
