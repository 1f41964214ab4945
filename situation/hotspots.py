"""Where inside an area: a pure figure over cells."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite, sqrt


def getis_ord(values: Sequence[float], neighbours: Sequence[Sequence[int]]) -> list[float]:
    """Getis-Ord Gi* per cell, a z value with binary weights; the cell itself is always counted, once.

    z = (sum w x - W xbar) / (s sqrt((n S1 - W^2) / (n - 1))), W = sum w, S1 = sum w^2, s the population's standard
    deviation. 0.0 where it is undefined (all cells alike, one cell, a cell whose neighbours are all cells).
    Source: Ord & Getis 1995, Geographical Analysis 27:286.
    """
    n = len(values)
    if len(neighbours) != n:
        raise ValueError("There must be one list of neighbours for each cell.")
    if not all(isfinite(x) for x in values):
        raise ValueError("Every cell must have a number.")
    if any(not 0 <= j < n for around in neighbours for j in around):
        raise ValueError("A neighbour must be one of the cells.")
    if n < 2 or min(values) == max(values):
        return [0.0] * n
    mean = sum(values) / n
    spread = sqrt(sum((x - mean) ** 2 for x in values) / n)
    result = []
    for i, around in enumerate(neighbours):
        cells = {i, *around}
        weight = len(cells)
        scale = spread * sqrt((n * weight - weight**2) / (n - 1))
        result.append((sum(values[j] for j in cells) - weight * mean) / scale if scale > 0 else 0.0)
    return result
