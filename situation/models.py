"""Where we stand: the sittings of the group and the figures frozen for them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.fields.json import KT
from django.utils.translation import gettext_lazy as _

from est_site.access import Permission, may
from est_site.partners.models import (
    Area,
    Category,
    Membership,
    Organisation,
    Period,
    Place,
    WalledQuerySet,
)
from est_site.tenancy import TenantForeignKey, TenantModel
from situation.colour_models import Colour as Colour
from situation.colour_models import ColourMeaning as ColourMeaning
from situation.colour_models import ColourVote as ColourVote
from situation.colour_models import ColourVoting as ColourVoting
from situation.source_models import Rising as Rising
from situation.source_models import SourceSeries as SourceSeries
from situation.source_models import SourceValue as SourceValue


class MeetingKind(models.TextChoices):
    WEEKLY = "weekly", _("weekly meeting")
    QUARTERLY = "quarterly", _("quarterly review")
    ANNUAL = "annual", _("annual review")


class MeetingState(models.TextChoices):
    PLANNED = "planned", _("planned")
    OPEN = "open", _("going on")
    CLOSED = "closed", _("closed")
    CANCELLED = "cancelled", _("cancelled")


# from -> where it may go
MEETING_TRANSITIONS: dict[str, set[str]] = {
    MeetingState.PLANNED: {MeetingState.OPEN, MeetingState.CANCELLED},
    MeetingState.OPEN: {MeetingState.CLOSED},
    MeetingState.CLOSED: set(),
    MeetingState.CANCELLED: {MeetingState.PLANNED},
}


class MeetingQuerySet(WalledQuerySet):
    def weekly(self) -> MeetingQuerySet:
        return self.filter(kind=MeetingKind.WEEKLY)

    def held_before(self, instant: datetime) -> MeetingQuerySet:
        """Closed meetings that started earlier, latest first."""
        return self.filter(state=MeetingState.CLOSED, starts_at__lt=instant).order_by("-starts_at")

    def next_after(self, instant: datetime) -> MeetingQuerySet:
        """Meetings still to be held, soonest first."""
        return self.filter(state__in=[MeetingState.PLANNED, MeetingState.OPEN], ends_at__gt=instant).order_by(
            "starts_at"
        )


class Meeting(TenantModel):
    """A sitting: looks at one period and is held after it."""

    kind = models.CharField(max_length=10, choices=MeetingKind.choices, default=MeetingKind.WEEKLY)
    period = TenantForeignKey(Period, related_name="meetings")  # the period it looks at
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    place = models.CharField(_("place"), max_length=120, blank=True)
    guests = models.CharField(_("guests"), max_length=200, blank=True)  # organisations and functions, nobody's name
    vote = models.CharField(max_length=6, choices=ColourVoting.choices, default=ColourVoting.NONE, blank=True)
    state = models.CharField(max_length=10, choices=MeetingState.choices, default=MeetingState.PLANNED)
    prepared_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    opened_by = TenantForeignKey(Membership, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = TenantForeignKey(Membership, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-starts_at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["group", "kind", "period"], name="meeting_once_a_period"),
            models.CheckConstraint(
                condition=Q(opened_at__isnull=True, opened_by__isnull=True)
                | Q(opened_at__isnull=False, opened_by__isnull=False),
                name="meeting_opened_pair",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by__isnull=True)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="meeting_closed_pair",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["group", "starts_at"], name="meeting_when")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.local_start:%Y-%m-%d}"

    @property
    def local_start(self) -> datetime:
        return self.starts_at.astimezone(self.group.zone)

    def lies_ahead(self, now: datetime) -> bool:
        """Whether its local day has not come: what is frozen now will lack what is said until then."""
        return now.astimezone(self.group.zone).date() < self.local_start.date()

    def previous(self) -> Meeting | None:
        """The weekly sitting that was held last before this one."""
        return Meeting.objects.filter(group_id=self.group_id).weekly().held_before(self.starts_at).first()

    @property
    def week(self) -> int:
        """ISO week in which it is held; its decisions are numbered by it (`48:1`)."""
        return self.local_start.isocalendar()[1]

    @property
    def number(self) -> str:
        """`2026:48`, ISO year and week of the day it is held."""
        year, week, _day = self.local_start.isocalendar()
        return f"{year}:{week:02d}"


class Attendance(TenantModel):
    """Whether an organisation was there; who spoke for it stays with the group's memberships."""

    meeting = TenantForeignKey(Meeting, related_name="attendances")
    organisation = TenantForeignKey(Organisation, related_name="+")
    member = TenantForeignKey(Membership, null=True, blank=True, related_name="+")
    present = models.BooleanField(_("present"), default=False)
    stand_in = models.BooleanField(_("stand-in"), default=False)  # present, but by another than usual

    objects = WalledQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["group", "meeting", "organisation"], name="attendance_once"),
            models.CheckConstraint(condition=Q(present=True) | Q(stand_in=False), name="attendance_stand_in_is_there"),
        ]


