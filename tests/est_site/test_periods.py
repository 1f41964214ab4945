"""Weeks, quarters and instants against brute force and against dates looked up in a calendar."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from est_site.periods import (
    IsoWeek,
    Span,
    due_before,
    local_instant,
    merge,
    number_text,
    quarter_of,
    review_spans,
    session_day,
    tertial_of,
    weekly_due,
    weekly_spans,
    weeks,
)

STOCKHOLM = ZoneInfo("Europe/Stockholm")
DAYS = st.dates(date(2015, 1, 1), date(2040, 12, 31))


def days_between(first, last):
    return [first + timedelta(n) for n in range((last - first).days + 1)]


@pytest.mark.parametrize(
    ("day", "label"),
    [
        (date(2026, 12, 28), "2026-W53"),
        (date(2027, 1, 1), "2026-W53"),
        (date(2027, 1, 3), "2026-W53"),
        (date(2027, 1, 4), "2027-W01"),
    ],
)
def test_the_turn_of_the_year_2026_belongs_to_week_53(day, label):
    assert IsoWeek.of(day).label() == label


def test_a_week_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="53"):
        IsoWeek(2025, 53)


@given(DAYS)
def test_a_day_lies_in_its_own_week_which_begins_on_a_monday(day):
    week = IsoWeek.of(day)
    assert week.first_day <= day <= week.last_day
    assert (week.first_day.isoweekday(), week.last_day.isoweekday()) == (1, 7)


@given(DAYS, st.integers(-600, 600))
def test_shifting_moves_by_whole_weeks_and_back(day, count):
    week = IsoWeek.of(day)
    assert week.shift(count).first_day - week.first_day == timedelta(weeks=count)
    assert week.shift(count).shift(-count) == week


@given(DAYS)
def test_same_week_last_year_is_364_days_back(day):
    week = IsoWeek.of(day)
    assert week.first_day - week.same_week_last_year.first_day == timedelta(days=364)


def test_week_53_compares_with_week_1_of_the_same_iso_year():
    assert IsoWeek(2026, 53).same_week_last_year == IsoWeek(2026, 1)


@given(DAYS, st.integers(0, 800))
def test_weeks_are_those_that_brute_force_meets(first, length):
    last = first + timedelta(length)
    assert weeks(first, last) == sorted({IsoWeek.of(day) for day in days_between(first, last)})


@given(DAYS, st.integers(0, 800), st.sampled_from([1, 2]))
def test_every_day_is_in_exactly_one_weekly_span(start, length, cadence):
    until = start + timedelta(length)
    spans = weekly_spans(start, cadence, until)
    for day in days_between(start, until):
        assert sum(day in span for span in spans) == 1
    assert {span.days for span in spans} == {7 * cadence}


@given(DAYS, st.integers(0, 1600), st.sampled_from(["quarter", "tertial"]))
def test_every_day_is_in_exactly_one_review_span(start, length, kind):
    until = start + timedelta(length)
    spans = review_spans(kind, start, until)
    for day in days_between(start, until):
        assert sum(day in span for span in spans) == 1
    assert all(after.first_day - before.last_day == timedelta(1) for before, after in pairwise(spans))


@given(DAYS)
def test_quarter_and_tertial_are_those_of_the_month(day):
    assert number_text(quarter_of(day)) == f"Q{'111222333444'[day.month - 1]}"
    assert number_text(tertial_of(day)) == f"T{'111122223333'[day.month - 1]}"
    assert day in quarter_of(day)
    assert day in tertial_of(day)


def test_over_new_year_2026_each_week_comes_once_and_the_previous_one_is_the_one_before():
    spans = weekly_spans(date(2026, 12, 21), 1, date(2027, 1, 10))
    assert [number_text(span) for span in spans] == ["W52", "W53", "W1"]
    assert [IsoWeek.of(span.first_day).shift(-1).label() for span in spans] == ["2026-W51", "2026-W52", "2026-W53"]


def test_the_fourth_quarter_takes_of_week_53_only_its_days_in_december():
    fourth = quarter_of(date(2026, 12, 31))
    first = quarter_of(date(2027, 1, 1))
    in_week_53 = days_between(date(2026, 12, 28), date(2027, 1, 3))
    assert [day in fourth for day in in_week_53] == [True] * 4 + [False] * 3
    assert [day in first for day in in_week_53] == [False] * 4 + [True] * 3


def test_a_two_week_cadence_keeps_its_pairs_through_week_53():
    spans = weekly_spans(date(2026, 12, 14), 2, date(2027, 1, 17))
    assert [number_text(span) for span in spans] == ["W51–52", "W53–1", "W2–3"]


def test_merged_weeks_carry_the_first_and_last_number():
    spans = weekly_spans(date(2026, 12, 21), 1, date(2027, 1, 10))
    merged = merge(reversed(spans))
    assert merged == Span("merged", date(2026, 12, 21), date(2027, 1, 10))
    assert number_text(merged) == "W52–1"
    assert [week.label() for week in merged.weeks] == ["2026-W52", "2026-W53", "2027-W01"]


def test_a_merged_period_can_grow():
    first, second, third = weekly_spans(date(2026, 6, 29), 1, date(2026, 7, 19))
    assert merge([merge([first, second]), third]) == Span("merged", date(2026, 6, 29), date(2026, 7, 19))


@pytest.mark.parametrize(
    ("spans", "reason"),
    [
        ([], "at least two"),
        (weekly_spans(date(2026, 3, 2), 1, date(2026, 3, 2)), "at least two"),
        (weekly_spans(date(2026, 3, 2), 1, date(2026, 3, 22))[::2], "do not follow"),
        (review_spans("quarter", date(2026, 1, 1), date(2026, 6, 30)), "cannot be merged"),
        ([*weekly_spans(date(2025, 12, 29), 1, date(2025, 12, 29)), quarter_of(date(2026, 1, 5))], "cannot be merged"),
    ],
)
def test_what_does_not_belong_together_is_not_merged(spans, reason):
    with pytest.raises(ValueError, match=reason):
        merge(spans)


def test_a_span_cannot_end_before_it_begins():
    with pytest.raises(ValueError, match="before it begins"):
        Span("week", date(2026, 3, 8), date(2026, 3, 2))


@pytest.mark.parametrize(("weekday", "day"), [(1, 23), (2, 24), (7, 29)])
def test_the_session_is_the_first_such_weekday_after_the_period(weekday, day):
    assert session_day(Span("week", date(2026, 11, 16), date(2026, 11, 22)), weekday) == date(2026, 11, day)


@pytest.mark.parametrize(
    ("day", "at", "instant"),
    [
        # the clocks leap from 02:00 to 03:00: nothing between exists, the first instant that does is 01:00 UTC
        (date(2027, 3, 28), time(1, 59), datetime(2027, 3, 28, 0, 59, tzinfo=UTC)),
        (date(2027, 3, 28), time(2, 0), datetime(2027, 3, 28, 1, 0, tzinfo=UTC)),
        (date(2027, 3, 28), time(2, 30), datetime(2027, 3, 28, 1, 0, tzinfo=UTC)),
        (date(2027, 3, 28), time(3, 0), datetime(2027, 3, 28, 1, 0, tzinfo=UTC)),
        # 02:30 comes twice: the first pass is still summer time
        (date(2026, 10, 25), time(2, 30), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        (date(2027, 10, 31), time(2, 30), datetime(2027, 10, 31, 0, 30, tzinfo=UTC)),
        (date(2027, 10, 31), time(8, 0), datetime(2027, 10, 31, 7, 0, tzinfo=UTC)),
    ],
)
def test_gap_and_fold_in_stockholm(day, at, instant):
    assert local_instant(day, at, STOCKHOLM) == instant


@given(
    DAYS,
    st.times(),
    st.sampled_from(["Europe/Stockholm", "America/Chicago", "Australia/Lord_Howe", "Asia/Kathmandu"]),
)
def test_an_instant_reads_back_as_its_wall_time_or_as_the_end_of_a_gap(day, at, name):
    zone = ZoneInfo(name)
    wall = datetime.combine(day, at.replace(microsecond=0, fold=0))
    instant = local_instant(day, wall.time(), zone)
    local = instant.astimezone(zone)
    if local.replace(tzinfo=None) == wall:
        assert local.fold == 0
        return
    before = (instant - timedelta(seconds=1)).astimezone(zone).replace(tzinfo=None)
    assert before < wall < local.replace(tzinfo=None)


@pytest.mark.parametrize("day", [date(2027, 3, 28), date(2027, 10, 31), date(2026, 10, 25)])
def test_on_a_day_of_change_every_minute_agrees_with_walking_through_the_day_in_utc(day):
    first_seen = {}
    instant = datetime.combine(day, time(), tzinfo=UTC) - timedelta(hours=3)
    while instant < datetime.combine(day, time(), tzinfo=UTC) + timedelta(hours=27):
        first_seen.setdefault(instant.astimezone(STOCKHOLM).replace(tzinfo=None), instant)
        instant += timedelta(minutes=1)
    for minute in range(24 * 60):
        wall = datetime.combine(day, time(minute // 60, minute % 60))
        exists = wall
        while exists not in first_seen:
            exists += timedelta(minutes=1)
        assert local_instant(day, wall.time(), STOCKHOLM) == first_seen[exists]


def test_a_lead_across_the_change_of_clocks_is_counted_on_the_wall():
    assert due_before(date(2027, 3, 29), time(9), 24, STOCKHOLM) == datetime(2027, 3, 28, 7, tzinfo=UTC)
    assert due_before(date(2027, 3, 28), time(9), 24, STOCKHOLM) == datetime(2027, 3, 27, 8, tzinfo=UTC)


def test_weekly_due_times_over_new_year_come_once_each_at_the_same_wall_time():
    spans = weekly_spans(date(2026, 12, 21), 1, date(2027, 1, 10))
    assert weekly_due(spans, 2, time(9), 2, STOCKHOLM) == [
        datetime(2026, 12, 29, 6, tzinfo=UTC),
        datetime(2027, 1, 5, 6, tzinfo=UTC),
        datetime(2027, 1, 12, 6, tzinfo=UTC),
    ]
