"""./est manage create_group SLUG NAME --municipality M --first-period DATE: a new group, ready for its coordinator."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone, translation

from est_site import tenancy
from est_site.partners import actions
from est_site.partners.models import Group, Organisation, OrganisationKind, Role


class Command(BaseCommand):
    help = "Make a group with the default categories and its periods, and invite its coordinator."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="stands in the address, for example tarnsund")
        parser.add_argument("name", help="what the group is called")
        parser.add_argument("--municipality", required=True)
        parser.add_argument("--first-period", required=True, type=date.fromisoformat, help="a Monday, YYYY-MM-DD")
        parser.add_argument("--time-zone", default="Europe/Stockholm")
        parser.add_argument("--language", default="sv", choices=["sv", "en"])
        parser.add_argument("--coordinator-email")
        parser.add_argument("--coordinator-name")
        parser.add_argument("--organisation", help="the coordinator's organisation (default: the municipality)")

    def handle(self, *args: Any, **options: Any) -> None:
        if bool(options["coordinator_email"]) != bool(options["coordinator_name"]):
            raise CommandError("--coordinator-email and --coordinator-name go together")
        with translation.override("en"):
            try:
                group = self._make(options)
            except ValidationError as error:
                raise CommandError("; ".join(_lines(error))) from None
        self.stdout.write(f"Group {group.slug} is made; its page is /g/{group.slug}/.")
        if options["coordinator_email"]:
            self.stdout.write(
                f"A letter with a link to choose a password is on its way to {options['coordinator_email']}."
            )

    @transaction.atomic
    def _make(self, options: dict[str, Any]) -> Group:
        now = timezone.now()
        group = actions.create_group(
            slug=options["slug"],
            name=options["name"],
            municipality=options["municipality"],
            first_period=options["first_period"],
            time_zone=options["time_zone"],
            language=options["language"],
            now=now,
        )
        if options["coordinator_email"]:
            with tenancy.inside(group):
                organisation = Organisation.objects.create(
                    group=group,
                    name=options["organisation"] or options["municipality"],
                    kind=OrganisationKind.MUNICIPALITY,
                )
                actions.invite_member(
                    by=None,
                    email=options["coordinator_email"],
                    name=options["coordinator_name"],
                    organisation=organisation,
                    role=Role.COORDINATOR,
                    now=now,
                )
        return group


def _lines(error: ValidationError) -> list[str]:
    if not hasattr(error, "error_dict"):
        return list(error.messages)
    return [f"{field}: {' '.join(reasons)}" for field, reasons in error.message_dict.items()]
