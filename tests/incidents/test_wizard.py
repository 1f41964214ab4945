"""Take in from a file, as a browser sends it."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from est_site import jobs, tenancy
from est_site.models import AuditEvent
from incidents.models import ImportBatch, ImportFile, Incident, SavedMapping
from tests.cast import NOW, Town

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
