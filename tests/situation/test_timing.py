"""Events known as an interval: each sums to one event, also where the clock changes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from situation.timing import Aoristic, aoristic, together

STOCKHOLM = ZoneInfo("Europe/Stockholm")
MONDAY = datetime(2026, 11, 16)

zones = st.sampled_from(["Europe/Stockholm", "Australia/Lord_Howe", "Asia/Kolkata", "America/St_Johns", "UTC"])
moments = st.datetimes(datetime(1990, 1, 1), datetime(2030, 1, 1))
spans = st.timedeltas(timedelta(hours=-3), timedelta(hours=200))


def hours(found: Aoristic) -> dict[tuple[int, int], float]:
    rows = enumerate(found.weights)
    return {(day, hour): round(w, 3) for day, row in rows for hour, w in enumerate(row) if w}


def total(found: Aoristic) -> float:
    return sum(map(sum, found.weights))


def test_the_worked_example_of_110_minutes() -> None:
    found = aoristic([(MONDAY.replace(hour=9, minute=20), MONDAY.replace(hour=11, minute=10))])
    assert hours(found) == {(0, 9): 0.364, (0, 10): 0.545, (0, 11): 0.091}
    assert found.precise_share == 1


def test_a_known_time_or_a_missing_end_is_one_event_in_its_hour() -> None:
    at = MONDAY.replace(hour=23, minute=59, second=40)
    found = aoristic([(at, at), (at, None), (at, at + timedelta(seconds=10))])
    assert hours(found) == {(0, 23): 3}
    assert (found.events, found.precise_share) == (3, 1)


def test_an_end_before_the_start_is_an_error_in_the_start_hour() -> None:
    found = aoristic([(MONDAY.replace(hour=5), MONDAY.replace(hour=4)), (MONDAY, None)])
    assert hours(found) == {(0, 5): 1, (0, 0): 1}
    assert (found.errors, found.precise_share) == (1, 0.5)


def test_a_span_of_a_week_is_of_unknown_time() -> None:
    week = timedelta(hours=168)
    found = aoristic([(MONDAY, MONDAY + week), (MONDAY, MONDAY + week - timedelta(minutes=1))])
    assert (found.unknown, found.events) == (1, 1)
    assert total(found) == pytest.approx(1)


def test_the_share_of_the_securely_timed_is_over_those_in_the_weights() -> None:
    ends = [timedelta(hours=2), timedelta(hours=2, minutes=1), timedelta(days=8), None]
    found = aoristic([(MONDAY, MONDAY + end if end else None) for end in ends])
    assert found.precise_share == pytest.approx(2 / 3)


def test_no_events_weigh_nothing() -> None:
    assert aoristic([]) == Aoristic(((0.0,) * 24,) * 7, 0, 0, 0.0, 0)


def test_the_hour_that_comes_twice_weighs_twice() -> None:
    night = datetime(2026, 10, 25, 1, 0, tzinfo=STOCKHOLM)  # until 03:00 are three hours
    found = aoristic([(night, datetime(2026, 10, 25, 3, 0, tzinfo=STOCKHOLM))])
    assert hours(found) == {(6, 1): 0.333, (6, 2): 0.667}
    assert found.precise_share == 0


def test_the_hour_that_is_missing_weighs_nothing() -> None:
    night = datetime(2026, 3, 29, 1, 0, tzinfo=STOCKHOLM)  # until 04:00 are two hours
    found = aoristic([(night, datetime(2026, 3, 29, 4, 0, tzinfo=STOCKHOLM))])
    assert hours(found) == {(6, 1): 0.5, (6, 3): 0.5}
    assert found.precise_share == 1


def test_an_event_that_ends_in_the_second_of_two_hours_is_no_error() -> None:
    start = datetime(2026, 10, 25, 2, 50, tzinfo=STOCKHOLM)
    found = aoristic([(start, datetime(2026, 10, 25, 2, 10, fold=1, tzinfo=STOCKHOLM))])
    assert (found.errors, hours(found)) == (0, {(6, 2): 1})


def test_a_clock_that_changes_by_half_an_hour_is_followed() -> None:
    start = datetime(2026, 4, 5, 1, 0, tzinfo=ZoneInfo("Australia/Lord_Howe"))  # 01:30-02:00 comes twice
    found = aoristic([(start, datetime(2026, 4, 5, 3, 0, tzinfo=start.tzinfo))])
    assert hours(found) == {(6, 1): 0.6, (6, 2): 0.4}


def test_a_clock_that_changes_inside_an_hour_is_followed() -> None:
    start = datetime(2010, 3, 14, 0, 0, tzinfo=ZoneInfo("America/St_Johns"))  # after 00:00 comes 01:01
    found = aoristic([(start, datetime(2010, 3, 14, 2, 0, tzinfo=start.tzinfo))])
    assert hours(found) == {(6, 0): 0.017, (6, 1): 0.983}


def test_hours_are_those_of_the_zone_of_the_start() -> None:
    start = datetime(2026, 11, 16, 23, 30, tzinfo=STOCKHOLM)
    found = aoristic([(start, datetime(2026, 11, 16, 23, 30, tzinfo=UTC))])
    assert hours(found) == {(0, 23): 0.5, (1, 0): 0.5}


def test_a_time_with_a_zone_cannot_be_measured_against_one_without() -> None:
    with pytest.raises(ValueError, match="both a time zone or neither"):
        aoristic([(MONDAY, MONDAY.replace(tzinfo=UTC))])


@given(st.lists(st.tuples(moments, spans | st.none(), zones | st.none()), max_size=4))
def test_the_weights_sum_to_the_number_of_events(events: list[tuple[datetime, timedelta | None, str | None]]) -> None:
    found = aoristic([interval(*event) for event in events])
    assert total(found) == pytest.approx(found.events)
    assert found.events + found.unknown == len(events)


def interval(start: datetime, span: timedelta | None, zone: str | None) -> tuple[datetime, datetime | None]:
    if zone is None:
        return start, None if span is None else start + span
    began = start.replace(tzinfo=ZoneInfo(zone))
    return began, None if span is None else began.astimezone(UTC) + span


@given(moments, st.integers(1, 10_079) | st.integers(1, 90), zones)
def test_the_weights_are_those_of_a_count_minute_by_minute(start: datetime, minutes: int, zone: str) -> None:
    began = start.replace(second=0, microsecond=0, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    oracle: dict[tuple[int, int], float] = {}
    for minute in range(minutes):
        local = (began + timedelta(minutes=minute)).astimezone(ZoneInfo(zone))
        key = local.weekday(), local.hour
        oracle[key] = oracle.get(key, 0) + 1 / minutes
    first = began.astimezone(ZoneInfo(zone))
    found = aoristic([(first, began + timedelta(minutes=minutes))])
    assert {key: w for key, w in found_weights(found).items() if w} == pytest.approx(oracle)
    assert aoristic([(first, (began + timedelta(minutes=minutes)).astimezone(ZoneInfo(zone)))]) == found


@given(st.lists(st.tuples(moments, spans | st.none(), zones), max_size=6), st.integers(0, 6))
def test_parts_together_weigh_what_the_whole_does(
    events: list[tuple[datetime, timedelta | None, str]], cut: int
) -> None:
    known = [interval(*event) for event in events]
    whole, parts = aoristic(known), together([aoristic(known[:cut]), aoristic(known[cut:])])
    assert found_weights(parts) == pytest.approx(found_weights(whole))
    assert parts.precise_share == pytest.approx(whole.precise_share)
    assert (parts.events, parts.unknown, parts.errors) == (whole.events, whole.unknown, whole.errors)


def found_weights(found: Aoristic) -> dict[tuple[int, int], float]:
    return {(day, hour): w for day, row in enumerate(found.weights) for hour, w in enumerate(row)}
