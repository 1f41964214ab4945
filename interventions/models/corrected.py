"""What those who were there say of the minutes."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
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
