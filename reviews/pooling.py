"""What worked, taken together: effects of one kind of intervention pooled over the places where it was tried.

Plain numbers in, a frozen value out. SciPy is imported by the function that needs it, so that a web worker starts
without it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

ENOUGH = 1e-10  # a step of tau^2 under it ends the search
MOST_STEPS = 100_000
NORMAL = 1.959963984540054  # the 97.5 % quantile

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Pooled:
    """A random-effects mean of k effects (log ratios), and how much the places differ."""

    mean: float
    se: float
    interval: tuple[float, float]  # 95 %
    prediction: tuple[float, float] | None  # 95 %, of the effect in a new place; None for one place
    tau2: float  # variance between places
    q: float  # Cochran's
    i2: float  # share of the variance that lies between places
    shrunken: tuple[float, ...]  # each place's own effect, drawn towards the mean
    k: int


def pool(effects: Sequence[float], variances: Sequence[float]) -> Pooled:
    """REML between places, the standard error the larger of Hartung-Knapp's and Wald's, with t on k - 1 degrees.

    The search repeats tau^2 <- max(0, sum w^2 ((y - m)^2 - v)/sum w^2 + 1/sum w) with w = 1/(v + tau^2) and the weighted
    mean m. One place is not pooled: its own effect and interval come back.
    Sources: Viechtbauer 2005, J Educ Behav Stat 30:261; Knapp & Hartung 2003, Stat Med 22:2693; Higgins & Thompson 2002,
    Stat Med 21:1539; Raudenbush 2009 (the shrunken effects).
    """
    y, v = np.array(effects, dtype=float), np.array(variances, dtype=float)
    k = len(y)
    if not k or len(v) != k:
        raise ValueError("There is at least one effect, and each has its variance.")
    if not (np.all(np.isfinite(y)) and np.all(np.isfinite(v)) and np.all(v > 0)):
        raise ValueError("An effect is a finite number, and its variance is finite and above 0.")
    if k == 1:
        se = math.sqrt(v[0])
        interval = (float(y[0]) - NORMAL * se, float(y[0]) + NORMAL * se)
        return Pooled(float(y[0]), se, interval, None, 0.0, 0.0, 0.0, (float(y[0]),), 1)
    from scipy.special import stdtrit

    tau2 = _between(y, v)
    mean, w = _mean(y, v, tau2)
    total = float(w.sum())
    hartung_knapp = float((w * (y - mean) ** 2).sum()) / ((k - 1) * total)
    se = math.sqrt(max(hartung_knapp, 1 / total))
    t = float(stdtrit(k - 1, 0.975))
    reach = t * math.sqrt(tau2 + se**2)
    fixed, alone = _mean(y, v, 0.0)
    q = float((alone * (y - fixed) ** 2).sum())
    typical = (k - 1) * alone.sum() / (alone.sum() ** 2 - (alone**2).sum())
    shrunken = mean + tau2 / (tau2 + v) * (y - mean)
    return Pooled(
        mean=mean,
        se=se,
        interval=(mean - t * se, mean + t * se),
        prediction=(mean - reach, mean + reach),
        tau2=tau2,
        q=q,
        i2=float(tau2 / (tau2 + typical)),
        shrunken=tuple(shrunken.tolist()),
        k=k,
    )


def _between(y: Floats, v: Floats) -> float:
    """tau^2 by restricted maximum likelihood, begun at Hedges' estimate."""
    tau2 = max(0.0, float(y.var(ddof=1) - v.mean()))
    for _step in range(MOST_STEPS):
        mean, w = _mean(y, v, tau2)
        new = float((w**2 * ((y - mean) ** 2 - v)).sum() / (w**2).sum() + 1 / w.sum())
        last, tau2 = tau2, max(0.0, new)
        if abs(tau2 - last) < ENOUGH:
            break
    return tau2


def _mean(y: Floats, v: Floats, tau2: float) -> tuple[float, Floats]:
    w = 1 / (v + tau2)
    return float((w * y).sum() / w.sum()), w
