"""Take in from a file, as a browser sends it."""

from __future__ import annotations

import time
import uuid
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from est_site import jobs, tenancy
from est_site.models import AuditEvent
from est_site.partners.models import Period
from incidents.models import HeldRow, ImportBatch, ImportFile, Incident, IncidentChange, SavedMapping, Sighting
from tests.cast import NOW, Town, make_incident

LIST = """nr;tid;typ;plats;text
1;2026-11-02 22:15;Klotter;Kiosken;Färg på väggen
2;2026-11-03 10:00;Lampor;Ingenstans;
"""
URL = "/g/tarnsund/imports/"


@pytest.fixture(autouse=True)
def _sunday() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def upload(
    client: Client, town: Town, content: str | bytes = LIST, name: str = "vakt.csv", who: str = "housing"
) -> Any:
    data = content.encode() if isinstance(content, str) else content
    file = SimpleUploadedFile(name, data)
    return client.post(f"{URL}new/", {"organisation": town.organisations[who].pk, "file": file})


def latest(town: Town) -> ImportFile:
    with tenancy.inside(town.group):
        return ImportFile.objects.order_by("-pk")[0]


COLUMNS = {"name": "vakt", "id": "nr", "time_from": "tid", "category": "typ", "place": "plats", "words": "text"}
VALUES = {
    "category_0": "graffiti",
    "category_1": "lighting",
    "category_rest": "",
    "place_0": "",
    "place_1": "Kiosken",
    "place_rest": "unknown",
    "remember": "on",
}


def walk(client: Client, town: Town, content: str = LIST, columns: Any = COLUMNS, values: Any = VALUES) -> ImportFile:
    """As far as the look before."""
    assert upload(client, town, content).status_code == 302
    file = latest(town)
    for step, body in (("columns", columns), ("values", values)):
        answer = client.post(f"{URL}files/{file.pk}/{step}/", body)
        assert answer.status_code == 302, answer.content.decode()
    return file


def take_in(client: Client, town: Town, file: ImportFile, **body: str) -> None:
    client.post(f"{URL}files/{file.pk}/take-in/", body)
    jobs.work_off(NOW)


def rows(town: Town) -> list[Incident]:
    with tenancy.inside(town.group):
        return list(Incident.objects.select_related("category", "place", "area").order_by("source_id"))


def test_a_file_becomes_observations_in_four_steps(tarnsund: Town, signed_in: Any) -> None:
    client = signed_in(tarnsund.hanna)
    file = walk(client, tarnsund)
    assert rows(tarnsund) == []
    assert "2" in client.get(f"{URL}files/{file.pk}/").content.decode()
    take_in(client, tarnsund, file)
    first, second = rows(tarnsund)
    assert (first.category.code, first.place, first.text) == (
        "graffiti",
        tarnsund.places["kiosken"],
        "Färg på väggen",
    )
    assert (second.category.code, second.place, second.area) == ("lighting", None, None)
    with tenancy.inside(tarnsund.group):
        batch = ImportBatch.objects.get()
        events = [event.body for event in AuditEvent.objects.all() if '"incident.import"' in event.body]
    assert (batch.added, batch.imported_by_id, len(events)) == (2, tarnsund.hanna.pk, 1)
    assert client.get(f"{URL}files/{file.pk}/progress/").url == f"{URL}{batch.pk}/"


def test_the_answers_are_there_for_the_next_file(tarnsund: Town, signed_in: Any) -> None:
    client = signed_in(tarnsund.hanna)
    walk(client, tarnsund)
    upload(client, tarnsund)
    page = client.get(f"{URL}files/{latest(tarnsund).pk}/columns/").content.decode()
    assert '<option value="plats" selected>' in page
    with tenancy.inside(tarnsund.group):
        saved = SavedMapping.objects.get()
    assert saved.mapping["category"]["codes"] == {"Klotter": "graffiti", "Lampor": "lighting"}


def test_a_second_run_adds_nothing(tarnsund: Town, signed_in: Any) -> None:
    client = signed_in(tarnsund.hanna)
    for _ in range(2):
        file = walk(client, tarnsund)
        take_in(client, tarnsund, file)
    assert len(rows(tarnsund)) == 2
    assert "fanns redan" in client.get(f"{URL}files/{file.pk}/progress/").content.decode()


def test_rows_without_a_number_are_known_by_what_they_say(tarnsund: Town, signed_in: Any) -> None:
    twice = LIST + "3;2026-11-03 10:00;Lampor;Ingenstans;\n3;2026-11-03 10:00;Lampor;Ingenstans;\n"
    client = signed_in(tarnsund.hanna)
    for _ in range(2):
        take_in(client, tarnsund, walk(client, tarnsund, twice, columns={**COLUMNS, "id": ""}))
    assert len(rows(tarnsund)) == 4


