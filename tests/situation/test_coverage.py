"""More disorder or more reporting: shares and changes add up, and what has no meaning is refused in words."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from situation.coverage import concentration, coverage, decompose, matched_change

numbers = st.integers(1, 10**6)
sources = st.dictionaries(st.sampled_from("abcdefg"), st.integers(0, 500))


@given(numbers, numbers, numbers, numbers)
def test_the_parts_of_a_change_add_up(n0: int, a0: int, n1: int, a1: int) -> None:
    found = decompose(n0, a0, n1, a1)
    assert found.total == pytest.approx(math.log(n1 / n0), abs=1e-9)
    assert found.reporter_part == pytest.approx(math.log(a1 / a0), abs=1e-9)
    assert found.intensity_part == pytest.approx(math.log((n1 / a1) / (n0 / a0)), abs=1e-9)
    assert found.total == pytest.approx(found.reporter_part + found.intensity_part)


def test_twice_the_reporters_with_twice_the_reports_is_only_reporting() -> None:
    found = decompose(20, 5, 40, 10)
    assert (found.reporter_part, found.intensity_part) == (pytest.approx(math.log(2)), pytest.approx(0))


@pytest.mark.parametrize("zero", range(4))
def test_a_change_from_nothing_is_not_divided(zero: int) -> None:
    figures = [10, 3, 12, 4]
    figures[zero] = 0
    with pytest.raises(ValueError, match="both periods have reports"):
        decompose(*figures)


def test_only_sources_of_both_periods_are_compared() -> None:
    found = matched_change({"school": 10, "guards": 10, "gone": 7}, {"guards": 12, "school": 9, "new": 30, "calm": 0})
    assert found.sources == ("guards", "school")
    assert found.change == pytest.approx(0.05)
    assert found.largest_contributor == "new"
    assert found.share_of_increase == pytest.approx(30 / 24)


def test_nobody_grew_and_nobody_made_an_increase() -> None:
    found = matched_change({"school": 10, "guards": 3}, {"school": 9, "guards": 3})
    assert (found.largest_contributor, found.share_of_increase) == (None, None)


def test_one_grew_though_all_together_did_not() -> None:
    found = matched_change({"school": 10, "guards": 3}, {"school": 5, "guards": 4})
    assert (found.largest_contributor, found.share_of_increase) == ("guards", None)


def test_of_two_that_grew_alike_the_first_by_name_is_told() -> None:
    assert matched_change({"b": 1, "a": 1}, {"b": 2, "a": 2}).largest_contributor == "a"


@given(sources, sources)
def test_the_matched_change_does_not_depend_on_the_order(before: dict[str, int], after: dict[str, int]) -> None:
    if not any(before[name] and after.get(name) for name in before):
        with pytest.raises(ValueError, match="No source reported in both"):
            matched_change(before, after)
        return
    turned = [dict(reversed(one.items())) for one in (before, after)]
    assert matched_change(before, after) == matched_change(*turned)


@given(sources.filter(lambda counts: sum(counts.values()) > 0))
def test_concentration_lies_between_equal_shares_and_one_source(counts: dict[str, int]) -> None:
    assert 1 / len(counts) - 1e-12 <= concentration(counts) <= 1 + 1e-12


def test_concentration_is_the_sum_of_squared_shares() -> None:
    assert concentration({"a": 5, "b": 3, "c": 2}) == pytest.approx(0.38)
    assert concentration({"a": 4}) == 1


def test_calm_counts_as_heard() -> None:
    assert coverage(10, 6, 2) == pytest.approx(0.8)
    assert coverage(4, 0, 0) == 0


@pytest.mark.parametrize("figures", [(0, 0, 0), (-1, 0, 0), (5, -1, 2), (5, 2, -1), (5, 4, 2)])
def test_an_impossible_coverage_is_refused(figures: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        coverage(*figures)


def test_negative_and_missing_reports_are_refused() -> None:
    for refused in (
        lambda: matched_change({"a": -1}, {"a": 1}),
        lambda: matched_change({"a": 1}, {"a": -1}),
        lambda: concentration({"a": -1}),
        lambda: concentration({}),
        lambda: concentration({"a": 0}),
    ):
        with pytest.raises(ValueError, match=r"\.$"):
            refused()
