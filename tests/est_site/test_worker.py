"""A real worker and a real clock; and a request that needs neither."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection
from django.utils import timezone

from est_site import jobs, tenancy
from est_site.models import Job, JobState
from reviews.demo.serve import QUEUES
from situation.models import Meeting
from tests.cast import Town
from tests.conftest import SignIn

ROOT = Path(__file__).resolve().parents[2]
WITHIN = 90  # seconds, on a machine that is busy with other tests
DEAD = "redis://127.0.0.1:1/0"


@pytest.fixture
def background(tmp_path: Path) -> Iterator[Path]:
    """Worker and beat on the test's database, with a tick of a second."""
    where = connection.get_connection_params()
    host = where.get("host", "")
    environment = {
        **os.environ,
        "DATABASE_URL": f"postgresql://{where['user']}@/{where['dbname']}?host={quote(host)}&port={where.get('port', 5432)}",
        "EST_TICK_SECONDS": "1",
        "EST_MEDIA_ROOT": str(tmp_path / "media"),
        "EST_DEMO": "1",
        "LOG_LEVEL": "INFO",
    }
    celery = [sys.executable, "-W", "ignore", "-m", "celery", "-A", "est_site"]
    commands = {
        "worker": [*celery, "worker", "-c", "1", "-Q", QUEUES, "--without-gossip", "--without-mingle"],
        "beat": [*celery, "beat", "--schedule", str(tmp_path / "beat"), "--pidfile", ""],
    }
    with ExitStack() as stack:
        started = []
        for name, command in commands.items():
            log = stack.enter_context((tmp_path / f"{name}.log").open("w"))
            started.append(subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT))
        try:
            yield tmp_path
        finally:
            for process in started:
                process.terminate()
            for process in started:
                process.wait(60)


def state(job: Job) -> str:
    with tenancy.inside(job.group_id):
        return str(Job.objects.values_list("state", flat=True).get(pk=job.pk))


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_what_is_due_is_done_by_the_tick(tarnsund: Town, background: Path) -> None:
    now = timezone.now()
    with tenancy.inside(tarnsund.group):
        planning = jobs.due("schedule.plan", group_id=tarnsund.group.pk, key="schedule.plan:first", at=now)
        strange = jobs.due("from.tomorrow", group_id=tarnsund.group.pk, key="x", at=now)
        later = jobs.due("schedule.plan", group_id=tarnsund.group.pk, key="y", at=now + timedelta(days=30))
    end = time.monotonic() + WITHIN
    while state(planning) != JobState.DONE and time.monotonic() < end:
        time.sleep(0.5)
    logs = "\n".join((background / f"{name}.log").read_text() for name in ("worker", "beat"))
    assert state(planning) == JobState.DONE, logs
    while state(strange) == JobState.DUE and time.monotonic() < end:
        time.sleep(0.5)
    assert (state(strange), state(later)) == (JobState.PARKED, JobState.DUE)
    with tenancy.inside(tarnsund.group):
        assert Meeting.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_page_and_its_forms_work_while_the_broker_is_dead(tarnsund: Town, signed_in: SignIn, settings) -> None:
    settings.REDIS_URL = settings.CELERY_BROKER_URL = DEAD
    settings.CACHES = {**settings.CACHES, "default": {**settings.CACHES["default"], "LOCATION": DEAD}}
    browser = signed_in(tarnsund.rut)
    assert browser.get("/g/tarnsund/").status_code == 200
    assert browser.post("/-/language", {"language": "en", "next": "/g/tarnsund/"}).status_code == 302
    form = {"client_uuid": "0f0e0d0c-0b0a-4908-8706-050403020100", "top": tarnsund.categories["damage"].pk}
    answer = browser.post("/g/tarnsund/report/", form | {"where": "unknown", "when": "now"})
    assert (answer.status_code, "saved=" in answer["Location"]) == (303, True)


@pytest.mark.django_db(transaction=True)
def test_preparing_a_meeting_by_hand_only_writes_rows(tarnsund: Town, signed_in: SignIn, settings) -> None:
    """What the button orders waits in the table; the tick finds it when the broker is back."""
    from situation.schedule import plan_meeting

    settings.REDIS_URL = settings.CELERY_BROKER_URL = DEAD
    settings.CACHES = {**settings.CACHES, "default": {**settings.CACHES["default"], "LOCATION": DEAD}}
    with tenancy.inside(tarnsund.group):
        meeting = plan_meeting(group=tarnsund.group, period=tarnsund.periods[-1])
    answer = signed_in(tarnsund.carin).post(f"/g/tarnsund/meetings/{meeting.pk}/prepare/")
    assert answer.status_code in (302, 303)
    with tenancy.inside(tarnsund.group):
        assert set(Job.objects.values_list("state", flat=True)) == {JobState.DUE}


def test_no_code_publishes_to_the_broker_but_the_tick() -> None:
    apps = ("est_site", "incidents", "situation", "interventions", "reviews")
    publishing = [
        str(file.relative_to(ROOT))
        for app in apps
        for file in (ROOT / app).rglob("*.py")
        if any(word in file.read_text() for word in (".apply_async(", ".delay(", "send_task("))
    ]
    assert publishing == ["est_site/tasks.py"]
