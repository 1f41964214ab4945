"""What must happen outside the transaction: a row that is due, the tick that finds it, the worker that does it.

Celery is only the doorbell. A request writes rows and never talks to the broker.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import translation

from est_site import tenancy
from est_site.models import Job, JobState

log = logging.getLogger(__name__)

Work = Callable[[Job, datetime], None]


class PeerUnavailable(Exception):
    """A mail server, broker or store could not be reached: costs no attempt, is tried again later."""


class Hopeless(Exception):
    """Trying again gives the same answer: parked at once with its reason."""


class NotYet(PeerUnavailable):
    """Something this job builds on is not there yet: costs no attempt either."""


@dataclass(frozen=True)
class Kind:
    """A registered kind of job. `safe_twice` is the author's word that a second run changes nothing.

    Of one with `most`, no more than so many run for one group at a time: the others' turn comes between them.
    `given_up` tells whoever waits for it that it was parked, `taken_up` that it is due again; each runs in the
    transaction that does so.
    """

    name: str
    work: Work
    safe_twice: bool
    queue: str = "jobs"
    given_up: Work | None = None
    taken_up: Work | None = None
    most: int | None = None


KINDS: dict[str, Kind] = {}


def register(
    name: str,
    *,
    safe_twice: bool,
    queue: str = "jobs",
    given_up: Work | None = None,
    taken_up: Work | None = None,
    most: int | None = None,
) -> Callable[[Work], Work]:
    """Fill the register of kinds; called at import of an app's `tasks.py`."""
    if not safe_twice:  # a lease that runs out, or a worker that dies after its commit, runs it again
        raise ValueError(f"a second run of {name} must change nothing")

    def add(work: Work) -> Work:
        KINDS[name] = Kind(name, work, safe_twice, queue, given_up, taken_up, most)
        return work

    return add


def due(
    kind: str,
    *,
    group_id: int,
    key: str,
    at: datetime,
    ids: dict[str, int] | None = None,
    last_sensible: timedelta | None = None,
) -> Job:
    """Write the row that is due, in the caller's transaction. The same key in a group is the same job."""
    job, _created = Job.objects.get_or_create(
        group_id=group_id,
        dedupe_key=key,
        defaults={
            "kind": kind,
            "ids": ids or {},
            "due_at": at,
            "last_sensible_at": at + last_sensible if last_sensible else None,
        },
    )
    return job


def hurry(job: Job, now: datetime) -> None:
    """Somebody waits for it: due now instead of at its hour. A job that runs or is done is left alone."""
    Job.objects.filter(pk=job.pk, state=JobState.DUE, due_at__gt=now).update(due_at=now)


def retry(job: Job, now: datetime) -> bool:
    """A parked job is due again with all its attempts before it; any other is left alone.

    Whether it was. What no longer makes sense by now is cancelled by the worker that finds it.
    """
    again = Job.objects.filter(pk=job.pk, state=JobState.PARKED).update(
        state=JobState.DUE, due_at=now, attempts=0, waits=0, progress=0, reason="", done_at=None
    )
    kind = KINDS.get(job.kind)
    if again and kind and kind.taken_up:
        kind.taken_up(job, now)
    return bool(again)


@dataclass(frozen=True)
class Ring:
    """A due row as the clock sees it: where it is, not what it is about."""

    job_id: int
    group_id: int
    kind: str


