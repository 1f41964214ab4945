"""A zero that somebody said."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from est_site.partners.models import Area, Membership, Organisation, Period, WalledQuerySet
from est_site.tenancy import TenantForeignKey, TenantModel


class CalmReport(TenantModel):
    """An organisation said: nothing to report. A zero that somebody said."""

    organisation = TenantForeignKey(Organisation, related_name="calm_reports")
    period = TenantForeignKey(Period, related_name="calm_reports")
    area = TenantForeignKey(Area, null=True, blank=True, related_name="+")  # none: everywhere
    reporter = TenantForeignKey(Membership, null=True, blank=True, related_name="+")
    reported_at = models.DateTimeField()

    objects = WalledQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["group", "organisation", "period", "area"], name="calm_once_a_period", nulls_distinct=False
            ),
        ]
