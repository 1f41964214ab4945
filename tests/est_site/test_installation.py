"""What an operator is told: one line for each thing that must be there, and what to do about what is not."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from est_site import tasks, tenancy
from est_site.models import Job
from est_site.partners import installation
from tests.cast import Town
from tests.conftest import OWNER
from tests.est_site.test_worker import background  # noqa: F401  a fixture

DEAD = "redis://127.0.0.1:1/0"


def finding(name: str) -> installation.Finding:
    [(_name, found)] = installation.run(timezone.now(), [name])
    return found


def said(*only: str) -> tuple[int, list[str]]:
    out, words = StringIO(), [word for name in only for word in ("--only", name)]
    try:
        call_command("check_installation", *words, stdout=out)
    except CommandError as error:
        return error.returncode, out.getvalue().splitlines()
    return 0, out.getvalue().splitlines()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", ["database", "walls", "migrations", "clock", "broker", "jobs", "media", "pango", "catalogues"]
)
def test_what_is_there_is_said_to_be_there(name: str) -> None:
    assert finding(name).level == "OK"


@pytest.mark.django_db
def test_each_check_is_a_line_and_the_exit_status_says_whether_one_failed(tmp_path: Path, settings: Any) -> None:
    assert said("media", "database")[0] == 0
    (tmp_path / "a file").write_text("")
    settings.MEDIA_ROOT = tmp_path / "a file" / "media"
    status, lines = said("media", "database")
    assert status == 1
    assert [line.split()[:2] for line in lines] == [["fault", "media"], ["OK", "database"]]
    assert "EST_MEDIA_ROOT" in lines[0]


@pytest.mark.django_db(transaction=True)
def test_a_role_that_owns_the_tables_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "USER", OWNER)
    found = finding("database")
    connection.close()
    assert found.level == "fault"
    assert "owns" in found.said


@pytest.mark.django_db(transaction=True)
def test_a_table_that_lost_its_wall_is_named() -> None:
    where = {key: connection.get_connection_params().get(key) for key in ("host", "port", "dbname")}
    with psycopg.connect(**where, user=OWNER, autocommit=True) as owner:
        owner.execute("ALTER TABLE incidents_incident NO FORCE ROW LEVEL SECURITY")
        try:
            found = finding("walls")
        finally:
            owner.execute("ALTER TABLE incidents_incident FORCE ROW LEVEL SECURITY")
    assert (found.level, found.said) == ("fault", "table incidents_incident has no wall")


@pytest.mark.django_db
def test_a_broker_that_is_gone_is_a_fault_of_broker_and_workers(settings: Any, monkeypatch: Any) -> None:
    settings.REDIS_URL = DEAD
    monkeypatch.setattr(installation.app.conf, "broker_url", DEAD)
    assert finding("broker").level == "fault"


@pytest.mark.django_db
def test_a_clock_that_never_struck_and_one_that_stopped_are_faults() -> None:
    cache.delete(tasks.TICKED)
    assert finding("beat").said == "no tick is known of"
    tasks.tick()
    assert finding("beat").level == "OK"
    [(_name, late)] = installation.run(timezone.now() + timedelta(minutes=5), ["beat"])
    assert late.level == "fault"
    assert late.said == "the last tick was 300 seconds ago"


@pytest.mark.django_db
def test_jobs_that_nobody_does_are_counted(tarnsund: Town) -> None:
    long_ago = timezone.now() - timedelta(hours=1)
    with tenancy.inside(tarnsund.group):
        Job.objects.create(group=tarnsund.group, kind="schedule.plan", dedupe_key="x", due_at=long_ago)
    assert finding("jobs").said == "1 have been due for over 3 minutes"


@pytest.mark.django_db
def test_letters_to_files_are_a_warning_and_a_mail_server_that_is_not_there_a_fault(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    assert finding("mail").level == "warning"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert finding("mail").level == "fault"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        settings.EMAIL_PORT = probe.getsockname()[1]
    server = Controller(Sink(), hostname="127.0.0.1", port=settings.EMAIL_PORT)
    server.start()
    try:
        assert finding("mail").said == "127.0.0.1 answers"
    finally:
        server.stop()


@pytest.mark.django_db
def test_unsafe_settings_are_named(settings: Any) -> None:
    settings.DEMO, settings.DEBUG, settings.SECRET_KEY, settings.TIME_ZONE = False, True, "short", "UTC"
    text = finding("settings").said
    for word in ("DEBUG", "SECRET_KEY", "TIME_ZONE"):
        assert word in text


@pytest.mark.django_db
def test_static_files_that_were_not_collected_are_a_fault(settings: Any, tmp_path: Path) -> None:
    settings.DEBUG = False
    settings.STATIC_ROOT = tmp_path
    whole = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": whole}
    assert finding("static").level == "fault"


@pytest.mark.django_db
def test_a_check_that_breaks_is_a_fault_and_stops_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(_now: Any) -> installation.Finding:
        raise ValueError("first line\nsecond line")

    monkeypatch.setitem(installation.CHECKS, "clock", breaks)
    found = dict(installation.run(timezone.now(), ["clock", "walls"]))
    assert found["clock"].said == "could not be checked: ValueError: first line"
    assert found["walls"].level == "OK"


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_a_worker_that_answers_is_named(background: Path) -> None:  # noqa: F811
    end = timezone.now() + timedelta(seconds=60)
    while (found := finding("workers")).level != "OK" and timezone.now() < end:
        pass
    assert found.said.startswith("1 answering: celery@"), found


@pytest.mark.long
def test_without_a_database_every_other_line_is_still_said() -> None:
    environment = {**os.environ, "DATABASE_URL": "postgresql://est_app@127.0.0.1:1/est", "REDIS_URL": DEAD}
    command = [sys.executable, "manage.py", "check_installation"]
    result = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert result.returncode == 1
    lines = result.stdout.splitlines()
    assert len(lines) == len(installation.CHECKS)
    level = {line.split()[1]: line.split()[0] for line in lines}
    assert [name for name in ("pango", "media", "catalogues") if level[name] != "OK"] == []
    assert [name for name in ("database", "walls", "broker", "workers", "beat") if level[name] != "fault"] == []
    assert "Traceback" not in result.stderr
