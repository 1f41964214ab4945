"""Photos as files and rows: kept with the form they came with, handed out by a gated view, gone with what is masked."""

from __future__ import annotations

import hashlib
import os
import secrets
import uuid
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction

from est_site import audit, jobs
from est_site.models import Job
from est_site.partners.models import Membership
from incidents.models import PHOTOS, Incident, Photo
from incidents.photos.pixels import Pixels

KEPT = timedelta(hours=24)  # a photo whose form was never saved, a file whose row was never written


@transaction.atomic(savepoint=False)
def keep(*, by: Membership, client_uuid: uuid.UUID, photos: Sequence[Pixels], now: datetime) -> list[Photo]:
    """The photos of one form: what was sent with it before, and these, as many as there may be."""
    kept = waiting(by, client_uuid)
    for pixels in photos:
        digest = hashlib.sha256(pixels.jpeg).hexdigest()
        if len(kept) < PHOTOS and digest not in {photo.sha256 for photo in kept}:
            kept.append(_store(by, client_uuid, pixels, digest, now))
    if kept:
        day = now.date().isoformat()
        jobs.due("photos.sweep", group_id=by.group_id, key=f"photos.sweep:{day}", at=now + KEPT + timedelta(hours=1))
    return kept


def waiting(member: Membership, client_uuid: uuid.UUID) -> list[Photo]:
    """What the person sent with a form that is not saved yet."""
    return list(Photo.objects.filter(group_id=member.group_id, by=member, client_uuid=client_uuid).waiting())


def attach(incident: Incident, kept: Sequence[Photo], dropped: Collection[int]) -> None:
    """What was sent with the form belongs to the observation saved from it, but for what was taken out again."""
    for photo in kept:
        if photo.pk in dropped:
            destroy(photo)
        else:
            photo.incident = incident
            photo.save(update_fields=["incident"])


def destroy(photo: Photo) -> None:
    """The row now, the file when the transaction holds."""
    path = where(photo)
    photo.delete()
    transaction.on_commit(lambda: path.unlink(missing_ok=True))


def read(photo: Photo) -> bytes:
    """The file; `ValueError` when it is not what was stored."""
    data = where(photo).read_bytes()
    if hashlib.sha256(data).hexdigest() != photo.sha256:
        raise ValueError(f"photo {photo.pk} is not the file that was stored")
    return data


def where(photo: Photo) -> Path:
    return _home(photo.group_id) / photo.name[:2] / f"{photo.name}.jpg"


def file_of(photo: Photo) -> tuple[str, str]:
    """Where its file lies below the media, and what it must be."""
    return str(where(photo).relative_to(settings.MEDIA_ROOT)), photo.sha256


def sweep(job: Job, now: datetime) -> None:
    """Away with photos whose form was never saved and files that no row names. A second run finds none."""
    unsaved = Photo.objects.select_for_update(skip_locked=True).filter(group_id=job.group_id, at__lt=now - KEPT)
    gone = list(unsaved.waiting())
    for photo in gone:
        where(photo).unlink(missing_ok=True)  # at once: if the row stays after all, the next sweep finds it again
        photo.delete()
    if gone:
        audit.append(what="photo.sweep", by=None, on=job, now=now, count=len(gone))
    known = set(Photo.objects.filter(group_id=job.group_id).values_list("name", flat=True))
    for path in _home(job.group_id).glob("*/*"):
        old = path.stat().st_mtime < (now - KEPT).timestamp()
        if old and path.stem not in known:
            path.unlink(missing_ok=True)


def _home(group_id: int) -> Path:
    return Path(settings.MEDIA_ROOT) / str(group_id) / "photos"


def _store(by: Membership, client_uuid: uuid.UUID, pixels: Pixels, digest: str, now: datetime) -> Photo:
    photo = Photo(
        group_id=by.group_id,
        client_uuid=client_uuid,
        by=by,
        at=now,
        name=secrets.token_hex(16),
        sha256=digest,
        size=len(pixels.jpeg),
        width=pixels.width,
        height=pixels.height,
    )
    path = where(photo)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        file.write(pixels.jpeg)
        file.flush()
        os.fsync(file.fileno())
    photo.save(force_insert=True)
    return photo
