"""What somebody had begun to write."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from est_site.partners.models import Membership, WalledQuerySet
from est_site.tenancy import TenantForeignKey, TenantModel


class DraftForm(models.TextChoices):
    REPORT = "report"
    TABLE = "table"


class DraftQuerySet(WalledQuerySet):
    def visible_to(self, member: Membership) -> DraftQuerySet:
        return self.of_group(member).filter(member=member)


class Draft(TenantModel):
    """A form as it stood a moment after the last key. One a person and form; gone when it is saved, or a day old."""

    member = TenantForeignKey(Membership, related_name="+")
    form = models.CharField(max_length=10, choices=DraftForm.choices, default=DraftForm.REPORT)
    fields = models.JSONField()  # name -> the values as they were sent
    at = models.DateTimeField()

    objects = DraftQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["group", "member", "form"], name="draft_one_a_form"),
        ]
