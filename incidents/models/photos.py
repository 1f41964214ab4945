"""What it looked like."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from est_site.partners.models import Membership, WalledQuerySet
from est_site.tenancy import TenantForeignKey, TenantModel
from incidents.models.incidents import Incident

PHOTOS = 3  # of one observation


class PhotoQuerySet(WalledQuerySet):
    def visible_to(self, member: Membership) -> PhotoQuerySet:
        """Those of observations the member may see, and what they sent themselves with a form not saved yet."""
        seen = Incident.objects.visible_to(member).values("pk")
        own = Q(incident=None, by=member)
        return self.of_group(member).filter(own | Q(incident__in=seen))

    def waiting(self) -> PhotoQuerySet:
        return self.filter(incident=None)


class Photo(TenantModel):
    """One photo: a file under a random name. Until the form it came with is saved it belongs to its sender alone."""

    incident = TenantForeignKey(Incident, null=True, blank=True, related_name="photos")
    client_uuid = models.UUIDField()  # of the form it came with
    by = TenantForeignKey(Membership, related_name="+")
    at = models.DateTimeField()
    name = models.CharField(max_length=32)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()

    objects = PhotoQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["group", "name"], name="photo_name_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["group", "client_uuid"], name="photo_form"),
        ]
