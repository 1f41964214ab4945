"""Documents as rows and files: one a version, whole or not at all, and never silently another file."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.test import override_settings

from est_site import filing, jobs, tenancy
from est_site.models import Audience, AuditEvent, Document, DocumentState, Job, JobState
from tests.cast import NOW, Town

pytestmark = pytest.mark.django_db

CONTENT = b"%PDF-1.7 the same bytes each time"


@pytest.fixture(autouse=True)
def made(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A kind of document, and the subjects it was made for."""
    calls: list[int] = []

    def make(subject_id: int) -> bytes:
        calls.append(subject_id)
        if subject_id == 13:
            raise jobs.Hopeless("no glyph for U+6C34")
        if subject_id == 14:
            raise RuntimeError
        return CONTENT

    monkeypatch.setattr(filing, "KINDS", {"note": filing.DocumentKind("note", make)})
    return calls


def order(town: Town, subject_id: int = 1, version: int = 1, **fields) -> Document:
    with tenancy.inside(town.group):
        return filing.order(
            "note",
            group_id=town.group.pk,
            subject_id=subject_id,
            version=version,
            title="Anteckning",
            now=NOW,
            **fields,
        )


def reloaded(document: Document) -> Document:
    with tenancy.inside(document.group_id):
        return Document.objects.get(pk=document.pk)


def test_a_version_is_ordered_once_however_often_it_is_asked_for(inside: Town) -> None:
    assert {order(inside).pk for _ in range(3)} == {Document.objects.get().pk}
    assert Job.objects.filter(kind="document.make").count() == 1


def test_another_version_is_another_document(inside: Town) -> None:
    assert order(inside, version=1) != order(inside, version=2)
    assert Job.objects.filter(kind="document.make").count() == 2


def test_a_document_is_made_once_however_often_its_job_runs(inside: Town, made: list[int]) -> None:
    order(inside)
    jobs.work_off(NOW)
    Job.objects.update(state=JobState.DUE)
    jobs.work_off(NOW + timedelta(hours=1))
    assert made == [1]
    assert AuditEvent.objects.filter(body__contains="document.make").count() == 1


def test_a_ready_document_is_not_ordered_again(inside: Town, made: list[int]) -> None:
    order(inside)
    jobs.work_off(NOW)
    order(inside)
    jobs.work_off(NOW)
    assert made == [1]


def test_the_row_says_which_file_it_is(inside: Town, settings) -> None:
    document = order(inside)
    jobs.work_off(NOW)
    document = reloaded(document)
    assert document.state == DocumentState.READY
    assert document.sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert document.size == len(CONTENT)
    assert document.made_at == NOW
    assert (Path(settings.MEDIA_ROOT) / document.path).read_bytes() == CONTENT
    assert filing.read(document) == CONTENT


def test_the_same_content_in_two_groups_is_two_files(tarnsund: Town, bjorkvik: Town) -> None:
    documents = [order(tarnsund), order(bjorkvik)]
    jobs.work_off(NOW)
    assert len({reloaded(document).path for document in documents}) == 2


def test_a_file_changed_on_disk_is_refused(inside: Town, settings) -> None:
    document = order(inside)
    jobs.work_off(NOW)
    document = reloaded(document)
    (Path(settings.MEDIA_ROOT) / document.path).write_bytes(CONTENT + b" ")
    with pytest.raises(ValueError, match="is not the file that was made"):
        filing.read(document)


KILLED = """
import os, signal, sys
from pathlib import Path
import django
django.setup()
from django.conf import settings
from est_site import filing
from est_site.models import Document
settings.MEDIA_ROOT = Path(sys.argv[1])
os.fsync = lambda handle: os.kill(os.getpid(), signal.SIGKILL)  # half way: written, neither flushed nor named
filing._store(Document(pk=5, group_id=7), "ab" * 32, b"half a file")
"""


def test_a_killed_writer_leaves_no_half_file_under_the_name(tmp_path: Path) -> None:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "est_site.settings"}
    command = [sys.executable, "-c", KILLED, str(tmp_path)]
    result = subprocess.run(command, cwd=django_settings.BASE_DIR, env=environment, check=False)
    assert result.returncode == -signal.SIGKILL
    assert list(tmp_path.rglob("*.pdf")) == []
    with override_settings(MEDIA_ROOT=tmp_path):  # the next one leaves the whole file and nothing beside it
        name = filing._store(Document(pk=5, group_id=7), "ab" * 32, b"a whole file")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [tmp_path / name]


def test_a_failing_writer_leaves_nothing_at_all(tmp_path: Path, settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        filing._store(Document(pk=5, group_id=7), "ab" * 32, b"half a file")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_store_that_is_away_costs_no_attempt(inside: Town, settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEDIA_ROOT.write_text("a file where the folder should be")
    document = order(inside)
    jobs.work_off(NOW)
    job = Job.objects.get(kind="document.make")
    assert (job.state, job.attempts, job.waits) == (JobState.DUE, 0, 1)
    settings.MEDIA_ROOT.unlink()
    jobs.work_off(job.due_at)
    assert reloaded(document).state == DocumentState.READY


def test_what_can_never_be_made_is_marked_as_failed_with_its_reason(inside: Town) -> None:
    document = order(inside, subject_id=13)
    jobs.work_off(NOW)
    assert reloaded(document).state == DocumentState.FAILED
    assert Job.objects.get(kind="document.make").reason == "no glyph for U+6C34"


def test_what_failed_ten_times_is_marked_as_failed_too(inside: Town) -> None:
    document = order(inside, subject_id=14)
    at = NOW
    while reloaded(document).state == DocumentState.DUE:
        jobs.work_off(at)
        at += timedelta(hours=2)
    assert reloaded(document).state == DocumentState.FAILED
    assert Job.objects.get(kind="document.make").state == JobState.PARKED


def test_a_kind_is_made_only_for_its_audiences(inside: Town) -> None:
    with pytest.raises(ValueError, match="note is not made for steering"):
        order(inside, audience=Audience.STEERING)
    assert Document.objects.count() == 0
