"""The weekly series of a group as CSV, counted anew from its observations: ISO weeks, Monday first, local time.

./est manage rebuild_series tarnsund --of violence=assault,robbery --of damage=damage
"""

from __future__ import annotations

import argparse
import csv
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from est_site import tenancy
from est_site.partners.models import Group
from situation import rows, series


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("group", help="the group's short name, as in its address")
        parser.add_argument(
            "--of",
            action="append",
            default=[],
            metavar="NAME=CODE,CODE",
            help="a column of its own for these categories and what lies under them; without it one for each main category",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        group = Group.objects.filter(slug=options["group"]).first()
        if group is None:
            raise CommandError(f"There is no group {options['group']!r}.")
        wanted = {}
        for said in options["of"]:
            name, equals, codes = said.partition("=")
            if not (name and equals and codes):
                raise CommandError(f"{said!r} is not NAME=CODE,CODE.")
            wanted[name] = codes.split(",")
        with tenancy.inside(group):
            try:
                of = series.parts(rows.kinds(group.pk), wanted)
            except ValueError as problem:
                raise CommandError(str(problem)) from None
            weeks = series.weekly(rows.days(group.pk), of)
        out = csv.writer(self.stdout)
        out.writerow(["week", "monday", *of])
        for monday, counts in weeks:
            year, week, _day = monday.isocalendar()
            out.writerow([f"{year}-W{week:02d}", monday.isoformat(), *counts])
