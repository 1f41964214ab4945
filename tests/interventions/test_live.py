"""A meeting under way on every screen: one state, asked for cheaply, and nobody's name on the wall."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from est_site import tenancy
from interventions import live
from interventions.actions import (
    NewIntervention,
    close_meeting,
    follow_up,
    prepare_meeting,
    start_intervention,
    take_up,
    write_note,
)
from interventions.models import AgendaItem, Decision
from situation.actions import NotAllowed, open_meeting, set_attendance, set_colour
from situation.models import Meeting
from situation.schedule import plan_meeting
from tests.cast import NOW, Town

TUESDAY = NOW + timedelta(days=1, hours=17)


@pytest.fixture
def going_on(tarnsund: Town) -> Meeting:
    """This week's meeting with its agenda, opened."""
    with tenancy.inside(tarnsund.group):
        meeting = prepare_meeting(meeting=plan_meeting(group=tarnsund.group, period=tarnsund.periods[-1]), now=NOW)
        return open_meeting(meeting=meeting, by=tarnsund.carin, now=TUESDAY)


def decide(town: Town, meeting: Meeting, what: str = "Väktarna går Hamnplan till 02", **fields: Any) -> Decision:
    new = NewIntervention(
        what=what,
        responsible=fields.pop("responsible", town.organisations["guards"]),
        area=town.areas["Hamnen"],
        first_day=date(2026, 11, 27),
        **fields,
    )
    return start_intervention(meeting=meeting, new=new, client_uuid=uuid.uuid4(), by=town.carin, now=TUESDAY)


def item(meeting: Meeting, kind: str) -> AgendaItem:
    return AgendaItem.objects.get(meeting=meeting, kind=kind)


def version(meeting: Meeting) -> int:
    return Meeting.objects.values_list("version", flat=True).get(pk=meeting.pk)


def address(meeting: Meeting, page: str) -> str:
    return f"/g/tarnsund/meetings/{meeting.pk}/{page}"


Write = Callable[[Town, Meeting], object]
WRITES: dict[str, Write] = {
    "attendance": lambda t, m: set_attendance(
        meeting=m, present=[t.organisations["guards"].pk], by=t.carin, now=TUESDAY
    ),
    "a colour": lambda t, m: set_colour(meeting=m, area=t.areas["Hamnen"], colour="red", by=t.carin, now=TUESDAY),
    "a note": lambda t, m: write_note(item=item(m, "round"), note="Lugnt.", version=1, by=t.carin, now=TUESDAY),
    "a decision": decide,
    "a follow-up": lambda t, m: follow_up(
        meeting=m,
        intervention=decide(t, m).intervention,
        kind="continue",
        client_uuid=uuid.uuid4(),
        by=t.carin,
        now=TUESDAY,
    ),
    "the item at hand": lambda t, m: take_up(item=item(m, "decisions"), by=t.carin, now=TUESDAY),
    "the end": lambda t, m: close_meeting(meeting=m, by=t.carin, now=TUESDAY),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=list(WRITES))
def test_everything_written_in_a_meeting_raises_its_version(inside: Town, going_on: Meeting, write: Write) -> None:
    before = version(going_on)
    write(inside, going_on)
    assert version(going_on) > before


def test_opening_raises_the_version_too(inside: Town) -> None:
    meeting = plan_meeting(group=inside.group, period=inside.periods[-1])
    assert open_meeting(meeting=meeting, by=inside.carin, now=TUESDAY).version > 1


def test_one_item_is_at_hand_and_taking_it_up_twice_changes_nothing(inside: Town, going_on: Meeting) -> None:
    for kind in ("round", "decisions", "decisions"):
        take_up(item=item(going_on, kind), by=inside.carin, now=TUESDAY)
    assert [one.kind for one in AgendaItem.objects.filter(meeting=going_on, at_hand=True)] == ["decisions"]
    assert version(going_on) == going_on.version + 2


def test_nothing_is_taken_up_in_a_meeting_that_is_over(inside: Town, going_on: Meeting) -> None:
    close_meeting(meeting=going_on, by=inside.carin, now=TUESDAY)
    with pytest.raises(NotAllowed):
        take_up(item=item(going_on, "round"), by=inside.carin, now=TUESDAY)


def test_who_has_the_newest_is_answered_with_nothing_and_the_meeting_is_asked_about_once(
    tarnsund: Town, going_on: Meeting, signed_in: Any
) -> None:
    client = signed_in(tarnsund.maja)
    url = address(going_on, f"state/?part=follow&version={going_on.version}")
    client.get(url)
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(url)
    assert (answer.status_code, answer.content) == (204, b"")
    assert sum(len(name) + len(value) + 4 for name, value in answer.items()) <= 300
    about = [
        query["sql"]
        for query in asked.captured_queries
        if "situation_" in query["sql"] or "interventions_" in query["sql"]
    ]
    assert len(about) == 1
    assert not [query for query in asked.captured_queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]


@pytest.mark.parametrize("part", ["run", "follow", "present"])
def test_who_has_an_older_one_gets_the_part_as_it_now_is(
    tarnsund: Town, going_on: Meeting, signed_in: Any, part: str
) -> None:
    with tenancy.inside(tarnsund.group):
        decide(tarnsund, going_on, "Kiosken släcker klockan 22")
    answer = signed_in(tarnsund.maja).get(address(going_on, f"state/?part={part}&version={going_on.version}"))
    text = answer.content.decode()
    assert "Kiosken släcker klockan 22" in text
    assert f"version={going_on.version + 1}" in text


