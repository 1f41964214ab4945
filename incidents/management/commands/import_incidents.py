"""Take observations from a file. A dry run unless --commit is given; any fault means that nothing is taken in."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation

from est_site import tenancy
from est_site.partners.models import Group, Organisation
from incidents import mapping
from incidents.importing import Plan, plan_import, take_in


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="CSV (UTF-8 or Windows text), Excel, GeoJSON or JSON")
        parser.add_argument("--group", required=True, help="the group's short name, as in its address")
        parser.add_argument("--mapping", type=Path, required=True, help="TOML file that names the columns")
        parser.add_argument("--organisation", help="whose observations they are; needed when the group has several")
        parser.add_argument("--commit", action="store_true", help="take them in; without it nothing is written")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        group = Group.objects.filter(slug=options["group"]).first()
        if group is None:
            raise CommandError(f"There is no group {options['group']!r}.")
        try:
            columns = mapping.read(options["mapping"])
        except mapping.BadMapping as problem:
            raise CommandError(f"{options['mapping']}: {problem}") from None
        try:
            content = options["file"].read_bytes()
        except OSError as problem:
            raise CommandError(f"{options['file']}: {problem.strerror}") from None
        with tenancy.inside(group), translation.override("en"):
            organisation = _organisation(group, options["organisation"])
            plan = plan_import(
                content=content,
                file_name=options["file"].name,
                mapping=columns,
                group=group,
                organisation=organisation,
                now=now,
            )
            self._say(plan)
            if plan.faults:
                raise CommandError(f"{len(plan.faults)} faults. Nothing was taken in.")
            if not options["commit"]:
                self.stdout.write("Dry run: nothing was taken in. Run again with --commit.")
                return
            take_in(plan=plan, by=None, organisation=organisation, now=now)
            self.stdout.write(f"Taken in: {len(plan.incidents)}.")

    def _say(self, plan: Plan) -> None:
        for fault in plan.faults:
            self.stderr.write(f"{plan.file_name}: {fault}")
        self.stdout.write(f"Rows in the file: {plan.lines}. There already: {plan.known_already}.")
        if plan.left_out or plan.held:
            self.stdout.write(f"Left out: {plan.left_out}. To be looked at first: {len(plan.held)}.")
        self.stdout.write(f"New: {len(plan.incidents)}, of them outside every area: {plan.without_area}.")
        for code, count in sorted(plan.categories.items()):
            self.stdout.write(f"  {code}: {count}")
        if plan.days:
            self.stdout.write(f"From {plan.days[0]} to {plan.days[1]}.")


def _organisation(group: Group, name: str | None) -> Organisation:
    rows = list(Organisation.objects.filter(group=group).order_by("name"))
    chosen = [row for row in rows if row.name == name] if name else rows
    if len(chosen) == 1:
        return chosen[0]
    names = ", ".join(row.name for row in rows) or "none"
    raise CommandError(f"Say whose observations they are with --organisation. {group.name} has: {names}.")
