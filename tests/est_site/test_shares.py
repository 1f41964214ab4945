"""No group keeps all the workers: of some kinds of job only so many run for it at a time."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from est_site import jobs
from est_site.jobs import KINDS
from est_site.models import Job, JobState
from tests.cast import NOW, Town
from tests.est_site.test_jobs import order, raising, reloaded

pytestmark = pytest.mark.django_db


def three_running(town: Town, kind) -> None:
    kind("sheet", raising(AssertionError("only claimed")), most=3)
    for n in range(3):
        order(town, n, kind="sheet")
    assert all(jobs.claim(ring, NOW) for ring in jobs.find_due(NOW))


def test_a_group_has_no_more_of_a_kind_running_than_its_share(tarnsund: Town, kind) -> None:
    three_running(tarnsund, kind)
    fourth = order(tarnsund, 4, kind="sheet")
    assert [jobs.claim(ring, NOW) for ring in jobs.find_due(NOW)] == [None]
    assert (reloaded(fourth).state, reloaded(fourth).attempts) == (JobState.DUE, 0)


def test_another_group_and_another_kind_wait_for_nobody(tarnsund: Town, bjorkvik: Town, kind) -> None:
    three_running(tarnsund, kind)
    order(bjorkvik, kind="sheet")
    order(tarnsund)
    assert all(jobs.claim(ring, NOW) for ring in jobs.find_due(NOW))


def test_the_share_of_a_worker_that_died_is_free_again(tarnsund: Town, kind, settings) -> None:
    three_running(tarnsund, kind)
    later = NOW + settings.JOB_LEASE
    order(tarnsund, 4, kind="sheet", at=later)
    taken = [jobs.claim(ring, later) for ring in jobs.find_due(later)]
    assert len(taken) - taken.count(None) == 3


def test_waiting_for_a_share_ends_what_is_worked_off_here(tarnsund: Town, kind) -> None:
    three_running(tarnsund, kind)
    order(tarnsund, 4, kind="sheet")
    assert jobs.work_off(NOW) == 0


def test_three_documents_of_a_group_are_made_at_a_time() -> None:
    assert {kind.name: kind.most for kind in KINDS.values() if kind.most} == {"document.make": 3}


@pytest.mark.django_db(transaction=True)
def test_those_who_ask_at_the_same_moment_get_no_more_than_the_share(tarnsund: Town, kind) -> None:
    kind("sheet", raising(AssertionError("only claimed")), most=3)
    for n in range(8):
        order(tarnsund, n, kind="sheet")
    rings, ready = jobs.find_due(NOW), threading.Barrier(8)

    def worker(ring: jobs.Ring) -> Job | None:
        try:
            ready.wait()
            return jobs.claim(ring, NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(worker, rings))
    assert len(taken) - taken.count(None) == 3
