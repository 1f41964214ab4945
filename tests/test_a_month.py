"""The weekly meeting, week after week: prepared by the clock, held by its coordinator, told to everybody once.

The clock goes hour by hour over a copy of the invented town; files and the mail server are real.
"""

from __future__ import annotations

import hashlib
import uuid
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from aiosmtpd.controller import Controller
from django.conf import settings
from django.db import connection
from django.test import Client
from pypdf import PdfReader

from est_site import audit, jobs, seals, tenancy
from est_site.models import AccessEvent, AuditEvent, Document, DocumentState, Job, JobState, Notification
from est_site.partners.models import Group, Membership
from interventions.models import Decision, Edition, Intervention
from situation.models import Meeting, MeetingState
from tests import town
from tests.est_site.test_mail import Postman, free_port

HOURS = 7 * 24
SIX = timedelta(hours=6)


class Month:
    """A copy of the town, and what has happened in it since."""

    def __init__(self, start: datetime, postman: Postman) -> None:
        self.start, self.postman = start, postman
        self.group = Group.objects.get(slug="tarnsund")
        self.held: list[Meeting] = []

    def __call__(self, weeks: int, away: Collection[timedelta] = ()) -> Month:
        """Go through the weeks; the worker is away for six hours from each of the moments in `away`."""
        for hour in range(weeks * HOURS):
            now = self.start + timedelta(hours=hour)
            if not any(gone <= now - self.start < gone + SIX for gone in away):
                tick(now)
                tick(now)
            self.hold_what_begins(now)
        return self

    def hold_what_begins(self, now: datetime) -> None:
        with tenancy.inside(self.group):
            begun = Meeting.objects.filter(starts_at__gte=self.start, starts_at__lte=now, state=MeetingState.PLANNED)
            waiting = [*begun.select_related("group")]
            chair = Membership.objects.select_related("user").get(role="coordinator")
        for meeting in waiting:
            self.hold(meeting, chair, now)
            self.held.append(meeting)

    def hold(self, meeting: Meeting, chair: Membership, now: datetime) -> None:
        """Everything is pressed on the screen, and each thing twice."""
        client = Client()
        home = f"/g/{self.group.slug}/meetings/{meeting.pk}/"

        def press(minute: int, door: str, **fields: Any) -> None:
            with time_machine.travel(now + timedelta(minutes=minute), tick=False):
                answers = {client.post(home + door, fields).status_code for _ in range(2)}
            assert answers <= {302, 409}, door

        with time_machine.travel(now, tick=False):
            client.force_login(chair.user)
        press(0, "start/")
        with tenancy.inside(self.group):
            lines = meeting.attendances.values_list("organisation_id", flat=True)
            present = [*lines][:-1]
            running = [*Intervention.objects.running().shared().values_list("pk", flat=True)]
        press(2, "attendance/", present=present)
        for n, pk in enumerate(running):
            press(5, f"follow-up/{pk}/", kind="continue", delivered="done", client_uuid=form(meeting, n))
        day = meeting.local_start.date()
        press(
            30,
            "decide/",
            what=f"Nattvandring {day}",
            first_day=day,
            follow_up_on=day + timedelta(weeks=1),
            responsible=present[0],
            visibility="group",
            client_uuid=form(meeting, "new"),
        )
        press(44, "close/")
        with time_machine.travel(now + timedelta(minutes=44), tick=False):
            assert client.get(f"/g/{self.group.slug}/situation/").status_code == 200  # a reading, to be sealed

    def documents(self) -> list[Document]:
        """The files of what was frozen since the start, in order."""
        frozen = Edition.objects.filter(frozen_at__gte=self.start)
        return [*Document.objects.filter(subject_id__in=frozen.values("pk")).order_by("subject_id")]

    def letters(self) -> Counter[tuple[str, str]]:
        return Counter((letter["To"], letter["Subject"]) for letter in self.postman.letters)

    def state(self) -> dict[str, Any]:
        """How much there is of everything that a clock could make more of."""
        found: dict[str, Any] = {"letters": len(self.postman.letters)}
        for group in Group.objects.all():
            with tenancy.inside(group):
                for model in (Meeting, Edition, Document, Job, Notification, Decision, AuditEvent, AccessEvent):
                    found[f"{group.slug} {model.__name__}"] = model.objects.count()
        return found


def file(row: Document) -> Path:
    return Path(settings.MEDIA_ROOT) / row.path


def form(meeting: Meeting, what: object) -> uuid.UUID:
    return uuid.uuid5(uuid.NAMESPACE_URL, f"{meeting.pk}/{what}")


