"""Letters: to the right person, in their language, once, by a real mail server; and patient when it is away."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from est_site import jobs, mail
from est_site.models import AuditEvent, Document, DocumentState, Job, JobState, Notification
from est_site.partners.models import Membership, User
from interventions.actions import close_meeting, prepare_meeting
from situation.actions import open_meeting
from situation.models import Meeting
from situation.schedule import plan_meeting
from tests.cast import NOW, Town

pytestmark = pytest.mark.django_db


class Postman:
    """Takes what is delivered; answers a recipient with a refusal when told to."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.refusal = ""

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.refusal:
            return self.refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        self.letters.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        return "250 OK"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(autouse=True)
def port(settings) -> int:
    """Where the mail server would be; nobody listens there until a test starts one."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = False
    settings.BASE_URL = "https://est.tarnsund.example/"
    return settings.EMAIL_PORT


@pytest.fixture
def postman(port: int) -> Iterator[Postman]:
    handler = Postman()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    yield handler
    controller.stop()


@pytest.fixture
def letter(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Say what letters of the kind `note` contain."""
    monkeypatch.setattr(mail, "WRITERS", dict(mail.WRITERS))

    def say(subject: str = "Möte", body: str = "Välkommen", **fields) -> None:
        mail.register("note", lambda notification: mail.Letter(subject, body, **fields))

    say()
    return say


def post(member: Membership) -> Notification:
    return mail.post("note", member=member, key="1", now=NOW)


def the_job() -> Job:
    return Job.objects.get(kind="mail.send")


def test_a_letter_arrives_with_its_subject_and_its_link(inside: Town, postman: Postman, letter) -> None:
    letter("Veckomöte vecka 48: dagordning", "Dagordning: " + mail.link("/g/tarnsund/documents/7/") + "\n")
    post(inside.maja)
    jobs.work_off(NOW)
    [received] = postman.letters
    assert received["Subject"] == "Veckomöte vecka 48: dagordning"
    assert received["To"] == "maja@tarnsund.example"
    assert received.get_content().strip() == "Dagordning: https://est.tarnsund.example/g/tarnsund/documents/7/"


def test_an_attachment_arrives_as_it_was(inside: Town, postman: Postman, letter) -> None:
    letter(attachments=(("veckomote.ics", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "text/calendar"),))
    post(inside.maja)
    jobs.work_off(NOW)
    [attachment] = postman.letters[0].iter_attachments()
    assert attachment.get_filename() == "veckomote.ics"
    assert "BEGIN:VCALENDAR" in attachment.get_content()


def test_a_copy_of_a_letter_has_the_same_message_id(inside: Town, postman: Postman, letter) -> None:
    """Sent, but the worker died before it could say so: the reader's mail program can tell it is the same."""
    notification = post(inside.maja)
    jobs.work_off(NOW)
    Notification.objects.update(sent_at=None)
    Job.objects.update(state=JobState.DUE)
    jobs.work_off(NOW)
    first, second = postman.letters
    assert first["Message-ID"] == second["Message-ID"]
    expected = f"<notification-{inside.group.pk}-{notification.pk}@est.tarnsund.example>"
    assert first["Message-ID"] == expected


def test_the_same_letter_is_sent_once(inside: Town, postman: Postman, letter) -> None:
    for _ in range(2):
        post(inside.maja)
        jobs.work_off(NOW)
    Job.objects.update(state=JobState.DUE)
    jobs.work_off(NOW)
    assert len(postman.letters) == 1
    assert AuditEvent.objects.filter(body__contains="mail.send").count() == 1


def test_a_mail_server_that_is_away_costs_no_attempt(inside: Town, letter, settings) -> None:
    post(inside.maja)
    jobs.work_off(NOW)
    assert (the_job().state, the_job().attempts, the_job().waits) == (JobState.DUE, 0, 1)
    assert the_job().due_at == NOW + settings.JOB_BACKOFF


def test_a_letter_is_sent_once_the_mail_server_is_back(inside: Town, letter, port: int, request) -> None:
    post(inside.maja)
    jobs.work_off(NOW)
    postman: Postman = request.getfixturevalue("postman")
    jobs.work_off(the_job().due_at)
    assert [received["To"] for received in postman.letters] == ["maja@tarnsund.example"]
    assert the_job().state == JobState.DONE


def test_after_seven_days_a_letter_is_given_up(inside: Town, letter) -> None:
    post(inside.maja)
    Job.objects.update(due_at=NOW + timedelta(days=6, hours=23), waits=20)
    jobs.work_off(NOW + timedelta(days=6, hours=23, minutes=30))
    assert the_job().state == JobState.CANCELLED
    assert the_job().reason == "given up: ConnectionRefusedError"
    assert Notification.objects.get().sent_at is None


def test_a_mailbox_that_does_not_exist_is_not_asked_for_a_week(inside: Town, postman: Postman, letter) -> None:
    postman.refusal = "550 no such user"
    post(inside.maja)
    jobs.work_off(NOW)
    assert (the_job().state, the_job().reason) == (JobState.PARKED, "the mail server refuses the recipient (550)")


