"""Where: areas as they were drawn, and named places."""

from __future__ import annotations

import json
from datetime import date
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _
from shapely.geometry.base import BaseGeometry

from est_site import maps
from est_site.partners.models.people import WalledQuerySet
from est_site.tenancy import TenantForeignKey, TenantModel


class Layer(models.TextChoices):
    EST = "est", _("EST area")
    POLICE = "police", _("police district")
    HOUSING = "housing", _("housing district")
    OTHER = "other", _("other")


class AreaQuerySet(WalledQuerySet):
    def on(self, day: date) -> AreaQuerySet:
        """The areas as drawn on that day."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day)

    def est(self) -> AreaQuerySet:
        return self.filter(layer=Layer.EST)

    def to_draw(self) -> AreaQuerySet:
        """With the geometry as text: the same text is made a shape only once in each process."""
        return self.defer("geometry").annotate(geojson=Cast("geometry", models.TextField()))


class Area(TenantModel):
    """A polygon of one layer. Re-drawing ends one row and starts the next, so history keeps its own map."""

    layer = models.CharField(_("layer"), max_length=8, choices=Layer.choices, default=Layer.EST)
    name = models.CharField(_("name"), max_length=120)
    code = models.CharField(_("code"), max_length=40, blank=True)
    geometry = models.JSONField()  # GeoJSON Polygon or MultiPolygon, WGS84
    population = models.PositiveIntegerField(_("inhabitants"), null=True, blank=True)
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("to"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = AreaQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["name"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["group", "layer", "name", "valid_from"], name="area_name_once_a_day"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="area_dates"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def shape(self) -> BaseGeometry:
        """In degrees."""
        text: str | None = getattr(self, "geojson", None)  # of `to_draw`
        return maps.shape_of(text or json.dumps(self.geometry))


class ObjectType(models.TextChoices):
    """What kind of spot: domain.md's list of where things happen."""

    STAIRWELL = "stairwell", _("stairwell")
    LAUNDRY = "laundry", _("laundry room")
    STORAGE = "storage", _("storage room")
    CELLAR = "cellar", _("cellar")
    GARAGE = "garage", _("garage")
    CENTRE = "centre", _("shopping centre")
    LIBRARY = "library", _("library")
    PRESCHOOL = "preschool", _("preschool")
    SCHOOL = "school", _("school")
    YOUTH = "youth", _("youth centre")
    PARK = "park", _("park")
    STATION = "station", _("station or stop")
    STREET = "street", _("street or square")
    OUTDOORS = "outdoors", _("other outdoors")


class PlaceKind(models.TextChoices):
    NAMED = "named", _("named place")
    ADDRESS = "address", _("address")


class PlaceQuerySet(WalledQuerySet):
    def active(self) -> PlaceQuerySet:
        return self.filter(is_active=True)

    def named(self) -> PlaceQuerySet:
        """Without the register of addresses, which is found by writing and never listed."""
        return self.filter(kind=PlaceKind.NAMED)


class Place(TenantModel):
    """A named spot with the names people use for it, or an address from the municipality's register."""

    kind = models.CharField(max_length=8, choices=PlaceKind.choices, default=PlaceKind.NAMED)
    name = models.CharField(_("name"), max_length=120)
    aliases = ArrayField(models.CharField(max_length=120), verbose_name=_("other names"), default=list, blank=True)
    area = TenantForeignKey(Area, null=True, blank=True, related_name="places", verbose_name=_("area"))
    object_type = models.CharField(_("kind of place"), max_length=12, choices=ObjectType.choices, blank=True)
    lon = models.FloatField(_("longitude"), null=True, blank=True)
    lat = models.FloatField(_("latitude"), null=True, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)
    version = models.PositiveIntegerField(default=1)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["name"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["group", "name"], name="place_name_once"),
            models.CheckConstraint(
                condition=Q(lon__isnull=True, lat__isnull=True)
                | Q(lon__gte=-180, lon__lte=180, lat__gte=-90, lat__lte=90),
                name="place_point_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.name