def test_a_fault_is_named_and_the_other_rows_may_come_in_without_it(tarnsund: Town, signed_in: Any) -> None:
    client = signed_in(tarnsund.hanna)
    file = walk(client, tarnsund, LIST.replace("2026-11-03 10:00", "=i går"))
    page = client.get(f"{URL}files/{file.pk}/").content.decode()
    assert "”=i går” är ingen tid" in page
    take_in(client, tarnsund, file)
    assert rows(tarnsund) == []
    table = client.get(f"{URL}files/{file.pk}/faults.csv").content.decode("utf-8-sig")
    assert table.splitlines()[1].startswith("3;tid;”=i går")
    take_in(client, tarnsund, file, without_faulty="on")
    assert [row.source_id for row in rows(tarnsund)] == ["vakt:1"]


def test_a_member_brings_in_for_their_own_organisation_only(tarnsund: Town, signed_in: Any) -> None:
    client = signed_in(tarnsund.hanna)
    upload(client, tarnsund, who="police")
    assert latest(tarnsund).organisation_id == tarnsund.organisations["housing"].pk
    upload(signed_in(tarnsund.anders), tarnsund, who="police")
    file = latest(tarnsund)
    assert file.organisation_id == tarnsund.organisations["police"].pk
    assert client.get(f"{URL}files/{file.pk}/columns/").status_code == 404
    assert signed_in(tarnsund.rut).get(URL).status_code == 403


def test_an_undone_file_leaves_nothing_when_nobody_touched_its_rows(tarnsund: Town, signed_in: Any) -> None:
    client = signed_in(tarnsund.hanna)
    take_in(client, tarnsund, walk(client, tarnsund))
    with tenancy.inside(tarnsund.group):
        batch = ImportBatch.objects.get()
    for _ in range(2):
        client.post(f"{URL}{batch.pk}/undo/")
    assert rows(tarnsund) == []
    with tenancy.inside(tarnsund.group):
        batch.refresh_from_db()
    assert (batch.removed, batch.withdrawn, batch.undone_by_id) == (2, 0, tarnsund.hanna.pk)


def test_rows_of_a_frozen_period_and_touched_ones_are_withdrawn_instead(tarnsund: Town, signed_in: Any) -> None:
    client = signed_in(tarnsund.hanna)
    take_in(
        client, tarnsund, walk(client, tarnsund, LIST + "3;2026-11-12 10:00;Lampor;;\n4;2026-11-12 10:00;Lampor;;\n")
    )
    with tenancy.inside(tarnsund.group):
        batch = ImportBatch.objects.get()
        Period.objects.containing(date(2026, 11, 3)).update(frozen_at=NOW)
        touched = Incident.objects.get(source_id="vakt:3")
        Sighting.objects.create(
            group=tarnsund.group,
            incident=touched,
            kind="same",
            at=NOW,
            organisation=tarnsund.organisations["police"],
            client_uuid=uuid.uuid4(),
        )
    client.post(f"{URL}{batch.pk}/undo/")
    left = rows(tarnsund)
    assert [(row.source_id, row.withdrawn_at) for row in left] == [(f"vakt:{n}", NOW) for n in (1, 2, 3)]
    with tenancy.inside(tarnsund.group):
        assert IncidentChange.objects.filter(kind="withdrawn").count() == 3


def test_what_others_saw_of_an_undone_row_stays_in_the_books(tarnsund: Town, signed_in: Any) -> None:
    client = signed_in(tarnsund.hanna)
    take_in(client, tarnsund, walk(client, tarnsund))
    with tenancy.inside(tarnsund.group):
        batch, head = ImportBatch.objects.get(), Incident.objects.get(source_id="vakt:1")
        seen = make_incident(tarnsund, merged_into=head, reporter=tarnsund.maja)
    client.post(f"{URL}{batch.pk}/undo/")
    with tenancy.inside(tarnsund.group):
        assert list(Incident.objects.standing()) == [seen]


def test_a_file_is_forgotten_after_a_day(tarnsund: Town, signed_in: Any) -> None:
    upload(signed_in(tarnsund.hanna), tarnsund)
    jobs.work_off(NOW + timedelta(hours=23))
    assert latest(tarnsund)
    jobs.work_off(NOW + timedelta(hours=24))
    with tenancy.inside(tarnsund.group):
        assert not ImportFile.objects.exists()


