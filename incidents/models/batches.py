"""Files that were taken in, files that wait for it, and rows that a person must look at first."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from est_site.access import Permission, may
from est_site.partners.models import Membership, Organisation, WalledQuerySet
from est_site.tenancy import TenantForeignKey, TenantModel


class BatchQuerySet(WalledQuerySet):
    def visible_to(self, member: Membership) -> BatchQuerySet:
        """One's own organisation's; of all organisations for who brings data in for all of them."""
        rows = self.of_group(member)
        return rows if may(member, Permission.IMPORT) else rows.filter(organisation_id=member.organisation_id)


class ImportBatch(TenantModel):
    """One file that was taken in, whole or not at all."""

    organisation = TenantForeignKey(Organisation, related_name="+")
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()
    added = models.PositiveIntegerField()
    held = models.PositiveIntegerField(default=0)  # rows that went to the quarantine
    left_out = models.PositiveIntegerField(default=0)
    imported_at = models.DateTimeField()
    imported_by = TenantForeignKey(Membership, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = TenantForeignKey(Membership, null=True, blank=True, related_name="+")
    removed = models.PositiveIntegerField(default=0)  # when it was undone: rows that are gone,
    withdrawn = models.PositiveIntegerField(default=0)  # and rows that had to stay, withdrawn

    objects = BatchQuerySet.as_manager()


class FileState(models.TextChoices):
    OPEN = "open", _("not taken in yet")
    ORDERED = "ordered", _("being taken in")
    DONE = "done", _("taken in")
    FAILED = "failed", _("could not be taken in")


class WaitingRowsQuerySet(WalledQuerySet):
    """What may hold words that nobody has looked through: for the own organisation and for the coordinator."""

    def visible_to(self, member: Membership) -> WaitingRowsQuerySet:
        rows = self.of_group(member)
        return rows if may(member, Permission.MANAGE_PARTNERS) else rows.filter(self._own(member))

    def _own(self, member: Membership) -> Q:
        return Q(organisation_id=member.organisation_id)


class ImportFileQuerySet(WaitingRowsQuerySet):
    def _own(self, member: Membership) -> Q:
        return super()._own(member) | Q(uploaded_by=member)


class ImportFile(TenantModel):
    """A file on its way in: kept until it is taken in, and a day at the most."""

    organisation = TenantForeignKey(Organisation, related_name="+")
    uploaded_by = TenantForeignKey(Membership, related_name="+")
    uploaded_at = models.DateTimeField()
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    mapping = models.JSONField(default=dict)  # as in docs/mappings
    without_faulty = models.BooleanField(default=False)  # rows with faults are left out instead of stopping the file
    state = models.CharField(max_length=8, choices=FileState.choices, default=FileState.OPEN)
    batch = TenantForeignKey(ImportBatch, null=True, blank=True, related_name="+")

    objects = ImportFileQuerySet.as_manager()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["group", "uploaded_at"], name="import_file_at")]

    def __str__(self) -> str:
        return self.file_name


class SavedMapping(TenantModel):
    """What the columns of one system's files mean, for an organisation's next file."""

    organisation = TenantForeignKey(Organisation, related_name="+")
    name = models.CharField(max_length=60)
    mapping = models.JSONField(default=dict)
    used_at = models.DateTimeField()

    objects = WalledQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["group", "organisation", "name"], name="saved_mapping_once"),
        ]


class HeldState(models.TextChoices):
    HELD = "held", _("waits")
    TAKEN = "taken", _("taken in")
    DROPPED = "dropped", _("dropped")
    PURGED = "purged", _("was not looked at in 30 days")


class HeldRow(TenantModel):
    """A row whose words may point at a person. The words stand here and nowhere else, until somebody decides.

    What is left afterwards is the id alone, so that the same file does not bring the row back.
    """

    organisation = TenantForeignKey(Organisation, related_name="+")
    batch = TenantForeignKey(ImportBatch, related_name="held_rows")
    line = models.PositiveIntegerField()
    source_id = models.CharField(max_length=100)
    kinds = ArrayField(models.CharField(max_length=20))
    words = models.TextField(blank=True)
    row = models.JSONField(default=dict)  # everything of the observation but its words
    held_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=HeldState.choices, default=HeldState.HELD)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = TenantForeignKey(Membership, null=True, blank=True, related_name="+")

    objects = WaitingRowsQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["group", "organisation", "source_id"], name="held_row_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["group", "batch"], name="held_row_batch")]