def find_due(now: datetime, *, limit: int = 500) -> list[Ring]:
    """Every due row of every group, found as the role that may see nothing else."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE est_clock")
        cursor.execute(
            "SELECT id, group_id, kind FROM est_site_job"
            " WHERE (state = 'due' AND due_at <= %s) OR (state = 'running' AND lease_until <= %s)"
            " ORDER BY due_at LIMIT %s",
            [now, now, limit],
        )
        rings = [Ring(*row) for row in cursor.fetchall()]
        cursor.execute("SET LOCAL ROLE NONE")  # inside another transaction the role would outlive this block
        return rings


def claim(ring: Ring, now: datetime) -> Job | None:
    """Take the lease, or None when another worker has it, it is done, or its group has its share of workers."""
    with tenancy.inside(ring.group_id):
        if _has_its_share(ring, now):
            return None
        job = (
            Job.objects.select_for_update(skip_locked=True)
            .filter(pk=ring.job_id)
            .filter(Q(state=JobState.DUE, due_at__lte=now) | Q(state=JobState.RUNNING, lease_until__lte=now))
            .first()
        )
        if job is None:
            return None
        if job.state == JobState.RUNNING:  # its worker died
            job.attempts += 1
            if job.attempts >= settings.JOB_ATTEMPTS:
                _park(job, now, "the worker died each time")
                return None
        job.state, job.lease, job.lease_until = JobState.RUNNING, uuid.uuid4(), now + settings.JOB_LEASE
        job.save(update_fields=["state", "lease", "lease_until", "attempts"])
        return job


def _has_its_share(ring: Ring, now: datetime) -> bool:
    """Whether as many of the kind run for the group as may; those who ask at once are answered one after the other."""
    kind = KINDS.get(ring.kind)
    if kind is None or kind.most is None:
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{ring.group_id}:{ring.kind}"])
    running = Job.objects.filter(kind=ring.kind, state=JobState.RUNNING, lease_until__gt=now)
    return running.count() >= kind.most


def run(ring: Ring, now: datetime) -> bool:
    """Claim the job, do its work in a transaction of its own inside the group, and record how it went.

    Whether it was ours to do.
    """
    job = claim(ring, now)
    if job is None:
        return False
    # nothing of one job's context reaches the next: neither its language nor its words in the log
    with (
        structlog.contextvars.bound_contextvars(tenant_id=job.group_id, job=job.pk, kind=job.kind),
        translation.override(settings.LANGUAGE_CODE),
    ):
        _work(job, now)
    return True


def _work(job: Job, now: datetime) -> None:
    kind = KINDS.get(job.kind)
    try:
        if kind is None:
            raise Hopeless(f"unknown kind {job.kind}")
        with tenancy.inside(job.group_id):
            _allow_long_statements()
            if not _held(job):
                return
            if job.cancel_requested:
                _finish(job, JobState.CANCELLED, now)
                return
            if job.last_sensible_at and now > job.last_sensible_at:  # nobody worked for that long
                _finish(job, JobState.CANCELLED, now, "too late")
                return
            kind.work(job, now)
            _finish(job, JobState.DONE, now)
    except PeerUnavailable as error:
        log.warning("job waits")
        _wait(job, now, str(error))
    except Hopeless as error:
        log.error("job parked")
        with tenancy.inside(job.group_id):
            _park(job, now, str(error))
    except Exception as error:
        log.exception("job failed")
        _fail(job, now, type(error).__name__)


def _allow_long_statements() -> None:
    """A worker may compute longer than a page may keep its reader waiting; less than the hard limit of its task."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '110s'")


def _held(job: Job) -> bool:
    """Whether the lease is still ours; the row stays locked until the work is committed."""
    return Job.objects.select_for_update().filter(pk=job.pk, lease=job.lease, state=JobState.RUNNING).exists()


def _finish(job: Job, state: JobState, now: datetime, reason: str = "") -> None:
    done = 100 if state == JobState.DONE else job.progress
    Job.objects.filter(pk=job.pk, lease=job.lease).update(
        state=state, done_at=now, lease=None, lease_until=None, progress=done, reason=reason[:500]
    )


def _park(job: Job, now: datetime, reason: str) -> None:
    parked = Job.objects.filter(pk=job.pk, lease=job.lease).update(
        state=JobState.PARKED, lease=None, lease_until=None, reason=reason[:500], attempts=job.attempts, done_at=now
    )
    kind = KINDS.get(job.kind)
    if parked and kind and kind.given_up:
        kind.given_up(job, now)


def _backoff(times: int) -> timedelta:
    return min(settings.JOB_BACKOFF * 2 ** min(times, 16), settings.JOB_BACKOFF_MAX)


def _wait(job: Job, now: datetime, reason: str) -> None:
    """A peer was away: later again, until it no longer makes sense."""
    with tenancy.inside(job.group_id):
        again = now + _backoff(job.waits)
        if job.last_sensible_at and again > job.last_sensible_at:
            _finish(job, JobState.CANCELLED, now, f"given up: {reason}")
            return
        Job.objects.filter(pk=job.pk, lease=job.lease).update(
            state=JobState.DUE, due_at=again, waits=F("waits") + 1, lease=None, lease_until=None, reason=reason[:500]
        )


def _fail(job: Job, now: datetime, reason: str) -> None:
    """The job's own fault: another attempt later, and after the last one it is parked with its reason."""
    with tenancy.inside(job.group_id):
        job.attempts += 1
        if job.attempts >= settings.JOB_ATTEMPTS:
            _park(job, now, reason)
            return
        Job.objects.filter(pk=job.pk, lease=job.lease).update(
            state=JobState.DUE,
            due_at=now + _backoff(job.attempts - 1),
            attempts=job.attempts,
            lease=None,
            lease_until=None,
            reason=reason[:500],
        )


def work_off(now: datetime) -> int:
    """Do everything that is due, here and now, one after the other; what the tick rings for, without the bell."""
    done = 0
    while taken := sum(run(ring, now) for ring in find_due(now)):
        done += taken
    return done


def progress(job: Job, per_cent: int) -> None:
    """Note how far a long job has come: at once for who asks `how_far`, in its row once its transaction commits."""
    Job.objects.filter(pk=job.pk).update(progress=per_cent)
    cache.set(f"job:{job.pk}", per_cent, settings.JOB_LEASE.total_seconds())


def how_far(job: Job) -> int:
    """Per cent, also of a job whose transaction is still open; only what its row says while the cache is away."""
    return job.progress if job.state != JobState.RUNNING else max(job.progress, cache.get(f"job:{job.pk}", 0))


def subject(job: Job, name: str) -> Any:
    """The id a job was given under that name; None when its author never wrote it."""
    return job.ids.get(name)
