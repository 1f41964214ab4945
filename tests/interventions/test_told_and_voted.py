"""Information out, the first vote in secret, and who was there by a stand-in."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from est_site import tenancy
from interventions.actions import close_meeting, inform, prepare_meeting, settle_information
from interventions.models import AgendaItem, Information
from situation import colour_rows
from situation.actions import NotAllowed, open_meeting, set_attendance, set_colour
from situation.colour_actions import give_votes, set_meanings, set_vote
from situation.models import Meeting
from situation.schedule import plan_meeting
from tests.cast import NOW, Town
from tests.conftest import SignIn
from tests.interventions.conftest import following

pytestmark = pytest.mark.django_db
TUESDAY = NOW + timedelta(days=1, hours=17)
SAME = uuid.uuid4()


@pytest.fixture
def going_on(inside: Town) -> Meeting:
    meeting = prepare_meeting(meeting=plan_meeting(group=inside.group, period=inside.periods[-1]), now=NOW)
    return open_meeting(meeting=meeting, by=inside.carin, now=TUESDAY)


def tell(town: Town, meeting: Meeting, **said: Any) -> Information:
    told: dict[str, Any] = {
        "recipient": "Butikerna vid torget",
        "text": "Lampan lagas i veckan.",
        "channel": "mail",
        "responsible": town.organisations["housing"],
        "due_on": date(2026, 11, 20),
        "client_uuid": uuid.uuid4(),
    }
    return inform(meeting=meeting, by=town.carin, now=TUESDAY, **(told | said))


def test_what_waits_comes_back_on_the_next_agenda_until_it_is_sent(inside: Town, going_on: Meeting) -> None:
    waits, sent = tell(inside, going_on), tell(inside, going_on, recipient="Skolan")
    close_meeting(meeting=going_on, by=inside.carin, now=TUESDAY)
    settle_information(row=sent, status="sent", by=inside.carin, now=TUESDAY)
    later = plan_meeting(group=inside.group, period=following(inside))
    prepare_meeting(meeting=later, now=TUESDAY + timedelta(days=6))
    reasons = AgendaItem.objects.get(meeting=later, kind="information").reasons
    assert [(one["information"], one["late"]) for one in reasons] == [(waits.pk, True)]


def test_the_minutes_say_who_tells_whom_and_the_next_ones_what_became_of_it(inside: Town, going_on: Meeting) -> None:
    row = tell(inside, going_on)
    first = close_meeting(meeting=going_on, by=inside.carin, now=TUESDAY)
    assert [(one["recipient"], one["status"]) for one in first.frozen["information"]] == [
        ("Butikerna vid torget", "to_do")
    ]
    settle_information(row=row, status="sent", by=inside.carin, now=TUESDAY + timedelta(days=1))
    later = plan_meeting(group=inside.group, period=following(inside))
    prepare_meeting(meeting=later, now=TUESDAY + timedelta(days=6))
    open_meeting(meeting=later, by=inside.carin, now=TUESDAY + timedelta(days=7))
    second = close_meeting(meeting=later, by=inside.carin, now=TUESDAY + timedelta(days=7))
    assert [one["status"] for one in second.frozen["information"]] == ["sent"]


def test_the_same_form_twice_tells_once(inside: Town, going_on: Meeting) -> None:
    assert tell(inside, going_on, client_uuid=SAME) == tell(inside, going_on, client_uuid=SAME)


def test_what_is_sent_is_not_dropped_afterwards(inside: Town, going_on: Meeting) -> None:
    row = settle_information(row=tell(inside, going_on), status="sent", by=inside.carin, now=TUESDAY)
    with pytest.raises(NotAllowed):
        settle_information(row=row, status="dropped", by=inside.carin, now=TUESDAY)
    assert settle_information(row=row, status="sent", by=inside.carin, now=NOW).settled_at == TUESDAY


def test_only_who_was_to_send_it_or_the_coordinator_says_it_is_sent(
    inside: Town, going_on: Meeting, signed_in: SignIn
) -> None:
    row = tell(inside, going_on)
    address = f"/g/tarnsund/information/{row.pk}/settle/"
    assert signed_in(inside.pontus).post(address, {"status": "sent"}).status_code == 404
    with tenancy.inside(inside.group):
        assert Information.objects.get().status == "to_do"
    assert signed_in(inside.hanna).post(address, {"status": "sent"}).status_code == 302
    with tenancy.inside(inside.group):
        assert Information.objects.get().status == "sent"


def test_the_list_of_information_asks_as_often_for_many_rows_as_for_one(
    inside: Town, going_on: Meeting, signed_in: SignIn, django_assert_num_queries: Callable[..., Any]
) -> None:
    page = signed_in(inside.carin)
    tell(inside, going_on)
    with CaptureQueriesContext(connection) as few:
        page.get("/g/tarnsund/information/")
    with tenancy.inside(inside.group):
        for n in range(20):
            tell(inside, going_on, recipient=f"Butik {n}")
    with django_assert_num_queries(len(few)):
        page.get("/g/tarnsund/information/")


def test_nobody_sees_the_votes_until_they_are_shown(inside: Town, going_on: Meeting, signed_in: SignIn) -> None:
    area = inside.areas["Hamnen"].pk
    set_vote(meeting=going_on, vote="open", by=inside.carin, now=TUESDAY)
    give_votes(meeting=going_on, colours={area: "red"}, by=inside.maja, now=TUESDAY)
    going_on.refresh_from_db()
    assert colour_rows.tally(going_on) == {}
    assert "1 av" in (page := signed_in(inside.carin).get(f"/g/tarnsund/meetings/{going_on.pk}/").text)
    assert "Första röst:" not in page
    with tenancy.inside(inside.group):
        set_vote(meeting=going_on, vote="shown", by=inside.carin, now=TUESDAY)
        going_on.refresh_from_db()
        assert colour_rows.tally(going_on) == {area: {"red": 1}}


def test_a_vote_given_again_replaces_the_organisations_own_and_ends_when_it_is_shown(
    inside: Town, going_on: Meeting
) -> None:
    area = inside.areas["Hamnen"].pk
    set_vote(meeting=going_on, vote="open", by=inside.carin, now=TUESDAY)
    for colour in ("red", "green"):
        give_votes(meeting=going_on, colours={area: colour}, by=inside.maja, now=TUESDAY)
    set_vote(meeting=going_on, vote="shown", by=inside.carin, now=TUESDAY)
    with pytest.raises(NotAllowed):
        give_votes(meeting=going_on, colours={area: "yellow"}, by=inside.maja, now=TUESDAY)
    going_on.refresh_from_db()
    assert colour_rows.tally(going_on) == {area: {"green": 1}}


def test_the_minutes_keep_what_the_first_vote_said(inside: Town, going_on: Meeting, signed_in: SignIn) -> None:
    area = inside.areas["Hamnen"]
    set_vote(meeting=going_on, vote="open", by=inside.carin, now=TUESDAY)
    give_votes(meeting=going_on, colours={area.pk: "red"}, by=inside.maja, now=TUESDAY)
    give_votes(meeting=going_on, colours={area.pk: "green"}, by=inside.viktor, now=TUESDAY)
    set_vote(meeting=going_on, vote="shown", by=inside.carin, now=TUESDAY)
    set_colour(meeting=going_on, area=area, colour="yellow", by=inside.carin, now=TUESDAY)
    edition = close_meeting(meeting=going_on, by=inside.carin, now=TUESDAY)
    page = signed_in(inside.carin).get(f"/g/tarnsund/documents/{edition.pk}/").text
    assert "Hamnen: 1 grön, 1 röd" in page


def test_the_groups_own_words_stand_beside_the_colours(inside: Town, going_on: Meeting, signed_in: SignIn) -> None:
    set_meanings(by=inside.carin, now=NOW, meanings={"green": "Som vanligt", "yellow": "", "red": "Vi gör något nu"})
    page = signed_in(inside.carin).get(f"/g/tarnsund/meetings/{going_on.pk}/").text
    assert "Som vanligt" in page
    assert "Vi gör något nu" in page


def test_an_area_shows_the_colour_it_had_last_time(inside: Town, going_on: Meeting, signed_in: SignIn) -> None:
    set_colour(meeting=going_on, area=inside.areas["Hamnen"], colour="red", by=inside.carin, now=TUESDAY)
    close_meeting(meeting=going_on, by=inside.carin, now=TUESDAY)
    later = plan_meeting(group=inside.group, period=following(inside))
    assert colour_rows.before(later) == {inside.areas["Hamnen"].pk: "red"}


def test_a_stand_in_is_there_and_the_minutes_say_so_with_the_guests(
    inside: Town, going_on: Meeting, signed_in: SignIn
) -> None:
    guards = inside.organisations["guards"]
    set_attendance(
        meeting=going_on,
        present=[],
        stand_ins=[guards.pk],
        guests="Räddningstjänsten (2)",
        by=inside.carin,
        now=TUESDAY,
    )
    edition = close_meeting(meeting=going_on, by=inside.carin, now=TUESDAY)
    page = signed_in(inside.carin).get(f"/g/tarnsund/documents/{edition.pk}/").text
    assert f"{guards.name} (ersättare)" in page
    assert "Gäster: Räddningstjänsten (2)." in page
    assert "inte mer än hälften" in page


def test_what_is_settled_on_the_meetings_page_leads_back_there(
    inside: Town, going_on: Meeting, signed_in: SignIn
) -> None:
    address = f"/g/tarnsund/information/{tell(inside, going_on).pk}/settle/"
    answer = signed_in(inside.carin).post(address, {"status": "sent", "meeting": going_on.pk})
    assert answer["Location"] == f"/g/tarnsund/meetings/{going_on.pk}/#information"
