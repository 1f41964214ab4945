"""Two people may edit the same row: whoever saves second is asked, and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

Row = TypeVar("Row", bound=models.Model)


class Stale(Exception):
    """Somebody saved meanwhile: 409, both values are shown."""

    def __init__(self, current: models.Model) -> None:
        super().__init__(f"{current._meta.label} {current.pk} was saved meanwhile")
        self.current = current


def lock(row: Row, version: int) -> Row:
    """The row as it stands now, ours until commit; `Stale` when it is not the version that was shown."""
    current = type(row)._default_manager.select_for_update(of=("self",)).get(pk=row.pk)
    if current.version != version:  # type: ignore[attr-defined]
        raise Stale(current)
    return current


def save(row: Row, **fields: Any) -> list[str]:
    """Write these fields as the next version and return the names of those that changed."""
    changed = [name for name, value in fields.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, fields[name])
    row.version += 1  # type: ignore[attr-defined]
    row.save(update_fields=[*changed, "version"])
    return changed


@contextmanager
def once(field: str, words: str) -> Iterator[None]:
    """The same line a second time, as when a form is sent twice, is refused in words at its field."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise ValidationError({field: words}) from error
