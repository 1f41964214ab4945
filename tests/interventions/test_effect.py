"""Did it help? Published examples, what holds of any counts, and words for what has no ratio."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from interventions.effect import (
    _Panel,
    difference_in_differences,
    interrupted_time_series,
    minimum_detectable_ratio,
    regression_to_mean,
    relative_rate_ratio,
    single_area_ratio,
    weighted_displacement_difference,
    weighted_displacement_quotient,
)

counts = st.integers(0, 500)
some = st.integers(1, 500)


def test_a_fall_beside_a_smaller_fall_is_not_yet_clear() -> None:
    found = relative_rate_ratio((80, 48), (100, 90))
    assert (found.ratio, found.se) == (pytest.approx(2 / 3), pytest.approx(0.2333333, abs=1e-6))
    assert found.interval == (pytest.approx(0.422, abs=1e-3), pytest.approx(1.053, abs=1e-3))
    assert (found.change, found.corrected) == (pytest.approx(-1 / 3), False)


@given(some, some, some, some)
def test_the_ratio_the_other_way_round_is_its_inverse(a: int, b: int, c: int, d: int) -> None:
    there, back = relative_rate_ratio((a, b), (c, d)), relative_rate_ratio((b, a), (d, c))
    assert there.log_ratio == pytest.approx(-back.log_ratio, abs=1e-12)
    assert (there.se, there.p_value) == (pytest.approx(back.se), pytest.approx(back.p_value))


def test_a_zero_adds_a_half_to_all_four_and_says_so() -> None:
    found = relative_rate_ratio((8, 0), (10, 9))
    assert found.corrected
    assert found.ratio == pytest.approx((0.5 / 8.5) / (9.5 / 10.5))
    assert found.se == pytest.approx(math.sqrt(1 / 0.5 + 1 / 8.5 + 1 / 9.5 + 1 / 10.5))


def test_overdispersion_widens_and_less_than_poisson_does_not_narrow() -> None:
    plain, wide, narrow = (relative_rate_ratio((80, 48), (100, 90), phi) for phi in (1.0, 4.0, 0.2))
    assert (wide.se, narrow.se) == (pytest.approx(2 * plain.se), plain.se)


def test_one_area_alone_has_an_exact_interval() -> None:
    found = single_area_ratio(80, 48, 10, 20)
    assert found.ratio == pytest.approx(0.3)
    assert found.interval[0] < 0.3 < found.interval[1]
    assert found.p_value < 1e-6


def test_none_before_or_after_gives_an_interval_with_one_end() -> None:
    none_after, none_before = single_area_ratio(5, 0, 4, 4), single_area_ratio(0, 5, 4, 4)
    assert (none_after.ratio, none_after.interval[0], none_after.log_ratio) == (0, 0, -math.inf)
    assert (none_before.ratio, none_before.interval[1], none_before.se) == (math.inf, math.inf, math.inf)
    assert none_after.interval[1] == pytest.approx(1 / none_before.interval[0])


@given(st.lists(counts, min_size=8, max_size=8).filter(any))
def test_a_displacement_difference_is_the_sum_of_its_halves(n: list[int]) -> None:
    pairs = list(zip(n[::2], n[1::2], strict=True))
    found = weighted_displacement_difference(*pairs)
    assert found.estimate == found.local + found.displaced
    assert found.se == pytest.approx(math.sqrt(sum(n)))
    assert found.z == pytest.approx(found.estimate / found.se)


def test_displacement_smaller_than_the_gain() -> None:
    found = weighted_displacement_quotient((60, 36), (50, 48), (200, 190))
    assert (found.success, found.buffer) == (pytest.approx(-0.110526, abs=1e-6), pytest.approx(0.002632, abs=1e-6))
    assert (found.quotient, found.total_net_effect) == (pytest.approx(-0.02381, abs=1e-5), pytest.approx(20.5))
    assert (found.gross_effect, found.net_effect) == (24, pytest.approx(0.110526, abs=1e-6))


def test_without_success_there_is_no_quotient() -> None:
    assert weighted_displacement_quotient((36, 60), (50, 48), (200, 190)).quotient is None


def test_the_prior_draws_a_high_place_back_to_what_it_would_have_been() -> None:
    found = regression_to_mean(30, 20, 13, 13, alpha=4, beta=4)
    assert found.expected_without_effect == pytest.approx(26)
    assert found.share_of_before == pytest.approx(1 - 26 / 30)
    scatter = 34 / 17**2 * 13**2 / 26**2
    assert found.ratio == pytest.approx(20 / 26 / (1 + scatter))
    variance = found.ratio**2 * (1 / 20 + scatter) / (1 + scatter) ** 2
    assert found.se == pytest.approx(math.sqrt(variance))
    assert found.interval[0] == pytest.approx(found.ratio - 1.96 * found.se)


def _panel(seed: int, areas: int = 6, periods: int = 8) -> list[tuple[str, int, int]]:
    draw = np.random.default_rng(seed)
    return [(chr(97 + a), t, int(draw.poisson(4 + a))) for a in range(areas) for t in range(periods)]


@given(st.integers(0, 10_000))
def test_in_a_whole_panel_the_model_gives_the_ratio_of_the_four_sums(seed: int) -> None:
    rows = _panel(seed)
    panel, chosen = _Panel(rows, 4), frozenset("ab")
    log_ratio, variance = panel.effect(chosen) or (math.nan, math.nan)
    _mu, coefficients, covariance = panel._fitted(panel.chosen(chosen))
    assert coefficients[-1] == pytest.approx(log_ratio, abs=1e-7)
    assert covariance[-1, -1] == pytest.approx(variance, rel=1e-6)
    sums = {
        (here, after): sum(n for area, t, n in rows if (area in "ab") is here and (t >= 4) is after)
        for here in (True, False)
        for after in (True, False)
    }
    plain = relative_rate_ratio((sums[True, False], sums[True, True]), (sums[False, False], sums[False, True]))
    assert log_ratio == pytest.approx(plain.log_ratio)


def test_every_set_of_as_many_areas_stands_in_for_the_treated() -> None:
    found = difference_in_differences(_panel(1), {"a", "b"}, 4)
    assert len(found.placebos) == math.comb(6, 2)
    as_large = sum(abs(one) >= abs(found.log_ratio) - 1e-9 for one in found.placebos)
    assert found.placebo_p == pytest.approx(as_large / 15)


def test_a_set_with_an_empty_sum_has_no_effect_and_is_left_out() -> None:
    rows = [(area, t, 0 if area == "f" and t >= 4 else n) for area, t, n in _panel(1)]
    found = difference_in_differences(rows, {"a"}, 4)
    assert len(found.placebos) == 5


def test_a_panel_with_a_missing_count_is_fitted() -> None:
    rows = _panel(3)
    whole, holed = (difference_in_differences(some, {"a", "b"}, 4) for some in (rows, rows[1:]))
    assert holed.log_ratio != whole.log_ratio
    assert holed.log_ratio == pytest.approx(whole.log_ratio, abs=0.3)
    assert len(holed.placebos) == len(list(combinations("abcdef", 2)))


def test_a_step_in_a_series_is_found_with_its_season() -> None:
    t = np.arange(60)
    mean = np.exp(4 + 0.2 * np.sin(2 * np.pi * t / 12) - 0.5 * (t >= 36))
    found = interrupted_time_series([round(n) for n in mean], 36, harmonics=1)
    assert found.ratio == pytest.approx(math.exp(-0.5), abs=0.02)
    assert (found.dispersion, abs(found.autocorrelation) < 0.5) == (1.0, True)


def test_twice_the_exposure_is_not_a_step() -> None:
    series = [10] * 12 + [20] * 12
    found = interrupted_time_series(series, 12, exposure=[1.0] * 12 + [2.0] * 12)
    assert found.ratio == pytest.approx(1, abs=1e-6)


def test_a_slope_that_changes_is_no_step() -> None:
    series = [round(math.exp(5 - 0.03 * max(0, t - 24))) for t in range(48)]
    assert interrupted_time_series(series, 24, slope=True).ratio == pytest.approx(1, abs=0.02)


def test_what_can_be_detected_grows_with_the_counts() -> None:
    assert minimum_detectable_ratio([80, 80, 100, 100]) == pytest.approx(math.exp(-2.8 * math.sqrt(2 / 80 + 2 / 100)))
    assert minimum_detectable_ratio([8, 8, 10, 10]) < minimum_detectable_ratio([80, 80, 100, 100])


def test_what_has_no_ratio_is_refused_in_words() -> None:
    for refused in (
        lambda: relative_rate_ratio((0, 0), (0, 0)),
        lambda: relative_rate_ratio((-1, 2), (3, 4)),
        lambda: single_area_ratio(0, 0, 1, 1),
        lambda: single_area_ratio(1, 1, 0, 1),
        lambda: weighted_displacement_difference((0, 0), (0, 0)),
        lambda: weighted_displacement_difference((1, 2), (3, 4), None, (1, 1)),
        lambda: weighted_displacement_quotient((1, 2), (3, 4), (0, 4)),
        lambda: regression_to_mean(0, 3, 4, 4, 1, 1),
        lambda: regression_to_mean(3, 3, 4, 4, -1, 1),
        lambda: difference_in_differences(_panel(1), set(), 4),
        lambda: difference_in_differences(_panel(1), {"z"}, 4),
        lambda: difference_in_differences(_panel(1), {"a"}, 9),
        lambda: difference_in_differences([*_panel(1), ("a", 1, 1)], {"a"}, 4),
        lambda: difference_in_differences([("a", 0, 0), ("a", 1, 2), ("b", 0, 1), ("b", 1, 2)], {"a"}, 1),
        lambda: interrupted_time_series([1, 2, 3], 3),
        lambda: interrupted_time_series([0, 0, 3, 4, 5], 2),
        lambda: interrupted_time_series([1, 2, 3], 1),
        lambda: interrupted_time_series([1, 2, 3, 4, 5], 2, exposure=[1, 1, 0, 1, 1]),
        lambda: minimum_detectable_ratio([3, 0]),
    ):
        with pytest.raises(ValueError, match=r"\.$"):
            refused()
