"""./est manage export_group SLUG FILE: everything of a group in one zip, to archive it or to move elsewhere."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.utils import timezone

from est_site import audit, tenancy
from est_site.partners import exporting
from est_site.partners.models import Group


class Command(BaseCommand):
    help = "Write all of a group to a zip: lines of JSON for each table, photos and documents with their hashes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="the group's short name, as in its address")
        parser.add_argument("file", type=Path, help="the zip to write; it must not be there yet")

    def handle(self, *args: Any, **options: Any) -> None:
        path, now = options["file"], timezone.now()
        group = Group.objects.filter(slug=options["slug"]).first()
        if group is None:
            raise CommandError(f"There is no group {options['slug']!r}.")
        try:
            target = os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb")
        except FileExistsError:
            raise CommandError(f"{path} is there already. Choose another name, or take it away first.") from None
        except OSError as problem:
            raise CommandError(f"{path}: {problem.strerror}") from None
        try:
            with target:
                with tenancy.inside(group):  # first, and of its own: also an export that failed was begun
                    audit.append(what="group.export", by=None, on=group, now=now)
                with _at_one_moment(), tenancy.inside(group):
                    done = exporting.write(group, target, now)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        self.stdout.write(f"{path}: {sum(done.rows.values())} rows of {len(done.rows)} tables, {done.files} files.")
        if done.missing:
            raise CommandError(f"Missing or not what was stored, see about.json: {', '.join(done.missing[:5])}")


@contextmanager
def _at_one_moment() -> Iterator[None]:
    """All tables as they were when the export began, whatever is written meanwhile."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield
