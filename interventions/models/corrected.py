"""What those who were there say of the minutes, and who vouches for them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from est_site.partners.models import Membership, Organisation, WalledQuerySet
from est_site.tenancy import TenantForeignKey, TenantModel
from situation.models import Meeting


class Remark(TenantModel):
    """A remark on the minutes by an organisation that was there, while the correction window is open."""

    meeting = TenantForeignKey(Meeting, related_name="remarks")
    organisation = TenantForeignKey(Organisation, related_name="+")
    text = models.CharField(_("remark"), max_length=1000)
    made_at = models.DateTimeField()
    made_by = TenantForeignKey(Membership, related_name="+")
    client_uuid = models.UUIDField()

    objects = WalledQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["made_at", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["group", "client_uuid"], name="remark_form_once"),
        ]


class Adjuster(TenantModel):
    """Somebody who was asked to vouch for the minutes, and the version they vouched for."""

    meeting = TenantForeignKey(Meeting, related_name="adjusters")
    member = TenantForeignKey(Membership, related_name="+", verbose_name=_("adjuster"))
    named_at = models.DateTimeField()
    named_by = TenantForeignKey(Membership, related_name="+")
    version = models.PositiveIntegerField(
        null=True, blank=True
    )  # of the group's minutes; a later one is not vouched for
    checksum = models.CharField(max_length=64, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)

    objects = WalledQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["named_at", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["group", "meeting", "member"], name="adjuster_once"),
            models.CheckConstraint(
                condition=Q(version__isnull=True, approved_at__isnull=True, checksum="")
                | (Q(version__isnull=False, approved_at__isnull=False) & ~Q(checksum="")),
                name="adjuster_approved_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member.user} ({self.member.organisation})"
