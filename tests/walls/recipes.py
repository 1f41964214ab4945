"""What each kind of job needs around it, by hand: the row that is due, and what it is about that may go away.

Letters and documents have registers of their own, so each kind of them is a kind of job here.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import Model
from django.http import HttpResponse

from est_site import audit, filing, jobs, mail
from est_site.models import Document, Job, Notification
from est_site.partners.actions import choose_weekly_mail, invite_member
from est_site.partners.models import Membership
from incidents import batch_actions, drafts, photos, saved_filters
from incidents.api import gate
from incidents.models import ApiAnswer, HeldRow, ImportBatch, ImportFile, Scope
from incidents.photos.pixels import read
from incidents.token_actions import make_token
from interventions.actions import close_meeting, prepare_meeting
from interventions.models import AgendaItem, Edition
from interventions.moving import cancel_sitting
from interventions.reminding import remind_silent
from interventions.telling import tell_reporters
from situation.actions import open_meeting
from situation.edition_actions import make_edition
from situation.editions import Span
from situation.models import Meeting, Picture
from situation.schedule import order_evaluation, plan_meeting
from tests.cast import NOW, Town, make_incident
from tests.walls.world import LIST, MAPPING, jpeg

LATER = NOW + timedelta(days=1, hours=17)


@dataclass(frozen=True)
class Made:
    """The job, and what may be gone when it is run: its name -> how it goes."""

    job: Job
    goes: dict[str, Callable[[], object]] = field(default_factory=dict)


Recipe = Callable[[Town], Made]


def schedule_plan(town: Town) -> Made:
    """About the group itself, which cannot go away while it has rows."""
    return Made(jobs.due("schedule.plan", group_id=town.group.pk, key="schedule.plan:first", at=NOW))


def photos_sweep(town: Town) -> Made:
    """About what nobody saved; there may be none of it."""
    (photo,) = photos.keep(by=town.rut, client_uuid=uuid.uuid4(), photos=[read(jpeg())], now=NOW - timedelta(days=2))
    return Made(_due("photos.sweep"), {"the photo": photo.delete})


def drafts_sweep(town: Town) -> Made:
    data = {"client_uuid": [str(uuid.uuid4())], "text": ["Två lyktor"]}
    draft = drafts.keep(by=town.rut, data=data, names=data, now=NOW - timedelta(days=2))
    assert draft is not None
    return Made(_due("drafts.sweep"), {"the draft": draft.delete})


def filters_sweep(town: Town) -> Made:
    """Of somebody whose seat has ended."""
    then = NOW - timedelta(days=8)
    ending = saved_filters.save_filter(by=town.maja, name="Händelser", query="kind=event", now=then)
    Membership.objects.filter(pk=town.maja.pk).update(valid_to=NOW.date() - timedelta(days=1))
    return Made(_due(saved_filters.SWEEP), {"the choice": ending.delete})


def api_sweep(town: Town) -> Made:
    """About what a system was answered two days ago."""
    token, _key = make_token(
        by=town.carin, organisation=town.organisations["housing"], name="Journalen", scopes=[Scope.CALM], now=NOW
    )
    then = NOW - timedelta(days=2)
    gate.remember(token, "a", "", HttpResponse(b"{}"), then)
    return Made(_due(gate.SWEEP), {"the answer": ApiAnswer.objects.all().delete})


def meeting_prepare(town: Town) -> Made:
    meeting = plan_meeting(group=town.group, period=town.periods[-1])
    return Made(_due("meeting.prepare"), {"the meeting": meeting.delete})


def picture_evaluate(town: Town) -> Made:
    """About a week that has ended and whose picture nobody froze."""
    period = town.periods[-2]
    make_incident(town, at=NOW - timedelta(days=8))
    order_evaluation(period, town.group, after=period.last_day)
    return Made(_due("picture.evaluate"), {"the period": period.delete})


def access_seal(town: Town) -> Made:
    """About notes of reading, which nobody but the owner of the tables can take away."""
    audit.access(user_id=town.rut.user_id, group_id=town.group.pk, what="read", now=NOW - timedelta(minutes=1))
    return Made(jobs.due("access.seal", group_id=town.group.pk, key="access.seal:now", at=NOW))


def import_take_in(town: Town) -> Made:
    file = _waiting(town)
    batch_actions.order_file(by=town.hanna, file=file, without_faulty=True, now=NOW)
    return Made(_due("import.take_in"), {"the file": file.delete})


def import_forget(town: Town) -> Made:
    file = _waiting(town)
    return Made(_due("import.forget"), {"the file": file.delete})


def import_purge(town: Town) -> Made:
    """About rows of a batch, which may all have been decided upon."""
    own = {"group": town.group, "organisation": town.organisations["housing"]}
    batch = ImportBatch.objects.create(**own, file_name="vakt.csv", sha256="", rows=1, added=0, held=1, imported_at=NOW)
    held = HeldRow.objects.create(
        **own, batch=batch, line=2, source_id="vakt:9", kinds=["phone"], words="x", held_at=NOW
    )
    job = jobs.due("import.purge", group_id=town.group.pk, key="import.purge:1", at=NOW, ids={"batch": batch.pk})
    return Made(job, {"the row": held.delete, "the batch": lambda: _remove(held, batch)})


def _waiting(town: Town) -> ImportFile:
    file = batch_actions.keep_file(
        by=town.hanna, organisation=town.organisations["housing"], file_name="vakt.csv", content=LIST, now=NOW
    )
    file.mapping = MAPPING
    file.save(update_fields=["mapping"])
    return file


def agenda(town: Town) -> Made:
    edition = _prepared(town)
    return Made(_due("document.make"), _goes_with(edition))


def picture_edition(town: Town) -> Made:
    period = town.periods[-1]
    edition = make_edition(
        by=town.carin,
        span=Span(period.first_day, period.last_day),
        audience="public",
        organisation=None,
        client_uuid=uuid.uuid4(),
        now=NOW,
    )
    document = Document.objects.get(subject_id=edition.pk, kind="picture.edition")
    return Made(_due("document.make"), {"the document": document.delete, "the edition": edition.delete})


def minutes(town: Town) -> Made:
    meeting = _prepared(town).meeting
    Document.objects.all().delete()
    Job.objects.all().delete()
    open_meeting(meeting=meeting, by=town.carin, now=LATER)
    edition = close_meeting(meeting=meeting, by=town.carin, now=LATER)
    return Made(_due("document.make"), _goes_with(edition))


def invitation(town: Town) -> Made:
    member = invite_member(
        by=town.carin,
        email="ny@est.example",
        name="Nya",
        organisation=town.organisations["police"],
        role="member",
        now=NOW,
    )
    letter = Notification.objects.get()
    return Made(_due("mail.send"), {"the letter": letter.delete, "the person's seat": lambda: _remove(letter, member)})


def meeting_invitation(town: Town) -> Made:
    edition = _prepared(town)
    meeting, letters = edition.meeting, Notification.objects.order_by("pk")
    Document.objects.update(state="ready")
    letter = letters[0]
    Job.objects.exclude(ids__notification=letter.pk).delete()
    letters.exclude(pk=letter.pk).delete()
    rest = [AgendaItem.objects.filter(meeting=meeting), Picture.objects.filter(meeting=meeting)]
    return Made(
        _due("mail.send"),
        {
            "the letter": letter.delete,
            "the agenda": edition.delete,
            "the meeting": lambda: [*(rows.delete() for rows in rest), edition.delete(), meeting.delete()],
        },
    )


def meeting_remind(town: Town) -> Made:
    """About a sitting that somebody may take away before the deadline."""
    meeting = plan_meeting(group=town.group, period=town.periods[-1])
    job = _due("meeting.remind")
    Job.objects.exclude(pk=job.pk).delete()
    return Made(job, {"the meeting": meeting.delete})


def meeting_reminder(town: Town) -> Made:
    """The letter to one who speaks for an organisation that has said nothing."""
    meeting = plan_meeting(group=town.group, period=town.periods[-1])
    remind_silent(meeting=meeting, now=NOW)
    letter = Notification.objects.order_by("pk")[0]
    Job.objects.exclude(ids__notification=letter.pk).delete()
    Notification.objects.exclude(pk=letter.pk).delete()
    return Made(_due("mail.send"), {"the letter": letter.delete, "the meeting": meeting.delete})


def meeting_cancelled(town: Town) -> Made:
    """The letter to one who was invited to a sitting that is not held."""
    edition = _prepared(town)
    meeting = Meeting.objects.get(pk=edition.meeting_id)
    Notification.objects.update(sent_at=NOW)
    cancel_sitting(meeting=meeting, version=meeting.version, by=town.carin, now=NOW)
    letter = Notification.objects.filter(kind="meeting.cancelled").order_by("pk")[0]
    Job.objects.exclude(ids__notification=letter.pk).delete()
    rest = [AgendaItem.objects.filter(meeting=meeting), Picture.objects.filter(meeting=meeting)]
    gone = lambda: [*(rows.delete() for rows in rest), edition.delete(), meeting.delete()]  # noqa: E731
    return Made(_due("mail.send"), {"the letter": letter.delete, "the meeting": gone})


def meeting_tell_reporters(town: Town) -> Made:
    _closed(town)
    job = _due("meeting.tell_reporters")
    Job.objects.exclude(pk=job.pk).delete()
    return Made(job)


def what_became(town: Town) -> Made:
    meeting_tell_reporters(town)
    Job.objects.all().delete()
    tell_reporters(meeting=Meeting.objects.get(), now=NOW)
    letter = Notification.objects.get(kind="incident.became")
    return Made(_due("mail.send"), {"the letter": letter.delete})


def _closed(town: Town) -> Meeting:
    """A sitting that is over and looked at something of Rut's, who wants to hear of it."""
    make_incident(town)
    choose_weekly_mail(by=town.rut, wanted=True, now=NOW)
    meeting = _prepared(town).meeting
    Document.objects.all().delete()
    Notification.objects.all().delete()
    Job.objects.all().delete()
    open_meeting(meeting=meeting, by=town.carin, now=LATER)
    close_meeting(meeting=meeting, by=town.carin, now=LATER)
    return meeting


