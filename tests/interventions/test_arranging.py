"""The order of business as the coordinator arranges it: moved, added, left for the next meeting, and in the minutes alike."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from est_site import tenancy
from est_site.partners.actions import merge_periods
from interventions.actions import add_item, close_meeting, move_item, park_item, prepare_meeting, take_up, write_note
from interventions.actions.arranging import MOST_OWN
from interventions.models import STANDING, AgendaItem, Edition
from situation.actions import NotAllowed, open_meeting
from situation.models import Meeting
from situation.schedule import plan_meeting
from tests.cast import NOW, Town
from tests.conftest import SignIn
from tests.interventions.conftest import following

pytestmark = pytest.mark.django_db
TUESDAY = NOW + timedelta(days=1, hours=17)


@pytest.fixture
def prepared(inside: Town) -> Meeting:
    return prepare_meeting(meeting=plan_meeting(group=inside.group, period=inside.periods[-1]), now=NOW)


def order(meeting: Meeting) -> list[str]:
    return [item.heading or item.kind for item in AgendaItem.objects.on_the_agenda(meeting)]


def named(meeting: Meeting, name: str) -> AgendaItem:
    return next(i for i in AgendaItem.objects.filter(meeting=meeting) if name in (i.kind, i.heading))


def put(town: Town, meeting: Meeting, name: str, to: int) -> None:
    item = named(meeting, name)
    move_item(item=item, seen=item.position, to=to, by=town.carin, now=NOW)


def test_an_item_is_moved_and_the_others_close_up(inside: Town, prepared: Meeting) -> None:
    put(inside, prepared, "picture", 2)
    assert order(prepared)[:4] == ["attendance", "picture", "follow_up", "round"]
    assert [i.position for i in AgendaItem.objects.on_the_agenda(prepared)] == list(range(1, len(STANDING) + 1))


def test_two_who_move_the_same_line_move_it_once(inside: Town, prepared: Meeting) -> None:
    item = named(prepared, "picture")
    for _who in range(2):  # both saw it as the fourth
        move_item(item=item, seen=4, to=3, by=inside.carin, now=NOW)
    assert order(prepared)[2] == "picture"


def test_an_item_of_ones_own_stands_before_the_decisions_and_is_added_once(inside: Town, prepared: Meeting) -> None:
    for _twice in range(2):
        add_item(meeting=prepared, heading="Belysningen vid torget", by=inside.carin, now=NOW)
    found = order(prepared)
    assert found.count("Belysningen vid torget") == 1
    assert found.index("Belysningen vid torget") == found.index("decisions") - 1


def test_what_is_added_before_the_agenda_is_made_stands_on_it(inside: Town) -> None:
    meeting = plan_meeting(group=inside.group, period=inside.periods[-1])
    add_item(meeting=meeting, heading="Skolstart", by=inside.carin, now=NOW)
    prepare_meeting(meeting=meeting, now=NOW)
    assert order(meeting).index("Skolstart") == order(meeting).index("decisions") - 1
    agenda = Edition.objects.get(meeting=meeting, kind="agenda")
    assert [one["heading"] or one["kind"] for one in agenda.frozen["items"]] == order(meeting)


def test_a_parked_item_comes_back_at_the_next_meeting_and_says_so(inside: Town, prepared: Meeting) -> None:
    with tenancy.inside(inside.group):
        open_meeting(meeting=prepared, by=inside.carin, now=TUESDAY)
        item = add_item(meeting=prepared, heading="Skolstart", by=inside.carin, now=TUESDAY)
        write_note(item=item, note="Väntar på skolan.", version=1, by=inside.carin, now=TUESDAY)
        park_item(item=item, parked=True, by=inside.carin, now=TUESDAY)
        assert "Skolstart" not in order(prepared)
        minutes = close_meeting(meeting=prepared, by=inside.carin, now=TUESDAY)
        later = plan_meeting(group=inside.group, period=following(inside))
        prepare_meeting(meeting=later, now=TUESDAY + timedelta(days=6))
    assert minutes.frozen["parked"] == [{"kind": "own", "heading": "Skolstart"}]
    back = named(later, "Skolstart")
    assert back.reasons == [
        {"kind": "parked", "meeting": prepared.pk, "week": prepared.week, "note": "Väntar på skolan."}
    ]


def test_a_parked_item_is_taken_back(inside: Town, prepared: Meeting) -> None:
    item = named(prepared, "coming")
    park_item(item=item, parked=True, by=inside.carin, now=NOW)
    park_item(item=item, parked=False, by=inside.carin, now=NOW)
    assert sorted(order(prepared)) == sorted(kind.value for kind in STANDING)


def test_attendance_is_never_parked(inside: Town, prepared: Meeting) -> None:
    with pytest.raises(NotAllowed):
        park_item(item=named(prepared, "attendance"), parked=True, by=inside.carin, now=NOW)


def test_a_meeting_that_is_over_is_not_arranged(inside: Town, prepared: Meeting) -> None:
    open_meeting(meeting=prepared, by=inside.carin, now=TUESDAY)
    close_meeting(meeting=prepared, by=inside.carin, now=TUESDAY)
    with pytest.raises(NotAllowed):
        add_item(meeting=prepared, heading="För sent", by=inside.carin, now=TUESDAY)


def test_the_minutes_have_the_order_of_the_meeting(inside: Town, prepared: Meeting, signed_in: SignIn) -> None:
    add_item(meeting=prepared, heading="Belysningen vid torget", by=inside.carin, now=NOW)
    put(inside, prepared, "Belysningen vid torget", 2)
    open_meeting(meeting=prepared, by=inside.carin, now=TUESDAY)
    edition = close_meeting(meeting=prepared, by=inside.carin, now=TUESDAY)
    page = signed_in(inside.carin).get(f"/g/tarnsund/documents/{edition.pk}/").text
    assert page.index("§ 1") < page.index("Belysningen vid torget") < page.index("§ 3")


def test_the_clock_of_an_item_stops_when_another_is_taken_up(inside: Town, prepared: Meeting) -> None:
    open_meeting(meeting=prepared, by=inside.carin, now=TUESDAY)
    take_up(item=named(prepared, "round"), by=inside.carin, now=TUESDAY)
    take_up(item=named(prepared, "picture"), by=inside.carin, now=TUESDAY + timedelta(minutes=3))
    first, second = named(prepared, "round"), named(prepared, "picture")
    assert (first.seconds, first.taken_up_at) == (180, None)
    assert (second.at_hand, second.seconds) == (True, 0)


def test_the_last_own_item_a_meeting_may_have_is_taken_and_the_next_is_refused_in_words(
    inside: Town, prepared: Meeting, signed_in: SignIn
) -> None:
    for n in range(MOST_OWN):
        add_item(meeting=prepared, heading=f"Punkt {n}", by=inside.carin, now=NOW)
    answer = signed_in(inside.carin).post(f"/g/tarnsund/meetings/{prepared.pk}/arrange/", {"heading": "En till"})
    assert answer.status_code == 422
    assert "högst 20 egna punkter" in answer.text
    assert 'value="En till"' in answer.text


def test_a_new_order_is_offered_as_a_new_agenda_once(inside: Town, prepared: Meeting, signed_in: SignIn) -> None:
    page = signed_in(inside.carin)
    address = f"/g/tarnsund/meetings/{prepared.pk}/arrange/"
    assert "Gör en ny version" not in page.get(address).text
    with tenancy.inside(inside.group):
        put(inside, prepared, "picture", 2)
    assert "Gör en ny version" in page.get(address).text
    page.post(f"{address}renew/")
    assert "Gör en ny version" not in page.get(address).text
    with tenancy.inside(inside.group):
        assert Edition.objects.filter(meeting=prepared, kind="agenda").count() == 2


def test_a_week_that_something_is_written_about_is_not_put_together_with_the_one_before(inside: Town) -> None:
    kept, gone = inside.periods[-1], following(inside)
    add_item(meeting=plan_meeting(group=inside.group, period=gone), heading="Skolstart", by=inside.carin, now=NOW)
    with pytest.raises(ValidationError, match="redan skrivet"):
        merge_periods(by=inside.carin, first=kept, last=gone, now=NOW - timedelta(days=2))


def test_parking_one_item_leaves_the_one_at_hand(inside: Town, prepared: Meeting) -> None:
    open_meeting(meeting=prepared, by=inside.carin, now=TUESDAY)
    take_up(item=named(prepared, "round"), by=inside.carin, now=TUESDAY)
    park_item(item=named(prepared, "coming"), parked=True, by=inside.carin, now=TUESDAY)
    assert named(prepared, "round").at_hand


def test_what_is_at_hand_and_parked_is_at_hand_no_more(inside: Town, prepared: Meeting) -> None:
    open_meeting(meeting=prepared, by=inside.carin, now=TUESDAY)
    take_up(item=named(prepared, "round"), by=inside.carin, now=TUESDAY)
    park_item(item=named(prepared, "round"), parked=True, by=inside.carin, now=TUESDAY + timedelta(minutes=2))
    item = named(prepared, "round")
    assert (item.at_hand, item.seconds) == (False, 120)
