"""The order of business of a meeting, and its agenda and minutes as they were frozen."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from est_site.access import Permission, may
from est_site.partners.models import (
    Membership,
    WalledQuerySet,
)
from est_site.tenancy import TenantForeignKey, TenantModel
from situation.models import Meeting


class ItemKind(models.TextChoices):
    """The meeting's order of business; the order here is the default order."""

    ATTENDANCE = "attendance", _("Attendance")
    FOLLOW_UP = "follow_up", _("Follow-up of interventions")
    ROUND = "round", _("Round the table")
    PICTURE = "picture", _("Shared situation picture")
    COLOURS = "colours", _("Assessment by area")
    COMING = "coming", _("The coming week")
    FOCUS = "focus", _("Focus areas and hot spots")
    DECISIONS = "decisions", _("Decisions on interventions")
    INFORMATION = "information", _("Information out")
    ELSEWHERE = "elsewhere", _("For another forum")


class AgendaItem(TenantModel):
    """One line of the agenda with its reason; the note written beside it becomes the minutes."""

    meeting = TenantForeignKey(Meeting, related_name="agenda_items")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=ItemKind.choices)
    reasons = models.JSONField(default=list)  # why it is here: [{"kind": …, ids and figures}]
    note = models.TextField(blank=True, validators=[MaxLengthValidator(4000)])
    at_hand = models.BooleanField(default=False)  # what the room talks about now; the coordinator says so
    version = models.PositiveIntegerField(default=1)

    objects = WalledQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["position"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["group", "meeting", "kind"], name="agenda_item_once"),
            models.UniqueConstraint(
                fields=["group", "meeting"], condition=models.Q(at_hand=True), name="agenda_one_at_hand"
            ),
        ]


class EditionKind(models.TextChoices):
    AGENDA = "agenda", _("agenda")
    MINUTES = "minutes", _("minutes")


class EditionQuerySet(WalledQuerySet):
    def visible_to(self, member: Membership) -> EditionQuerySet:
        """Minutes are for everyone who reads documents; the agenda is for those who come to the meeting."""
        rows = self.of_group(member)
        return rows if may(member, Permission.SEE_MEETING) else rows.filter(kind=EditionKind.MINUTES)


class Edition(TenantModel):
    """The agenda or the minutes of a meeting, frozen. A correction is a new version."""

    meeting = TenantForeignKey(Meeting, related_name="editions")
    kind = models.CharField(max_length=8, choices=EditionKind.choices)
    version = models.PositiveIntegerField(default=1)
    frozen = models.JSONField()
    frozen_at = models.DateTimeField()
    frozen_by = TenantForeignKey(Membership, null=True, blank=True, related_name="+")  # None: a worker

    objects = EditionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-version"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["group", "meeting", "kind", "version"], name="edition_once"),
        ]
