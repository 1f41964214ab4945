"""What the organisations bring to a meeting: their word round the table, and what they did since the last one."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from est_site.partners.models import Membership, Organisation, WalledQuerySet
from est_site.tenancy import TenantForeignKey, TenantModel
from interventions.models.interventions import Delivered, Intervention
from situation.models import Meeting


class RoundNote(TenantModel):
    """What an organisation says round the table, written before the meeting or during it."""

    meeting = TenantForeignKey(Meeting, related_name="round_notes")
    organisation = TenantForeignKey(Organisation, related_name="+")
    text = models.TextField(_("our note"), blank=True, validators=[MaxLengthValidator(2000)])
    version = models.PositiveIntegerField(default=1)
    written_at = models.DateTimeField()
    written_by = TenantForeignKey(Membership, related_name="+")

    objects = WalledQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["group", "meeting", "organisation"], name="round_note_once"),
        ]


class DeliverySaid(TenantModel):
    """What the responsible organisation says of its intervention before the meeting: done, partly, not, and why."""

    meeting = TenantForeignKey(Meeting, related_name="deliveries_said")
    intervention = TenantForeignKey(Intervention, related_name="deliveries_said")
    delivered = models.CharField(_("was it done"), max_length=6, choices=Delivered.choices)
    why = models.CharField(_("why"), max_length=500, blank=True)
    said_at = models.DateTimeField()
    said_by = TenantForeignKey(Membership, related_name="+")

    objects = WalledQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["group", "meeting", "intervention"], name="delivery_said_once"),
            models.CheckConstraint(condition=Q(delivered=Delivered.DONE) | ~Q(why=""), name="delivery_said_why"),
        ]
