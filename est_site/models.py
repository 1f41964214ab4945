"""The shared pipes' rows: what is due, what happened, what was made, what was sent."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from est_site.partners.models import Membership, WalledQuerySet
from est_site.tenancy import TenantForeignKey, TenantModel


class JobState(models.TextChoices):
    DUE = "due", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    PARKED = "parked", _("stopped")
    CANCELLED = "cancelled", _("cancelled")


class Job(TenantModel):
    """Something that must happen outside the transaction that decided it. Holds ids only."""

    kind = models.CharField(max_length=60)
    dedupe_key = models.CharField(max_length=200)
    ids = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.DUE)
    due_at = models.DateTimeField()
    last_sensible_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    waits = models.PositiveSmallIntegerField(default=0)  # times a peer could not be reached
    lease_until = models.DateTimeField(null=True, blank=True)
    lease = models.UUIDField(null=True, blank=True)
    progress = models.PositiveSmallIntegerField(default=0)  # per cent
    cancel_requested = models.BooleanField(default=False)
    reason = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True, blank=True)

    objects = WalledQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["group", "dedupe_key"], name="job_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["due_at"], condition=Q(state="due"), name="job_due"),
            models.Index(fields=["lease_until"], condition=Q(state="running"), name="job_leased"),
        ]


class AuditEvent(TenantModel):
    """One link of the group's chain. Appended by the database's own function, never changed."""

    n = models.BigIntegerField()
    body = models.TextField()
    h = models.BinaryField()

    objects = WalledQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["group", "n"], name="audit_number_once"),
        ]


class AuditHead(models.Model):
    """The chain's last number and hash. The application's role cannot read it."""

    group = models.OneToOneField("partners.Group", on_delete=models.PROTECT, primary_key=True, related_name="+")
    n = models.BigIntegerField()
    h = models.BinaryField()


class AccessEvent(TenantModel):
    """Somebody read or was refused something; ids only. Sealed into the chain by a worker."""

    at = models.DateTimeField()
    user_id = models.BigIntegerField()
    what = models.CharField(max_length=60)
    subject = models.CharField(max_length=80, blank=True)
    seal = models.BigIntegerField(null=True, blank=True)  # the job that sealed it into the chain

    objects = WalledQuerySet.as_manager()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["group", "at"], condition=Q(seal=None), name="access_unsealed"),
            models.Index(fields=["group", "seal"], condition=Q(seal__isnull=False), name="access_sealed"),
        ]


class Audience(models.TextChoices):
    GROUP = "group", _("the whole group")
    STEERING = "steering", _("the steering group")


class DocumentState(models.TextChoices):
    DUE = "due", _("is being made")
    READY = "ready", _("ready")
    FAILED = "failed", _("could not be made")


class DocumentQuerySet(WalledQuerySet):
    def ready(self) -> DocumentQuerySet:
        return self.filter(state=DocumentState.READY)

    def settled(self) -> DocumentQuerySet:
        """Made or given up: nothing is under way."""
        return self.exclude(state=DocumentState.DUE)


class Document(TenantModel):
    """One file in one version for one audience, made by a worker from frozen data."""

    kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()  # the frozen row it is made from, in the kind's own table
    version = models.PositiveIntegerField()
    audience = models.CharField(max_length=10, choices=Audience.choices, default=Audience.GROUP)
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=8, choices=DocumentState.choices, default=DocumentState.DUE)
    path = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    made_at = models.DateTimeField(null=True, blank=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-created_at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["group", "kind", "subject_id", "version", "audience"], name="document_once_a_version"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Notification(TenantModel):
    """A letter to one person, written when it was decided and sent by a worker."""

    kind = models.CharField(max_length=40)
    dedupe_key = models.CharField(max_length=200)
    member = TenantForeignKey(Membership, related_name="+")
    ids = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = WalledQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["group", "dedupe_key"], name="notification_once"),
        ]


class GuardReason(models.TextChoices):
    PUBLIC = "public", _("It belongs to a public organisation")
    PLACE = "place", _("It is needed to find the place")
    NOT_PERSONAL = "none", _("It is no personal data")


class GuardOverride(TenantModel):
    """Somebody kept what the guard warned about: where, how many of which kinds and why, never the text."""

    model = models.CharField(max_length=80)
    row_id = models.BigIntegerField()
    field = models.CharField(max_length=60)
    kinds = models.JSONField(default=dict)  # kind -> how many
    reason = models.CharField(max_length=8, choices=GuardReason.choices)
    by = TenantForeignKey(Membership, null=True, blank=True, related_name="+")  # none: a partner's system
    at = models.DateTimeField()

    objects = WalledQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-at", "-id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["group", "model", "row_id"], name="guard_override_row"),
        ]
