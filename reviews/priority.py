"""Where is the need greatest, and how sure is the order? Smoothed rates, chances of the top, concentration.

Plain numbers in, plain numbers out. Counts are events, exposure is what they are spread over (area-weeks, inhabitants).
SciPy is imported by the function that needs it, so that a web worker starts without it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from operator import index as whole

import numpy as np
from numpy.typing import NDArray

LEAST_AREAS = 8  # under it, a prior is not fitted
VAGUE = (0.5, 0.0)
ALIKE = 1e6  # alpha where areas do not differ beyond chance
AT_A_TIME = 2_000  # draws, so that memory does not grow with them

Floats = NDArray[np.float64]


def gamma_prior(counts: Sequence[int], exposure: Sequence[float]) -> tuple[float, float]:
    """alpha and beta of the Gamma prior of the rates, by maximum likelihood of y ~ NB(alpha, beta/(beta + e)).

    (0.5, 0.0) under 8 areas or without events. Counts no more variable than Poisson have no finite maximum: alpha = 1e6
    and beta = alpha sum e/sum y. Source: Clayton & Kaldor 1987, Biometrics 43:671.
    """
    y, e = _counts(counts), _exposure(exposure, len(counts))
    if len(y) < LEAST_AREAS or not y.any():
        return VAGUE
    rate = y.sum() / e.sum()
    expected = rate * e
    if ((y - expected) ** 2 - y).sum() <= 0:
        return ALIKE, float(ALIKE / rate)
    from scipy.optimize import brentq
    from scipy.special import digamma

    def beta_of(alpha: float) -> float:
        """Where the likelihood does not change with beta: sum of alpha/beta - (alpha + y)/(beta + e) = 0."""
        middle = math.log(alpha / rate)
        return math.exp(_root(lambda b: float((alpha * e / math.exp(b) - y) @ (1 / (math.exp(b) + e))), middle))

    def slope(log_alpha: float) -> float:
        """Of the likelihood in alpha, with the best beta of each."""
        alpha = math.exp(log_alpha)
        beta = beta_of(alpha)
        return float((digamma(y + alpha) - digamma(alpha) + np.log(beta / (beta + e))).sum())

    low, high = math.log(1e-6), math.log(ALIKE)
    if slope(high) >= 0:
        return ALIKE, float(ALIKE / rate)
    alpha = math.exp(brentq(slope, low, high, xtol=1e-13, rtol=1e-14))
    return alpha, beta_of(alpha)


def smoothed_rates(counts: Sequence[int], population: Sequence[float]) -> list[float]:
    """Events per inhabitant, each area drawn towards the mean of all by how little it says itself.

    m = sum y/sum n, s2 = sum n (r - m)^2/sum n, a = max(0, s2 - m/mean n): m + a/(a + m/n) (r - m). Where a is 0 there are
    no certain differences and every area gets m. Source: Marshall 1991, Appl Stat 40:283 (global).
    """
    y, n = _counts(counts), _exposure(population, len(counts))
    m = y.sum() / n.sum()
    if not m:
        return [0.0] * len(y)
    r = y / n
    between = max(0.0, float((n * (r - m) ** 2).sum() / n.sum() - m / n.mean()))
    return [float(rate) for rate in m + between / (between + m / n) * (r - m)]


def probability_in_top(
    counts: Sequence[int],
    exposure: Sequence[float],
    influence: Sequence[float] | None = None,
    *,
    alpha: float,
    beta: float,
    dispersion: float = 1.0,
    top: int = 3,
    draws: int = 20_000,
    seed: int = 0,
) -> list[float]:
    """The chance of each area to be among the highest: rate times influence, drawn from what the counts allow.

    lambda ~ Gamma(shape y/phi + alpha, rate e/phi + beta), phi at least 1. The same seed gives the same chances.
    """
    y, e = _counts(counts), _exposure(exposure, len(counts))
    n = len(y)
    weight = np.ones(n) if influence is None else np.array(influence, dtype=float)
    if len(weight) != n or not np.all((weight >= 0) & np.isfinite(weight)):
        raise ValueError("Each area has an influence that is not negative.")
    if not (0 <= alpha < math.inf and 0 <= beta < math.inf and 0 <= dispersion < math.inf):
        raise ValueError("The prior and the dispersion are finite and not negative.")
    if top < 1 or draws < 1:
        raise ValueError("At least one area is at the top, and at least one draw is made.")
    if n <= top:
        return [1.0] * n
    phi = max(1.0, dispersion)
    draw = np.random.default_rng(seed)
    found = np.zeros(n)
    for first in range(0, draws, AT_A_TIME):
        many = min(AT_A_TIME, draws - first)
        order = draw.permutation(n)  # of two that are alike, neither is always first
        rates = draw.gamma(y[order] / phi + alpha, weight[order] / (e[order] / phi + beta), (many, n))
        found[order] += np.bincount(np.argpartition(-rates, top - 1, axis=1)[:, :top].ravel(), minlength=n)
    return [float(share) for share in found / draws]


def gini(counts: Sequence[int]) -> float:
    """How unevenly events fall on places: 0 alike, towards 1 all on one; one count per place.

    G' = max(1/c, 1/n) (2 sum i y - n - 1) - max(n/c, 1) + 1 with sorted shares y, c events and n places, so that fewer
    events than places are not taken for concentration. Source: Bernasco & Steenbeek 2017, J Quant Criminol 33:451.
    """
    y = np.sort(_counts(counts))
    c, n = float(y.sum()), len(y)
    if not c:
        raise ValueError("There are no events to be spread over the places.")
    above = 2 * float(np.arange(1, n + 1) @ (y / c)) - n - 1
    return max(1 / c, 1 / n) * above - max(n / c, 1.0) + 1


def _root(f: Callable[[float], float], start: float) -> float:
    """Where a function that goes from above 0 to below it, or the other way, crosses; sought outwards from a start."""
    from scipy.optimize import brentq

    reach = 1.0
    while f(start - reach) * f(start + reach) > 0:
        reach *= 2
    return float(brentq(f, start - reach, start + reach, xtol=1e-14, rtol=1e-14))


def _counts(values: Sequence[int]) -> Floats:
    try:
        counts = np.array([whole(value) for value in values], dtype=float)
    except TypeError as error:
        raise ValueError("A count is a whole number.") from error
    if not len(counts):
        raise ValueError("There is at least one area.")
    if np.any(counts < 0):
        raise ValueError("A count cannot be negative.")
    return counts


def _exposure(values: Sequence[float], n: int) -> Floats:
    exposure = np.array(values, dtype=float)
    if len(exposure) != n or not np.all((exposure > 0) & np.isfinite(exposure)):
        raise ValueError("Each area has an exposure above 0.")
    return exposure
