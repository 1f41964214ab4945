"""Where the need is greatest: the prior fits, chances are right within their draws, and few events are not concentration."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.priority import ALIKE, gamma_prior, gini, probability_in_top, smoothed_rates


def _likelihood(counts: list[int], exposure: list[float], alpha: float, beta: float) -> float:
    return sum(
        math.lgamma(y + alpha) - math.lgamma(alpha) + alpha * math.log(beta / (beta + e)) + y * math.log(e / (beta + e))
        for y, e in zip(counts, exposure, strict=True)
    )


@given(st.integers(0, 10_000))
def test_no_prior_nearby_is_more_likely_than_the_one_found(seed: int) -> None:
    draw = np.random.default_rng(seed)
    exposure = [float(n) for n in draw.uniform(0.5, 4, 15)]
    counts = [int(draw.poisson(draw.gamma(2, 3) * e)) for e in exposure]
    alpha, beta = gamma_prior(counts, exposure)
    if alpha == ALIKE:
        return
    best = _likelihood(counts, exposure, alpha, beta)
    for a, b in ((1.01, 1), (0.99, 1), (1, 1.01), (1, 0.99), (1.01, 1.01)):
        assert best >= _likelihood(counts, exposure, alpha * a, beta * b) - 1e-9


def test_few_areas_or_no_events_give_a_vague_prior() -> None:
    assert gamma_prior([9, 1, 4, 0, 2, 3, 8], [1.0] * 7) == (0.5, 0.0)
    assert gamma_prior([0] * 12, [1.0] * 12) == (0.5, 0.0)


def test_areas_that_are_alike_have_no_finite_prior() -> None:
    alpha, beta = gamma_prior([5] * 10, [2.0] * 10)
    assert (alpha, alpha / beta) == (1e6, pytest.approx(2.5))


def test_a_small_area_is_drawn_towards_the_rest() -> None:
    found = smoothed_rates([10, 4, 30], [1000, 200, 4000])
    assert found[1] == pytest.approx(0.0088, abs=5e-5)
    assert smoothed_rates([2, 4, 8], [100, 200, 400]) == [pytest.approx(0.02)] * 3
    assert smoothed_rates([0, 0], [10, 20]) == [0.0, 0.0]


def test_the_chance_of_the_top_is_that_of_two_gammas() -> None:
    # P(Gamma(4.5, 1) > Gamma(2.5, 1)) is 1 - I(1/2; 4.5, 2.5)
    from scipy.special import betainc

    found = probability_in_top([4, 2], [1, 1], alpha=0.5, beta=0, top=1, draws=200_000)
    assert found[0] == pytest.approx(1 - betainc(4.5, 2.5, 0.5), abs=0.005)
    assert sum(found) == pytest.approx(1)


def test_influence_can_turn_the_order_and_nothing_can_come_first_by_its_place_alone() -> None:
    assert probability_in_top([30, 20], [1, 1], [1, 5], alpha=0.5, beta=0, top=1)[1] > 0.99
    even = probability_in_top([5] * 6, [1] * 6, [0] * 6, alpha=0.5, beta=0, top=3)
    assert all(share == pytest.approx(0.5, abs=0.3) for share in even)


def test_the_same_seed_gives_the_same_chances_and_all_are_in_when_all_fit() -> None:
    first, again = (probability_in_top([3, 9, 4, 5], [1] * 4, alpha=1, beta=1, seed=7) for _n in range(2))
    assert first == again
    assert sum(first) == pytest.approx(3)
    assert probability_in_top([0, 1], [1, 1], alpha=0.5, beta=0) == [1.0, 1.0]


def test_one_event_on_one_of_many_places_is_not_concentration() -> None:
    assert gini([1, 0, 0, 0]) == pytest.approx(0)
    assert gini([3, 3, 3]) == pytest.approx(0)
    assert gini([4, 0, 0, 0]) == pytest.approx(0.75)


@given(st.lists(st.integers(0, 50), min_size=1, max_size=30).filter(any))
def test_the_gini_of_any_counts_lies_between_even_and_all_on_one(counts: list[int]) -> None:
    assert -1e-9 <= gini(counts) < 1


@pytest.mark.parametrize("counts", [[], [-1, 2], [0, 0]])
def test_places_without_events_have_no_gini(counts: list[int]) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        gini(counts)


def test_an_area_without_inhabitants_has_no_rate() -> None:
    with pytest.raises(ValueError, match="exposure"):
        smoothed_rates([1, 2], [0, 10])