def test_what_is_kept_for_one_organisation_is_not_handed_to_another(
    tarnsund: Town, going_on: Meeting, signed_in: Any
) -> None:
    with tenancy.inside(tarnsund.group):
        own = {"visibility": "organisation", "responsible": tarnsund.organisations["housing"]}
        decide(tarnsund, going_on, "Låset byts", **own)
    seen = {
        who: "Låset byts" in signed_in(getattr(tarnsund, who)).get(address(going_on, "state/?part=follow")).text
        for who in ("hanna", "maja", "pontus", "hanna")
    }
    assert seen == {"hanna": True, "maja": False, "pontus": False}


def test_what_is_kept_is_made_once_for_all_of_an_organisation(
    tarnsund: Town, going_on: Meeting, signed_in: Any
) -> None:
    url = address(going_on, "state/?part=follow&version=0")
    first = signed_in(tarnsund.maja).get(url)
    client = signed_in(tarnsund.carin)
    with CaptureQueriesContext(connection) as asked:
        second = client.get(url)
    assert second.text == first.text
    assert sum("interventions_" in query["sql"] for query in asked.captured_queries) == 0


@pytest.mark.parametrize("junk", ["", "?version=abc", "?version=-1&part=../x&item=٣", "?item=99999999999999999999"])
def test_nonsense_is_answered_with_the_newest(tarnsund: Town, going_on: Meeting, signed_in: Any, junk: str) -> None:
    assert signed_in(tarnsund.maja).get(address(going_on, f"state/{junk}")).status_code == 200


def test_the_wall_names_nobody(tarnsund: Town, going_on: Meeting, signed_in: Any) -> None:
    with tenancy.inside(tarnsund.group):
        decide(tarnsund, going_on)
    text = signed_in(tarnsund.carin).get(address(going_on, "present/")).content.decode()
    for person in (tarnsund.carin, tarnsund.maja, tarnsund.rut):
        assert str(person.user) not in text
        assert person.user.email not in text


def test_the_wall_shows_no_limited_intervention_even_to_those_who_may_see_it(inside: Town, going_on: Meeting) -> None:
    decide(inside, going_on, "Polisens egen", visibility="police", responsible=inside.organisations["police"])
    assert live.stage(going_on).decisions == []


def test_the_wall_has_twelve_rows_at_most_and_says_how_many_more(inside: Town, going_on: Meeting) -> None:
    for n in range(6):
        decide(inside, going_on, f"Nummer {n}")
    notes = "\n".join(f"Rad {n}" for n in range(20))
    write_note(item=item(going_on, "elsewhere"), note=notes, version=1, by=inside.carin, now=TUESDAY)
    shown = live.stage(going_on, item(going_on, "elsewhere").position)
    assert len(shown.rows) + 1 + len(shown.decisions) <= 12
    assert len(shown.rows) + shown.more == 20


def test_leafing_on_the_wall_moves_nobody_else(tarnsund: Town, going_on: Meeting, signed_in: Any) -> None:
    client = signed_in(tarnsund.carin)
    assert "<h1>4 " in client.get(address(going_on, "present/?item=4")).content.decode()
    assert "<h1>1 " in client.get(address(going_on, "present/")).content.decode()


def test_paused_it_says_since_when_and_asks_for_nothing(tarnsund: Town, going_on: Meeting, signed_in: Any) -> None:
    text = signed_in(tarnsund.maja).get(address(going_on, "follow/?paused")).content.decode()
    assert "data-since=" in text
    assert "data-state=" not in text


def test_a_follower_sees_which_decisions_are_their_organisations(
    tarnsund: Town, going_on: Meeting, signed_in: Any
) -> None:
    with tenancy.inside(tarnsund.group):
        decide(tarnsund, going_on, "Andras", responsible=tarnsund.organisations["guards"])
        decide(tarnsund, going_on, "Vår", responsible=tarnsund.maja.organisation)
    text = signed_in(tarnsund.maja).get(address(going_on, "follow/")).content.decode()
    assert text.count("er uppgift") == 1


@pytest.mark.parametrize("position", range(1, 11))
def test_no_item_leaves_the_wall_empty(tarnsund: Town, going_on: Meeting, signed_in: Any, position: int) -> None:
    text = signed_in(tarnsund.carin).get(address(going_on, f"present/?item={position}")).content.decode()
    assert "<p></p>" not in text
    assert f"<h1>{position} " in text


def test_the_minutes_say_how_many_of_the_organisations_were_there(
    tarnsund: Town, going_on: Meeting, signed_in: Any
) -> None:
    with tenancy.inside(tarnsund.group):
        set_attendance(meeting=going_on, present=[tarnsund.organisations["guards"].pk], by=tarnsund.carin, now=TUESDAY)
        edition = close_meeting(meeting=going_on, by=tarnsund.carin, now=TUESDAY)
    text = signed_in(tarnsund.maja).get(f"/g/tarnsund/documents/{edition.pk}/").content.decode()
    assert f"1 av {len(tarnsund.organisations)} organisationer" in text


def test_the_map_on_the_wall_says_how_many_organisations_its_numbers_rest_on(inside: Town, going_on: Meeting) -> None:
    shown = live.stage(going_on, item(going_on, "picture").position)
    assert "<svg" in shown.map
    assert (shown.heard, shown.asked) == (0, len(inside.organisations))
