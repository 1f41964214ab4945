"""The small-number rule."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from situation import small

TABLES = st.integers(1, 4).flatmap(
    lambda wide: st.lists(st.lists(st.integers(0, 12), min_size=wide, max_size=wide), min_size=1, max_size=5)
)


@given(TABLES)
def test_no_count_from_one_to_four_is_told(table: list[list[int]]) -> None:
    shown = small.protect(table)
    assert all(one is None or one == 0 or one >= 5 for row in shown for one in row)


@given(TABLES)
def test_what_is_told_is_true(table: list[list[int]]) -> None:
    for row, told in zip(table, small.protect(table), strict=True):
        assert all(said is None or said == count for count, said in zip(row, told, strict=True))


@given(TABLES)
def test_no_hidden_cell_can_be_worked_out_from_the_sums(table: list[list[int]]) -> None:
    shown = small.protect(table)
    hidden = {(y, x) for y, row in enumerate(shown) for x, one in enumerate(row) if one is None}
    for cell in hidden:
        start, goal = small.ends(table, cell)
        assert goal in _reached(table, hidden - {cell}, start)


def test_of_a_list_the_least_other_is_hidden_too() -> None:
    assert small.protect([[3], [9], [7], [0]]) == [[None], [9], [None], [0]]


def test_a_list_without_small_numbers_is_told_whole() -> None:
    assert small.protect([[5, 0], [8, 12]]) == [[5, 0], [8, 12]]


def _reached(table: list[list[int]], hidden: set[small.Cell], start: small.Node) -> set[small.Node]:
    joined = [small.ends(table, cell) for cell in hidden]
    reached = {start}
    for _round, (one, two) in itertools.product(range(len(joined)), joined):
        if one in reached or two in reached:
            reached |= {one, two}
    return reached
