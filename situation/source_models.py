"""What others measure: a survey, police statistics, the cost of damage; by area, year or quarter."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from est_site.partners.models import Area, Membership, WalledQuerySet
from est_site.tenancy import TenantForeignKey, TenantModel


class Rising(models.TextChoices):
    WORSE = "worse", _("worse: crimes, damage, insecurity")
    BETTER = "better", _("better: how many feel safe")
    NEITHER = "neither", _("neither")


class SourceSeries(TenantModel):
    """A figure that somebody else makes in the same way, time after time."""

    name = models.CharField(_("name"), max_length=80)
    unit = models.CharField(_("unit"), max_length=40)
    source = models.CharField(_("source"), max_length=120)
    quarterly = models.BooleanField(_("by quarter"), default=False)
    counted = models.BooleanField(_("a number of events"), default=False)
    rising = models.CharField(_("a higher value is"), max_length=7, choices=Rising.choices, default=Rising.WORSE)
    ended_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = WalledQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["name", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["group", "name"], condition=Q(ended_at=None), name="source_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class SourceValue(TenantModel):
    """One value of a series: of an area, or of all of them together, in a year or one of its quarters."""

    series = TenantForeignKey(SourceSeries, related_name="values")
    area = TenantForeignKey(Area, null=True, blank=True, related_name="+")
    year = models.PositiveSmallIntegerField(validators=[MinValueValidator(1990), MaxValueValidator(2100)])
    quarter = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(4)])  # 0: the whole year
    value = models.FloatField()
    low = models.FloatField(null=True, blank=True)
    high = models.FloatField(null=True, blank=True)
    taken_at = models.DateTimeField()
    taken_by = TenantForeignKey(Membership, related_name="+")

    objects = WalledQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["year", "quarter"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["group", "series", "area", "year", "quarter"], nulls_distinct=False, name="source_value_once"
            ),
            models.CheckConstraint(condition=Q(quarter__lte=4), name="source_quarter"),
            models.CheckConstraint(
                condition=Q(low__isnull=True, high__isnull=True) | Q(low__lte=F("value"), high__gte=F("value")),
                name="source_interval",
            ),
        ]