def tick(now: datetime) -> None:
    """What beat and the workers do in an hour; every row is rung for twice, as from a queue that delivers twice."""
    seals.order(now)
    while rings := jobs.find_due(now):
        for ring in rings:
            jobs.run(ring, now)
            jobs.run(ring, now)


@pytest.fixture
def month(tmp_path: Path, settings: Any, django_db_blocker: Any) -> Iterator[Callable[[str], Month]]:
    """`month("2026-12-14T00:00+00:00")` is the town as it is then; without a moment, early this Monday."""
    postman = Postman()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    settings.EMAIL_HOST_USER, settings.EMAIL_USE_TLS = "", False
    controller = Controller(postman, hostname="127.0.0.1", port=settings.EMAIL_PORT)
    controller.start()
    here, before = connection.settings_dict, connection.settings_dict["NAME"]
    copies: list[Any] = []

    def begin(at: str = "") -> Month:
        copies.append(town.copied(tmp_path, at))
        here["NAME"] = copies[0].__enter__()
        start = datetime.fromisoformat(at) if at else datetime.fromisoformat(town.monday())
        return Month((start + timedelta(minutes=59)).astimezone(UTC).replace(minute=0), postman)

    with django_db_blocker.unblock():
        connection.close()
        try:
            yield begin
        finally:
            connection.close()
            here["NAME"] = before
            for copy in copies:
                copy.__exit__(None, None, None)
            controller.stop()


def assert_whole(month: Month, weeks: int, invited: int) -> None:
    """One agenda and one set of minutes a week, as files; every letter once; every chain whole; nothing left over."""
    with tenancy.inside(month.group):
        editions = Edition.objects.filter(frozen_at__gte=month.start)
        kinds = Counter(editions.values_list("kind", flat=True))
        documents = month.documents()
        made = Counter(document.kind for document in documents)
        people = Membership.objects.filter(role__in=["member", "coordinator"]).active(month.start.date())
        addresses = set(people.values_list("user__email", flat=True))
        decided = Decision.objects.filter(decided_at__gte=month.start, kind="start").order_by("decided_at")
        words = [f"Nattvandring {meeting.local_start.date()}" for meeting in month.held]
        minutes = [document for document in documents if document.kind == "minutes"]
        assert [*decided.values_list("what", flat=True)] == words
    assert kinds == made == {"agenda": weeks, "minutes": weeks}
    assert {row.state for row in documents} == {DocumentState.READY}
    assert [row.sha256 for row in documents] == [
        hashlib.sha256(file(row).read_bytes()).hexdigest() for row in documents
    ]
    for row, what in zip(minutes, words, strict=True):
        text = "".join(page.extract_text() for page in PdfReader(file(row)).pages)
        assert what in " ".join(text.split())
    letters = {key: n for key, n in month.letters().items() if key[0].endswith("@tarnsund.example")}
    assert set(letters.values()) == {1}
    assert len(letters) == invited * len(addresses)
    assert {to for to, _subject in letters} == addresses
    for group in Group.objects.all():
        with tenancy.inside(group):
            assert (audit.verify(group.pk), seals.verify(group.pk)) == (None, None)
            late = Job.objects.filter(due_at__lt=month.start + timedelta(weeks=weeks) - timedelta(hours=1))
            assert not late.filter(state__in=[JobState.DUE, JobState.RUNNING, JobState.PARKED])
    before = month.state()
    tick(month.start + timedelta(weeks=weeks, hours=-1))
    assert month.state() == before


@pytest.mark.long
def test_a_week_of_the_clock_makes_one_agenda_one_set_of_minutes_and_each_letter_once(
    month: Callable[..., Month],
) -> None:
    assert_whole(month()(1), weeks=1, invited=1)


@pytest.mark.long
def test_four_weeks_over_the_turn_of_the_year_make_four_of_each(month: Callable[..., Month]) -> None:
    december = month("2026-12-14T00:00:00+00:00")(4)
    assert [meeting.week for meeting in december.held] == [51, 52, 53, 1]
    assert_whole(december, weeks=4, invited=4)


@pytest.mark.long
def test_a_worker_that_is_away_for_six_hours_changes_nothing_but_the_hour(month: Callable[..., Month]) -> None:
    """Away before a meeting, over a night of planning, and over a whole meeting: nobody is invited to what is over."""
    tuesday = timedelta(days=1)  # the meeting is at 08 UTC, its agenda is due at 06
    away = [tuesday + timedelta(hours=2), timedelta(weeks=1, hours=3), tuesday + timedelta(weeks=2, hours=5)]
    december = month("2026-12-14T00:00:00+00:00")(4, away)
    assert_whole(december, weeks=4, invited=3)
