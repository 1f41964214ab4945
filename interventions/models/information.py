"""What the meeting lets others know: to whom, what, how, by whom and when."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from est_site.partners.models import Membership, Organisation, WalledQuerySet
from est_site.tenancy import TenantForeignKey, TenantModel
from situation.models import Meeting


class Channel(models.TextChoices):
    MAIL = "mail", _("mail")
    PHONE = "phone", _("telephone")
    MEETING = "meeting", _("at a meeting")
    NOTICE = "notice", _("notice or letter")
    WEB = "web", _("website, social media")
    PRESS = "press", _("press")


class InformationStatus(models.TextChoices):
    TO_DO = "to_do", _("to be sent")
    SENT = "sent", _("sent")
    DROPPED = "dropped", _("called off")


class InformationQuerySet(WalledQuerySet):
    def waiting(self) -> InformationQuerySet:
        return self.filter(status=InformationStatus.TO_DO)

    def due_by(self, day: date) -> InformationQuerySet:
        return self.waiting().filter(due_on__lte=day)


class Information(TenantModel):
    """One message out. It is followed like a decision until it is sent or dropped."""

    meeting = TenantForeignKey(Meeting, related_name="information")
    recipient = models.CharField(_("to"), max_length=120)
    text = models.CharField(_("what"), max_length=500)
    channel = models.CharField(_("how"), max_length=8, choices=Channel.choices, default=Channel.MAIL)
    responsible = TenantForeignKey(Organisation, related_name="+", verbose_name=_("by"))
    due_on = models.DateField(_("no later than"))
    status = models.CharField(max_length=8, choices=InformationStatus.choices, default=InformationStatus.TO_DO)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = TenantForeignKey(Membership, null=True, blank=True, related_name="+")
    client_uuid = models.UUIDField()

    objects = InformationQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["due_on", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["group", "client_uuid"], name="information_form_once"),
            models.CheckConstraint(
                condition=models.Q(status=InformationStatus.TO_DO, settled_at__isnull=True)
                | (~models.Q(status=InformationStatus.TO_DO) & models.Q(settled_at__isnull=False)),
                name="information_settled_pair",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["group", "status", "due_on"], name="information_due")
        ]

    def __str__(self) -> str:
        return self.recipient
