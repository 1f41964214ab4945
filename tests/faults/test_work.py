"""Two clocks, a job delivered twice, a worker that is killed, a job that always fails: each thing is done once."""

from __future__ import annotations

import hashlib
import random
import signal
import time
import uuid
from collections import Counter

import pytest

from est_site.celery import app
from tests.faults.house import House, until

DOCUMENT = "SELECT id, state, path, sha256 FROM est_site_document WHERE kind = 'agenda' AND subject_id = %s"
WRITING = "*/.making-*"  # what stands beside the files while one is written
MISSES = 4  # of that moment, which is short, on a busy machine
JOB = (
    "SELECT j.id, j.state, j.attempts, j.reason FROM est_site_job j JOIN est_site_document d"
    " ON j.ids ->> 'document' = d.id::text WHERE d.kind = 'agenda' AND d.subject_id = %s"
)


def made_once(house: House, edition: int) -> None:
    """One row, its file is what the row says, and the chain knows of one making."""
    [(pk, state, path, digest)] = house.rows(DOCUMENT, edition)
    assert state == "ready"
    assert hashlib.sha256((house.media / path).read_bytes()).hexdigest() == digest
    assert house.events("document.make", pk) == 1


def of(house: House, numbers: list[str]) -> Counter[str]:
    return Counter(number for number in house.mailbox.taken if number in set(numbers))


@pytest.mark.long  # thirty simulated minutes of it: tests/est_site/test_leases.py
def test_rel_08_two_clocks_let_everything_happen_once(house: House) -> None:
    second = house.another_beat("beat-2")
    house.worker.signal(signal.SIGSTOP)
    house.beat.signal(signal.SIGSTOP)
    try:
        before = house.queued()
        second.start()
        until(lambda: house.queued() > before, "the second clock goes")
        house.beat.signal(signal.SIGCONT)
        numbers, edition = house.letters(20, f"two-{uuid.uuid4().hex[:8]}"), house.facts["editions"].pop()
        house.order(edition)
        before = house.queued()
        until(lambda: house.queued() > before + 4, "both tick, and nobody has done any of it yet")
        house.worker.signal(signal.SIGCONT)
        until(lambda: set(numbers) <= set(house.mailbox.taken), "every letter is sent")
        until(lambda: house.unfinished() == 0, "nothing waits any more")
        assert second.alive
    finally:
        second.stop()
    assert of(house, numbers) == dict.fromkeys(numbers, 1)
    made_once(house, edition)


def caught_writing(house: House, edition: int) -> bool:
    """Have the file made, and stop the worker in the middle of writing it: a moment that a busy machine may miss."""
    house.order(edition)
    while house.rows(JOB, edition)[0][1] != "done":
        end = time.monotonic() + 0.5
        while time.monotonic() < end:
            if list(house.media.glob(WRITING)):
                house.worker.signal(signal.SIGSTOP)
                if list(house.media.glob(WRITING)):
                    return True
                house.worker.signal(signal.SIGCONT)
    return False


@pytest.mark.parametrize("kills", [3, pytest.param(50, marks=pytest.mark.long)])
def test_rel_10_a_worker_killed_while_it_makes_a_file_leaves_one_whole_file(house: House, kills: int) -> None:
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    dice, editions = random.Random(seed), [house.facts["editions"].pop() for _ in range(kills)]
    while not caught_writing(house, editions[0]):
        assert len(editions) < kills + MISSES
        editions.insert(0, house.facts["editions"].pop())
    house.worker.kill()
    house.worker.start()
    for edition in editions[-kills + 1 :]:
        house.order(edition)
        until(lambda edition=edition: house.rows(JOB, edition)[0][1] != "due", "the worker has begun")
        time.sleep(dice.uniform(0, 1))
        house.worker.kill()
        house.worker.start()
    until(lambda: house.unfinished() == 0, "every file is made", 60 + 5 * kills)
    for edition in editions:
        made_once(house, edition)
    assert list(house.media.rglob(".making-*")) == []


def test_rel_12_a_job_delivered_twice_at_once_is_done_once(house: House) -> None:
    house.beat.stop()
    house.worker.signal(signal.SIGSTOP)
    house.to_mail.delay = 0.1  # a letter takes long enough for the other delivery to come upon it
    [number], edition = house.letters(1, f"twice-{uuid.uuid4().hex[:8]}"), house.facts["editions"].pop()
    house.order(edition)
    waiting = "FROM est_site_job WHERE state IN ('due', 'running') AND kind IN ('document.make', 'mail.send')"
    due = house.rows(f"SELECT id, group_id, kind {waiting}")
    assert sorted(kind for _pk, _group, kind in due) == ["document.make", "mail.send"]
    with app.connection_for_write(f"redis://127.0.0.1:{house.to_broker.port}/0") as broker:
        for pk, group, kind in due:
            for _delivery in range(2):
                arguments = {"job_id": pk, "group_id": group, "kind": kind}
                app.send_task("est_site.run_job", kwargs=arguments, connection=broker, queue="jobs")
    house.worker.signal(signal.SIGCONT)
    until(lambda: house.one(f"SELECT count(*) {waiting}") == 0, "both are done")
    time.sleep(1)  # the second delivery finds nothing to do
    assert of(house, [number]) == {number: 1}
    made_once(house, edition)


@pytest.mark.long
def test_rel_24_a_job_that_always_fails_is_parked_with_its_reason_and_holds_nobody_up(house: House) -> None:
    poison = house.facts["editions"].pop()
    house.rows("UPDATE interventions_edition SET frozen = frozen - 'items' WHERE id = %s", poison)
    house.order(poison)
    until(lambda: house.rows(JOB, poison)[0][2] > 0, "it has failed once")
    numbers, good = house.letters(5, f"beside-{uuid.uuid4().hex[:8]}"), house.facts["editions"].pop()
    house.order(good)
    until(lambda: set(numbers) <= set(house.mailbox.taken), "the others are done")
    assert house.rows(JOB, poison)[0][1] in ("due", "running")
    until(lambda: house.rows(DOCUMENT, good)[0][1] == "ready", "the others are done")
    until(lambda: house.rows(JOB, poison)[0][1] == "parked", "it is parked")
    [(_pk, _state, attempts, reason)] = house.rows(JOB, poison)
    assert (attempts, reason) == (10, "KeyError")
    assert house.rows(DOCUMENT, poison)[0][1] == "failed"
    made_once(house, good)
    house.rows("UPDATE interventions_edition SET frozen = frozen || '{\"items\": []}' WHERE id = %s", poison)
    house.order(poison)  # the reason is gone: who waits for it asks again
    until(lambda: house.rows(DOCUMENT, poison)[0][1] == "ready", "it is made after all")
    made_once(house, poison)