def test_a_mailbox_that_asks_to_come_back_later_is_asked_again(inside: Town, postman: Postman, letter) -> None:
    postman.refusal = "451 greylisted, come back later"
    post(inside.maja)
    jobs.work_off(NOW)
    assert (the_job().state, the_job().attempts) == (JobState.DUE, 0)
    postman.refusal = ""
    jobs.work_off(the_job().due_at)
    assert len(postman.letters) == 1


def test_a_person_who_was_disabled_since_gets_none(inside: Town, postman: Postman, letter) -> None:
    post(inside.maja)
    User.objects.filter(pk=inside.maja.user_id).update(is_active=False)
    jobs.work_off(NOW)
    assert postman.letters == []
    assert the_job().state == JobState.DONE


def test_a_person_who_has_left_the_group_since_gets_none(inside: Town, postman: Postman, letter) -> None:
    post(inside.maja)
    Membership.objects.filter(pk=inside.maja.pk).update(valid_to=NOW.date() - timedelta(days=1))
    jobs.work_off(NOW)
    assert postman.letters == []


@pytest.mark.parametrize("breaks", ["\r\n", "\n", "\r", "\u2028", "\x0b", "\x00\r\n "])
def test_a_subject_cannot_carry_another_header(inside: Town, postman: Postman, letter, breaks: str) -> None:
    letter(f"Hej{breaks}Bcc: alla@example.org{breaks}{breaks}Ny text")
    post(inside.maja)
    jobs.work_off(NOW)
    [received] = postman.letters
    assert received["Bcc"] is None
    assert received["To"] == "maja@tarnsund.example"
    assert received.get_content().strip() == "Välkommen"


@pytest.fixture
def meeting(inside: Town) -> Meeting:
    """A sitting whose agenda is ordered; the one before it is closed."""
    before = plan_meeting(group=inside.group, period=inside.periods[-2])
    before = open_meeting(meeting=before, by=inside.carin, now=NOW - timedelta(days=5))
    close_meeting(meeting=before, by=inside.carin, now=NOW - timedelta(days=5))
    return prepare_meeting(meeting=plan_meeting(group=inside.group, period=inside.periods[-1]), now=NOW)


def mail_only(now: datetime) -> None:
    """A worker that does nothing but letters."""
    for ring in jobs.find_due(now):
        if ring.kind == "mail.send":
            jobs.run(ring, now)


def test_the_invitation_waits_until_both_documents_are_made(inside: Town, postman: Postman, meeting: Meeting) -> None:
    assert {document.kind for document in Document.objects.all()} == {"agenda", "minutes"}
    mail_only(NOW)
    assert postman.letters == []
    Document.objects.filter(kind="agenda").update(state=DocumentState.READY)
    mail_only(NOW + timedelta(minutes=5))
    assert postman.letters == []
    Document.objects.filter(kind="minutes").update(state=DocumentState.READY)
    mail_only(NOW + timedelta(minutes=10))
    assert {received["To"].split("@")[0] for received in postman.letters} == {"carin", "maja", "pontus", "hanna"}
    assert set(Job.objects.filter(kind="mail.send").values_list("attempts", flat=True)) == {0}


def test_a_document_that_cannot_be_made_holds_no_invitation_up(
    inside: Town, postman: Postman, meeting: Meeting
) -> None:
    Document.objects.update(state=DocumentState.FAILED)
    mail_only(NOW)
    assert len(postman.letters) == 4


def test_the_invitation_speaks_its_readers_language(inside: Town, postman: Postman, meeting: Meeting) -> None:
    User.objects.filter(pk=inside.pontus.user_id).update(language="en")
    Document.objects.update(state=DocumentState.READY)
    mail_only(NOW)
    by_reader = {received["To"].split("@")[0]: received for received in postman.letters}
    assert by_reader["pontus"]["Subject"] == "Weekly meeting, week 48: agenda"
    assert "Tuesday 24 November at 09.00" in by_reader["pontus"].get_body().get_content()
    assert by_reader["maja"]["Subject"] == "Veckomöte vecka 48: dagordning"
    assert "isdag 24 november" in by_reader["maja"].get_body().get_content()
    assert "09.00" in by_reader["maja"].get_body().get_content()


def test_the_invitation_links_and_quotes_nothing(inside: Town, postman: Postman, meeting: Meeting) -> None:
    Document.objects.update(state=DocumentState.READY)
    mail_only(NOW)
    editions = {edition.kind: edition.pk for edition in [*meeting.editions.all()]}
    text = postman.letters[0].get_body().get_content()
    assert f"https://est.tarnsund.example/g/tarnsund/documents/{editions['agenda']}/" in text
    assert text.count("https://est.tarnsund.example/g/tarnsund/documents/") == 2
    [entry] = postman.letters[0].iter_attachments()
    assert (entry.get_content_type(), entry.get_param("method")) == ("text/calendar", "REQUEST")
