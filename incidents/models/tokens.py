"""Keys of partners' systems, and the answers that were given to them."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from est_site.partners.models import Membership, Organisation, WalledQuerySet
from est_site.tenancy import TenantForeignKey, TenantModel


class Scope(models.TextChoices):
    WRITE = "observations:write", _("log observations")
    READ = "observations:read", _("read the organisation's own observations")
    CALM = "calm:write", _("say that it was calm")


class ApiToken(TenantModel):
    """A system of an organisation that may log in its name. Only a hash of the token is kept."""

    organisation = TenantForeignKey(Organisation, related_name="+")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12)  # what it begins with, to know it again
    digest = models.CharField(max_length=64)
    scopes = ArrayField(models.CharField(max_length=20))
    created_at = models.DateTimeField()
    created_by = TenantForeignKey(Membership, related_name="+")
    last_used_at = models.DateTimeField(null=True, blank=True)
    minute = models.DateTimeField(null=True, blank=True)  # when the minute began that is counted,
    asked = models.PositiveIntegerField(default=0)  # and how often the system has asked in it
    revoked_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = WalledQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-created_at", "-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["group", "digest"], name="api_token_once"),
        ]

    def __str__(self) -> str:
        return self.name


class ApiAnswer(TenantModel):
    """What was answered to a request that named its Idempotency-Key. Ids and words of ours, nothing that was sent."""

    token = TenantForeignKey(ApiToken, related_name="+")
    key = models.CharField(max_length=100)
    digest = models.CharField(max_length=64)  # of the request
    status = models.PositiveSmallIntegerField()
    body = models.TextField()
    at = models.DateTimeField()

    objects = WalledQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["group", "token", "key"], name="api_answer_once"),
        ]
