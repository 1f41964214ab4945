"""Who takes part: people, groups, organisations and the seats that join them."""

from __future__ import annotations

from datetime import date, time
from typing import Any, ClassVar, cast
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
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
    correction_hours = models.PositiveSmallIntegerField(_("remarks on the minutes, hours after"), default=48)
    prepare_lead_hours = models.PositiveSmallIntegerField(_("agenda is made, hours before"), default=2)
    review_cadence = models.CharField(
        _("review"), max_length=8, choices=ReviewCadence.choices, default=ReviewCadence.QUARTER
    )
    small_number = models.PositiveSmallIntegerField(
        _("smallest number told outside the group"),
        default=5,
        validators=[MinValueValidator(3), MaxValueValidator(10)],
    )
    metric_epsg = models.PositiveIntegerField(default=3006)  # in which metres are measured
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(weekday__gte=1, weekday__lte=7), name="group_weekday_iso"),
            models.CheckConstraint(condition=Q(cadence__in=[1, 2]), name="group_cadence_known"),
            models.CheckConstraint(condition=Q(small_number__gte=3, small_number__lte=10), name="group_small_number"),
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
        return self.of_group(member)

    def of_group(self, member: Membership) -> Any:
        """Rows that know their group without asking, as those of a related manager do."""
        rows = cast(Any, self.filter(group_id=member.group_id))
        group = self.model._meta.get_field("group")
        rows._known_related_objects = {**rows._known_related_objects, group: {member.group_id: member.group}}
        return rows


class OrganisationQuerySet(WalledQuerySet):
    def active(self) -> OrganisationQuerySet:
        return self.filter(is_active=True)


class Organisation(TenantModel):
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=12, choices=OrganisationKind.choices)
    is_active = models.BooleanField(_("takes part"), default=True)
    reports = models.BooleanField(_("is expected to report every period"), default=True)
    joined_on = models.DateField(_("takes part from"), null=True, blank=True)  # none: from the group's first period
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
    wants_weekly_mail = models.BooleanField(default=False)  # what became of their reports, after each meeting
    wants_keys = models.BooleanField(default=True)  # single letters that move about in a list
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
