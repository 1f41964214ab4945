"""A sitting is moved, opened before its day, and closed with something left: asked first, told afterwards."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from est_site import tenancy
from est_site.models import Document, DocumentState, Job, Notification
from est_site.partners.models import Period
from interventions.actions import Stale, close_meeting, prepare_meeting
from interventions.letters import meeting_invitation
from interventions.models import Edition
from interventions.moving import move_sitting
from interventions.sheets import sheet
from situation.actions import NotAllowed, open_meeting
from situation.models import Meeting
from situation.schedule import plan_meeting
from tests.cast import NOW, Town
from tests.conftest import SignIn
from tests.interventions.test_meeting_actions import TUESDAY, started

THURSDAY = date(2026, 11, 26)


def moved(town: Town, meeting: Meeting, **changes: Any) -> Meeting:
    values = {"version": meeting.version, "day": THURSDAY, "at": time(13, 30), "where": "Rådhuset"}
    return move_sitting(meeting=meeting, by=town.carin, now=NOW, **{**values, **changes})


def local(instant: datetime, meeting: Meeting) -> str:
    return f"{instant.astimezone(meeting.group.zone):%d %H.%M}"


def test_what_prepares_it_and_the_deadline_move_along(inside: Town, planned: Meeting) -> None:
    meeting = moved(inside, planned)
    assert (local(meeting.starts_at, meeting), local(meeting.ends_at, meeting)) == ("26 13.30", "26 14.15")
    assert meeting.place == "Rådhuset"
    assert local(Job.objects.get(kind="meeting.prepare").due_at, meeting) == "26 11.30"
    meeting.period.refresh_from_db()
    assert meeting.period.deadline < meeting.starts_at
    assert local(meeting.period.deadline, meeting).startswith("2")
    assert not Notification.objects.exists()  # nobody was invited yet


def test_the_same_move_twice_is_one(inside: Town, planned: Meeting) -> None:
    once = moved(inside, planned)
    assert moved(inside, planned).version == once.version


def test_a_prepared_sitting_gets_a_new_agenda_and_a_letter_that_says_so(inside: Town, planned: Meeting) -> None:
    meeting = prepare_meeting(meeting=planned, now=NOW)
    invited = Notification.objects.count()
    moved(inside, meeting)
    first, second = Edition.objects.filter(kind="agenda").order_by("version")
    assert second.frozen["picture"] == first.frozen["picture"]
    assert second.frozen["meeting"]["starts_at"] == "2026-11-26T13:30:00+01:00"
    again = Notification.objects.filter(ids__moved=2)
    assert again.count() == invited
    assert Notification.objects.count() == 2 * invited


def test_the_letter_says_that_it_was_moved(inside: Town, planned: Meeting) -> None:
    moved(inside, prepare_meeting(meeting=planned, now=NOW))
    Document.objects.update(state=DocumentState.READY)
    with translation.override("sv"):
        letter = meeting_invitation(Notification.objects.filter(ids__moved=2).first())
    assert letter.subject == "Flyttat: veckomöte vecka 48"
    assert "Torsdag 26 november klockan 13.30" in letter.body


@pytest.mark.parametrize("day", [date(1, 1, 1), date(2026, 11, 22), date(2026, 11, 30), date(9999, 12, 31)])
def test_it_is_held_after_its_period_and_before_the_next_is_over(day: date, inside: Town, planned: Meeting) -> None:
    with pytest.raises(ValidationError) as refused:
        moved(inside, planned, day=day)
    assert "från 23 november till 29 november" in refused.value.message_dict["day"][0]


@pytest.mark.parametrize("day", [date(2026, 11, 23), date(2026, 11, 29)])
def test_the_first_and_the_last_day_within_reach_are_allowed(day: date, inside: Town, planned: Meeting) -> None:
    assert moved(inside, planned, day=day).local_start.date() == day


def test_where_the_next_period_is_longer_so_is_the_reach(inside: Town, planned: Meeting) -> None:
    Period.objects.create(group=inside.group, first_day="2026-11-23", last_day="2026-12-06")
    assert moved(inside, planned, day=date(2026, 12, 6)).number == "2026:49"


def test_what_was_to_be_followed_up_at_it_moves_along(inside: Town, planned: Meeting) -> None:
    before = plan_meeting(group=inside.group, period=inside.periods[-2])
    opened = open_meeting(meeting=before, by=inside.carin, now=NOW)
    due = started(inside, opened, follow_up_on=date(2026, 11, 24)).intervention
    later = started(inside, opened, follow_up_on=date(2026, 12, 1)).intervention
    close_meeting(meeting=opened, by=inside.carin, now=NOW)
    meeting = moved(inside, prepare_meeting(meeting=planned, now=NOW), day=date(2026, 11, 23))
    due.refresh_from_db()
    later.refresh_from_db()
    assert (due.follow_up_on, later.follow_up_on) == (date(2026, 11, 23), date(2026, 12, 1))
    reasons = {one["intervention"]: one for one in meeting.agenda_items.get(kind="follow_up").reasons}
    assert (reasons[due.pk]["kind"], reasons[due.pk]["follow_up_on"]) == ("due", "2026-11-23")


def test_what_was_noted_beside_an_item_stays(inside: Town, planned: Meeting) -> None:
    meeting = prepare_meeting(meeting=planned, now=NOW)
    meeting.agenda_items.filter(kind="round").update(note="Hälsa Rut")
    assert moved(inside, meeting).agenda_items.get(kind="round").note == "Hälsa Rut"


def test_an_hour_that_has_passed_is_refused_and_its_place_can_still_be_mended(inside: Town, planned: Meeting) -> None:
    late = planned.starts_at + timedelta(hours=1)
    start = planned.local_start
    values = {"version": planned.version, "day": start.date(), "by": inside.carin, "now": late, "where": "Rådhuset"}
    with pytest.raises(ValidationError):
        move_sitting(meeting=planned, at=time(9, 30), **values)
    assert move_sitting(meeting=planned, at=start.time(), **values).place == "Rådhuset"


def test_one_that_has_begun_or_was_changed_meanwhile_is_not_moved(inside: Town, planned: Meeting) -> None:
    with pytest.raises(Stale):
        moved(inside, planned, version=planned.version + 1)
    opened = open_meeting(meeting=planned, by=inside.carin, now=TUESDAY)
    with pytest.raises(NotAllowed):
        moved(inside, opened)


def test_the_page_keeps_what_was_typed_and_says_what_is_wrong(tarnsund: Town, signed_in: SignIn) -> None:
    client, meeting = signed_in(tarnsund.carin), sitting(tarnsund)
    url = reverse("meeting_move", args=[tarnsund.group.slug, meeting.pk])
    answer = client.post(url, {"version": 1, "day": "2026-11-20", "at": "13:30", "where": "Rådhuset"})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "från 23 november till 29 november" in text
    assert 'value="Rådhuset"' in text


def test_who_moves_it_second_sees_both_and_can_move_it_all_the_same(tarnsund: Town, signed_in: SignIn) -> None:
    client, meeting = signed_in(tarnsund.carin), sitting(tarnsund)
    url = reverse("meeting_move", args=[tarnsund.group.slug, meeting.pk])
    mine = {"day": "2026-11-24", "at": "09:00", "where": "Rådhuset"}
    answer = client.post(url, mine | {"version": meeting.version + 1})
    assert answer.status_code == 409
    assert 'value="Rådhuset"' in answer.content.decode()
    assert client.post(url, mine | {"version": answer.context["form"]["version"].value()}).status_code == 302


# --- before its day --------------------------------------------------------------------------------


def sitting(town: Town, ahead: timedelta | None = None) -> Meeting:
    with tenancy.inside(town.group):
        meeting = plan_meeting(group=town.group, period=town.periods[-1])
        if ahead is not None:
            meeting.starts_at = timezone.now() + ahead
            meeting.ends_at = meeting.starts_at + timedelta(minutes=45)
            meeting.save()
        return meeting


def press(client: Client, town: Town, meeting: Meeting, name: str, **data: str) -> Any:
    return client.post(reverse(name, args=[town.group.slug, meeting.pk]), data, follow=True)


def test_opening_before_its_day_asks_first(tarnsund: Town, signed_in: SignIn) -> None:
    client, meeting = signed_in(tarnsund.carin), sitting(tarnsund, ahead=timedelta(days=2))
    asked = press(client, tarnsund, meeting, "meeting_start")
    assert "Öppna det före dagen?" in asked.content.decode()
    assert asked.context["meeting"].state == "planned"
    opened = press(client, tarnsund, meeting, "meeting_start", early="yes")
    assert opened.context["meeting"].state == "open"


def test_when_its_day_has_come_it_opens_at_once(tarnsund: Town, signed_in: SignIn) -> None:
    client, meeting = signed_in(tarnsund.carin), sitting(tarnsund, ahead=timedelta())
    assert press(client, tarnsund, meeting, "meeting_start").context["meeting"].state == "open"


def test_its_day_begins_at_midnight_where_the_group_is(inside: Town, planned: Meeting) -> None:
    assert planned.lies_ahead(datetime(2026, 11, 23, 22, 59, tzinfo=UTC))
    assert not planned.lies_ahead(datetime(2026, 11, 23, 23, tzinfo=UTC))


def test_minutes_say_when_it_was_held(inside: Town, planned: Meeting) -> None:
    prepare_meeting(meeting=planned, now=NOW)
    open_meeting(meeting=planned, by=inside.carin, now=NOW)
    early = sheet(close_meeting(meeting=planned, by=inside.carin, now=NOW + timedelta(minutes=30)))
    assert "Hölls en annan dag än planerat: öppnades 22 november 2026" in early


def test_minutes_of_a_sitting_on_its_day_give_the_hours(inside: Town, opened: Meeting) -> None:
    minutes = sheet(close_meeting(meeting=opened, by=inside.carin, now=opened.opened_at + timedelta(minutes=44)))
    assert f"Öppnades {local(opened.opened_at, opened)[3:]}" in minutes


# --- with something left ---------------------------------------------------------------------------


def test_who_closes_sees_what_is_due_and_undecided(inside: Town, planned: Meeting, signed_in: SignIn) -> None:
    before = plan_meeting(group=inside.group, period=inside.periods[-2])
    started(inside, open_meeting(meeting=before, by=inside.carin, now=NOW), follow_up_on=date(2026, 11, 24))
    close_meeting(meeting=before, by=inside.carin, now=NOW)
    prepare_meeting(meeting=planned, now=TUESDAY)
    open_meeting(meeting=planned, by=inside.carin, now=TUESDAY)
    text = signed_in(inside.carin).get(reverse("meeting", args=[inside.group.slug, planned.pk])).content.decode()
    assert "1 insats ska följas upp och har inget beslut" in text
    assert "Avsluta ändå och frys protokollet" in text
