"""Pictures of weeks and groups that are not like the others: each is counted whole, and says what it rests on."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from est_site.partners.actions.schedule import merge_periods
from est_site.partners.models import Area, Period
from situation.actions import freeze_picture
from situation.models import Meeting, Picture
from situation.schedule import plan_meeting
from tests.cast import MONDAY, NOW, Town, make_incident
from tests.conftest import SignIn
from tests.situation.conftest import log_a_surge
from tests.situation.test_situation_page import words

STOCKHOLM = ZoneInfo("Europe/Stockholm")


def _weeks(town: Town, first: date, many: int, *, length: int = 1) -> list[Period]:
    """Periods of so many weeks each, one after the other."""
    days = timedelta(weeks=length)
    return [
        Period.objects.get_or_create(
            group=town.group,
            first_day=first + n * days,
            defaults={"last_day": first + (n + 1) * days - timedelta(days=1)},
        )[0]
        for n in range(many)
    ]


def _frozen(town: Town, period: Period, at: datetime = NOW) -> Picture:
    meeting = Meeting.objects.filter(period=period).first() or plan_meeting(group=town.group, period=period)
    return freeze_picture(meeting=meeting, now=at)


def _page(town: Town, picture: Picture, signed_in: SignIn) -> str:
    return words(signed_in(town.carin).get(f"/g/tarnsund/situation/meeting/{picture.meeting_id}/"))


def test_a_category_that_was_taken_out_of_use_keeps_its_past_and_its_name(inside: Town, signed_in: SignIn) -> None:
    log_a_surge(inside)
    before = _frozen(inside, inside.periods[-1]).frozen
    for category in inside.categories.values():
        category.is_active = False
        category.save()
    after = _frozen(inside, inside.periods[-1])
    assert after.frozen["total"] == before["total"]
    assert [row[1:] for row in after.frozen["category_totals"] if row[1]] == [
        row[1:] for row in before["category_totals"] if row[1]
    ]
    assert "Skadegörelse" in _page(inside, after, signed_in).replace("\xad", "")


def test_another_time_zone_moves_no_observation_to_another_day(inside: Town, signed_in: SignIn) -> None:
    late = datetime(2026, 11, 16, 0, 10, tzinfo=STOCKHOLM)
    make_incident(inside, at=late)
    before = _frozen(inside, inside.periods[-1]).frozen
    inside.group.time_zone = "Europe/London"
    inside.group.save()
    after = _frozen(inside, inside.periods[-1])
    assert (after.frozen["total"], after.frozen["strip"]) == (before["total"], before["strip"])
    assert "bservation" in _page(inside, after, signed_in)


def test_a_period_of_two_weeks_is_compared_with_periods_of_two_weeks(inside: Town, signed_in: SignIn) -> None:
    Period.objects.all().delete()
    inside.group.cadence = 2
    inside.group.save()
    periods = _weeks(inside, MONDAY - timedelta(weeks=25), 13, length=2)
    for period in periods:
        at = datetime.combine(period.first_day, NOW.timetz()) + timedelta(days=3)
        for _n in range(4):
            make_incident(inside, at=at, recorded_at=at)
    picture = _frozen(inside, periods[-1], NOW + timedelta(days=3))
    assert picture.frozen["total"] == [4, 4.0]
    assert set(picture.frozen["baseline_days"]) == {14}
    assert "46–47" in _page(inside, picture, signed_in)


def test_a_merged_period_is_compared_by_its_days(inside: Town, signed_in: SignIn) -> None:
    log_a_surge(inside)
    coming = _weeks(inside, MONDAY + timedelta(weeks=1), 2)
    merged = merge_periods(by=inside.carin, first=coming[0], last=coming[1], now=NOW)
    picture = _frozen(inside, merged, NOW + timedelta(weeks=2, days=1))
    first, last = (date.fromisoformat(picture.frozen["period"][name]) for name in ("first_day", "last_day"))
    assert (last - first).days == 13
    assert "48–49" in _page(inside, picture, signed_in)


@pytest.mark.parametrize(("monday", "label"), [(date(2026, 12, 28), "2026-W53"), (date(2027, 1, 4), "2027-W01")])
def test_the_weeks_round_a_year_of_53_are_frozen_whole(
    inside: Town, signed_in: SignIn, monday: date, label: str
) -> None:
    period = _weeks(inside, MONDAY + timedelta(weeks=1), (monday - MONDAY).days // 7)[-1]
    for n in range(7):
        at = datetime.combine(monday + timedelta(days=n), NOW.timetz())
        make_incident(inside, at=at, recorded_at=at)
    picture = _frozen(inside, period, datetime.combine(monday + timedelta(days=8), NOW.timetz()))
    assert (picture.frozen["period"]["label"], picture.frozen["total"][0]) == (label, 7)
    assert f"Vecka {int(label[-2:])}" in _page(inside, picture, signed_in)


def test_a_group_of_one_area_has_a_picture(inside: Town, signed_in: SignIn) -> None:
    log_a_surge(inside)
    Area.objects.exclude(pk__in=[inside.areas[name].pk for name in ("Centrum", "Hamnen")]).update(valid_to=MONDAY)
    Area.objects.filter(pk=inside.areas["Hamnen"].pk).update(valid_to=MONDAY - timedelta(days=1))
    picture = _frozen(inside, inside.periods[-1])
    assert "Centrum" in _page(inside, picture, signed_in)
    assert picture.frozen["total"][0] == sum(count for _area, count, _mean in picture.frozen["area_totals"])


def test_a_silent_week_is_unknown_and_not_zero(inside: Town, signed_in: SignIn) -> None:
    for n in range(1, 12):
        at = NOW - timedelta(weeks=n)
        make_incident(inside, at=at, recorded_at=at)
    picture = _frozen(inside, inside.periods[-1])
    assert not picture.frozen["heard"]
    assert picture.frozen["verdicts"]["comparisons"] == 0
    assert "okän" in _page(inside, picture, signed_in)
