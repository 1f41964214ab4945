"""The long past of a period, read in a handful of queries, and frozen with the picture as it was judged."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from est_site.partners.models import Period
from incidents.models import CalmReport
from situation import rows, verdicts
from situation.actions import freeze_picture, frozen_figures
from situation.material import Material
from situation.models import Meeting
from tests.cast import MONDAY, NOW, Town, make_incident

FROZEN_AT = NOW + timedelta(hours=15)


@pytest.fixture
def past(inside: Town) -> Town:
    """Three observations in Hamnen in each of the eleven weeks before, nine in the week itself."""
    for n, period in enumerate(inside.periods):
        at = datetime.combine(period.first_day, time(12), UTC)
        for k in range(3 if n < 11 else 9):
            make_incident(inside, at=at + timedelta(hours=15 * k))
    return inside


def read(town: Town) -> Material:
    material = rows.gather(town.periods[-1], group=town.group, cut_off=FROZEN_AT)
    return rows.history(town.periods[-1], material, back=verdicts.PERIODS_BACK)


def in_hamnen(town: Town, frozen: dict[str, Any]) -> verdicts.Verdict:
    found = (verdicts.Verdict(*row) for row in frozen["verdicts"]["rows"])
    return next(one for one in found if (one.area, one.category) == (town.areas["Hamnen"].pk, verdicts.ALL))


def by_period(material: Material) -> list[int]:
    stretches = [*material.earlier, material.period]
    return [sum(row.count for row in material.counts if row.day in one) for one in stretches]


def test_each_period_has_the_count_of_its_days(past: Town) -> None:
    assert by_period(read(past)) == [3] * 11 + [9]


def test_the_first_and_the_last_day_of_a_period_belong_to_it(inside: Town) -> None:
    for day in (MONDAY - timedelta(days=8), MONDAY - timedelta(days=7), MONDAY - timedelta(days=1), MONDAY):
        make_incident(inside, at=datetime.combine(day, time(12), UTC))
    assert by_period(read(inside))[-3:] == [1, 2, 1]


def test_days_between_two_periods_belong_to_none(past: Town) -> None:
    Period.objects.filter(pk=past.periods[4].pk).delete()
    assert by_period(read(past)) == [3] * 10 + [9]


def test_limited_withdrawn_and_later_observations_never_enter(past: Town) -> None:
    police = past.organisations["police"]
    make_incident(past, visibility="police", organisation=police)
    make_incident(past, withdrawn_at=NOW)
    make_incident(past, recorded_at=FROZEN_AT + timedelta(minutes=1))
    material = read(past)
    assert by_period(material)[-1] == 9
    assert next(voice.reports for voice in material.voices if voice.id == police.pk) == ()


def test_one_event_told_by_two_counts_once_and_both_were_heard(past: Town) -> None:
    first = make_incident(past)
    make_incident(past, organisation=past.organisations["police"], merged_into=first)
    material = read(past)
    assert by_period(material)[-1] == 10
    assert next(v.reports for v in material.voices if v.id == past.organisations["police"].pk) == ((MONDAY, 1),)


def test_the_past_takes_six_queries_however_long_it_is(past: Town) -> None:
    material = rows.gather(past.periods[-1], group=past.group, cut_off=FROZEN_AT)
    for back in (2, 160):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            rows.history(past.periods[-1], material, back=back)
        assert len(captured) == 6


def test_the_verdicts_are_frozen_with_the_picture(past: Town, planned: Meeting) -> None:
    frozen = freeze_picture(meeting=planned, now=FROZEN_AT).frozen
    found = in_hamnen(past, frozen)
    assert (found.events, found.word, found.weeks) == (9, "more-sure", 11)
    assert frozen["verdicts"]["method"] == verdicts.METHOD


def test_late_observations_change_the_live_verdict_and_never_the_frozen_one(past: Town, planned: Meeting) -> None:
    picture = freeze_picture(meeting=planned, now=FROZEN_AT)
    for _n in range(5):
        make_incident(past, recorded_at=FROZEN_AT + timedelta(hours=1))
    picture.refresh_from_db()
    later = frozen_figures(past.periods[-1], group=past.group, cut_off=FROZEN_AT + timedelta(hours=2))
    assert [in_hamnen(past, one).events for one in (picture.frozen, later)] == [9, 14]


def test_a_group_with_three_weeks_of_history_is_building_up(inside: Town) -> None:
    for period in inside.periods[-4:]:
        make_incident(inside, at=datetime.combine(period.first_day, time(12), UTC))
    found = frozen_figures(inside.periods[-1], group=inside.group, cut_off=FROZEN_AT)["verdicts"]
    assert (found["weeks"], found["comparisons"]) == (3, 0)


def test_calm_reports_of_long_ago_make_a_week_heard(inside: Town) -> None:
    for period in inside.periods[:-1]:
        CalmReport.objects.create(
            group=inside.group, organisation=inside.organisations["guards"], period=period, reported_at=NOW
        )
    make_incident(inside)
    found = frozen_figures(inside.periods[-1], group=inside.group, cut_off=FROZEN_AT)["verdicts"]
    assert found["weeks"] == 11
    assert found["comparisons"] > 0
