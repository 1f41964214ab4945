"""Documents as rows: one file a version, made by a worker from frozen data and from nothing else.

A kind of document is registered by the app that owns its frozen rows; this module never looks into them.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.conf import settings

from est_site import audit, jobs
from est_site.models import Audience, Document, DocumentState, Job
from est_site.partners.models import Membership

Maker = Callable[[int], bytes]  # the frozen row's id -> the file; the same bytes each time


@dataclass(frozen=True)
class DocumentKind:
    """A registered kind: how it is made and which audiences it may be made for."""

    name: str
    make: Maker
    audiences: frozenset[str] = field(default_factory=lambda: frozenset({Audience.GROUP.value}))


KINDS: dict[str, DocumentKind] = {}


def register(kind: DocumentKind) -> None:
    """Fill the register; called in an app's `apps.py`."""
    KINDS[kind.name] = kind


def order(
    kind: str,
    *,
    group_id: int,
    subject_id: int,
    version: int,
    title: str,
    now: datetime,
    audience: str = Audience.GROUP,
) -> Document:
    """The document of this version, ordered from a worker the first time it is asked for."""
    if audience not in KINDS[kind].audiences:
        raise ValueError(f"{kind} is not made for {audience}")
    document, _created = Document.objects.get_or_create(
        group_id=group_id,
        kind=kind,
        subject_id=subject_id,
        version=version,
        audience=audience,
        defaults={"title": title},
    )
    if document.state == DocumentState.DUE:
        jobs.due(
            "document.make",
            group_id=group_id,
            key=f"document.make:{document.pk}",
            at=now,
            ids={"document": document.pk},
        )
    return document


def make(job: Job, now: datetime) -> None:
    """Make the file a document row waits for. Done twice, the second finds it ready and leaves it."""
    document = Document.objects.select_for_update().filter(pk=jobs.subject(job, "document")).first()
    if document is None or document.state == DocumentState.READY:
        return
    data = KINDS[document.kind].make(document.subject_id)
    digest = hashlib.sha256(data).hexdigest()
    try:
        document.path = _store(document, digest, data)
    except OSError as error:  # the store is full or away: the file is made when it is back
        raise jobs.PeerUnavailable(f"store: {type(error).__name__}") from error
    document.sha256, document.size, document.made_at = digest, len(data), now
    document.state = DocumentState.READY
    document.save()
    audit.append(what="document.make", by=None, on=document, now=now)


def give_up(job: Job, now: datetime) -> None:
    """Nobody will make it: say so to whoever waits for the file."""
    Document.objects.filter(pk=jobs.subject(job, "document"), state=DocumentState.DUE).update(
        state=DocumentState.FAILED
    )


def take_up(job: Job, now: datetime) -> None:
    """It is being made again."""
    Document.objects.filter(pk=jobs.subject(job, "document"), state=DocumentState.FAILED).update(
        state=DocumentState.DUE
    )


def order_again(document: Document, *, by: Membership, now: datetime) -> None:
    """Somebody who may order it wants another try at a document that could not be made."""
    job = Job.objects.get(group_id=document.group_id, dedupe_key=f"document.make:{document.pk}")
    if jobs.retry(job, now):
        audit.append(what="job.retry", by=by, on=job, now=now)


def _store(document: Document, digest: str, data: bytes) -> str:
    """Write beside, flush to disk, rename: a killed worker leaves no half file under the name. Returns the relative path.

    What it leaves beside carries the document's number, so that the next worker writes over it and nothing stays.
    """
    home = Path(str(document.group_id))
    relative = home / digest[:2] / f"{digest}.pdf"
    target = Path(settings.MEDIA_ROOT) / relative
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(settings.MEDIA_ROOT) / home / f".making-{document.pk}"
    try:
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return str(relative)


def read(document: Document) -> bytes:
    """The file of a ready document; `ValueError` when it is no longer what was made."""
    data = (Path(settings.MEDIA_ROOT) / document.path).read_bytes()
    if hashlib.sha256(data).hexdigest() != document.sha256:
        raise ValueError(f"document {document.pk} is not the file that was made")
    return data