def test_a_worker_that_dies_halfway_leaves_nothing_and_the_next_one_takes_in_all(
    tarnsund: Town, signed_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in(tarnsund.hanna)
    lines = [f"{n};2026-11-02 22:15;Klotter;;\n" for n in range(1000)]
    file = walk(client, tarnsund, LIST.splitlines(keepends=True)[0] + "".join(lines))

    class Killed(BaseException):
        pass

    def die(_job: Any, percent: int) -> None:
        if percent > 50:
            raise Killed

    client.post(f"{URL}files/{file.pk}/take-in/")
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(jobs, "progress", die)
        jobs.work_off(NOW)
    assert rows(tarnsund) == []
    jobs.work_off(NOW + timedelta(minutes=10))
    assert len(rows(tarnsund)) == 1000


@pytest.mark.long
def test_ten_thousand_rows_are_taken_within_a_minute(tarnsund: Town, signed_in: Any) -> None:
    client = signed_in(tarnsund.carin)
    head = LIST.splitlines(keepends=True)[0]
    lines = [f"{n};2026-11-02 22:15;Klotter;Kiosken;Några ord om väggen\n" for n in range(10_001)]
    assert upload(client, tarnsund, head + "".join(lines)).status_code == 422
    begun = time.perf_counter()
    file = walk(client, tarnsund, head + "".join(lines[:-1]))
    take_in(client, tarnsund, file)
    assert time.perf_counter() - begun < 60
    assert len(rows(tarnsund)) == 10_000


def test_the_page_that_waits_asks_again_until_the_file_is_in(tarnsund: Town, signed_in: Any) -> None:
    client = signed_in(tarnsund.hanna)
    file = walk(client, tarnsund)
    client.post(f"{URL}files/{file.pk}/take-in/")
    url, asks = f"{URL}files/{file.pk}/progress/", {"HX-Request": "true"}
    assert f'href="{url}"' in client.get(url).content.decode()
    part = client.get(url, headers=asks)
    assert (part.status_code, part.content.decode()[:4], b"<html" in part.content) == (200, "<div", False)
    jobs.work_off(NOW)
    done = client.get(url, headers=asks)
    with tenancy.inside(tarnsund.group):
        batch = ImportBatch.objects.get()
    assert (done.status_code, done["HX-Redirect"]) == (286, f"{URL}{batch.pk}/")
    assert client.get(url)["Location"] == f"{URL}{batch.pk}/"


def test_who_waits_sees_how_far_a_job_has_come(tarnsund: Town) -> None:
    with tenancy.inside(tarnsund.group):
        job = jobs.due("import.forget", group_id=tarnsund.group.pk, key="x", at=NOW)
        job.state = "running"
        jobs.progress(job, 40)
    assert jobs.how_far(job) == 40


# --- the personal-data guard -----------------------------------------------------------------------------------------

CALL = LIST + "3;2026-11-03 10:00;Lampor;;Ring 070-174 06 05\n"


def test_words_that_may_point_at_a_person_are_held_and_stand_nowhere_else(tarnsund: Town, signed_in: Any) -> None:
    client = signed_in(tarnsund.hanna)
    take_in(client, tarnsund, walk(client, tarnsund, CALL))
    assert len(rows(tarnsund)) == 2
    with tenancy.inside(tarnsund.group):
        (held,) = HeldRow.objects.all()
    assert (held.kinds, held.line, held.source_id) == (["phone"], 4, "vakt:3")
    assert "telefonnummer" in client.get(f"{URL}held/").content.decode()
    for other in (tarnsund.pontus, tarnsund.anders):
        assert signed_in(other).get(f"{URL}held/{held.pk}/").status_code == 404
    assert signed_in(tarnsund.carin).get(f"{URL}held/{held.pk}/").status_code == 200


def test_a_held_row_comes_in_once_its_words_are_cleared(tarnsund: Town, signed_in: Any) -> None:
    client = signed_in(tarnsund.hanna)
    take_in(client, tarnsund, walk(client, tarnsund, CALL))
    with tenancy.inside(tarnsund.group):
        (held,) = HeldRow.objects.all()
    assert client.post(f"{URL}held/{held.pk}/", {"text": "Ring 070-174 06 05 nu"}).status_code == 422
    assert client.post(f"{URL}held/{held.pk}/", {"text": "Lampan är sönder"}).status_code == 302
    assert [row.text for row in rows(tarnsund)][-1] == "Lampan är sönder"
    with tenancy.inside(tarnsund.group):
        held.refresh_from_db()
    assert (held.words, held.row, held.state) == ("", {}, "taken")


def test_a_dropped_row_does_not_come_back_with_the_same_file(tarnsund: Town, signed_in: Any) -> None:
    client = signed_in(tarnsund.hanna)
    take_in(client, tarnsund, walk(client, tarnsund, CALL))
    with tenancy.inside(tarnsund.group):
        (held,) = HeldRow.objects.all()
    client.post(f"{URL}held/{held.pk}/drop/")
    take_in(client, tarnsund, walk(client, tarnsund, CALL))
    with tenancy.inside(tarnsund.group):
        assert [(row.state, row.words) for row in HeldRow.objects.all()] == [("dropped", "")]


def test_held_words_are_gone_after_thirty_days(tarnsund: Town, signed_in: Any) -> None:
    client = signed_in(tarnsund.hanna)
    take_in(client, tarnsund, walk(client, tarnsund, CALL))
    jobs.work_off(NOW + timedelta(days=30))
    with tenancy.inside(tarnsund.group):
        assert [(row.state, row.words, row.row) for row in HeldRow.objects.all()] == [("purged", "", {})]
