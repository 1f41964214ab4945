"""The agenda and the minutes as files a registry can keep: whole, readable, the same each time, and discreet."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import page
import pytest
from pypdf import PdfReader

from est_site import jobs
from est_site.models import Document, DocumentState, JobState
from est_site.partners.models import Area, Group
from interventions import minutes, sheets
from interventions.actions import (
    NewIntervention,
    close_meeting,
    follow_up,
    prepare_meeting,
    start_intervention,
    write_note,
)
from interventions.models import AgendaItem, Edition
from situation.actions import open_meeting, set_attendance, set_colour
from situation.models import Meeting
from situation.schedule import plan_meeting
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


@pytest.fixture
def held(inside: Town) -> Callable[..., tuple[Edition, Edition]]:
    """Hold the weekly meeting in a language: the editions of its agenda and its minutes."""

    def hold(language: str = "sv") -> tuple[Edition, Edition]:
        Group.objects.filter(pk=inside.group.pk).update(language=language)
        before = plan_meeting(group=Group.objects.get(), period=inside.periods[-2])
        before = open_meeting(meeting=before, by=inside.carin, now=TUESDAY - timedelta(weeks=1))
        patrol = decide(inside, before, "Väktarna går Hamnplan", follow_up_on=date(2026, 11, 24)).intervention
        lamps = decide(inside, before, "Byt lampor i gångtunneln", follow_up_on=date(2026, 11, 24)).intervention
        hidden = decide(inside, before, "Spaning vid kiosken", visibility="police").intervention
        close_meeting(meeting=before, by=inside.carin, now=TUESDAY - timedelta(weeks=1))
        meeting = plan_meeting(group=Group.objects.get(), period=inside.periods[-1])
        meeting = prepare_meeting(meeting=meeting, now=NOW + timedelta(hours=12))
        meeting = open_meeting(meeting=meeting, by=inside.carin, now=TUESDAY)
        organisations = inside.organisations
        there = [organisations[name].pk for name in ("municipality", "police", "housing")]
        set_attendance(meeting=meeting, present=there, by=inside.carin, now=TUESDAY)
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
                by=inside.carin,
                now=TUESDAY,
            )
        assert lamps.status == "running"  # nobody decides on it: it comes back next time
        decide(inside, meeting, "Klottersanering vid kajen inom ett dygn", responsible=organisations["housing"])
        decide(inside, meeting, "Dold bevakning", visibility="police")
        set_colour(meeting=meeting, area=inside.areas["Hamnen"], colour="red", by=inside.carin, now=TUESDAY)
        set_colour(meeting=meeting, area=inside.areas["Centrum"], colour="green", by=inside.carin, now=TUESDAY)
        note(meeting, "round", "Alla har sagt sitt.\nSkolan återkommer om lovveckan.", inside)
        note(meeting, "information", "Kommunikatören skriver om saneringen på webben.", inside)
        minutes_edition = close_meeting(meeting=meeting, by=inside.carin, now=TUESDAY + timedelta(minutes=45))
        return meeting.editions.get(kind="agenda"), minutes_edition

    return hold


@pytest.fixture
def editions(inside: Town, held) -> tuple[Edition, Edition]:
    week(inside)
    return held()


def text_of(data: bytes) -> str:
    """All words of a file, line breaks and hyphenation undone."""
    words = "\n".join(one.extract_text() for one in PdfReader(BytesIO(data)).pages)
    return re.sub(r"\s+", " ", re.sub(r"[-\u2010]\n", "", words))


@pytest.mark.parametrize("language", ["sv", "en"])
def test_both_documents_are_valid_for_the_archive_and_for_accessibility(
    inside: Town, held, tmp_path: Path, language: str
) -> None:
    week(inside)
    for edition in held(language):
        path = tmp_path / f"{edition.kind}.pdf"
        path.write_bytes(sheets.make_pdf(edition.pk))
        for profile in ("2a", "ua1"):
            report = page.validate_pdf(str(path), profile=profile)
            assert [(failure.rule_id, failure.message) for failure in report.failures] == []
        assert PdfReader(path).root_object["/Lang"] == language


def test_the_same_edition_gives_the_same_bytes(editions) -> None:
    for edition in editions:
        assert sheets.make_pdf(edition.pk) == sheets.make_pdf(edition.pk)


def test_the_minutes_say_who_was_there_and_who_was_not(editions) -> None:
    text = text_of(sheets.make_pdf(editions[1].pk))
    assert "Polisen, Tärnsunds kommun, Tärnsundsbostäder." in text
    assert "Väktarna." in text[text.index("Frånvarande") :][:60]


def test_the_minutes_hold_the_follow_up_and_what_was_left_undecided(editions) -> None:
    text = text_of(sheets.make_pdf(editions[1].pk))
    assert "Väktarna går Hamnplan" in text
    assert "Fredagen uteblev, ronden behöver gå förbi kiosken" in text
    assert "Byt lampor i gångtunneln" in text[text.index("Inte beslutat") :][:160]


def test_the_minutes_hold_each_decision_with_what_where_when_and_who(editions) -> None:
    text = text_of(sheets.make_pdf(editions[1].pk))
    decision = text[text.index("Klottersanering vid kajen inom ett dygn") :][:260]
    for part in ("Tärnsundsbostäder", "Hamnen", "27 november", "28 november", "20–02", "Sju händelser"):
        assert part in decision


def test_the_minutes_hold_the_count_of_each_area(editions) -> None:
    text = text_of(sheets.make_pdf(editions[1].pk))
    rows = text[text.index("Observationer per område") :]
    for area, count in (("Hamnen", 7), ("Centrum", 3), ("Stationsområdet", 1), ("Utanför områdena", 1)):
        assert re.search(rf"{area} {count} ", rows), area


def test_a_document_says_its_version_and_the_checksum_of_its_content(editions) -> None:
    for edition in editions:
        text = text_of(sheets.make_pdf(edition.pk))
        assert "ersion 1" in text
        assert minutes.checksum(edition.frozen) in text.replace(" ", "")


def test_every_page_has_its_number(editions) -> None:
    for edition in editions:
        pages = [one.extract_text() for one in PdfReader(BytesIO(sheets.make_pdf(edition.pk))).pages]
        for number, text in enumerate(pages, start=1):
            assert f"Sida {number} av {len(pages)}" in text


def test_the_agenda_says_why_each_item_is_there(editions) -> None:
    text = text_of(sheets.make_pdf(editions[0].pk))
    assert "Väktarna går Hamnplan" in text
    assert "Byt lampor i gångtunneln" in text
    assert "Väktarna" in text[text.index("Laget runt") :] if "Laget runt" in text else "Väktarna" in text


def test_a_limited_intervention_stands_in_neither_document(editions) -> None:
    for edition in editions:
        text = text_of(sheets.make_pdf(edition.pk))
        for secret in ("Spaning", "Dold bevakning", "Hemligt skäl"):
            assert secret not in text


def test_nobody_who_reported_is_named(inside: Town, editions) -> None:
    names = {member.user.name.split()[0] for member in inside.people.values()}
    for edition in editions:
        words = set(re.findall(r"\w+", text_of(sheets.make_pdf(edition.pk))))
        assert names & words == set()
        assert "@" not in text_of(sheets.make_pdf(edition.pk))


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


def test_a_group_without_areas_and_without_observations_gets_its_documents(inside: Town, held) -> None:
    Area.objects.update(valid_to=date(2026, 1, 1))
    for edition in held():
        text = text_of(sheets.make_pdf(edition.pk))
        assert "0 observationer" in text
        assert "Inga områden" in text


def test_a_worker_makes_both_and_the_rows_say_so(inside: Town, editions) -> None:
    jobs.work_off(TUESDAY + timedelta(hours=1))
    made = {document.kind: document for document in Document.objects.filter(subject_id__in=[e.pk for e in editions])}
    assert {document.state for document in made.values()} == {DocumentState.READY}
    assert set(made) == {"agenda", "minutes"}
    assert JobState.PARKED not in set(jobs.Job.objects.values_list("state", flat=True))


def test_a_document_that_cannot_be_made_says_so_on_its_page(inside: Town, editions, signed_in) -> None:
    edition = editions[1]
    address = f"/g/tarnsund/documents/{edition.pk}/pdf/"
    Document.objects.filter(kind="minutes", subject_id=edition.pk).update(state=DocumentState.FAILED)
    answer = signed_in(inside.maja).get(address)
    assert "gick inte att göra" in answer.content.decode() or "kunde inte göras" in answer.content.decode()
    assert "Refresh" not in answer
