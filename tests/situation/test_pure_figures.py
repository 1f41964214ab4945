"""The worked examples of the methods, to their stated digits, and what must hold for every input."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from situation.coverage import concentration, coverage, decompose, matched_change
from situation.deviation import adjusted, baseline_weeks, farrington, pooled_dispersion, power_to_detect, predictive
from situation.hotspots import getis_ord
from situation.timing import aoristic

STOCKHOLM = ZoneInfo("Europe/Stockholm")
COUNTS = st.lists(st.integers(0, 60), min_size=1, max_size=20)


def test_the_worked_example_of_a_normal_week_holds() -> None:
    normal = predictive([4, 3, 5, 2, 4, 6, 3, 4])
    assert (round(normal.mean, 2), normal.low, normal.high, normal.limit) == (3.94, 1, 7, 10)
    assert round(normal.p_at_least(10), 4) == 0.0115


@pytest.mark.parametrize(
    ("dispersion", "expected"),
    [(1.0, [2, 5, 11, 28, 53, 69, 91, 100]), (1.8, [3, 3, 6, 12, 24, 39, 64, 93])],
)
def test_the_table_of_power_holds(dispersion: float, expected: list[int]) -> None:
    levels = (0.5, 1, 2, 4, 8, 12, 20, 40)
    assert [round(100 * power_to_detect(m, dispersion=dispersion)) for m in levels] == expected


@given(COUNTS, st.floats(1, 5))
def test_more_events_are_never_less_unusual(baseline: list[int], dispersion: float) -> None:
    normal = predictive(baseline, dispersion)
    tails = [normal.p_at_least(y) for y in range(60)]
    assert all(a >= b for a, b in itertools.pairwise(tails))
    assert all(abs(normal.p_at_most(y) + normal.p_at_least(y + 1) - 1) < 1e-9 for y in range(60))
    assert normal.p_at_most(normal.limit) >= 0.99 - 1e-12
    assert normal.limit == 0 or normal.p_at_most(normal.limit - 1) < 0.99


@given(st.lists(st.floats(0, 1), max_size=40))
def test_the_adjustment_for_many_tests_never_reorders(p_values: list[float]) -> None:
    after = adjusted(p_values)
    pairs = sorted(zip(p_values, after, strict=True))
    assert all(a[1] <= b[1] for a, b in itertools.pairwise(pairs))
    assert all(p <= a <= 1 for p, a in zip(p_values, after, strict=True))


def test_the_baseline_follows_the_history() -> None:
    assert baseline_weeks(7) == []
    assert baseline_weeks(8) == list(range(8))
    assert baseline_weeks(57) == list(range(45, 57))
    assert baseline_weeks(58) == [*range(13), *range(52, 58)]
    assert baseline_weeks(110) == [*range(3, 10), *range(55, 62), *range(104, 110)]


def test_the_dispersion_is_the_ratio_of_the_sums() -> None:
    assert pooled_dispersion([([8, 0], [2, 2, 4, 4]), ([1], [1, 1])]) == pytest.approx((25 + 9) / (7.5 + 1.5))
    assert pooled_dispersion([([0], [0, 0])]) == 1


def test_a_series_of_nothing_has_the_limit_zero() -> None:
    quiet = farrington([0] * 200 + [1], 200, 3)
    assert (quiet.limit, quiet.alarm, quiet.trend) == (0, True, False)


def test_a_level_series_expects_its_level_and_a_past_outbreak_does_not_hide_the_next() -> None:
    level = farrington([4] * 260, 259, 4)
    assert level.expected == pytest.approx(4)
    assert level.dispersion == 1
    burst = [4, 5, 3, 4, 6] * 52
    burst[259 - 104] = 60
    assert farrington(burst, 259, 4).expected < 7


def test_one_year_back_has_fewer_seasons_and_no_trend() -> None:
    assert not farrington([3, 1, 4, 1, 5, 2] * 20, 60, 1).trend


def test_the_worked_example_of_an_interval_holds() -> None:
    monday = datetime(2026, 3, 2)
    spread = aoristic([(monday.replace(hour=9, minute=20), monday.replace(hour=11, minute=10))])
    assert [round(w, 3) for w in spread.weights[0][9:12]] == [0.364, 0.545, 0.091]
    assert spread.precise_share == 1


@given(
    st.lists(
        st.tuples(st.datetimes(datetime(2026, 3, 27), datetime(2026, 10, 27)), st.none() | st.integers(-300, 12000)),
        min_size=1,
        max_size=8,
    )
)
def test_every_event_weighs_one_also_over_a_change_of_the_clock(events: list[tuple[datetime, int | None]]) -> None:
    local = [start.replace(tzinfo=STOCKHOLM) for start, _ in events]
    spread = aoristic(
        (start, None if span is None else (start.astimezone(ZoneInfo("UTC")) + timedelta(minutes=span)))
        for start, (_, span) in zip(local, events, strict=True)
    )
    assert sum(map(sum, spread.weights)) + spread.unknown == pytest.approx(len(events))


def test_the_hour_that_does_not_exist_gets_nothing() -> None:
    start = datetime(2026, 3, 29, 1, 0, tzinfo=STOCKHOLM)
    spread = aoristic([(start, datetime(2026, 3, 29, 4, 0, tzinfo=STOCKHOLM))])
    assert spread.weights[6][1:4] == (0.5, 0.0, 0.5)


def test_an_end_before_the_start_and_a_week_without_a_time_are_told() -> None:
    start = datetime(2026, 3, 2, 9)
    spread = aoristic([(start, start - timedelta(hours=1)), (start, start + timedelta(days=7)), (start, None)])
    assert (spread.errors, spread.unknown, spread.precise_share, spread.weights[0][9]) == (1, 1, 0.5, 2)


@given(*[st.integers(1, 10_000)] * 4)
def test_the_parts_of_a_change_add_up(n0: int, a0: int, n1: int, a1: int) -> None:
    parts = decompose(n0, a0, n1, a1)
    assert parts.total == pytest.approx(parts.reporter_part + parts.intensity_part, abs=1e-12)


def test_the_sources_of_both_periods_are_compared_and_who_grew_most_is_named() -> None:
    change = matched_change({"police": 10, "school": 10, "gone": 3}, {"police": 12, "school": 9, "new": 15})
    assert (change.sources, change.largest_contributor) == (("police", "school"), "new")
    assert change.change == pytest.approx(0.05)
    assert change.share_of_increase == pytest.approx(15 / 13)
    assert concentration({"a": 1, "b": 1}) == 0.5
    assert coverage(10, 5, 2) == 0.7


def test_a_cluster_stands_out_and_what_is_undefined_is_nothing() -> None:
    line = [[j for j in (i - 1, i + 1) if 0 <= j < 6] for i in range(6)]
    scores = getis_ord([9, 8, 9, 0, 0, 0], line)
    assert max(scores) == scores[1] > 1.96
    assert getis_ord([2, 2], [[1], [0]]) == [0.0, 0.0]


def test_what_is_impossible_is_refused_with_a_sentence() -> None:
    for call in (
        lambda: predictive([]),
        lambda: predictive([-1]),
        lambda: coverage(0, 0, 0),
        lambda: decompose(1, 0, 1, 1),
        lambda: farrington([1] * 50, 49, 1),
        lambda: concentration({}),
    ):
        with pytest.raises(ValueError, match=r"\.$"):
            call()
