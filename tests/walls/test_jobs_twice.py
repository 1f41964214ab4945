"""Every kind of job: twice after one another, twice at the same time, and after what it is about has gone."""

from __future__ import annotations

import hashlib
import shutil
import threading
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import connection, transaction

from est_site import jobs, tenancy
from est_site.models import Job, JobState
from tests.cast import NOW, Town
from tests.walls.recipes import RECIPES, kinds

MISSING = (
    "Add to RECIPES in tests/walls/recipes.py, under the kind's name, a function that makes the world of one such job "
    "in a town and returns it with what may be gone when it is run. Missing"
)


@pytest.fixture(autouse=True)
def _sunday(settings: Any) -> Any:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    with time_machine.travel(NOW, tick=False):
        yield


def state(town: Town, media: Path) -> dict[str, Any]:
    """Every row of the group but the jobs' own, every file and every letter."""
    found: dict[str, Any] = {"letters": [message.subject for message in mail.outbox]}
    with tenancy.inside(town.group), connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            " AND has_table_privilege(oid, 'SELECT') AND relname <> 'est_site_job' ORDER BY 1"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT count(*), md5(string_agg(t::text, '' ORDER BY t::text)) FROM \"{table}\" t")
            found[table] = cursor.fetchone()
        found["jobs"] = sorted(Job.objects.exclude(dedupe_key="again").values_list("kind", flat=True))
    files = [path for path in media.rglob("*") if path.is_file()]
    found["files"] = sorted((path.name, hashlib.sha256(path.read_bytes()).hexdigest()) for path in files)
    return found


def ring(job: Job) -> jobs.Ring:
    return jobs.Ring(job.pk, job.group_id, job.kind)


def over(job: Job) -> Job:
    """The job as it stands: tried once, and with a reason unless it is done."""
    with tenancy.inside(job.group_id):
        job = Job.objects.get(pk=job.pk)
    assert (job.attempts, job.waits) == (0, 0), job.reason
    assert job.state == JobState.DONE or job.reason
    return job


def test_every_kind_of_job_has_its_recipe() -> None:
    without = sorted(set(kinds()) - set(RECIPES))
    assert without == [], f"{MISSING}: {', '.join(without)}"
    assert set(RECIPES) - set(kinds()) == set(), "recipes in tests/walls/recipes.py of kinds that are gone"


@pytest.mark.django_db
@pytest.mark.parametrize("kind", RECIPES)
def test_a_job_that_runs_a_second_time_changes_nothing(kind: str, tarnsund: Town, settings: Any) -> None:
    with tenancy.inside(tarnsund.group):
        job = RECIPES[kind](tarnsund).job
    before = state(tarnsund, settings.MEDIA_ROOT)
    jobs.run(ring(job), NOW)
    once = state(tarnsund, settings.MEDIA_ROOT)
    assert (over(job).state, once == before) == (JobState.DONE, False)
    with tenancy.inside(tarnsund.group):  # its worker died after the commit and before anybody heard of it
        Job.objects.filter(pk=job.pk).update(state=JobState.DUE, done_at=None)
    jobs.run(ring(job), NOW)
    assert over(job).state == JobState.DONE
    assert state(tarnsund, settings.MEDIA_ROOT) == once


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", RECIPES)
def test_a_job_that_two_workers_do_at_the_same_time_is_done_once(kind: str, tarnsund: Town, settings: Any) -> None:
    """Rung for twice, and once more under another key: the lease keeps the first two apart, the work the last two."""
    with tenancy.inside(tarnsund.group):
        job = RECIPES[kind](tarnsund).job
        again = jobs.due(job.kind, group_id=job.group_id, key="again", at=NOW, ids=job.ids)
    alone = size_after_one(job, tarnsund, settings.MEDIA_ROOT)
    at_once([ring(job), ring(job), ring(again)])
    assert [over(done).state for done in (job, again)] == [JobState.DONE, JobState.DONE]
    assert size(state(tarnsund, settings.MEDIA_ROOT)) == alone


def size(found: dict[str, Any]) -> dict[str, Any]:
    """How many rows of each, and which files and letters."""
    return {name: value[0] if isinstance(value, tuple) else value for name, value in found.items()}


def size_after_one(job: Job, town: Town, media: Path) -> dict[str, Any]:
    """What one worker alone would leave; taken back again."""
    with transaction.atomic():
        jobs.run(ring(job), NOW)
        alone = size(state(town, media))
        transaction.set_rollback(True)
    shutil.rmtree(media, ignore_errors=True)
    mail.outbox.clear()
    return alone


def at_once(rings: list[jobs.Ring]) -> None:
    ready = threading.Barrier(len(rings))

    def worker(one: jobs.Ring) -> None:
        try:
            ready.wait()
            jobs.run(one, NOW)
        finally:
            connection.close()

    threads = [threading.Thread(target=worker, args=[one]) for one in rings]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.django_db
@pytest.mark.parametrize("kind", RECIPES)
def test_a_job_whose_object_is_gone_ends_in_words(kind: str, tarnsund: Town, settings: Any) -> None:
    with transaction.atomic(), tenancy.inside(tarnsund.group):
        things = list(RECIPES[kind](tarnsund).goes)
        transaction.set_rollback(True)
    for thing in things:
        with transaction.atomic():
            with tenancy.inside(tarnsund.group):
                made = RECIPES[kind](tarnsund)
                made.goes[thing]()
            before = state(tarnsund, settings.MEDIA_ROOT)
            jobs.run(ring(made.job), NOW)
            assert over(made.job).state in (JobState.DONE, JobState.PARKED), thing
            assert size(state(tarnsund, settings.MEDIA_ROOT)) == size(before), thing
            transaction.set_rollback(True)
