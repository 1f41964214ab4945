"""Is this week's count unusual? Predictive intervals, improved Farrington, many tests at once, and what can be seen at all.

Plain numbers in, plain numbers out. Counts are events per week, weeks are indices into a series. SciPy is imported by
the first function that needs it, so that a web worker starts without it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from operator import index as whole
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

YEAR = 52  # weeks: "last year" is 364 days back by index, so that a year of 53 weeks moves nothing
LEAST_HISTORY = 8

WINDOW = 3  # Farrington: weeks on each side of the week of a year before
LEVELS = 10  # Farrington: levels of the season; the last is the window itself
LEFT_OUT = 26  # Farrington: the latest weeks, which an outbreak that is going on may have raised
UNUSUAL = 2.58  # Farrington: a residual above it loses weight

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


@dataclass(frozen=True)
class Predictive:
    """What a week like those of the baseline brings, in events per week."""

    mean: float
    variance: float
    low: int  # 10 % quantile: the normal interval is low-high
    high: int  # 90 % quantile
    limit: int  # 99 % quantile: a count above it is flagged
    lower_limit: int  # 1 % quantile: a count below it is flagged

    def p_at_least(self, y: int) -> float:
        """P(Y >= y), one-sided."""
        return float(_at_least(y, self.mean, self.variance))

    def p_at_most(self, y: int) -> float:
        """P(Y <= y), one-sided."""
        return float(_at_most(y, self.mean, self.variance))


@dataclass(frozen=True)
class Judgement:
    """A count beside its predictive distribution."""

    normal: Predictive
    p_high: float  # P(Y >= the count)
    p_low: float  # P(Y <= the count)
    by_chance: float  # that a normal week lies above the limit or below the lower one
    power: float  # that a week with twice the mean lies above the limit


@dataclass(frozen=True)
class Farrington:
    """The verdict of improved Farrington on one week."""

    limit: int  # events per week; a count above it is an alarm
    expected: float  # events per week
    dispersion: float
    p_value: float  # P(Y >= the count), one-sided
    trend: bool  # whether the fit has a trend
    alarm: bool


def predictive(baseline: Sequence[int], dispersion: float = 1.0, exposure: float | None = None) -> Predictive:
    """The Gamma-Poisson predictive distribution of a week, corrected for overdispersion.

    With n baseline counts (events per week) of sum S: mu = (S + 1/2)/n, V = dispersion (mu + mu^2/(S + 1/2)) and
    Y ~ NB(size = mu^2/(V - mu), prob = mu/V). A dispersion of 1 is exactly the Jeffreys prior Gamma(S + 1/2, n).
    Where lengths differ, the exposure takes the place of n: how many times as long as what is judged the baseline is.
    Source: `algo.bayes` of R's surveillance (Höhle 2007), with the variance times the dispersion.
    """
    counts = _counts(baseline)
    if not counts:
        raise ValueError("The baseline is empty: there is nothing to compare with.")
    n = len(counts) if exposure is None else exposure
    if not 0 < n < math.inf:
        raise ValueError("The exposure of a baseline is longer than nothing and not without end.")
    return judged([sum(counts)], [n], [_dispersion(dispersion)], [0])[0].normal


def judged(
    totals: Sequence[int], exposures: Sequence[float], dispersions: Sequence[float], counts: Sequence[int]
) -> list[Judgement]:
    """What `predictive` says of many counts at once, from the sums of their baselines: a picture has hundreds."""
    shape = np.array(totals, dtype=float) + 0.5
    mean = shape / np.array(exposures, dtype=float)
    variance = np.array(dispersions, dtype=float) * (mean + mean**2 / shape)
    quantiles = [_quantile(q, mean, variance) for q in (0.10, 0.90, 0.99, 0.01)]
    limit, lower, y = quantiles[2], quantiles[3], np.array(counts)
    columns = [
        _at_least(y, mean, variance),
        _at_most(y, mean, variance),
        _at_least(limit + 1, mean, variance) + _at_most(lower - 1, mean, variance),
        _at_least(limit + 1, 2 * mean, 2 * variance),
    ]
    normal = map(Predictive, *(column.tolist() for column in (mean, variance, *quantiles)))
    return list(map(Judgement, normal, *(column.tolist() for column in columns)))


def baseline_weeks(week: int, first_week: int = 0) -> list[int]:
    """The weeks to compare a week with, ascending; none when fewer than 8 weeks come before it.

    8-57 weeks of history: the 12 before. 58-109: the 6 before and 13 around the week 52 weeks ago. From 110 on: the 6
    before and 7 around each of the weeks 52 and 104 weeks ago.
    """
    history = week - first_week
    if history < LEAST_HISTORY:
        return []
    if history < 58:
        return list(range(max(first_week, week - 12), week))
    around = [(YEAR, 6)] if history < 110 else [(2 * YEAR, 3), (YEAR, 3)]
    windows = [range(week - back - half, week - back + half + 1) for back, half in around]
    return list(chain(*windows, range(week - 6, week)))


def pooled_dispersion(series: Sequence[tuple[Sequence[int], Sequence[int]]]) -> float:
    """The overdispersion of a category over all its areas, at least 1.

    Each area gives its observed weeks y and its baseline of n weeks with mean m, in events per week, the observed weeks
    outside the baseline: phi = sum (y - m)^2 / sum m (1 + 1/n), both sums over all. Nothing in any baseline: 1.
    """
    squares = expected = 0.0
    for observed, baseline in series:
        before = _counts(baseline)
        if not before:
            raise ValueError("The baseline of an area is empty: there is nothing to compare with.")
        n, m = len(before), sum(before) / len(before)
        weeks = _counts(observed)
        squares += sum((y - m) ** 2 for y in weeks)
        expected += len(weeks) * m * (1 + 1 / n)
    return max(1.0, squares / expected) if expected else 1.0


def farrington(counts: Sequence[int], week: int, years_back: int, alpha: float = 0.01) -> Farrington:
    """Improved Farrington with negative binomial limits for one week of a series of events per week.

    log mu = level of the season + trend, quasi-Poisson over the years back without the latest 26 weeks, fitted twice:
    the second time, weeks with a high Anscombe residual weigh less. The trend stays when three years support it and it
    does not lead above what was ever seen. Limit = 1 - alpha quantile of NB(mean mu, variance phi mu).
    Source: Noufaily et al. 2013, Stat Med 32:1206; `farringtonFlexible` of R's surveillance ("nbPlugin").
    """
    if years_back < 1:
        raise ValueError("At least one year back is needed.")
    if not 0 < alpha < 1:
        raise ValueError("The share of false alarms lies between 0 and 1.")
    if not 0 <= week < len(counts):
        raise ValueError("The week is not in the series.")
    first, last = week - YEAR * years_back - WINDOW, week - LEFT_OUT - 1
    if first < 0:
        raise ValueError(f"Too little history: {-first} more weeks are needed before the week.")
    checked = _counts(counts)
    now, y = checked[week], np.array(checked[first : last + 1], dtype=float)
    # relative to the week; blocks of the season that do not occur have no level
    t = np.arange(first - week, last - week + 1)
    _names, levels = np.unique(_levels(t), return_inverse=True)
    here = int(levels[0])  # the first weeks lie in the window, as the week itself does
    fit = _reweighted(y, t / YEAR, levels) if years_back >= 3 and y.any() else None
    trend = fit is not None and fit.converged and fit.at(here) <= float(y.max())
    if fit is None or not trend:
        fit = _reweighted(y, None, levels)
    mean, dispersion = fit.at(here), fit.dispersion
    variance = dispersion * mean
    limit = int(_quantile(1 - alpha, mean, variance)[0])
    return Farrington(limit, mean, dispersion, float(_at_least(now, mean, variance)), trend, now > limit)


def adjusted(p_values: Sequence[float]) -> list[float]:
    """Benjamini-Hochberg: p-values adjusted for how many tests were made, in the order given.

    The i-th smallest of m becomes the least p_(j) m/j over j >= i, so no two ever change places. A flag where the
    adjusted value is below q is false in a share q of cases. Source: Benjamini & Hochberg 1995, JRSS B 57:289.
    """
    if not all(0 <= p <= 1 for p in p_values):
        raise ValueError("A p-value lies between 0 and 1.")
    m = len(p_values)
    found = [1.0] * m
    least = 1.0
    for rank, position in reversed(list(enumerate(sorted(range(m), key=p_values.__getitem__), start=1))):
        least = min(least, p_values[position] * m / rank)
        found[position] = least
    return found


def power_to_detect(normal_per_week: float, factor: float = 2.0, dispersion: float = 1.0, alpha: float = 0.01) -> float:
    """The chance that one week `factor` times the normal is flagged: P(Y > the 1 - alpha quantile of a normal week).

    Exact, for counts with mean m and variance dispersion m: Poisson at 1, else negative binomial. Events per week.
    """
    if not 0 <= normal_per_week < math.inf or not 0 <= factor < math.inf:
        raise ValueError("The normal level and the factor cannot be negative or without end.")
    if not 0 < alpha < 1:
        raise ValueError("The share of false alarms lies between 0 and 1.")
    phi, mean = _dispersion(dispersion), normal_per_week * factor
    limit = int(_quantile(1 - alpha, normal_per_week, phi * normal_per_week)[0])
    return float(_at_least(limit + 1, mean, phi * mean))


def _counts(values: Iterable[int]) -> list[int]:
    try:
        counts = [whole(value) for value in values]
    except TypeError as error:
        raise ValueError("A count is a whole number.") from error
    if any(count < 0 for count in counts):
        raise ValueError("A count cannot be negative.")
    return counts


def _dispersion(given: float) -> float:
    if not 0 <= given < math.inf:
        raise ValueError("A dispersion is a finite number that is not negative.")
    return max(1.0, given)


def _at_least(y: Ints | int, mean: Floats | float, variance: Floats | float) -> Floats:
    """P(Y >= y) of Poisson (variance = mean) or negative binomial counts."""
    from scipy.special import betainc, gammainc

    over, size, share = _spread(mean, variance)
    at = np.maximum(y, 1)
    found = np.where(over, betainc(at, size, share), gammainc(at, mean))
    return np.where(np.less_equal(y, 0), 1.0, found)


def _at_most(y: Ints | int, mean: Floats | float, variance: Floats | float) -> Floats:
    """P(Y <= y), not as 1 - P(Y > y): small chances keep their digits."""
    from scipy.special import betaincc, gammaincc

    over, size, share = _spread(mean, variance)
    at = np.maximum(y, 0) + 1
    found = np.where(over, betaincc(at, size, share), gammaincc(at, mean))
    return np.where(np.less(y, 0), 0.0, found)


def _spread(mean: Floats | float, variance: Floats | float) -> tuple[NDArray[np.bool_], Floats, Floats]:
    """Whether it is a negative binomial, and then its size and 1 - prob; else anything possible."""
    more = np.subtract(variance, mean)
    over = more > 0
    return over, np.where(over, mean * (mean / np.where(over, more, 1)), 1), more / np.where(over, variance, 1)


def _quantile(q: float, mean: Floats | float, variance: Floats | float) -> Ints:
    """The smallest y with P(Y <= y) >= q, sought from the normal quantile corrected for skewness (Cornish-Fisher)."""
    mean, variance = np.atleast_1d(mean), np.atleast_1d(variance)
    z, sd = NormalDist().inv_cdf(q), np.sqrt(variance)
    skewness = (2 * variance - mean) / np.where(mean > 0, mean, 1)  # times the standard deviation
    found = np.maximum(mean + sd * z + skewness * (z * z - 1) / 6, 0).astype(np.intp)
    step = np.ones_like(found)
    below, enough = np.full_like(found, -1), np.full_like(found, -1)  # of the latter, -1 is not known yet
    open_ = np.arange(len(found))
    while len(open_):
        at = found[open_]
        short = _at_most(at, mean[open_], variance[open_]) < q
        below[open_] = np.where(short, at, below[open_])
        enough[open_] = np.where(short, enough[open_], at)
        open_ = open_[(enough[open_] < 0) | (enough[open_] - below[open_] > 1)]
        low, high, far = below[open_], enough[open_], step[open_]
        # away from what is known by ever longer steps, and by halves once it is known on both sides
        found[open_] = np.where(high < 0, low + far, np.maximum(high - far, (low + high) // 2))
        step[open_] = 2 * far
    return enough


def _levels(t: Ints) -> Ints:
    """The season by weeks before (negative) the week: 10 in the window of any year, 1-9 in the blocks between them."""
    block, longer = divmod(YEAR - 2 * WINDOW - 1, LEVELS - 1)
    ends = np.cumsum([block + (n < longer) for n in range(LEVELS - 1)])
    past = (t + WINDOW) % YEAR - 2 * WINDOW - 1  # weeks past the window before it; negative inside one
    return np.where(past < 0, LEVELS, 1 + np.searchsorted(ends, past, side="right"))


@dataclass(frozen=True)
class _Fit:
    mu: Floats
    hat: Floats
    constants: Floats  # log level where t = 0
    dispersion: float
    converged: bool

    def at(self, level: int) -> float:
        """Expected events in the week itself, where t = 0."""
        with np.errstate(over="ignore"):
            return float(max(np.exp(self.constants[level]), np.finfo(float).eps))


def _reweighted(y: Floats, t: Floats | None, levels: Ints) -> _Fit:
    """Fitted, and fitted again with less weight on the weeks that were unusually high."""
    fit = _quasi_poisson(y, t, levels, np.ones_like(y))
    spread = np.sqrt(fit.dispersion * np.maximum(1 - fit.hat, np.finfo(float).eps))
    residual = 1.5 * (y ** (2 / 3) * fit.mu ** (-1 / 6) - np.sqrt(fit.mu)) / spread
    weights = np.maximum(residual, UNUSUAL) ** -2.0
    weights[residual <= UNUSUAL] = 1.0
    return _quasi_poisson(y, t, levels, weights * (len(y) / weights.sum()))


def _quasi_poisson(y: Floats, t: Floats | None, levels: Ints, prior: Floats) -> _Fit:
    """log mu = constant of the level (+ slope t), by the iteration of R's `glm`: its start, its stop, its least mu.

    With one constant a level, each weighted least-squares step is a regression on t inside the levels.
    """
    eta = np.log(y + 0.1)
    mu, deviance, converged = y + 0.1, math.inf, False
    x = np.zeros_like(y) if t is None else t
    for _step in range(25):
        weights = prior * mu
        total = np.bincount(levels, weights)
        z = eta + (y - mu) / mu
        z_mean = np.bincount(levels, weights * z) / total
        x_mean = np.bincount(levels, weights * x) / total
        inside = x - x_mean[levels]
        spread = float(np.sum(weights * inside**2))
        slope = float(np.sum(weights * inside * (z - z_mean[levels]))) / spread if spread else 0.0
        constants = z_mean - slope * x_mean
        before, eta = eta, constants[levels] + slope * x
        hat = weights / total[levels] + (weights * inside**2 / spread if spread else 0.0)
        while eta.max() > 700:  # no number is that large: half the step, as often as needed
            eta = (eta + before) / 2
        mu = np.maximum(np.exp(eta), np.finfo(float).eps)
        last, deviance = deviance, _deviance(y, mu, prior)
        if abs(deviance - last) < 1e-8 * (abs(deviance) + 0.1):
            converged = True
            break
    pearson = float(np.sum(prior * (y - mu) ** 2 / mu))
    free = len(y) - len(total) - (t is not None)
    return _Fit(mu, hat, constants, max(1.0, pearson / free), converged)


def _deviance(y: Floats, mu: Floats, prior: Floats) -> float:
    return 2 * float(np.sum(prior * (y * np.log(np.where(y > 0, y, 1.0) / mu) - (y - mu))))
