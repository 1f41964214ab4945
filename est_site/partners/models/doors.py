"""Where what EST is not for is taken instead: help, tips, worries and faults each have a door of their own."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import RegexValidator, URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from est_site.partners.models.people import WalledQuerySet
from est_site.tenancy import TenantModel


class DoorKey(models.TextChoices):
    """The doors every group starts with; their words follow the reader's language until the group writes its own."""

    EMERGENCY = "emergency", _("Going on now")
    TIP = "tip", _("A tip to the police")
    CONCERN = "concern", _("Report of concern")
    FAULT = "fault", _("Fault report")
    OPERATIVE = "operative", _("The operative group")


USE = {
    DoorKey.EMERGENCY: _("Somebody is in danger or a crime is going on."),
    DoorKey.TIP: _("You know something about a crime that is over, or about a person."),
    DoorKey.CONCERN: _("You are worried about a child. The social services take it."),
    DoorKey.FAULT: _("Something is broken and only needs mending."),
    DoorKey.OPERATIVE: _("Several authorities need to act around one person."),
}
PHONES = {DoorKey.EMERGENCY: "112", DoorKey.TIP: "114 14"}


class DoorQuerySet(WalledQuerySet):
    def shown(self) -> DoorQuerySet:
        return self.filter(is_active=True)


class Door(TenantModel):
    """What it is called, when to use it, and a telephone or an address. Empty words are those of its key."""

    key = models.CharField(max_length=12, choices=DoorKey.choices, blank=True)
    title = models.CharField(_("name"), max_length=60, blank=True)
    use = models.CharField(_("when to use it"), max_length=160, blank=True)
    phone = models.CharField(
        _("telephone"),
        max_length=20,
        blank=True,
        validators=[
            RegexValidator(r"\A\+?[0-9][0-9 -]{1,18}\Z", _("Write the number with digits, spaces and hyphens."))
        ],
    )
    link = models.CharField(
        _("link"),
        max_length=200,
        blank=True,
        validators=[URLValidator(["https"], message=_("Write the whole address, beginning with https://."))],
    )
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    objects = DoorQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["position", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.title or str(DoorKey(self.key).label)

    @property
    def when(self) -> str:
        return self.use or (str(USE[DoorKey(self.key)]) if self.key else "")

    @property
    def tel(self) -> str:
        """The number as a telephone dials it."""
        return "".join(char for char in self.phone if char not in " -")
