"""Jobs of the incidents room: a file is taken in, and what nobody needs any more is forgotten."""

from datetime import datetime

from est_site import audit, jobs
from est_site.models import Job
from incidents import batch_actions, drafts, importing, photos, saved_filters
from incidents.api import gate
from incidents.models import FileState, HeldRow, HeldState, ImportFile

SWEEPS = {"photos.sweep": photos, "drafts.sweep": drafts, saved_filters.SWEEP: saved_filters, gate.SWEEP: gate}
for kind, room in SWEEPS.items():
    jobs.register(kind, safe_twice=True)(room.sweep)


def _failed(job: Job, now: datetime) -> None:
    ImportFile.objects.filter(pk=jobs.subject(job, "file"), state=FileState.ORDERED).update(state=FileState.FAILED)


def _ordered(job: Job, now: datetime) -> None:
    ImportFile.objects.filter(pk=jobs.subject(job, "file"), state=FileState.FAILED).update(state=FileState.ORDERED)


@jobs.register("import.take_in", safe_twice=True, given_up=_failed, taken_up=_ordered)
def take_in(job: Job, now: datetime) -> None:
    """All of the file or nothing of it; what is known already is passed over, so that a second run adds nothing."""
    rows = ImportFile.objects.select_for_update(of=("self",)).select_related("group", "organisation", "uploaded_by")
    file = rows.filter(pk=jobs.subject(job, "file"), state=FileState.ORDERED).first()
    if file is None:
        return
    jobs.progress(job, 5)
    plan = batch_actions.plan_file(file, now)
    file.state = FileState.FAILED
    if not plan.faults or file.without_faulty:
        file.batch = importing.take_in(
            plan=plan,
            by=file.uploaded_by,
            organisation=file.organisation,
            now=now,
            without_faulty=file.without_faulty,
            heard=lambda percent: jobs.progress(job, percent),
        )
        file.state, file.content = FileState.DONE, b""
    file.save(update_fields=["state", "content", "batch"])


@jobs.register("import.forget", safe_twice=True)
def forget(job: Job, now: datetime) -> None:
    """A day is over: the file goes, taken in or not."""
    ImportFile.objects.filter(pk=jobs.subject(job, "file")).delete()


@jobs.register("import.purge", safe_twice=True)
def purge(job: Job, now: datetime) -> None:
    """Thirty days are over: the words of rows that nobody decided upon go."""
    waiting = HeldRow.objects.filter(batch_id=jobs.subject(job, "batch"), state=HeldState.HELD)
    rows = list(waiting.select_for_update(of=("self",)).order_by("pk"))
    if rows:
        batch_actions.settle(rows, HeldState.PURGED, None, now)
        audit.append(what="import.purge", by=None, on=rows[0].batch, now=now, count=len(rows))
