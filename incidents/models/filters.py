"""Choices in the list of observations that somebody comes back to."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from est_site.partners.models import Membership, WalledQuerySet
from est_site.tenancy import TenantForeignKey, TenantModel


class SavedFilterQuerySet(WalledQuerySet):
    def visible_to(self, member: Membership) -> SavedFilterQuerySet:
        return self.of_group(member).filter(member=member)


class SavedFilter(TenantModel):
    """What one person called a choice of theirs. Nobody else sees it, and it goes with their seat."""

    member = TenantForeignKey(Membership, models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=40)
    query = models.CharField(max_length=2000)  # as the list's own form writes it: `category=3&state=open`

    objects = SavedFilterQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["name", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("group", "member", Lower("name"), name="saved_filter_name_once"),
        ]

    def __str__(self) -> str:
        return self.name
