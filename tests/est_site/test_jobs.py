"""Jobs: written with what they belong to, found by a clock that knows nothing, done once whatever breaks."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import ProgrammingError, connection, transaction
from django.utils import translation

from est_site import jobs, tenancy
from est_site.models import Job, JobState
from est_site.partners.models import Place
from tests.cast import NOW, Town

pytestmark = pytest.mark.django_db


def order(town: Town, n: int = 1, *, kind: str = "note", at: datetime = NOW, **fields) -> Job:
    with tenancy.inside(town.group):
        return jobs.due(kind, group_id=town.group.pk, key=f"{kind}:{n}", at=at, ids={"n": n}, **fields)


def reloaded(job: Job) -> Job:
    with tenancy.inside(job.group_id):
        return Job.objects.get(pk=job.pk)


def test_what_is_due_is_rolled_back_with_what_decided_it(tarnsund: Town) -> None:
    def decide_and_fail() -> None:
        with tenancy.inside(tarnsund.group):
            jobs.due("note", group_id=tarnsund.group.pk, key="x", at=NOW)
            raise LookupError

    with pytest.raises(LookupError):
        decide_and_fail()
    with tenancy.inside(tarnsund.group):
        assert Job.objects.count() == 0


def test_the_same_key_is_the_same_job(tarnsund: Town) -> None:
    assert order(tarnsund) == order(tarnsund, at=NOW + timedelta(days=1))
    assert reloaded(order(tarnsund)).due_at == NOW


def test_the_same_key_in_another_group_is_another_job(tarnsund: Town, bjorkvik: Town) -> None:
    assert order(tarnsund) != order(bjorkvik)


def test_a_job_somebody_waits_for_is_due_at_once(tarnsund: Town) -> None:
    job = order(tarnsund, at=NOW + timedelta(hours=3))
    with tenancy.inside(tarnsund.group):
        jobs.hurry(job, NOW)
    assert reloaded(job).due_at == NOW


# --- the clock -----------------------------------------------------------------------------------


def test_the_clock_finds_what_is_due_in_every_group(tarnsund: Town, bjorkvik: Town) -> None:
    expected = [order(tarnsund), order(bjorkvik)]
    order(tarnsund, 2, at=NOW + timedelta(minutes=1))
    assert [(ring.job_id, ring.group_id) for ring in jobs.find_due(NOW)] == [(job.pk, job.group_id) for job in expected]


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT ids FROM est_site_job",
        "SELECT dedupe_key FROM est_site_job",
        "SELECT reason FROM est_site_job",
        "UPDATE est_site_job SET state = 'done'",
        "DELETE FROM est_site_job",
        "SELECT 1 FROM partners_membership",
        "SELECT 1 FROM incidents_incident",
        "SELECT 1 FROM partners_user",
    ],
)
def test_the_clock_may_do_nothing_but_look_at_the_time(tarnsund: Town, statement: str) -> None:
    order(tarnsund)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE est_clock")
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            cursor.execute(statement)


def test_the_clock_does_not_see_a_job_that_is_over(tarnsund: Town) -> None:
    job = order(tarnsund)
    with tenancy.inside(tarnsund.group):
        Job.objects.filter(pk=job.pk).update(state=JobState.DONE)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE est_clock")
        cursor.execute("SELECT count(*) FROM est_site_job")
        assert cursor.fetchone() == (0,)


def test_without_the_clocks_role_nothing_is_seen_outside_a_group(tarnsund: Town) -> None:
    order(tarnsund)
    with transaction.atomic():
        assert Job.objects.count() == 0


def test_who_looked_at_the_clock_is_the_application_again(tarnsund: Town) -> None:
    order(tarnsund)
    with tenancy.inside(tarnsund.group):
        jobs.find_due(NOW)
        assert Place.objects.count() == 2


# --- failures ------------------------------------------------------------------------------------


def raising(error: Exception) -> jobs.Work:
    def work(job: Job, now: datetime) -> None:
        raise error

    return work


def test_a_job_that_fails_is_tried_again_later_each_time(tarnsund: Town, kind, settings) -> None:
    kind("bad", raising(ZeroDivisionError("secret words")))
    job = order(tarnsund, kind="bad")
    waits = []
    at = NOW
    for _ in range(3):
        jobs.work_off(at)
        job = reloaded(job)
        waits.append(job.due_at - at)
        at = job.due_at
    assert waits == [settings.JOB_BACKOFF, settings.JOB_BACKOFF * 2, settings.JOB_BACKOFF * 4]
    assert job.attempts == 3


def test_after_ten_attempts_a_job_is_parked_with_its_reason(tarnsund: Town, kind) -> None:
    kind("bad", raising(ZeroDivisionError("secret words")))
    job = order(tarnsund, kind="bad")
    runs = 0
    while reloaded(job).state == JobState.DUE:
        jobs.work_off(reloaded(job).due_at)
        runs += 1
    job = reloaded(job)
    assert (runs, job.state, job.attempts) == (10, JobState.PARKED, 10)
    assert job.reason == "ZeroDivisionError"  # never its words: they may quote what people wrote


@pytest.mark.parametrize("error", [jobs.PeerUnavailable("mail server away"), jobs.NotYet("not made yet")])
def test_a_peer_that_is_away_costs_no_attempt(tarnsund: Town, kind, settings, error: Exception) -> None:
    kind("mail", raising(error))
    job = order(tarnsund, kind="mail")
    longest = timedelta(0)
    for _ in range(30):
        at = reloaded(job).due_at
        jobs.work_off(at)
        longest = max(longest, reloaded(job).due_at - at)
    job = reloaded(job)
    assert (job.state, job.attempts, job.waits, job.reason) == (JobState.DUE, 0, 30, str(error))
    assert longest == settings.JOB_BACKOFF_MAX


@pytest.mark.parametrize("error", [jobs.PeerUnavailable("mail server away"), jobs.NotYet("not made yet")])
def test_what_no_longer_makes_sense_is_cancelled(tarnsund: Town, kind, error: Exception) -> None:
    kind("mail", raising(error))
    job = order(tarnsund, kind="mail", last_sensible=timedelta(days=1))
    last = NOW
    while reloaded(job).state == JobState.DUE:
        last = reloaded(job).due_at
        jobs.work_off(last)
    assert reloaded(job).state == JobState.CANCELLED
    assert reloaded(job).reason == f"given up: {error}"
    assert timedelta(hours=22) < last - NOW <= timedelta(days=1)


def test_what_nobody_worked_on_in_time_is_cancelled_unstarted(tarnsund: Town, done: list[int]) -> None:
    job = order(tarnsund, last_sensible=timedelta(days=7))
    jobs.work_off(NOW + timedelta(days=8))
    assert done == []
    assert reloaded(job).state == JobState.CANCELLED


def test_a_hopeless_job_is_parked_at_once(tarnsund: Town, kind) -> None:
    kind("bad", raising(jobs.Hopeless("no glyph for U+1F600")))
    job = order(tarnsund, kind="bad")
    jobs.work_off(NOW)
    assert (reloaded(job).state, reloaded(job).reason) == (JobState.PARKED, "no glyph for U+1F600")


def test_whoever_waits_is_told_when_a_job_is_given_up(tarnsund: Town, kind) -> None:
    told: list[int] = []
    kind("bad", raising(jobs.Hopeless("no")), given_up=lambda job, now: told.append(job.pk))
    job = order(tarnsund, kind="bad")
    jobs.work_off(NOW)
    assert told == [job.pk]


def test_an_unknown_kind_is_parked(tarnsund: Town) -> None:
    job = order(tarnsund, kind="from.tomorrow")
    jobs.work_off(NOW)
    assert (reloaded(job).state, reloaded(job).reason) == (JobState.PARKED, "unknown kind from.tomorrow")


def test_one_failing_job_does_not_stop_the_others(tarnsund: Town, bjorkvik: Town, kind, done: list[int]) -> None:
    kind("bad", raising(RuntimeError("broken")))
    order(tarnsund, 1)
    order(tarnsund, 2, kind="bad", at=NOW - timedelta(hours=1))
    order(bjorkvik, 3)
    jobs.work_off(NOW)
    assert done == [1, 3]


@pytest.mark.django_db(transaction=True)
def test_what_a_failing_job_wrote_is_rolled_back(tarnsund: Town, kind) -> None:
    def half(job: Job, now: datetime) -> None:
        Place.objects.create(group_id=job.group_id, name="Halvvägs")
        raise RuntimeError

    kind("half", half)
    order(tarnsund, kind="half")
    jobs.work_off(NOW)
    with tenancy.inside(tarnsund.group):
        assert not Place.objects.filter(name="Halvvägs").exists()


@pytest.mark.django_db(transaction=True)
def test_half_the_work_of_a_killed_worker_is_not_there_and_is_done_once(tarnsund: Town, kind, settings) -> None:
    """Its session is ended by the server, as when the process is gone."""
    deaths = []

    def dies_once(job: Job, now: datetime) -> None:
        Place.objects.create(group_id=job.group_id, name="Kajen")
        if not deaths:
            deaths.append(job.pk)
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    kind("dies", dies_once)
    job = order(tarnsund, kind="dies")
    with pytest.raises(SystemExit):
        _worker_process(job)
    connection.close()
    with tenancy.inside(tarnsund.group):
        assert not Place.objects.filter(name="Kajen").exists()
    jobs.work_off(NOW + settings.JOB_LEASE)
    with tenancy.inside(tarnsund.group):
        assert Place.objects.filter(name="Kajen").count() == 1
    assert reloaded(job).attempts == 1


def _worker_process(job: Job) -> None:
    """Run it as a worker would that is gone before it can say how it went."""

    def gone(*_args: object) -> None:
        raise SystemExit

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jobs, "_fail", gone)
        jobs.run(jobs.Ring(job.pk, job.group_id, job.kind), NOW)


def test_a_job_that_was_cancelled_is_not_run(tarnsund: Town, done: list[int]) -> None:
    asked, over = order(tarnsund, 1), order(tarnsund, 2)
    with tenancy.inside(tarnsund.group):
        Job.objects.filter(pk=asked.pk).update(cancel_requested=True)
        Job.objects.filter(pk=over.pk).update(state=JobState.CANCELLED)
    jobs.work_off(NOW)
    assert done == []
    assert reloaded(asked).state == JobState.CANCELLED


def test_a_job_that_is_done_is_not_done_again(tarnsund: Town, done: list[int]) -> None:
    order(tarnsund)
    [ring] = jobs.find_due(NOW)
    for _ in range(3):  # rung for by three ticks
        jobs.run(ring, NOW)
    assert done == [1]


# --- context -------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_each_job_sees_its_own_group_and_leaves_nothing_behind(tarnsund: Town, bjorkvik: Town, kind) -> None:
    seen: list[tuple[set[str], str | None]] = []

    def look(job: Job, now: datetime) -> None:
        seen.append((set(Place.objects.values_list("name", flat=True)), translation.get_language()))
        translation.activate("en")

    kind("look", look)
    for n, town in enumerate((tarnsund, bjorkvik, tarnsund)):
        order(town, n, kind="look")
        jobs.work_off(NOW)
    assert seen == [
        ({"Hamnplan, kiosken", "Gångtunneln"}, "sv"),
        ({"Kajen"}, "sv"),
        ({"Hamnplan, kiosken", "Gångtunneln"}, "sv"),
    ]
    with transaction.atomic():
        assert tenancy.current_group_id() is None
        assert list(Place.objects.all()) == []


# --- the register --------------------------------------------------------------------------------


def test_every_kind_of_job_may_run_twice() -> None:
    assert jobs.KINDS
    assert [kind.name for kind in jobs.KINDS.values() if not kind.safe_twice] == []


def test_a_kind_that_may_not_run_twice_is_not_let_in() -> None:
    with pytest.raises(ValueError, match="a second run of once must change nothing"):
        jobs.register("once", safe_twice=False)
    with pytest.raises(TypeError):
        jobs.register("silent")  # type: ignore[call-arg]


def test_every_kind_has_a_queue_that_the_workers_listen_to() -> None:
    from reviews.demo.serve import QUEUES

    assert {kind.queue for kind in jobs.KINDS.values()} <= set(QUEUES.split(","))
