"""./est manage hold_meeting 2019-W40 --group memphis --by EMAIL: hold and close the meeting that looks at a past week."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from est_site import filing, jobs, tenancy
from est_site.access import Permission, may
from est_site.models import Document
from est_site.partners.models import Group, Membership, Period
from est_site.periods import IsoWeek
from interventions.holding import hold_meeting


class Command(BaseCommand):
    help = "Hold and close the meeting that looks at a past week, and make its minutes as a PDF."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("week", help="the ISO week it looks at, for example 2019-W40")
        parser.add_argument("--group", required=True, help="the group's slug")
        parser.add_argument("--by", required=True, help="e-mail address of the coordinator who answers for it")

    def handle(self, *args: Any, **options: Any) -> None:
        group = Group.objects.filter(slug=options["group"]).first()
        if group is None:
            raise CommandError(f"There is no group {options['group']}.")
        now = timezone.now()
        with transaction.atomic(), tenancy.inside(group):
            by = self._coordinator(group, options["by"])
            edition = hold_meeting(period=self._period(group, options["week"]), by=by, now=now)
        jobs.work_off(now)
        with tenancy.inside(group):
            document = Document.objects.get(kind=edition.kind, subject_id=edition.pk)
            filing.read(document)  # what stands there is what was made
        self.stdout.write(f"{document.title}: {Path(settings.MEDIA_ROOT) / document.path}")

    def _coordinator(self, group: Group, email: str) -> Membership:
        members = Membership.objects.filter(group=group, user__email=email.strip().lower())
        member = members.select_related("organisation", "group", "user").first()
        if member is None or not may(member, Permission.RUN_MEETING):
            raise CommandError(f"{email} does not coordinate {group.slug}.")
        return member

    def _period(self, group: Group, label: str) -> Period:
        try:
            year, week = label.upper().split("-W")
            day = IsoWeek(int(year), int(week)).first_day
        except ValueError:
            raise CommandError(f"{label} is not an ISO week such as 2019-W40.") from None
        period = Period.objects.filter(group=group).regular().containing(day).first()
        if period is None:
            raise CommandError(f"{group.slug} has no period with {label}: its first starts {group.first_period}.")
        if period.last_day >= timezone.now().astimezone(group.zone).date():
            raise CommandError(f"{label} is not over yet.")
        return period
