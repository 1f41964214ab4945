"""Celery's doorways into the queue."""

from celery import shared_task
from django.core.cache import cache
from django.utils import timezone

from est_site import filing, jobs, mail, seals

TICKED = "ticked"  # when the clock last struck; whoever looks after the installation asks


@shared_task(name="est_site.tick")
def tick() -> None:
    """Ring once for every due row. A row rung for twice is worked once: the lease decides."""
    now = timezone.now()
    cache.set(TICKED, now.isoformat(), timeout=None)
    for ring in jobs.find_due(now):
        kind = jobs.KINDS.get(ring.kind)
        run_job.apply_async(
            kwargs={"job_id": ring.job_id, "group_id": ring.group_id, "kind": ring.kind},
            queue=kind.queue if kind else "jobs",
            expires=300,
        )
    seals.order(now)  # last: whatever is wrong with it must not keep a letter waiting


@shared_task(name="est_site.run_job")
def run_job(*, job_id: int, group_id: int, kind: str) -> None:
    """Do one due job."""
    jobs.run(jobs.Ring(job_id, group_id, kind), timezone.now())


jobs.register("document.make", safe_twice=True, queue="pdf", given_up=filing.give_up, taken_up=filing.take_up, most=3)(
    filing.make
)
jobs.register("mail.send", safe_twice=True)(mail.send)
jobs.register(seals.KIND, safe_twice=True)(seals.seal)
