"""Minutes after the meeting: remarks while the window is open, and corrections that say what they change."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
import time_machine

from est_site import tenancy
from est_site.models import Document
from interventions.actions import (
    Stale,
    close_meeting,
    correct_minutes,
    leave_remark,
    prepare_meeting,
    write_note,
)
from interventions.models import AgendaItem, Edition, Remark
from situation.actions import NotAllowed, open_meeting, set_attendance
from situation.models import Meeting
from situation.schedule import plan_meeting
from tests.cast import NOW, Town
from tests.conftest import SignIn

pytestmark = pytest.mark.django_db
TUESDAY = NOW + timedelta(days=1, hours=17)
WINDOW = timedelta(hours=48)


@pytest.fixture
def closed(inside: Town) -> Meeting:
    """The housing company was there, the guards were not."""
    meeting = prepare_meeting(meeting=plan_meeting(group=inside.group, period=inside.periods[-1]), now=NOW)
    open_meeting(meeting=meeting, by=inside.carin, now=TUESDAY)
    there = [inside.organisations["housing"].pk, inside.organisations["municipality"].pk]
    set_attendance(meeting=meeting, present=there, by=inside.carin, now=TUESDAY)
    item = AgendaItem.objects.get(meeting=meeting, kind="focus")
    write_note(item=item, note="Hamnen leder veckan.", version=1, by=inside.carin, now=TUESDAY)
    close_meeting(meeting=meeting, by=inside.carin, now=TUESDAY)
    return Meeting.objects.get(pk=meeting.pk)


def notes(meeting: Meeting, focus: str) -> list[str]:
    items = Edition.objects.filter(meeting=meeting, kind="minutes").latest("version").frozen["items"]
    return [focus if item["kind"] == "focus" else item["note"] for item in items]


def correct(town: Town, meeting: Meeting, *, version: int = 1, focus: str = "Centrum leder veckan.") -> Edition:
    said = {"version": version, "notes": notes(meeting, focus), "guests": "", "what": "Fel område under § 7"}
    return correct_minutes(meeting=meeting, by=town.carin, now=TUESDAY + timedelta(days=1), **said)


def remark(town: Town, meeting: Meeting, now: object = None, number: int = 1) -> Remark:
    said = {"text": "Vi sa Centrum", "client_uuid": uuid.UUID(int=number)}
    return leave_remark(meeting=meeting, by=town.hanna, now=now or TUESDAY, **said)


def test_a_remark_is_left_until_the_last_second_of_the_window(inside: Town, closed: Meeting) -> None:
    remark(inside, closed, TUESDAY + WINDOW - timedelta(seconds=1))
    with pytest.raises(NotAllowed):
        remark(inside, closed, TUESDAY + WINDOW, number=2)
    assert Remark.objects.count() == 1


def test_the_same_remark_sent_twice_is_one(inside: Town, closed: Meeting) -> None:
    assert remark(inside, closed) == remark(inside, closed)


def test_whoever_was_not_there_does_not_remark(inside: Town, closed: Meeting) -> None:
    with pytest.raises(NotAllowed):
        leave_remark(meeting=closed, text="Nej", client_uuid=uuid.uuid4(), by=inside.pontus, now=TUESDAY)


def test_a_correction_is_a_new_version_and_the_old_one_stays(inside: Town, closed: Meeting) -> None:
    edition = correct(inside, closed)
    first = Edition.objects.get(meeting=closed, kind="minutes", version=1)
    assert (first.frozen["notes"]["focus"], edition.frozen["notes"]["focus"]) == (
        "Hamnen leder veckan.",
        "Centrum leder veckan.",
    )
    assert [one["what"] for one in edition.frozen["corrections"]] == ["Fel område under § 7"]
    assert Document.objects.filter(kind="minutes", subject_id=edition.pk).exists()


def test_all_but_the_notes_stays_as_the_meeting_left_it(inside: Town, closed: Meeting) -> None:
    before = Edition.objects.get(meeting=closed, kind="minutes", version=1).frozen
    after = correct(inside, closed).frozen
    assert {key for key in after if after.get(key) != before.get(key)} == {"items", "notes", "corrections", "chain"}


def test_the_same_correction_sent_twice_is_one_version(inside: Town, closed: Meeting) -> None:
    assert correct(inside, closed) == correct(inside, closed)


def test_two_who_correct_at_once_lose_nothing(inside: Town, closed: Meeting, signed_in: SignIn) -> None:
    correct(inside, closed)
    with pytest.raises(Stale):
        correct(inside, closed, focus="Stationen leder veckan.")
    form = {f"note{n}": text for n, text in enumerate(notes(closed, "Stationen leder veckan."))}
    address = f"/g/tarnsund/meetings/{closed.pk}/correct/"
    answer = signed_in(inside.carin).post(address, form | {"what": "Fel", "guests": "", "version": 1})
    assert answer.status_code == 409
    assert "Stationen leder veckan." in answer.text
    assert "Version 2" in answer.text


def test_the_old_version_says_that_it_is_replaced_and_the_new_one_what_it_changes(
    inside: Town, closed: Meeting, signed_in: SignIn
) -> None:
    new = correct(inside, closed)
    old = Edition.objects.get(meeting=closed, kind="minutes", version=1)
    page = signed_in(inside.maja)
    assert "Ersatt av version 2." in page.get(f"/g/tarnsund/documents/{old.pk}/").text
    assert "Fel område under § 7" in page.get(f"/g/tarnsund/documents/{new.pk}/").text


def test_a_correction_without_words_is_refused(inside: Town, closed: Meeting, signed_in: SignIn) -> None:
    form = {f"note{n}": text for n, text in enumerate(notes(closed, "Annat"))}
    address = f"/g/tarnsund/meetings/{closed.pk}/correct/"
    answer = signed_in(inside.carin).post(address, form | {"what": " ", "guests": "", "version": 1})
    assert answer.status_code == 422
    with tenancy.inside(inside.group):
        assert Edition.objects.filter(meeting=closed, kind="minutes").count() == 1


def test_the_page_says_until_when_remarks_are_taken_and_then_that_it_ended(
    inside: Town, closed: Meeting, signed_in: SignIn
) -> None:
    address = f"/g/tarnsund/meetings/{closed.pk}/remarks/"
    for now, said in ((TUESDAY, "Spara anmärkningen"), (TUESDAY + WINDOW, "Tiden för anmärkningar gick ut")):
        with time_machine.travel(now, tick=False):
            assert said in signed_in(inside.hanna).get(address).text


def test_a_group_without_a_window_takes_no_remarks(inside: Town, closed: Meeting) -> None:
    inside.group.correction_hours = 0
    inside.group.save()
    with pytest.raises(NotAllowed):
        remark(inside, closed)
