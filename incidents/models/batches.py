"""Files that were taken in."""

from __future__ import annotations

from django.db import models

from est_site.partners.models import Membership, Organisation, WalledQuerySet
from est_site.tenancy import TenantForeignKey, TenantModel


class ImportBatch(TenantModel):
    """One file that was taken in, whole or not at all."""

    organisation = TenantForeignKey(Organisation, related_name="+")
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()
    added = models.PositiveIntegerField()
    imported_at = models.DateTimeField()
    imported_by = TenantForeignKey(Membership, null=True, blank=True, related_name="+")

    objects = WalledQuerySet.as_manager()
