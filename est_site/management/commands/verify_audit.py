"""./est manage verify_audit: whether the record of what was done is whole, and where it breaks."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from est_site import audit, seals, tenancy
from est_site.partners.models import Group


class Command(BaseCommand):
    help = "Check each group's audit chain. Exit status 1 when one is broken, with the number of the event."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--group", help="only the group with this slug")

    def handle(self, *args: Any, **options: Any) -> None:
        groups = Group.objects.order_by("slug")
        if options["group"]:
            groups = groups.filter(slug=options["group"])
            if not groups:
                raise CommandError(f"there is no group {options['group']}")
        broken = 0
        for group in groups:
            with tenancy.inside(group):
                fault = audit.verify(group.pk) or seals.verify(group.pk)
            broken += fault is not None
            self.stdout.write(f"{group.slug}: {f'event {fault.n} was {fault.what}' if fault else 'whole'}")
        if broken:
            raise CommandError(f"{broken} of {len(groups)} chains broken", returncode=1)
