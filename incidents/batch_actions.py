"""Writes around files from elsewhere: kept, ordered, taken in, undone, and rows that were held decided upon."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext as _

from est_site import audit, jobs
from est_site.models import Job
from est_site.partners.models import Membership, Organisation, Period
from est_site.partners.sheets import MAX_ROWS
from incidents import actions, importing, mapping, words
from incidents.models import (
    FileState,
    HeldRow,
    HeldState,
    ImportBatch,
    ImportFile,
    Incident,
    SavedMapping,
)

KEPT_FOR = timedelta(hours=24)


@transaction.atomic
def keep_file(
    *, by: Membership, organisation: Organisation, file_name: str, content: bytes, now: datetime
) -> ImportFile:
    """A file waits to be taken in, for a day."""
    file = ImportFile.objects.create(
        group_id=by.group_id,
        organisation=organisation,
        uploaded_by=by,
        uploaded_at=now,
        file_name=file_name[-200:],
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
    )
    jobs.due(
        "import.forget", group_id=by.group_id, key=f"import.forget:{file.pk}", at=now + KEPT_FOR, ids={"file": file.pk}
    )
    audit.append(what="import.upload", by=by, on=file, now=now)
    return file


@transaction.atomic
def map_file(
    *, by: Membership, file: ImportFile, said: dict[str, Any], remember: dict[str, Any], now: datetime
) -> None:
    """What the columns and values of this file mean; `remember` is what holds for the next file of the system too."""
    mapping.parse(said)
    ImportFile.objects.filter(pk=file.pk, state__in=[FileState.OPEN, FileState.FAILED]).update(mapping=said)
    SavedMapping.objects.update_or_create(
        group_id=file.group_id,
        organisation_id=file.organisation_id,
        name=said["name"],
        defaults={"mapping": remember, "used_at": now},
    )
    audit.append(what="import.map", by=by, on=file, now=now)


@transaction.atomic
def order_file(*, by: Membership, file: ImportFile, without_faulty: bool, now: datetime) -> ImportFile:
    """A worker takes the file in; asked for twice, it is done once."""
    file = ImportFile.objects.select_for_update(of=("self",)).defer("content").get(pk=file.pk)
    if file.state not in (FileState.OPEN, FileState.FAILED):
        return file
    file.state, file.without_faulty = FileState.ORDERED, without_faulty
    file.save(update_fields=["state", "without_faulty"])
    job = jobs.due("import.take_in", group_id=file.group_id, key=key(file), at=now, ids={"file": file.pk})
    if not jobs.retry(job, now):
        again(job, now)
    audit.append(what="import.order", by=by, on=file, now=now)
    return file


def key(file: ImportFile) -> str:
    return f"import.take_in:{file.pk}"


def again(job: Job, now: datetime) -> None:
    """A job that ended without taking the file in is due once more."""
    Job.objects.filter(pk=job.pk, state="done").update(state="due", due_at=now, progress=0, done_at=None)


@transaction.atomic
def discard_file(*, by: Membership, file: ImportFile, now: datetime) -> None:
    """Not to be taken in after all."""
    if ImportFile.objects.filter(pk=file.pk, state__in=[FileState.OPEN, FileState.FAILED]).delete()[0]:
        audit.append(what="import.discard", by=by, on=file, now=now)


def plan_file(file: ImportFile, now: datetime) -> importing.Plan:
    return importing.plan_import(
        content=bytes(file.content),
        file_name=file.file_name,
        mapping=mapping.parse(file.mapping),
        group=file.group,
        organisation=file.organisation,
        now=now,
        max_rows=MAX_ROWS,
    )


# --- undone ----------------------------------------------------------------------------------------------------------


def removable(batch: ImportBatch) -> Any:
    """Rows that nothing else speaks of: not changed, not pointed at, and not in a picture that was frozen."""
    frozen = Period.objects.filter(
        group_id=batch.group_id, frozen_at__isnull=False, first_day__lte=OuterRef("day"), last_day__gte=OuterRef("day")
    )
    touched = Q(Exists(frozen)) | Q(version__gt=1) | Q(merged_into__isnull=False) | Q(withdrawn_at__isnull=False)
    for relation in Incident._meta.related_objects:
        rows = relation.related_model._default_manager.filter(**{relation.field.name: OuterRef("pk")})
        touched |= Q(Exists(rows))
    return Incident.objects.filter(group_id=batch.group_id, batch=batch).exclude(touched)


@transaction.atomic
def undo_batch(*, by: Membership, batch: ImportBatch, now: datetime) -> ImportBatch:
    """Rows that nobody has touched go away; the others stay in the books, withdrawn. Undone twice is undone once."""
    batch = ImportBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if batch.undone_at is not None:
        return batch
    batch.removed = removable(batch).delete()[0]
    left = Incident.objects.filter(group_id=batch.group_id, batch=batch)
    batch.withdrawn = actions.take_back(left, by=by, now=now, fields={"withdrawn_at": [None, now.isoformat()]})
    HeldRow.objects.filter(group_id=batch.group_id, batch=batch).exclude(state=HeldState.TAKEN).delete()
    batch.undone_at, batch.undone_by = now, by
    batch.save(update_fields=["removed", "withdrawn", "undone_at", "undone_by"])
    audit.append(what="incident.import_undone", by=by, on=batch, now=now, count=batch.removed + batch.withdrawn)
    return batch


# --- the quarantine --------------------------------------------------------------------------------------------------


@transaction.atomic
def release_row(*, by: Membership, held: HeldRow, text: str, now: datetime) -> Incident | None:
    """The row is an observation, with words that point at nobody. None when somebody has decided already."""
    found = words.kinds(text)
    if found:
        said = ", ".join(words.named(found))
        raise ValidationError({"text": _("This still stands in the words: %(kinds)s. Delete it.") % {"kinds": said}})
    held = HeldRow.objects.select_for_update(of=("self",)).select_related("batch").get(pk=held.pk)
    if held.state != HeldState.HELD:
        return None
    incident = importing.released(held, text, now)
    incident.save(force_insert=True)
    ImportBatch.objects.filter(pk=held.batch_id).update(added=F("added") + 1, held=F("held") - 1)
    settle([held], HeldState.TAKEN, by, now)
    audit.append(what="import.release", by=by, on=incident, now=now)
    return incident


@transaction.atomic
def drop_row(*, by: Membership, held: HeldRow, now: datetime) -> None:
    """The row is not taken in, and its words are gone."""
    held = HeldRow.objects.select_for_update(of=("self",)).get(pk=held.pk)
    if held.state == HeldState.HELD:
        settle([held], HeldState.DROPPED, by, now)
        audit.append(what="import.drop", by=by, on=held, now=now)


def settle(rows: list[HeldRow], state: str, by: Membership | None, now: datetime) -> None:
    """Decided: what was written is gone, the id stays so that the same file does not bring the row back."""
    HeldRow.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=state, words="", row={}, settled_at=now, settled_by=by
    )
