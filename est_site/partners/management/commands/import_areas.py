"""./est manage import_areas FILE --group G --name-field F: areas from GeoJSON, all of the file or nothing of it."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation

from est_site import tenancy
from est_site.partners import actions, importing
from est_site.partners.actions.areas import SWEDISH_TIME, existing
from est_site.partners.models import Group, Layer

SHOWN = 20


class Command(BaseCommand):
    help = (
        "Import areas from a GeoJSON file in WGS 84 or SWEREF 99 (at most 10 MB and 5,000 features). Reports overlaps "
        "and gaps, refuses nonsense with feature and reason. A second run of the same file adds nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--group", required=True, help="the group's slug")
        parser.add_argument("--name-field", required=True, help="the property that holds the area's name")
        parser.add_argument("--population-field", default="", help="the property that holds the inhabitants")
        parser.add_argument("--layer", default=Layer.EST, choices=Layer.values)
        parser.add_argument("--valid-from", type=date.fromisoformat, help="default: the group's first period")
        parser.add_argument("--epsg", type=int, help="the reference system, when the file does not say it")
        parser.add_argument("--dry-run", action="store_true", help="report, but write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        group = Group.objects.filter(slug=options["group"]).first()
        if group is None:
            raise CommandError(f"there is no group {options['group']}")
        file: Path = options["file"]
        try:
            data = file.read_bytes()
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from None
        valid_from = options["valid_from"] or group.first_period
        with translation.override("en"), tenancy.inside(group):
            try:
                plan = importing.plan(
                    importing.read(data, file=file.name, epsg=options["epsg"]),
                    name_field=options["name_field"],
                    population_field=options["population_field"],
                    existing=existing(group, options["layer"], valid_from),
                    swedish=group.time_zone == SWEDISH_TIME,
                )
            except importing.Refused as refused:
                raise CommandError(f"nothing was imported\n{refused}") from None
            self._report(plan)
            if options["dry_run"]:
                self.stdout.write(f"{len(plan.new)} areas would be added; nothing was written.")
                return
            added = actions.add_areas(
                by=None, group=group, plan=plan, layer=options["layer"], valid_from=valid_from, now=timezone.now()
            )
        self.stdout.write(f"{len(added)} areas added, {plan.unchanged} unchanged, {len(plan.counted)} counted anew.")

    def _report(self, plan: importing.Plan) -> None:
        for note in plan.notes:
            self.stdout.write(note)
        if plan.repaired:
            self.stdout.write(f"{len(plan.repaired)} repaired: {_names(plan.repaired)}")
        if plan.uninhabited:
            self.stdout.write(f"{len(plan.uninhabited)} with population 0: {_names(plan.uninhabited)}")
        if plan.slivers:
            limit = f"{importing.SLIVER_SHARE:.0%}"
            self.stdout.write(
                f"{len(plan.slivers)} overlaps of neighbours, {plan.sliver_m2} m² in all "
                f"(up to {limit} of the smaller area is taken for an inexact border):"
            )
        for pair in plan.slivers[:SHOWN]:
            self.stdout.write(f"  {pair.first} – {pair.second}: {pair.m2} m²")
        if len(plan.slivers) > SHOWN:
            self.stdout.write(f"  and {len(plan.slivers) - SHOWN} smaller ones")
        if plan.gaps_m2:
            self.stdout.write(
                f"{len(plan.gaps_m2)} gaps narrower than {importing.GAP_WIDTH_M:.0f} m, {plan.gap_m2} m² in all"
            )


def _names(areas: list[importing.Drawn]) -> str:
    shown = ", ".join(area.name for area in areas[:SHOWN])
    return f"{shown} and {len(areas) - SHOWN} more" if len(areas) > SHOWN else shown
