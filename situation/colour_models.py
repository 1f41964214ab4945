"""The colour of an area: what the group means by each, and what its organisations say before anybody has spoken."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from est_site.partners.models import Area, Membership, Organisation, WalledQuerySet
from est_site.tenancy import TenantForeignKey, TenantModel


class Colour(models.TextChoices):
    GREEN = "green", _("Green")
    YELLOW = "yellow", _("Yellow")
    RED = "red", _("Red")


class ColourVoting(models.TextChoices):
    NONE = "", _("no vote")
    OPEN = "open", _("going on")
    SHOWN = "shown", _("shown")


class ColourMeaning(TenantModel):
    """What the group means by a colour, in its own words."""

    colour = models.CharField(max_length=6, choices=Colour.choices)
    text = models.CharField(max_length=200)

    objects = WalledQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["group", "colour"], name="colour_meaning_once"),
        ]


class ColourVote(TenantModel):
    """The colour an organisation would give an area. Nobody sees another's: only how many said which, when all have."""

    meeting = TenantForeignKey("situation.Meeting", related_name="colour_votes")
    area = TenantForeignKey(Area, related_name="+")
    organisation = TenantForeignKey(Organisation, related_name="+")
    colour = models.CharField(max_length=6, choices=Colour.choices)
    given_at = models.DateTimeField()
    given_by = TenantForeignKey(Membership, related_name="+")

    objects = WalledQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["group", "meeting", "area", "organisation"], name="colour_vote_once"),
        ]
