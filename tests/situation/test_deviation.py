"""Whether a week is unusual: the worked examples, SciPy's own distributions as the oracle, and what always holds."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from situation.deviation import Predictive, adjusted, baseline_weeks, pooled_dispersion, power_to_detect, predictive

EXAMPLE = [4, 3, 5, 2, 4, 6, 3, 4]

baselines = st.lists(st.integers(0, 300), min_size=1, max_size=30)
dispersions = st.floats(1, 20)
p_values = st.lists(st.floats(0, 1), max_size=40)


def test_the_worked_example_of_eight_weeks() -> None:
    found = predictive(EXAMPLE)
    assert round(found.mean, 2) == 3.94
    assert (found.low, found.high, found.limit) == (1, 7, 10)
    assert round(found.p_at_least(10), 4) == 0.0115


@given(baselines, st.integers(0, 400))
def test_without_overdispersion_it_is_the_jeffreys_predictive(baseline: list[int], y: int) -> None:
    n = len(baseline)
    oracle = stats.nbinom(sum(baseline) + 0.5, n / (n + 1))
    found = predictive(baseline)
    assert found.p_at_least(y) == pytest.approx(oracle.sf(y - 1), rel=1e-9, abs=1e-300)
    assert found.p_at_most(y) == pytest.approx(oracle.cdf(y), rel=1e-9, abs=1e-300)
    assert (found.mean, found.variance) == pytest.approx((oracle.mean(), oracle.var()))


@given(baselines, dispersions)
def test_a_quantile_is_the_smallest_count_that_reaches_it(baseline: list[int], dispersion: float) -> None:
    found = predictive(baseline, dispersion)
    oracle = stats.nbinom(found.mean**2 / (found.variance - found.mean), found.mean / found.variance)
    for q, y in zip((0.01, 0.10, 0.90, 0.99), bounds(found), strict=True):
        assert oracle.cdf(y) >= q - 1e-9
        assert oracle.cdf(y - 1) < q + 1e-9


def bounds(found: Predictive) -> tuple[int, int, int, int]:
    return found.lower_limit, found.low, found.high, found.limit


@given(baselines, dispersions, st.integers(-2, 400))
def test_a_higher_count_is_never_less_unusual(baseline: list[int], dispersion: float, y: int) -> None:
    found = predictive(baseline, dispersion)
    assert found.p_at_least(y + 1) <= found.p_at_least(y) <= 1
    assert 0 <= found.p_at_most(y) <= found.p_at_most(y + 1) <= 1
    assert found.p_at_least(y + 1) + found.p_at_most(y) == pytest.approx(1)


@given(baselines, st.integers(0, 29))
def test_a_higher_baseline_never_lowers_the_limits(baseline: list[int], where: int) -> None:
    more = list(baseline)
    more[where % len(more)] += 1
    assert all(a <= b for a, b in zip(bounds(predictive(baseline)), bounds(predictive(more)), strict=True))


def test_weeks_without_any_event_give_a_limit_above_zero() -> None:
    found = predictive([0] * 12)
    assert bounds(found) == (0, 0, 0, 1)
    assert (found.p_at_least(0), found.p_at_most(-1)) == (1, 0)


def test_a_baseline_of_other_length_counts_by_its_exposure() -> None:
    single, double = predictive([2, 4, 3, 5, 1, 3, 2, 4]), predictive([6, 8, 4, 6], exposure=8)
    assert double == single
    with pytest.raises(ValueError, match="The exposure of a baseline"):
        predictive([3], exposure=0)


def test_a_dispersion_under_one_counts_as_one() -> None:
    assert predictive(EXAMPLE, 0.3) == predictive(EXAMPLE)


@pytest.mark.parametrize(
    ("baseline", "dispersion", "said"),
    [
        ([], 1.0, "The baseline is empty"),
        ([3, -1], 1.0, "cannot be negative"),
        ([3, 1.5], 1.0, "a whole number"),
        ([3, None], 1.0, "a whole number"),
        ([3], float("nan"), "A dispersion is"),
        ([3], float("inf"), "A dispersion is"),
        ([3], -1.0, "A dispersion is"),
    ],
)
def test_an_impossible_baseline_is_refused_in_words(baseline: list[int], dispersion: float, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        predictive(baseline, dispersion)


@pytest.mark.parametrize(
    ("week", "first_week", "weeks"),
    [
        (0, 0, []),
        (7, 0, []),
        (107, 100, []),
        (8, 0, [*range(8)]),
        (11, 0, [*range(11)]),
        (12, 0, [*range(12)]),
        (57, 0, [*range(45, 57)]),
        (58, 0, [*range(13), *range(52, 58)]),
        (109, 0, [*range(51, 64), *range(103, 109)]),
        (110, 0, [*range(3, 10), *range(55, 62), *range(104, 110)]),
        (210, 100, [*range(103, 110), *range(155, 162), *range(204, 210)]),
    ],
)
def test_the_baseline_follows_the_length_of_the_history(week: int, first_week: int, weeks: list[int]) -> None:
    assert baseline_weeks(week, first_week) == weeks


@given(st.integers(-300, 300), st.integers(-300, 300))
def test_a_baseline_lies_inside_the_history_and_ascends(week: int, first_week: int) -> None:
    weeks = baseline_weeks(week, first_week)
    assert weeks == sorted(set(weeks))
    assert all(first_week <= one < week for one in weeks)
    assert bool(weeks) == (week - first_week >= 8)


def test_the_pooled_dispersion_is_a_ratio_of_sums() -> None:
    # area 1: m = 2, (6-2)^2 = 16 against 2 (1 + 1/2) = 3; area 2: m = 4, 1 + 0 against twice 4 (1 + 1/4) = 10
    assert pooled_dispersion([([6], [1, 3]), ([5, 4], [4, 4, 4, 4])]) == pytest.approx(17 / 13)


def test_the_pooled_dispersion_finds_that_of_simulated_weeks() -> None:
    chance = random.Random(
        4
    )  # the variance of a number drawn from Gamma(shape 5) of mean 10 adds 10^2/5 to the Poisson's
    draw = stats.nbinom(5, 1 / 3)
    series = []
    for area in range(400):
        counts = draw.rvs(20, random_state=chance.randrange(2**31) + area).tolist()
        series.append((counts[12:], counts[:12]))
    assert pooled_dispersion(series) == pytest.approx(3, rel=0.1)


def test_nothing_in_any_baseline_has_no_overdispersion() -> None:
    assert pooled_dispersion([([3, 0], [0, 0, 0])]) == 1
    assert pooled_dispersion([]) == 1
    assert pooled_dispersion([([3, 3], [3, 3, 3])]) == 1


def test_an_area_without_a_baseline_has_no_dispersion() -> None:
    with pytest.raises(ValueError, match="The baseline of an area is empty"):
        pooled_dispersion([([1], [1]), ([1], [])])


@given(p_values)
def test_adjusted_values_are_those_of_benjamini_and_hochberg(given_values: list[float]) -> None:
    oracle = stats.false_discovery_control(given_values).tolist() if given_values else []
    assert adjusted(given_values) == pytest.approx(oracle, rel=1e-12, abs=1e-300)


@given(p_values)
def test_the_adjustment_never_reorders_nor_makes_smaller(given_values: list[float]) -> None:
    pairs = sorted(zip(given_values, adjusted(given_values), strict=True))
    assert [after for _p, after in pairs] == sorted(after for _p, after in pairs)
    assert all(p * (1 - 1e-12) <= after <= 1 for p, after in pairs)


@pytest.mark.parametrize("impossible", [-0.1, 1.1, float("nan")])
def test_what_is_no_chance_is_not_adjusted(impossible: float) -> None:
    with pytest.raises(ValueError, match="A p-value lies between"):
        adjusted([0.5, impossible])


@pytest.mark.parametrize(
    ("dispersion", "percent"), [(1.0, [2, 5, 11, 28, 53, 69, 91, 100]), (1.8, [3, 3, 6, 12, 24, 39, 64, 93])]
)
def test_the_table_of_what_a_doubling_needs(dispersion: float, percent: list[int]) -> None:
    found = [power_to_detect(normal, dispersion=dispersion) for normal in (0.5, 1, 2, 4, 8, 12, 20, 40)]
    assert [round(100 * power) for power in found] == percent


@given(st.floats(0.05, 80), st.floats(0.01, 5), st.floats(1.01, 8))
def test_the_power_is_that_of_two_negative_binomials(normal: float, factor: float, phi: float) -> None:
    limit = stats.nbinom(normal / (phi - 1), 1 / phi).ppf(0.99)
    oracle = stats.nbinom(normal * factor / (phi - 1), 1 / phi).sf(limit)
    assert power_to_detect(normal, factor, phi) == pytest.approx(oracle, rel=1e-8, abs=1e-12)


def test_where_nothing_is_normal_a_doubling_of_nothing_is_not_seen() -> None:
    assert power_to_detect(0) == 0


@pytest.mark.parametrize("arguments", [(-1.0,), (float("nan"),), (1.0, -2.0), (1.0, 2.0, -1.0), (1.0, 2.0, 1.0, 0.0)])
def test_an_impossible_level_has_no_power(arguments: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        power_to_detect(*arguments)
