"""What differs in a period that has ended, before anybody froze it: preliminary, and replaced every night."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from est_site import jobs, tenancy
from est_site.models import Job
from situation import wording
from situation.actions import evaluate_period, freeze_picture
from situation.follow import follow_calendar
from situation.models import Evaluation, Meeting
from situation.schedule import order_evaluation, plan_ahead
from tests.cast import NOW, Town, make_incident
from tests.conftest import SignIn
from tests.situation.conftest import log_a_surge
from tests.situation.test_situation_page import PAGE, queries, words

STOCKHOLM = ZoneInfo("Europe/Stockholm")
NIGHT = datetime(2026, 11, 23, 0, 30, tzinfo=STOCKHOLM)  # after the last day of week 47
MORNING = NIGHT + timedelta(hours=8)


@pytest.fixture
def judged(inside: Town) -> Town:
    log_a_surge(inside)
    evaluate_period(period=inside.periods[-1], now=NIGHT)
    return inside


def page(town: Town, signed_in: SignIn, at: datetime = MORNING, rest: str = "") -> Any:
    with time_machine.travel(at, tick=False):
        return signed_in(town.carin).get(PAGE + rest)


def test_planning_orders_it_for_the_night_after_each_period(inside: Town) -> None:
    plan_ahead(group=inside.group, now=NOW)
    ordered = Job.objects.get(kind="picture.evaluate", ids={"period": inside.periods[-1].pk})
    assert ordered.due_at == NIGHT


def test_a_period_that_has_ended_is_judged_every_night_until_late_reports_have_come(judged: Town) -> None:
    def due() -> list[date]:
        return sorted(one.due_at.astimezone(STOCKHOLM).date() for one in Job.objects.filter(kind="picture.evaluate"))

    assert due() == [date(2026, 11, 24)]
    for n in range(1, 10):
        jobs.work_off(NIGHT + timedelta(days=n))
    assert due()[-1] == date(2026, 11, 30)
    assert Evaluation.objects.get().cut_off == NIGHT + timedelta(days=7)


def test_one_night_is_judged_once(judged: Town) -> None:
    again = evaluate_period(period=judged.periods[-1], now=NIGHT + timedelta(minutes=3))
    assert again is not None
    assert again.cut_off == NIGHT


def test_what_goes_on_waits_for_its_own_end(inside: Town) -> None:
    assert evaluate_period(period=inside.periods[-1], now=NOW) is None
    assert Job.objects.get(kind="picture.evaluate").due_at == NIGHT


def test_the_page_says_what_differs_and_that_it_is_preliminary(judged: Town, signed_in: SignIn) -> None:
    said = words(page(judged, signed_in))
    assert "Tydligt fler observationer än normalt: " in said
    assert "Preliminärt, beräknat mån 23 november 00.30: inget är fryst ännu" in said


def test_late_reports_are_said_beside_it_and_who_has_answered_is_as_of_now(judged: Town, signed_in: SignIn) -> None:
    before = page(judged, signed_in)
    silent = judged.organisations["guards"]
    with tenancy.inside(judged.group):
        at = NIGHT - timedelta(hours=9)
        make_incident(judged, at=at, recorded_at=NIGHT + timedelta(hours=5), organisation=silent)
    after = page(judged, signed_in)
    assert "Därefter har en observation kommit till: Hamnen 1." in words(after)
    assert after.context["picture"]["total"] == before.context["picture"]["total"]
    cells = [{row["name"]: row["cells"][-1]["n"] for row in one.context["strip"]["rows"]} for one in (before, after)]
    assert [one["Väktarna"] for one in cells] == [1, 2]


def test_any_comparison_can_be_asked_for_before_the_freezing(judged: Town, signed_in: SignIn) -> None:
    centrum = judged.areas["Centrum"].pk
    assert page(judged, signed_in, rest=f"?area={centrum}&kind=*").context["explained_what"] == "Centrum"


def test_the_page_of_a_judged_period_asks_no_more_than_seventeen_times(judged: Town, signed_in: SignIn) -> None:
    page(judged, signed_in)
    browser = signed_in(judged.carin)
    with time_machine.travel(MORNING, tick=False):
        browser.get(PAGE)
        with CaptureQueriesContext(connection) as captured:
            browser.get(PAGE)
    assert queries(captured) <= 17


def test_once_frozen_the_live_picture_is_as_of_now_and_the_evaluation_gone(judged: Town, signed_in: SignIn) -> None:
    meeting = Meeting.objects.filter(period=judged.periods[-1]).first()
    meeting = meeting or Meeting.objects.create(
        group=judged.group, period=judged.periods[-1], starts_at=MORNING, ends_at=MORNING + timedelta(hours=1)
    )
    freeze_picture(meeting=meeting, now=MORNING)
    assert not Evaluation.objects.exists()
    assert evaluate_period(period=judged.periods[-1], now=NIGHT + timedelta(days=1)) is None
    assert "Preliminärt, beräknat" not in words(page(judged, signed_in))


def test_a_frozen_picture_says_until_when_it_is_preliminary(judged: Town, signed_in: SignIn) -> None:
    picture = Evaluation.objects.get().figures
    assert "29" in wording.preliminary(picture, date(2026, 11, 29))
    assert wording.preliminary(picture, date(2026, 11, 30)) == ""


def test_a_period_whose_days_change_is_not_shown_with_the_old_figures(judged: Town) -> None:
    follow_calendar([judged.periods[-1]], [], NIGHT)
    assert not Evaluation.objects.exists()


def test_ordering_the_same_night_twice_is_one_job(inside: Town) -> None:
    for _n in range(2):
        order_evaluation(inside.periods[-1], inside.group, after=inside.periods[-1].last_day)
    assert Job.objects.filter(kind="picture.evaluate").count() == 1


def test_every_preliminary_comparison_can_be_taken_away(judged: Town, signed_in: SignIn) -> None:
    with time_machine.travel(MORNING, tick=False):
        told = signed_in(judged.carin).get(f"{PAGE}matrix.csv?judged=1")
    assert "preliminary" in told["Content-Disposition"]
    rows = told.content.decode("utf-8-sig").splitlines()
    assert rows[0].startswith("Period;Område;Slag;Dagar")
    assert len(rows) > 10