class Picture(TenantModel):
    """The figures of a period, frozen: ids, numbers and names as they were, never an observation's text."""

    meeting = TenantForeignKey(Meeting, related_name="pictures")
    period = TenantForeignKey(Period, related_name="pictures")
    version = models.PositiveIntegerField(default=1)
    frozen = models.JSONField()
    cut_off = models.DateTimeField()
    method = models.CharField(max_length=20)

    objects = WalledQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-version"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["group", "meeting", "version"], name="picture_once_a_version"),
        ]


class Evaluation(TenantModel):
    """The figures of a period that has ended, judged before anybody froze them: one row, replaced every night."""

    period = TenantForeignKey(Period, related_name="+")
    figures = models.JSONField()
    cut_off = models.DateTimeField()
    method = models.CharField(max_length=20)

    objects = WalledQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["group", "period"], name="evaluation_once"),
        ]


class EditionFor(models.TextChoices):
    GROUP = "group", _("the whole group")
    ORGANISATION = "own", _("one organisation")
    STEERING = "steering", _("the steering group")
    PUBLIC = "public", _("the public")


class PictureEditionQuerySet(WalledQuerySet):
    def visible_to(self, member: Membership) -> PictureEditionQuerySet:
        """What is made for one organisation is its own, and of those who keep the group's papers."""
        rows = self.of_group(member)
        if may(member, Permission.IMPORT):
            return rows
        return rows.filter(Q(organisation=None) | Q(organisation_id=member.organisation_id))

    def listed(self) -> PictureEditionQuerySet:
        """With no more of what is frozen than a list needs."""
        return self.defer("frozen").annotate(weekly=KT("frozen__span__weekly"), who=KT("frozen__organisation"))


class PictureEdition(TenantModel):
    """The picture of a span of days for one audience, frozen when somebody made it."""

    audience = models.CharField(_("made for"), max_length=10, choices=EditionFor.choices)
    organisation = TenantForeignKey(Organisation, null=True, blank=True, related_name="+")
    first_day = models.DateField()
    last_day = models.DateField()
    frozen = models.JSONField()
    cut_off = models.DateTimeField()
    made_by = TenantForeignKey(Membership, related_name="+")
    client_uuid = models.UUIDField()  # of the form: sent twice it is one

    objects = PictureEditionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-cut_off", "-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["group", "client_uuid"], name="picture_edition_once"),
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="picture_edition_days"),
            models.CheckConstraint(
                condition=Q(audience="own", organisation__isnull=False)
                | (~Q(audience="own") & Q(organisation__isnull=True)),
                name="picture_edition_owner",
            ),
        ]


class Assessment(TenantModel):
    """The colour the meeting gave an area."""

    meeting = TenantForeignKey(Meeting, related_name="assessments")
    area = TenantForeignKey(Area, related_name="assessments")
    colour = models.CharField(max_length=6, choices=Colour.choices)
    set_at = models.DateTimeField()
    set_by = TenantForeignKey(Membership, related_name="+")

    objects = WalledQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["group", "meeting", "area"], name="assessment_once"),
        ]


