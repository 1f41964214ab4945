"""A job is held by one worker at a time, and by nobody for longer than its lease."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import connection

from est_site import jobs, tenancy
from est_site.models import Job, JobState
from tests.cast import NOW, Town
from tests.est_site.test_jobs import order, reloaded

pytestmark = pytest.mark.django_db


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_one_gets_the_job(tarnsund: Town) -> None:
    job = order(tarnsund)
    [ring] = jobs.find_due(NOW)
    claimed: list[Job | None] = []
    ready = threading.Barrier(4)

    def worker() -> None:
        try:
            ready.wait()
            claimed.append(jobs.claim(ring, NOW))
        finally:
            connection.close()

    threads = [threading.Thread(target=worker) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [other.pk for other in claimed if other is not None] == [job.pk]


@pytest.mark.django_db(transaction=True)
def test_a_worker_does_not_wait_for_a_row_that_another_one_holds(tarnsund: Town) -> None:
    order(tarnsund)
    [ring] = jobs.find_due(NOW)
    other: list[Job | None] = []

    def worker() -> None:
        try:
            other.append(jobs.claim(ring, NOW))
        finally:
            connection.close()

    with tenancy.inside(tarnsund.group):
        Job.objects.select_for_update().get()
        thread = threading.Thread(target=worker)
        thread.start()
        thread.join(timeout=10)
    assert other == [None]


@pytest.mark.django_db(transaction=True)
def test_rel_08_what_two_clocks_ring_for_in_thirty_minutes_is_done_once(tarnsund: Town, done: list[int]) -> None:
    """Both tick at the same moment of each minute, and each ring is answered by a worker of its own."""
    minutes = [NOW + timedelta(minutes=n) for n in range(30)]
    for n in range(60):
        order(tarnsund, n, at=NOW + timedelta(seconds=30 * n))
    together = threading.Barrier(2)

    def clock(_which: int) -> None:
        try:
            for now in minutes:
                together.wait(timeout=30)
                for ring in jobs.find_due(now):
                    jobs.run(ring, now)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(clock, range(2)))
    assert sorted(done) == list(range(59))  # the last is due half a minute after the last tick


def test_a_job_under_way_is_not_found(tarnsund: Town) -> None:
    order(tarnsund)
    [ring] = jobs.find_due(NOW)
    jobs.claim(ring, NOW)
    assert jobs.find_due(NOW + timedelta(seconds=1)) == []
    assert jobs.claim(ring, NOW + timedelta(seconds=1)) is None


def test_what_a_dead_worker_held_is_taken_over_and_counted(tarnsund: Town, done: list[int], settings) -> None:
    job = order(tarnsund)
    jobs.claim(jobs.find_due(NOW)[0], NOW)
    later = NOW + settings.JOB_LEASE
    jobs.work_off(later)
    assert done == [1]
    assert reloaded(job).state == JobState.DONE
    assert reloaded(job).attempts == 1


def test_a_job_that_kills_every_worker_is_parked_with_its_reason(tarnsund: Town, done: list[int], settings) -> None:
    job = order(tarnsund)
    for n in range(settings.JOB_ATTEMPTS + 1):
        for ring in jobs.find_due(NOW + n * settings.JOB_LEASE):
            jobs.claim(ring, NOW + n * settings.JOB_LEASE)
    job = reloaded(job)
    assert (job.state, job.attempts, job.reason) == (
        JobState.PARKED,
        settings.JOB_ATTEMPTS,
        "the worker died each time",
    )
    assert jobs.find_due(NOW + timedelta(days=1)) == []


def test_a_worker_that_lost_its_lease_writes_nothing(tarnsund: Town, kind, settings) -> None:
    job = order(tarnsund, kind="slow")

    def slow(job: Job, now: datetime) -> None:
        job.lease = None  # as if another one had it by now

    kind("slow", slow)
    jobs.work_off(NOW)
    assert reloaded(job).state == JobState.RUNNING
