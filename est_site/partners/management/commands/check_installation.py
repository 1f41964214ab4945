"""./est manage check_installation: what is there, what is missing, and what to do about it."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from est_site.partners import installation


class Command(BaseCommand):
    help = "One line for each thing an installation needs. Exit status 1 when something is at fault."
    requires_system_checks = ()  # they would stop it before it could say what they found

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--only", action="append", choices=list(installation.CHECKS), default=[])

    def handle(self, *args: Any, **options: Any) -> None:
        found = installation.run(timezone.now(), options["only"])
        for name, finding in found:
            todo = f" -> {finding.todo}" if finding.todo else ""
            self.stdout.write(f"{finding.level:8} {name:11} {finding.said}{todo}")
        faults = sum(finding.level == "fault" for _name, finding in found)
        if faults:
            raise CommandError(f"{faults} of {len(found)} at fault", returncode=1)
