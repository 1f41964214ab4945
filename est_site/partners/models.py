"""Who takes part, where and when: people, groups, organisations, places, categories and periods."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import (
    ArrayField,
    DateRangeField,
    RangeBoundary,
    RangeOperators,
)
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from est_site.tenancy import TenantForeignKey, TenantModel


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A person; without a password they cannot sign in until they have chosen one."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person. Signs in by e-mail address; what they may do stands on their memberships."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    is_active = models.BooleanField(default=True)
    is_administrator = models.BooleanField(default=False)
    language = models.CharField(max_length=2, choices=[("sv", "Svenska"), ("en", "English")], default="sv")
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[UserManager] = UserManager()

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name


class Cadence(models.IntegerChoices):
    WEEKLY = 1, _("every week")
    BIWEEKLY = 2, _("every second week")


class ReviewCadence(models.TextChoices):
    QUARTER = "quarter", _("every quarter")
    TERTIAL = "tertial", _("three times a year")


class Group(models.Model):
    """An EST group: one tenant, one set of walls."""

    slug = models.SlugField(unique=True, max_length=50)
    name = models.CharField(_("name"), max_length=120)
    municipality = models.CharField(_("municipality"), max_length=120)
    time_zone = models.CharField(_("time zone"), max_length=50, default="Europe/Stockholm")
    language = models.CharField(
        _("language of documents"), max_length=2, choices=[("sv", "Svenska"), ("en", "English")], default="sv"
    )
    cadence = models.PositiveSmallIntegerField(_("meets"), choices=Cadence.choices, default=Cadence.WEEKLY)
    first_period = models.DateField(_("first period starts"), help_text=_("A Monday."))
    weekday = models.PositiveSmallIntegerField(
        _("weekday"), default=2, validators=[MinValueValidator(1), MaxValueValidator(7)]
    )
    meeting_time = models.TimeField(_("time"), default=time(9))
    meeting_minutes = models.PositiveSmallIntegerField(_("length in minutes"), default=45)
    meeting_place = models.CharField(_("place"), max_length=120, blank=True)
    deadline_lead_hours = models.PositiveSmallIntegerField(_("report deadline, hours before"), default=24)
    prepare_lead_hours = models.PositiveSmallIntegerField(_("agenda is made, hours before"), default=2)
    review_cadence = models.CharField(
        _("review"), max_length=8, choices=ReviewCadence.choices, default=ReviewCadence.QUARTER
    )
    metric_epsg = models.PositiveIntegerField(default=3006)  # in which metres are measured
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(weekday__gte=1, weekday__lte=7), name="group_weekday_iso"),
            models.CheckConstraint(condition=Q(cadence__in=[1, 2]), name="group_cadence_known"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


class OrganisationKind(models.TextChoices):
    MUNICIPALITY = "municipality", _("municipality")
    POLICE = "police", _("police")
    HOUSING = "housing", _("housing company")
    SECURITY = "security", _("security company")
    SCHOOL = "school", _("school")
    RESCUE = "rescue", _("rescue service")
    BUSINESS = "business", _("business")
    CIVIL = "civil", _("civil society")
    OTHER = "other", _("other")


class WalledQuerySet(models.QuerySet[Any]):
    """What every tenant table offers: rows of the member's own group."""

    def visible_to(self, member: Membership) -> Any:
        return self.filter(group_id=member.group_id)


class OrganisationQuerySet(WalledQuerySet):
    def active(self) -> OrganisationQuerySet:
        return self.filter(is_active=True)


class Organisation(TenantModel):
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=12, choices=OrganisationKind.choices)
    is_active = models.BooleanField(_("takes part"), default=True)
    reports = models.BooleanField(_("is expected to report every period"), default=True)
    version = models.PositiveIntegerField(default=1)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["name"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["group", "name"], name="organisation_name_once")
        ]

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    REPORTER = "reporter", _("reporter")
    MEMBER = "member", _("member")
    COORDINATOR = "coordinator", _("coordinator")
    ANALYST = "analyst", _("analyst")
    STEERING = "steering", _("steering group")


class MembershipQuerySet(WalledQuerySet):
    def active(self, day: date) -> MembershipQuerySet:
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day, user__is_active=True)


