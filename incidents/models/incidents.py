"""What happened: an observation about a place, what was said of it afterwards, and what it was before."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.core.validators import (
    MaxLengthValidator,
    MaxValueValidator,
    MinValueValidator,
)
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from est_site.partners.models import (
    Area,
    Category,
    CategoryKind,
    Membership,
    ObjectType,
    Organisation,
    Place,
    WalledQuerySet,
)
from est_site.tenancy import TenantForeignKey, TenantModel
from incidents.models.batches import ImportBatch

TEXT_LIMIT = 500  # characters, in the form, the import and the database


class TimePrecision(models.TextChoices):
    EXACT = "exact", _("exact")
    INTERVAL = "interval", _("between")
    DAY = "day", _("some time that day")
    UNKNOWN = "unknown", _("unknown")


class LocationPrecision(models.TextChoices):
    EXACT = "exact", _("exact")
    APPROXIMATE = "approximate", _("approximate")
    AREA = "area", _("the area only")
    NONE = "none", _("outside every area")


class Certainty(models.TextChoices):
    SEEN = "seen", _("seen myself")
    TRACES = "traces", _("traces")
    TOLD = "told", _("told by somebody")
    RUMOUR = "rumour", _("rumour")


class PeopleBand(models.TextChoices):
    ONE = "1", _("1")
    FEW = "2-5", _("2–5")
    SOME = "6-15", _("6–15")
    MANY = "16+", _("more than 15")


class PoliceReported(models.TextChoices):
    YES = "yes", _("yes")
    NO = "no", _("no")
    UNKNOWN = "unknown", _("unknown")


class Visibility(models.TextChoices):
    GROUP = "group", _("the whole group")
    ORGANISATION = "organisation", _("our own organisation")
    POLICE = "police", _("the police")


class Source(models.TextChoices):
    FORM = "form", _("form")
    IMPORT = "import", _("import")
    API = "api", _("a partner's system")
    DEMO = "demo", _("example data")


class IncidentQuerySet(WalledQuerySet):
    def visible_to(self, member: Membership) -> IncidentQuerySet:
        """The group's shared observations, and the limited ones of the member's own organisation or of the police."""
        rows = self.of_group(member)
        seen = Q(visibility=Visibility.GROUP) | Q(organisation_id=member.organisation_id)
        if member.organisation.kind == "police":
            seen |= Q(visibility=Visibility.POLICE)
        return rows.filter(seen)

    def standing(self) -> IncidentQuerySet:
        """What holds and counts: neither withdrawn nor found to be the same event as another one."""
        return self.filter(withdrawn_at=None, merged_into=None)

    def shared(self) -> IncidentQuerySet:
        """What a shared figure may count: limited records never enter one, since a count can disclose."""
        return self.standing().filter(visibility=Visibility.GROUP)

    def between(self, first_day: date, last_day: date) -> IncidentQuerySet:
        return self.filter(day__gte=first_day, day__lte=last_day)


class Incident(TenantModel):
    """One observation. On screen: *observation*. About a place, never a person."""

    category = TenantForeignKey(Category, related_name="incidents", verbose_name=_("what"))
    kind = models.CharField(max_length=10, choices=CategoryKind.choices)  # the category's, at the time
    occurred_from = models.DateTimeField(_("from"))
    occurred_to = models.DateTimeField(_("to"))
    time_precision = models.CharField(max_length=8, choices=TimePrecision.choices, default=TimePrecision.EXACT)
    discovered_at = models.DateTimeField(_("discovered"), null=True, blank=True)
    reported_at = models.DateTimeField(_("reported"))
    day = models.DateField()  # local day of occurred_from: the period it belongs to

    place = TenantForeignKey(Place, null=True, blank=True, related_name="incidents", verbose_name=_("place"))
    area = TenantForeignKey(Area, null=True, blank=True, related_name="incidents", verbose_name=_("area"))
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    location_precision = models.CharField(max_length=12, choices=LocationPrecision.choices)
    object_type = models.CharField(_("kind of place"), max_length=12, choices=ObjectType.choices, blank=True)

    certainty = models.CharField(_("certainty"), max_length=8, choices=Certainty.choices, default=Certainty.SEEN)
    severity = models.PositiveSmallIntegerField(
        _("severity"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(3)]
    )
    people = models.CharField(_("people involved"), max_length=4, choices=PeopleBand.choices, blank=True)
    police_reported = models.CharField(
        _("reported to the police"), max_length=8, choices=PoliceReported.choices, default=PoliceReported.UNKNOWN
    )
    done_at_once = models.CharField(_("done at once"), max_length=200, blank=True)
    text = models.TextField(_("a few words"), blank=True, validators=[MaxLengthValidator(TEXT_LIMIT)])

    organisation = TenantForeignKey(Organisation, related_name="incidents")
    reporter = TenantForeignKey(Membership, null=True, blank=True, related_name="incidents")
    visibility = models.CharField(max_length=12, choices=Visibility.choices, default=Visibility.GROUP)
    client_uuid = models.UUIDField()  # one per form shown: the same form twice is one row
    sending = models.UUIDField(null=True, blank=True)  # the form in which several were reported together
    source = models.CharField(max_length=8, choices=Source.choices, default=Source.FORM)
    source_id = models.CharField(max_length=100, blank=True)
    batch = TenantForeignKey(ImportBatch, null=True, blank=True, related_name="incidents")
    recorded_at = models.DateTimeField()  # when we came to know: what a frozen figure's cut-off is held against
    answers = models.JSONField(default=list, blank=True)  # to the category's questions, each with its wording then

    version = models.PositiveIntegerField(default=1)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)  # a condition that was put right
    merged_into = TenantForeignKey("self", null=True, blank=True, related_name="merged", db_index=False)
    masked_at = models.DateTimeField(null=True, blank=True)  # its text or photos were destroyed
    reviewed_at = models.DateTimeField(null=True, blank=True)  # the coordinator looked at it

    objects = IncidentQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-occurred_from", "-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["group", "client_uuid"], name="incident_form_once"),
            models.UniqueConstraint(
                fields=["group", "organisation", "source_id"], condition=~Q(source_id=""), name="incident_source_once"
            ),
            models.CheckConstraint(condition=Q(occurred_to__gte=F("occurred_from")), name="incident_times"),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")), name="incident_not_its_own"
            ),
            models.CheckConstraint(
                condition=Q(severity__isnull=True) | Q(severity__range=(1, 3)), name="incident_severity"
            ),
            models.CheckConstraint(
                condition=Q(lon__isnull=True, lat__isnull=True)
                | Q(lon__gte=-180, lon__lte=180, lat__gte=-90, lat__lte=90),
                name="incident_point_whole",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["group", "day", "area", "category"], name="incident_day"),
            models.Index(fields=["group", "-occurred_from", "-id"], name="incident_latest"),
            models.Index(fields=["group", "organisation", "day"], name="incident_organisation"),
            models.Index(
                fields=["group", "merged_into"], condition=Q(merged_into__isnull=False), name="incident_merged"
            ),
            models.Index(fields=["group", "recorded_at"], name="incident_recorded"),
            models.Index(  # all that the figures of a picture ask for, so that they are counted without the rows
                fields=["group", "day"],
                include=["area", "category", "organisation", "merged_into", "recorded_at"],
                condition=Q(visibility=Visibility.GROUP, withdrawn_at=None),
                name="incident_counted",
            ),
            models.Index(fields=["group", "sending"], condition=Q(sending__isnull=False), name="incident_sending"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """What is said aloud: the ISO week it happened and its own number, `47-79`."""
        return f"{self.day.isocalendar()[1]:02d}-{self.pk}"


class ChangeKind(models.TextChoices):
    CORRECTED = "corrected", _("corrected")
    AMENDED = "amended", _("corrected after the picture was frozen")
    WITHDRAWN = "withdrawn", _("withdrawn")
    RESTORED = "restored", _("brought back")
    ENDED = "ended", _("put right")
    REOPENED = "reopened", _("not put right after all")
    MERGED = "merged", _("found to be the same as another")
    PARTED = "parted", _("parted from the other again")
    MASKED = "masked", _("masked")


class IncidentChange(TenantModel):
    """What an observation was before and after one change. Appended, never altered; masking empties its words."""

    incident = TenantForeignKey(Incident, related_name="changes")
    kind = models.CharField(max_length=10, choices=ChangeKind.choices)
    at = models.DateTimeField()
    by = TenantForeignKey(Membership, null=True, blank=True, related_name="+")
    organisation = TenantForeignKey(Organisation, null=True, blank=True, related_name="+")
    fields = models.JSONField(default=dict)  # name of the field -> [what it was, what it became]

    objects = WalledQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["at", "id"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["group", "incident"], name="change_incident")]


class SightingKind(models.TextChoices):
    SAME = "same", _("saw the same")
    STILL = "still", _("still so")


class Sighting(TenantModel):
    """Somebody else saw the same event, or a condition was seen again. A witness, never a count."""

    incident = TenantForeignKey(Incident, related_name="sightings")
    kind = models.CharField(max_length=6, choices=SightingKind.choices)
    at = models.DateTimeField()
    organisation = TenantForeignKey(Organisation, related_name="+")
    reporter = TenantForeignKey(Membership, null=True, blank=True, related_name="+")
    client_uuid = models.UUIDField()

    objects = WalledQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["at", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["group", "client_uuid"], name="sighting_form_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["group", "incident"], name="sighting_incident")]


class NotSame(TenantModel):
    """Somebody looked at two observations that seemed to be of one event, and they are of two."""

    first = TenantForeignKey(Incident, related_name="+")  # the one with the lower number
    second = TenantForeignKey(Incident, related_name="+")
    by = TenantForeignKey(Membership, related_name="+")
    at = models.DateTimeField()

    objects = WalledQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["group", "first", "second"], name="not_same_once"),
        ]
