"""What Home shows of the picture and the next meeting."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from situation.actions import freeze_picture
from situation.home import cards
from situation.models import Meeting
from tests.cast import NOW, Town, make_incident
from tests.conftest import SignIn
from tests.situation.test_situation_page import words

MONDAY_MORNING = datetime(2026, 11, 23, 7, tzinfo=UTC)


def test_the_latest_frozen_picture_is_said_in_its_own_words(week47: Town, planned: Meeting, signed_in: SignIn) -> None:
    freeze_picture(meeting=planned, now=NOW + timedelta(hours=15))
    page = signed_in(week47.carin).get("/g/tarnsund/")
    assert "5 observationer vecka 47." in words(page)
    assert f"/g/tarnsund/situation/meeting/{planned.pk}/" in page.content.decode()


def test_before_anything_is_frozen_the_period_going_on_is_said(week47: Town) -> None:
    [_meeting, card, _presence] = cards(week47.carin, [week47.carin], NOW)
    assert card.context["so_far"] == "5 observationer hittills vecka 47."


def test_a_limited_observation_is_not_counted(week47: Town) -> None:
    make_incident(week47, visibility="organisation")
    [_meeting, card, _presence] = cards(week47.hanna, [week47.hanna], NOW)
    assert card.context["so_far"] == "5 observationer hittills vecka 47."


def test_the_next_meeting_stands_with_day_time_and_place(week47: Town, planned: Meeting) -> None:
    [card, _picture, _presence] = cards(week47.carin, [week47.carin], MONDAY_MORNING)
    assert card.context["meeting"] == planned
    assert str(card.context["starts_at"]) == "2026-11-24 09:00:00"
    assert card.context["meeting"].place == "Sjöfartshuset"


def test_a_reporter_gets_only_the_way_to_log_presence(week47: Town) -> None:
    assert [card.template for card in cards(week47.rut, [week47.rut], NOW)] == ["situation/home_presence.html"]


def test_the_steering_group_gets_the_picture_without_the_meeting(week47: Town) -> None:
    assert [card.template for card in cards(week47.stina, [week47.stina], NOW)] == ["situation/home_picture.html"]


def test_a_group_that_has_not_begun_has_no_picture(inside: Town) -> None:
    [_meeting, card, _presence] = cards(inside.carin, [inside.carin], datetime(2020, 1, 1, tzinfo=UTC))
    assert card.context["headline"] == card.context["so_far"] == ""
    assert date(2020, 1, 1) < inside.periods[0].first_day


def test_the_cards_ask_as_often_however_much_there_is(week47: Town) -> None:
    with CaptureQueriesContext(connection) as few:
        cards(week47.carin, [week47.carin], NOW)
    for _ in range(20):
        make_incident(week47)
    with CaptureQueriesContext(connection) as many:
        cards(week47.carin, [week47.carin], NOW)
    assert len(few) == len(many) <= 4