class Membership(TenantModel):
    """A person's seat in one group: for which organisation, in which role, from when to when."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    organisation = TenantForeignKey(Organisation, related_name="memberships")
    role = models.CharField(_("role"), max_length=12, choices=Role.choices)
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("to"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["group", "user"], name="membership_once"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="membership_dates"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"


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


class PlaceQuerySet(WalledQuerySet):
    def active(self) -> PlaceQuerySet:
        return self.filter(is_active=True)


class Place(TenantModel):
    """A named spot with the names people use for it."""

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


class CategoryKind(models.TextChoices):
    EVENT = "event", _("event")
    CONDITION = "condition", _("condition")
    UPCOMING = "upcoming", _("upcoming")


class CategoryQuerySet(WalledQuerySet):
    def active(self) -> CategoryQuerySet:
        return self.filter(is_active=True)

    def top(self) -> CategoryQuerySet:
        return self.filter(parent__isnull=True)


class Category(TenantModel):
    """What happened, in two levels."""

    parent = TenantForeignKey("self", null=True, blank=True, related_name="children", verbose_name=_("under"))
    kind = models.CharField(_("kind"), max_length=10, choices=CategoryKind.choices, default=CategoryKind.EVENT)
    code = models.SlugField(max_length=40)  # stable through renaming; the default tree's English name
    name_sv = models.CharField(_("name in Swedish"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80, blank=True)
    icon = models.CharField(max_length=20, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(_("in use"), default=True)
    version = models.PositiveIntegerField(default=1)

    objects = CategoryQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["position", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["group", "code"], name="category_code_once"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return self.name_in(get_language() or "sv")

    def name_in(self, language: str) -> str:
        return self.name_en if language.startswith("en") and self.name_en else self.name_sv


class CategoryName(TenantModel):
    """What a category was called until it was renamed."""

    category = TenantForeignKey(Category, related_name="former_names")
    name_sv = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80, blank=True)
    until = models.DateTimeField()

    objects = WalledQuerySet.as_manager()


class PeriodKind(models.TextChoices):
    REGULAR = "regular", _("week")  # one or two ISO weeks, merged or moved ones included
    REVIEW = "review", _("quarter or tertial")


class PeriodQuerySet(WalledQuerySet):
    def regular(self) -> PeriodQuerySet:
        return self.filter(kind=PeriodKind.REGULAR)

    def containing(self, day: date) -> PeriodQuerySet:
        return self.filter(first_day__lte=day, last_day__gte=day)

    def before(self, period: Period, count: int) -> PeriodQuerySet:
        """The `count` periods of the same kind that ended before this one, latest first."""
        return self.filter(kind=period.kind, last_day__lt=period.first_day).order_by("-first_day")[:count]


class Period(TenantModel):
    """A stretch of days the group looks at together. Every day lies in exactly one of each kind."""

    kind = models.CharField(max_length=8, choices=PeriodKind.choices, default=PeriodKind.REGULAR)
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    deadline = models.DateTimeField(_("report deadline"), null=True, blank=True)
    frozen_at = models.DateTimeField(null=True, blank=True)  # written by situation when the picture is frozen

    objects = PeriodQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["first_day"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="period_days"),
            ExclusionConstraint(
                name="period_day_once",
                expressions=[
                    ("group", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    (
                        Func(
                            F("first_day"),
                            F("last_day"),
                            RangeBoundary(inclusive_lower=True, inclusive_upper=True),
                            function="DATERANGE",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """`2026-W53`, `2021-W13–14`; a review period by its days."""
        if self.kind == PeriodKind.REVIEW:
            return f"{self.first_day}–{self.last_day}"
        year, week, _day = self.first_day.isocalendar()
        last_year, last_week, _day = self.last_day.isocalendar()
        if (year, week) == (last_year, last_week):
            return f"{year}-W{week:02d}"
        return f"{year}-W{week:02d}–{last_week:02d}"

    @property
    def weeks_text(self) -> str:
        """The week number or numbers alone: `53`, `13–14`."""
        week, last_week = self.first_day.isocalendar()[1], self.last_day.isocalendar()[1]
        return str(week) if week == last_week else f"{week}–{last_week}"

    def starts_at(self, zone: ZoneInfo) -> datetime:
        return datetime.combine(self.first_day, datetime.min.time(), zone)

    def ends_before(self, zone: ZoneInfo) -> datetime:
        """The first instant after the period."""
        return datetime.combine(self.last_day + timedelta(days=1), datetime.min.time(), zone)