def _prepared(town: Town) -> Edition:
    """The agenda of a sitting that was prepared; its document and its letters wait."""
    meeting = plan_meeting(group=town.group, period=town.periods[-1])
    prepare_meeting(meeting=meeting, now=NOW)
    Job.objects.filter(kind="meeting.prepare").delete()
    return Edition.objects.select_related("meeting").get()


def _goes_with(edition: Edition) -> dict[str, Callable[[], object]]:
    document = Document.objects.get(subject_id=edition.pk, kind=edition.kind)
    return {"the document": document.delete, "the edition": edition.delete}


def _remove(*rows: Model) -> None:
    for row in rows:
        row.delete()


def _due(kind: str) -> Job:
    """The one job of its kind, due now."""
    job = Job.objects.get(kind=kind)
    Job.objects.filter(pk=job.pk).update(due_at=NOW)
    return job


RECIPES: dict[str, Recipe] = {
    "schedule.plan": schedule_plan,
    "photos.sweep": photos_sweep,
    "drafts.sweep": drafts_sweep,
    "filters.sweep": filters_sweep,
    "api.sweep": api_sweep,
    "access.seal": access_seal,
    "meeting.prepare": meeting_prepare,
    "picture.evaluate": picture_evaluate,
    "import.take_in": import_take_in,
    "import.forget": import_forget,
    "import.purge": import_purge,
    "document.make agenda": agenda,
    "document.make minutes": minutes,
    "document.make picture.edition": picture_edition,
    "meeting.tell_reporters": meeting_tell_reporters,
    "mail.send invitation": invitation,
    "mail.send incident.became": what_became,
    "mail.send meeting.invitation": meeting_invitation,
    "mail.send meeting.cancelled": meeting_cancelled,
    "mail.send meeting.reminder": meeting_reminder,
    "meeting.remind": meeting_remind,
}


def kinds() -> Iterator[str]:
    """Every registered kind of job, and for letters and documents every kind of those."""
    registers = {"mail.send": mail.WRITERS, "document.make": filing.KINDS}
    for kind in jobs.KINDS:
        if kind in registers:
            yield from (f"{kind} {under}" for under in registers[kind])
        else:
            yield kind
