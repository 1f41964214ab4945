"""The small-number rule for figures that leave the group: few is said as few, and no sum gives it back."""

from __future__ import annotations

import heapq
from collections.abc import Sequence

Node = tuple[str, int]
Cell = tuple[int, int]
FREE: Node = ("free", 0)  # all the sums that nobody knows
THRESHOLD = 5
LAST = 10**9  # a zero tells of nobody: it is hidden only where nothing else will do


def protect(table: Sequence[Sequence[int]], threshold: int = THRESHOLD) -> list[list[int | None]]:
    """The table with None for each cell that may not be told to one who knows the sum of every row and column.

    Hidden is every count from 1 to `threshold` - 1. A hidden cell can be worked out exactly when it lies on no ring
    of hidden cells (rows and columns as nodes, cells between them), so the cheapest ring is closed around each. A
    table of one row or one column has one sum; a single cell has none, and must be shown without its total.
    """
    if threshold < 1:
        raise ValueError("The threshold is at least 1.")
    if any(len(row) != len(table[0]) for row in table):
        raise ValueError("Every row has as many cells.")
    if any(count < 0 for row in table for count in row):
        raise ValueError("A count is never negative.")
    hidden = {(y, x) for y, row in enumerate(table) for x, count in enumerate(row) if 0 < count < threshold}
    for cell in sorted(hidden):
        hidden |= _ring(table, hidden, cell)
    return [[None if (y, x) in hidden else count for x, count in enumerate(row)] for y, row in enumerate(table)]


def ends(table: Sequence[Sequence[int]], cell: Cell) -> tuple[Node, Node]:
    """The sums a cell is part of."""
    y, x = cell
    return ("row", y) if len(table[0]) > 1 else FREE, ("column", x) if len(table) > 1 else FREE


def _ring(table: Sequence[Sequence[int]], hidden: set[Cell], cell: Cell) -> set[Cell]:
    """The other cells of the cheapest ring through this one; none where it is alone."""
    joined: dict[Node, list[tuple[Node, Cell]]] = {}
    for other in ((y, x) for y, row in enumerate(table) for x in range(len(row)) if (y, x) != cell):
        one, two = ends(table, other)
        joined.setdefault(one, []).append((two, other))
        joined.setdefault(two, []).append((one, other))
    start, goal = ends(table, cell)
    waiting: list[tuple[int, Node, tuple[Cell, ...]]] = [(0, start, ())]
    done: set[Node] = set()
    while waiting:
        cost, node, way = heapq.heappop(waiting)
        if node == goal:
            return set(way)
        if node not in done:
            done.add(node)
            for following, over in joined.get(node, []):
                price = 0 if over in hidden else table[over[0]][over[1]] or LAST
                heapq.heappush(waiting, (cost + price, following, (*way, over)))
    return set()
