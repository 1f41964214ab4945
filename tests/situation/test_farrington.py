"""Improved Farrington gives what R gives.

farrington.json holds simulated series (seasons, trends, outbreaks, weeks without events) with what
`farringtonFlexible` of surveillance 1.20.3 says of their last week (w = 3, ten periods, 26 weeks left out, weights
2.58, threshold "nbPlugin", any trend). R takes its dispersion one step before the fit has settled: digits differ from
the fifth on.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from situation.deviation import farrington

REFERENCE: list[dict[str, Any]] = json.loads((Path(__file__).parent / "farrington.json").read_text())

FOUR_YEARS = 3 * 52 + 4
series = st.lists(st.integers(0, 30), min_size=FOUR_YEARS, max_size=FOUR_YEARS)


@pytest.mark.parametrize("row", REFERENCE, ids=lambda row: f"{row['years']} years, {sum(row['counts'])} events")
def test_the_verdict_on_a_week_is_that_of_the_reference(row: dict[str, Any]) -> None:
    found = farrington(row["counts"], len(row["counts"]) - 1, row["years"])
    assert (found.limit, found.trend, found.alarm) == (row["limit"], row["trend"], row["alarm"])
    assert found.expected == pytest.approx(row["expected"], rel=1e-3, abs=1e-4)
    assert found.dispersion == pytest.approx(row["dispersion"], rel=1e-3)
    assert found.p_value == pytest.approx(row["p_value"], abs=1e-4)


def test_the_reference_has_every_kind_of_answer() -> None:
    assert {row["years"] for row in REFERENCE} == {1, 2, 3, 4, 5}
    assert {(row["alarm"], row["trend"]) for row in REFERENCE} == {(a, t) for a in (True, False) for t in (True, False)}
    assert min(row["dispersion"] for row in REFERENCE) == 1 < max(row["dispersion"] for row in REFERENCE)


@pytest.mark.parametrize("years", [1, 2, 3, 5, 7])
def test_years_without_any_event_make_one_event_an_alarm(years: int) -> None:
    week = 52 * years + 3
    quiet, one = (farrington([0] * week + [now], week, years) for now in (0, 1))
    assert (quiet.limit, quiet.alarm, quiet.trend, quiet.p_value) == (0, False, False, 1)
    assert (one.limit, one.alarm) == (0, True)


def test_what_happened_in_the_latest_half_year_is_left_out() -> None:
    counts = [5, 4, 6, 5] * 40
    raised = [*counts[:-26], *[50] * 25, counts[-1]]
    assert farrington(raised, 159, 3) == farrington(counts, 159, 3)


def test_weeks_after_the_week_change_nothing() -> None:
    counts = [5, 4, 6, 5] * 40
    assert farrington([*counts, 900, 900], 159, 3) == farrington(counts, 159, 3)


def test_a_past_outbreak_barely_raises_the_limit() -> None:
    counts = [5, 4, 6, 5] * 40
    outbreak = [*counts[:54], 60, *counts[55:]]
    assert farrington(outbreak, 159, 3).limit <= farrington(counts, 159, 3).limit + 3


@settings(max_examples=40)
@given(series, st.integers(0, 60))
def test_a_higher_count_is_never_less_unusual(counts: list[int], now: int) -> None:
    lower, higher = (farrington([*counts[:-1], y], FOUR_YEARS - 1, 3) for y in (now, now + 1))
    assert (lower.limit, lower.expected) == (higher.limit, higher.expected)
    assert higher.p_value <= lower.p_value
    assert (lower.alarm, higher.alarm) == (now > lower.limit, now + 1 > lower.limit)


@settings(max_examples=40)
@given(series, st.integers(1, 3))
def test_the_limit_is_the_quantile_of_its_own_mean_and_dispersion(counts: list[int], years: int) -> None:
    found = farrington(counts, FOUR_YEARS - 1, years)
    phi, mu = found.dispersion, found.expected
    oracle = stats.poisson(mu) if phi == 1 else stats.nbinom(mu / (phi - 1), 1 / phi)
    assert oracle.cdf(found.limit) >= 0.99 - 1e-9
    assert oracle.cdf(found.limit - 1) < 0.99 + 1e-9
    assert found.p_value == pytest.approx(oracle.sf(counts[-1] - 1), rel=1e-6, abs=1e-12)
    assert not (found.trend and years < 3)
    assert not found.trend or mu <= max(counts[:-27])


@pytest.mark.parametrize(
    ("counts", "week", "years", "alpha", "said"),
    [
        ([1] * 200, 54, 1, 0.01, "1 more weeks are needed"),
        ([1] * 200, 0, 1, 0.01, "Too little history"),
        ([1] * 200, 200, 1, 0.01, "not in the series"),
        ([1] * 200, -1, 1, 0.01, "not in the series"),
        ([1] * 200, 199, 0, 0.01, "At least one year"),
        ([1] * 200, 199, 2, 1.0, "share of false alarms"),
        ([1] * 199 + [-1], 199, 2, 0.01, "cannot be negative"),
        ([-1] + [1] * 199, 199, 2, 0.01, "cannot be negative"),
        ([], 0, 1, 0.01, "not in the series"),
    ],
)
def test_what_cannot_be_judged_is_refused_in_words(
    counts: list[int], week: int, years: int, alpha: float, said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        farrington(counts, week, years, alpha)
