"""A meeting in people's own calendars, read by other code than wrote it, and sent by a real mail server."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, time, timedelta
from typing import Any

import pytest
import vobject

from est_site import jobs
from est_site.models import Document, DocumentState, Notification
from interventions.actions import Stale, prepare_meeting
from interventions.moving import cancel_sitting, move_sitting
from situation.actions import NotAllowed, open_meeting
from situation.models import Meeting
from situation.schedule import plan_meeting
from tests.cast import NOW, Town
from tests.est_site.test_mail import Postman, port, postman  # noqa: F401  the fixtures

pytestmark = pytest.mark.django_db


@pytest.fixture
def prepared(inside: Town) -> Meeting:
    meeting = prepare_meeting(meeting=plan_meeting(group=inside.group, period=inside.periods[-1]), now=NOW)
    Document.objects.update(state=DocumentState.READY)
    return meeting


def sent(now: Any) -> None:
    for ring in jobs.find_due(now):
        if ring.kind == "mail.send":
            jobs.run(ring, now)


def entries(postman: Postman, reader: str) -> Iterator[Any]:  # noqa: F811
    """What this reader's calendar program is handed, letter by letter."""
    for letter in postman.letters:
        if letter["To"].startswith(reader):
            [file] = letter.iter_attachments()
            yield file, vobject.readOne(file.get_content())


def test_the_entry_says_when_and_where_and_links(prepared: Meeting, postman: Postman) -> None:  # noqa: F811
    sent(NOW)
    [(file, calendar)] = entries(postman, "maja")
    event = calendar.vevent
    assert calendar.method.value == file.get_param("method") == "REQUEST"
    assert (event.dtstart.value, event.dtend.value) == (
        prepared.starts_at.astimezone(UTC),
        prepared.ends_at.astimezone(UTC),
    )
    assert event.location.value == "Sjöfartshuset"
    assert event.url.value == f"https://est.tarnsund.example/g/tarnsund/meetings/{prepared.pk}/"
    assert [one.value for one in calendar.vevent.contents["attendee"]] == [f"mailto:{_address(prepared, 'maja')}"]


def _address(meeting: Meeting, name: str) -> str:
    told = Notification.objects.filter(member__user__email__startswith=name).select_related("member__user")
    return str(told[0].member.user.email)


def test_no_line_is_longer_than_the_standard_lets_it_be(prepared: Meeting, postman: Postman) -> None:  # noqa: F811
    Meeting.objects.filter(pk=prepared.pk).update(place="Sammanträdesrummet Örnen, " * 4)
    sent(NOW)
    [(file, calendar)] = entries(postman, "maja")
    assert all(len(line) <= 75 for line in file.get_content().encode().split(b"\r\n"))
    assert calendar.vevent.location.value.startswith("Sammanträdesrummet Örnen, Sammanträdesrummet")


def test_a_moved_meeting_is_the_same_entry_with_a_higher_sequence(
    inside: Town,
    prepared: Meeting,
    postman: Postman,  # noqa: F811
) -> None:
    sent(NOW)
    moved = {"day": date(2026, 11, 25), "at": time(13), "where": "Rådhuset"}
    prepared.refresh_from_db()
    move_sitting(meeting=prepared, version=prepared.version, by=inside.carin, now=NOW, **moved)
    Document.objects.update(state=DocumentState.READY)
    sent(NOW + timedelta(minutes=5))
    first, second = (calendar.vevent for _file, calendar in entries(postman, "maja"))
    assert first.uid.value == second.uid.value
    assert int(second.sequence.value) > int(first.sequence.value)
    assert second.dtstart.value.isoformat() == "2026-11-25T12:00:00+00:00"


def test_a_cancelled_meeting_leaves_the_calendar_and_each_is_told_once(
    inside: Town,
    prepared: Meeting,
    postman: Postman,  # noqa: F811
) -> None:
    sent(NOW)
    prepared.refresh_from_db()
    for _twice in range(2):
        cancel_sitting(meeting=prepared, version=prepared.version, by=inside.carin, now=NOW)
    sent(NOW + timedelta(minutes=5))
    (_one, first), (file, second) = entries(postman, "maja")
    assert (second.method.value, file.get_param("method")) == ("CANCEL", "CANCEL")
    assert second.vevent.status.value == "CANCELLED"
    assert second.vevent.uid.value == first.vevent.uid.value
    assert int(second.vevent.sequence.value) > int(first.vevent.sequence.value)


def test_nobody_is_told_of_a_cancelled_meeting_nobody_was_invited_to(inside: Town) -> None:
    meeting = plan_meeting(group=inside.group, period=inside.periods[-1])
    cancel_sitting(meeting=meeting, version=meeting.version, by=inside.carin, now=NOW)
    assert not Notification.objects.exists()


def test_a_meeting_that_goes_on_or_was_changed_is_not_cancelled(inside: Town, prepared: Meeting) -> None:
    with pytest.raises(Stale):
        cancel_sitting(meeting=prepared, version=77, by=inside.carin, now=NOW)
    open_meeting(meeting=prepared, by=inside.carin, now=NOW)
    with pytest.raises(NotAllowed):
        cancel_sitting(meeting=prepared, version=prepared.version, by=inside.carin, now=NOW)


def test_an_invitation_that_has_not_left_never_does_and_nobody_is_told_of_what_they_never_heard(
    inside: Town,
    prepared: Meeting,
    postman: Postman,  # noqa: F811
) -> None:
    prepared.refresh_from_db()
    cancel_sitting(meeting=prepared, version=prepared.version, by=inside.carin, now=NOW)
    sent(NOW + timedelta(minutes=5))
    assert postman.letters == []
