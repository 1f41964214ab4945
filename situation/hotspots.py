"""Where inside an area? A statistic for cells that lie among cells with many events."""

from __future__ import annotations

import math
from collections.abc import Sequence


def getis_ord(values: Sequence[float], neighbours: Sequence[Sequence[int]]) -> list[float]:
    """Gi* of each cell: how far the sum over it and its neighbours lies from what its size would bring, as z.

    z = (sum w x - W mean) / (s sqrt((n S1 - W^2)/(n - 1))) with binary weights, the cell itself once, W = S1 = the
    number of cells summed, s the population standard deviation of all n values (events per cell). 0.0 where it is not
    defined: all values alike, or all cells neighbours. Source: Ord & Getis 1995, Geogr Anal 27:286.
    """
    n = len(values)
    if len(neighbours) != n:
        raise ValueError("Each cell needs its list of neighbours.")
    if not all(math.isfinite(value) for value in values):
        raise ValueError("The value of a cell is a finite number.")
    around = [{cell, *others} for cell, others in enumerate(neighbours)]
    if not all(0 <= cell < n for cells in around for cell in cells):
        raise ValueError("A neighbour is not among the cells.")
    if n < 2 or min(values) == max(values):
        return [0.0] * n
    mean = math.fsum(values) / n
    deviation = math.sqrt(math.fsum((value - mean) ** 2 for value in values) / n)
    found = []
    for cells in around:
        w = len(cells)
        spread = deviation * math.sqrt(w * (n - w) / (n - 1))
        found.append((math.fsum(values[cell] for cell in cells) - w * mean) / spread if spread else 0.0)
    return found
