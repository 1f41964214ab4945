"""The agenda and the minutes as files a registry can keep: whole, readable, the same each time, and discreet."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import page
import pytest
from django.db import transaction
from pypdf import PdfReader

from est_site import jobs, tenancy
from est_site.models import Document, DocumentState, Job, JobState
from est_site.partners.models import Area, Group
from interventions import sheets
from interventions.actions import (
    NewIntervention,
    close_meeting,
    follow_up,
    prepare_meeting,
    start_intervention,
    write_note,
)
from interventions.models import AgendaItem, Edition
from situation import papers
from situation.actions import open_meeting, set_attendance, set_colour
from situation.models import Meeting
from situation.schedule import plan_meeting
from tests import cast
from tests.cast import NOW, Town, make_incident

TUESDAY = NOW + timedelta(days=1, hours=17)
LONG_NOTE = ("Gångtunneln är mörk igen, samhällsbyggnadsförvaltningen byter armaturerna. " * 60)[:4000]

pytestmark = pytest.mark.django_db


def new(town: Town, what: str, **fields) -> NewIntervention:
    values = {
        "responsible": town.organisations["guards"],
        "area": town.areas["Hamnen"],
        "first_day": date(2026, 11, 27),
        "last_day": date(2026, 11, 28),
        "hours": "20–02",
        "why": "Sju händelser kring kiosken på två veckor",
    }
    return NewIntervention(what=what, **(values | fields))


def decide(town: Town, meeting: Meeting, what: str, **fields):
    return start_intervention(
        meeting=meeting, new=new(town, what, **fields), client_uuid=uuid.uuid4(), by=town.carin, now=TUESDAY
    )


def note(meeting: Meeting, kind: str, text: str, town: Town) -> None:
    item = AgendaItem.objects.get(meeting=meeting, kind=kind)
    write_note(item=item, note=text, version=item.version, by=town.carin, now=TUESDAY)


def week(town: Town) -> None:
    """Twelve weeks of graffiti, glass and lamps; Rut reports, the guards are silent."""
    for weeks in range(1, 12):
        for n in range(weeks % 3 + 1):
            make_incident(town, at=NOW - timedelta(weeks=weeks, hours=n))
    for n, (area, category) in enumerate(
        [("Hamnen", "graffiti")] * 7 + [("Centrum", "outdoors")] * 3 + [("Stationsområdet", "lighting")]
    ):
        make_incident(town, at=NOW - timedelta(hours=3 * n), area=town.areas[area], category=town.categories[category])
    make_incident(town, area=None, organisation=town.organisations["police"], location_precision="none")


def hold(town: Town, language: str = "sv") -> tuple[Edition, Edition]:
    """Hold the weekly meeting in a language: the editions of its agenda and its minutes."""
    Group.objects.filter(pk=town.group.pk).update(language=language)
    before = plan_meeting(group=Group.objects.get(), period=town.periods[-2])
    before = open_meeting(meeting=before, by=town.carin, now=TUESDAY - timedelta(weeks=1))
    patrol = decide(town, before, "Väktarna går Hamnplan", follow_up_on=date(2026, 11, 24)).intervention
    lamps = decide(town, before, "Byt lampor i gångtunneln", follow_up_on=date(2026, 11, 24)).intervention
    hidden = decide(town, before, "Spaning vid kiosken", visibility="police").intervention
    close_meeting(meeting=before, by=town.carin, now=TUESDAY - timedelta(weeks=1))
    meeting = plan_meeting(group=Group.objects.get(), period=town.periods[-1])
    meeting = prepare_meeting(meeting=meeting, now=NOW + timedelta(hours=12))
    meeting = open_meeting(meeting=meeting, by=town.carin, now=TUESDAY)
    organisations = town.organisations
    there = [organisations[name].pk for name in ("municipality", "police", "housing")]
    set_attendance(meeting=meeting, present=there, by=town.carin, now=TUESDAY)
    for one, kind, delivered, reason in [
        (patrol, "expand", "partly", "Fredagen uteblev, ronden behöver gå förbi kiosken"),
        (hidden, "continue", "done", "Hemligt skäl"),
    ]:
        follow_up(
            meeting=meeting,
            intervention=one,
            kind=kind,
            delivered=delivered,
            reason=reason,
            client_uuid=uuid.uuid4(),
            by=town.carin,
            now=TUESDAY,
        )
    assert lamps.status == "running"  # nobody decides on it: it comes back next time
    decide(town, meeting, "Klottersanering vid kajen inom ett dygn", responsible=organisations["housing"])
    decide(town, meeting, "Dold bevakning", visibility="police")
    set_colour(meeting=meeting, area=town.areas["Hamnen"], colour="red", by=town.carin, now=TUESDAY)
    set_colour(meeting=meeting, area=town.areas["Centrum"], colour="green", by=town.carin, now=TUESDAY)
    note(meeting, "round", "Alla har sagt sitt.\nSkolan återkommer om lovveckan.", town)
    note(meeting, "information", "Kommunikatören skriver om saneringen på webben.", town)
    minutes_edition = close_meeting(meeting=meeting, by=town.carin, now=TUESDAY + timedelta(minutes=45))
    return meeting.editions.get(kind="agenda"), minutes_edition


@dataclass(frozen=True)
class Made:
    """A document as it was made, and what it was made from."""

    pdf: bytes
    again: bytes
    text: str
    pages: list[str]
    frozen: dict[str, Any]


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: Any) -> dict[tuple[str, str], Made]:
    """One week and one meeting, held in each language; made once, because the tests only read it."""
    found = {}
    for language in ("sv", "en"):
        with django_db_blocker.unblock(), transaction.atomic():
            town = cast.make_tarnsund()
            with tenancy.inside(town.group):
                week(town)
                for edition in hold(town, language):
                    found[language, edition.kind] = _made(edition)
            transaction.set_rollback(True)
    return found


def _made(edition: Edition) -> Made:
    pdf = sheets.make_pdf(edition.pk)
    pages = [one.extract_text() for one in PdfReader(BytesIO(pdf)).pages]
    again = sheets.make_pdf(edition.pk) if edition.meeting.group.language == "sv" else pdf  # each takes a second
    return Made(pdf, again, text_of(pdf), pages, edition.frozen)


@pytest.fixture
def agenda(made) -> Made:
    return made["sv", "agenda"]


@pytest.fixture
def minutes_(made) -> Made:
    return made["sv", "minutes"]


def text_of(data: bytes) -> str:
    """All words of a file, line breaks and hyphenation undone."""
    words = "\n".join(one.extract_text() for one in PdfReader(BytesIO(data)).pages)
    return re.sub(r"\s+", " ", re.sub(r"[-\u2010]\n", "", words))


@pytest.mark.parametrize("kind", ["agenda", "minutes"])
@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_document_is_valid_for_the_archive_and_for_accessibility(made, language: str, kind: str) -> None:
    for profile in ("2a", "ua1"):
        report = page.validate_pdf_bytes(made[language, kind].pdf, profile=profile)
        assert [(failure.rule_id, failure.message) for failure in report.failures] == []
    assert PdfReader(BytesIO(made[language, kind].pdf)).root_object["/Lang"] == language


def test_the_same_edition_gives_the_same_bytes(made) -> None:
    assert all(document.pdf == document.again for document in made.values())


def test_the_minutes_say_who_was_there_and_who_was_not(minutes_: Made) -> None:
    assert "Polisen, Tärnsunds kommun, Tärnsundsbostäder." in minutes_.text
    assert "Väktarna." in minutes_.text[minutes_.text.index("Frånvarande") :][:60]


def test_the_minutes_hold_the_follow_up_and_what_was_left_undecided(minutes_: Made) -> None:
    assert "Väktarna går Hamnplan" in minutes_.text
    assert "Fredagen uteblev, ronden behöver gå förbi kiosken" in minutes_.text
    assert "Byt lampor i gångtunneln" in minutes_.text[minutes_.text.index("Inte beslutat") :][:160]


def test_the_minutes_hold_each_decision_with_what_where_when_and_who(minutes_: Made) -> None:
    decision = minutes_.text[minutes_.text.index("Klottersanering vid kajen inom ett dygn") :][:260]
    for part in ("Tärnsundsbostäder", "Hamnen", "27 november", "28 november", "20–02", "Sju händelser"):
        assert part in decision


@pytest.mark.parametrize(
    ("area", "count"), [("Hamnen", 7), ("Centrum", 3), ("Stationsområdet", 1), ("Utanför områdena", 1)]
)
def test_the_minutes_hold_the_count_of_each_area(minutes_: Made, area: str, count: int) -> None:
    rows = minutes_.text[minutes_.text.index("Observationer per område") :]
    assert re.search(rf"{area} {count} ", rows)


def test_a_document_says_its_version_and_the_checksum_of_its_content(made) -> None:
    for document in made.values():
        assert "ersion 1" in document.text
        assert papers.checksum(document.frozen) in document.text.replace(" ", "")


def test_every_page_has_its_number(made) -> None:
    for (language, _kind), document in made.items():
        words = {"sv": "Sida {} av {}", "en": "Page {} of {}"}[language]
        for number, text in enumerate(document.pages, start=1):
            assert words.format(number, len(document.pages)) in text


def test_the_agenda_says_what_is_due_and_who_is_silent(agenda: Made) -> None:
    for reason in ("Väktarna går Hamnplan", "Byt lampor i gångtunneln", "Tärnsunds kommun har inte sagt"):
        assert reason in agenda.text


def test_a_limited_intervention_stands_in_neither_document(made) -> None:
    for document in made.values():
        for secret in ("Spaning", "Dold bevakning", "Hemligt skäl"):
            assert secret not in document.text


def test_nobody_who_reported_is_named(made) -> None:
    names = {"Carin", "Maja", "Pontus", "Rut", "Hanna", "Anders", "Stina", "Viktor"}
    for document in made.values():
        assert names & set(re.findall(r"\w+", document.text)) == set()
        assert "@" not in document.text


def test_an_emoji_and_a_very_long_note_do_not_stop_the_minutes(inside: Town, opened: Meeting) -> None:
    prepare_in(opened, inside)
    note(opened, "round", "Bra jobbat 😀 水", inside)
    note(opened, "coming", LONG_NOTE, inside)
    edition = close_meeting(meeting=opened, by=inside.carin, now=TUESDAY)
    text = text_of(sheets.make_pdf(edition.pk))
    assert "Bra jobbat [grinning face] [cjk unified ideograph-6c34]" in text
    assert text.count("Gångtunneln är mörk igen") >= 50


def prepare_in(meeting: Meeting, town: Town) -> None:
    """An agenda to write notes beside, in a meeting that was opened without one."""
    for position, kind in enumerate(("round", "coming"), start=1):
        AgendaItem.objects.create(group=town.group, meeting=meeting, position=position, kind=kind)


def test_markup_in_a_note_is_text(inside: Town, opened: Meeting) -> None:
    prepare_in(opened, inside)
    note(opened, "round", '<img src="http://192.0.2.1/x"> <b>fet</b> & så', inside)
    edition = close_meeting(meeting=opened, by=inside.carin, now=TUESDAY)
    assert '<img src="http://192.0.2.1/x"> <b>fet</b> & så' in text_of(sheets.make_pdf(edition.pk))


def test_a_group_without_areas_and_without_observations_gets_its_documents(inside: Town) -> None:
    Area.objects.update(valid_to=date(2026, 1, 1))
    for edition in hold(inside):
        text = text_of(sheets.make_pdf(edition.pk))
        assert "0 observationer" in text
        assert "Inga områden" in text


def test_a_worker_makes_both_and_the_rows_say_so(inside: Town) -> None:
    editions = hold(inside)
    jobs.work_off(TUESDAY + timedelta(hours=1))
    made = {document.kind: document for document in Document.objects.filter(subject_id__in=[e.pk for e in editions])}
    assert {document.state for document in made.values()} == {DocumentState.READY}
    assert set(made) == {"agenda", "minutes"}
    assert JobState.PARKED not in set(Job.objects.values_list("state", flat=True))


def test_a_document_that_cannot_be_made_says_so_on_its_page(inside: Town, opened: Meeting, signed_in) -> None:
    edition = close_meeting(meeting=opened, by=inside.carin, now=TUESDAY)
    address = f"/g/tarnsund/documents/{edition.pk}/pdf/"
    Document.objects.filter(kind="minutes", subject_id=edition.pk).update(state=DocumentState.FAILED)
    answer = signed_in(inside.maja).get(address)
    assert "gick inte att göra" in answer.content.decode() or "kunde inte göras" in answer.content.decode()
    assert "Refresh" not in answer
