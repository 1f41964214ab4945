"""Gi* against its formula written with matrices, and where it is not defined."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from situation.hotspots import getis_ord

cells = st.integers(2, 12).flatmap(
    lambda n: st.tuples(
        st.lists(st.integers(0, 40), min_size=n, max_size=n),
        st.lists(st.lists(st.integers(0, n - 1), max_size=5), min_size=n, max_size=n),
    )
)


@given(cells)
def test_the_statistic_is_that_of_a_matrix_of_weights(given_cells: tuple[list[int], list[list[int]]]) -> None:
    values, neighbours = given_cells
    x, n = np.array(values, dtype=float), len(values)
    w = np.eye(n)
    for cell, others in enumerate(neighbours):
        w[cell, others] = 1
    total, squares, s = w.sum(1), (w**2).sum(1), x.std()
    spread = s * np.sqrt((n * squares - total**2) / (n - 1))
    oracle = np.divide(w @ x - total * x.mean(), spread, out=np.zeros(n), where=spread > 1e-12)
    assert getis_ord(values, neighbours) == pytest.approx(oracle.tolist(), abs=1e-9)


def test_a_cell_among_high_cells_is_hot() -> None:
    line = [[1], [0, 2], [1, 3], [2, 4], [3, 5], [4]]
    found = getis_ord([9, 8, 1, 0, 1, 0], line)
    assert max(found) == found[0] > 1.96
    assert found[4] < 0


def test_the_cell_itself_counts_once() -> None:
    assert getis_ord([5, 1, 1, 2], [[0, 1, 1], [0], [3], []]) == getis_ord([5, 1, 1, 2], [[1], [0, 1], [3, 3], [3]])


def test_it_is_zero_where_it_is_not_defined() -> None:
    assert getis_ord([0.1, 0.1, 0.1], [[1], [0], []]) == [0, 0, 0]  # nothing varies
    assert getis_ord([1, 2, 3], [[1, 2], [0], []])[0] == 0  # all are neighbours
    assert getis_ord([4], [[]]) == [0]
    assert getis_ord([], []) == []


@pytest.mark.parametrize(
    ("values", "neighbours", "said"),
    [
        ([1, 2], [[1]], "its list of neighbours"),
        ([1, 2], [[1], [2]], "not among the cells"),
        ([1, 2], [[-1], [0]], "not among the cells"),
        ([1, math.nan], [[1], [0]], "a finite number"),
    ],
)
def test_impossible_cells_are_refused_in_words(values: list[float], neighbours: list[list[int]], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        getis_ord(values, neighbours)
