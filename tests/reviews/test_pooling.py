"""Effects taken together: a published meta-analysis, what one and two places allow, and what holds of any."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.pooling import pool

# ill and well with and without the vaccine: Colditz et al. 1994, as in R's metafor (dat.bcg)
TRIALS = (
    *((4, 119, 11, 128), (6, 300, 29, 274), (3, 228, 11, 209), (62, 13536, 248, 12619), (33, 5036, 47, 5761)),
    *((180, 1361, 372, 1079), (8, 2537, 10, 619), (505, 87886, 499, 87892), (29, 7470, 45, 7232)),
    *((17, 1699, 65, 1600), (186, 50448, 141, 27197), (5, 2493, 3, 2338), (27, 16886, 29, 17825)),
)


def test_thirteen_trials_of_a_vaccine_pool_as_in_the_reference() -> None:
    effects = [math.log(a / (a + b) / (c / (c + d))) for a, b, c, d in TRIALS]
    found = pool(effects, [1 / a - 1 / (a + b) + 1 / c - 1 / (c + d) for a, b, c, d in TRIALS])
    assert (found.mean, found.se) == (pytest.approx(-0.7145, abs=5e-5), pytest.approx(0.1808, abs=5e-5))
    assert (found.tau2, found.q) == (pytest.approx(0.3132, abs=5e-5), pytest.approx(152.2330, abs=5e-5))
    assert (found.i2, found.k) == (pytest.approx(0.9222, abs=5e-5), 13)
    assert found.prediction is not None
    assert found.prediction[0] < found.interval[0] < found.mean < found.interval[1] < found.prediction[1]


def test_one_place_is_not_pooled() -> None:
    found = pool([-0.3], [0.04])
    assert (found.mean, found.se, found.prediction) == (-0.3, pytest.approx(0.2), None)
    assert found.interval == (pytest.approx(-0.3 - 0.2 * 1.959964), pytest.approx(-0.3 + 0.2 * 1.959964))
    assert (found.tau2, found.i2, found.q, found.shrunken) == (0, 0, 0, (-0.3,))


def test_places_that_are_alike_are_not_surer_than_their_counts_allow() -> None:
    found = pool([-0.2, -0.2, -0.2], [0.04, 0.04, 0.04])
    assert (found.tau2, found.se) == (0, pytest.approx(math.sqrt(0.04 / 3)))
    assert found.shrunken == (pytest.approx(-0.2),) * 3


several = st.lists(
    st.tuples(st.floats(-2, 2, allow_nan=False), st.floats(0.01, 2, allow_nan=False)), min_size=2, max_size=12
)


@given(several)
def test_each_place_is_drawn_towards_the_mean_and_never_past_it(places: list[tuple[float, float]]) -> None:
    effects, variances = zip(*places, strict=True)
    found = pool(effects, variances)
    for own, drawn in zip(effects, found.shrunken, strict=True):
        assert min(own, found.mean) - 1e-9 <= drawn <= max(own, found.mean) + 1e-9
    assert found.tau2 >= 0
    assert 0 <= found.i2 < 1


@given(several)
def test_the_likelihood_is_no_higher_beside_what_was_found(places: list[tuple[float, float]]) -> None:
    effects, variances = zip(*places, strict=True)
    tau2 = pool(effects, variances).tau2

    def likelihood(t: float) -> float:
        w = [1 / (v + t) for v in variances]
        m = sum(a * b for a, b in zip(w, effects, strict=True)) / sum(w)
        spread = sum(a * (b - m) ** 2 for a, b in zip(w, effects, strict=True))
        return sum(map(math.log, w)) / 2 - math.log(sum(w)) / 2 - spread / 2

    for step in (1e-3, 1e-2):
        assert likelihood(tau2) >= likelihood(tau2 + step) - 1e-9
        assert tau2 < step or likelihood(tau2) >= likelihood(tau2 - step) - 1e-9


@pytest.mark.parametrize(("effects", "variances"), [([], []), ([1.0], []), ([1.0], [0.0]), ([math.nan], [1.0])])
def test_what_cannot_be_pooled_is_refused(effects: list[float], variances: list[float]) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        pool(effects, variances)