class PresenceKind(models.TextChoices):
    POLICE = "police", _("police")
    ORDER_GUARDS = "order", _("public order guards")
    GUARDS = "guards", _("security guards")
    FIELD_TEAM = "field", _("field team")
    NIGHT_WALKERS = "walkers", _("night walkers")
    CARETAKERS = "caretakers", _("caretakers and hosts")
    OTHER = "other", _("others")


class PresenceQuerySet(WalledQuerySet):
    def standing(self) -> PresenceQuerySet:
        return self.filter(withdrawn_at=None)

    def beginning(self, first: datetime, before: datetime) -> PresenceQuerySet:
        return self.filter(starts_at__gte=first, starts_at__lt=before)


class Presence(TenantModel):
    """Somebody was there: which kind, where and when. No free text, so nothing of a person can stand here."""

    LONGEST = timedelta(hours=24)

    organisation = TenantForeignKey(Organisation, related_name="+")
    kind = models.CharField(_("who"), max_length=10, choices=PresenceKind.choices)
    area = TenantForeignKey(Area, related_name="+")
    place = TenantForeignKey(Place, null=True, blank=True, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    people = models.PositiveSmallIntegerField(
        _("how many"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(200)]
    )
    client_uuid = models.UUIDField()  # of the form that was sent; one form may hold several nights
    recorded_at = models.DateTimeField()
    recorded_by = TenantForeignKey(Membership, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = PresenceQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-starts_at", "-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["group", "client_uuid", "starts_at"], name="presence_once"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at"), ends_at__lte=F("starts_at") + timedelta(hours=24)),
                name="presence_at_most_a_day",
            ),
            models.CheckConstraint(condition=Q(people=None) | Q(people__range=(1, 200)), name="presence_people"),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["group", "starts_at"], name="presence_when")]


class WheelKind(models.TextChoices):
    SCHOOL = "school", _("school holiday")
    EVENT = "event", _("fair, match or the like")
    THEME = "theme", _("theme or campaign")


class Repeats(models.TextChoices):
    ONCE = "once", _("only these days")
    DATES = "dates", _("every year, the same dates")
    WEEKS = "weeks", _("every year, the same weeks and weekdays")


class WheelEntry(TenantModel):
    """What the group knows will come: a line of the year wheel."""

    title = models.CharField(_("what"), max_length=80)
    kind = models.CharField(_("kind"), max_length=8, choices=WheelKind.choices)
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    repeats = models.CharField(_("comes back"), max_length=5, choices=Repeats.choices, default=Repeats.ONCE)
    area = TenantForeignKey(Area, null=True, blank=True, related_name="+", verbose_name=_("area"))
    ended_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = WalledQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["first_day", "title"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="wheel_days"),
            models.UniqueConstraint(
                fields=["group", "title", "first_day", "last_day", "repeats", "area"],
                condition=Q(ended_at=None),
                nulls_distinct=False,
                name="wheel_line_once",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ReportingChange(models.TextChoices):
    APP = "app", _("a new or changed app or form")
    CAMPAIGN = "campaign", _("a campaign to report more")
    PEOPLE = "people", _("new or fewer reporters")
    CATEGORY = "category", _("a changed kind")
    OTHER = "other", _("something else")


class ReportingEvent(TenantModel):
    """Something that changes what is reported without anything having changed in the town."""

    day = models.DateField(_("from which day"))
    what = models.CharField(_("what changed"), max_length=8, choices=ReportingChange.choices)
    text = models.CharField(_("in a few words"), max_length=80)
    organisation = TenantForeignKey(
        Organisation, null=True, blank=True, related_name="+", verbose_name=_("organisation")
    )
    category = TenantForeignKey(Category, null=True, blank=True, related_name="+", verbose_name=_("kind"))
    ended_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = WalledQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-day", "text"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["group", "day", "what", "text", "organisation", "category"],
                condition=Q(ended_at=None),
                nulls_distinct=False,
                name="reporting_event_once",
            ),
        ]

    def __str__(self) -> str:
        return self.text
