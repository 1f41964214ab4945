"""What we do about it: interventions, the decisions on them, the agenda and the minutes."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from est_site.partners.models import (
    Area,
    Category,
    Membership,
    Organisation,
    Place,
    WalledQuerySet,
)
from est_site.tenancy import TenantForeignKey, TenantModel
from incidents.models import Visibility
from situation.models import Meeting


class InterventionType(models.TextChoices):
    POLICE = "police", _("police presence")
    GUARD = "guard", _("guard presence")
    FIELD = "field", _("field workers, night walkers")
    PHYSICAL = "physical", _("physical change")
    TECHNICAL = "technical", _("technology")
    RULES = "rules", _("inspection and rules")
    DIALOGUE = "dialogue", _("dialogue and information")
    ACTIVITY = "activity", _("activity")
    ORGANISATION = "organisation", _("organisation")


class InterventionStatus(models.TextChoices):
    PROPOSED = "proposed", _("proposed")
    RUNNING = "running", _("running")
    ENDED = "ended", _("ended")
    REPLACED = "replaced", _("replaced")
    DROPPED = "dropped", _("not taken up")


# which decision leads where; anything else is refused
TRANSITIONS: dict[tuple[str, str], str] = {
    ("proposed", "start"): "running",
    ("proposed", "drop"): "dropped",
    ("running", "continue"): "running",
    ("running", "expand"): "running",
    ("running", "replace"): "replaced",
    ("running", "end"): "ended",
}


def _theirs(organisation: Organisation) -> Q:
    """What is limited and seen by this organisation all the same."""
    police = Q(visibility=Visibility.POLICE) if organisation.kind == "police" else Q(pk__in=[])
    return Q(responsible_id=organisation.pk) | police


class InterventionQuerySet(WalledQuerySet):
    def visible_to(self, member: Membership) -> InterventionQuerySet:
        """The group's interventions, and the limited ones of the member's own organisation or of the police."""
        return self.of_group(member).filter(Q(visibility=Visibility.GROUP) | _theirs(member.organisation))

    def limited_to(self, organisation: Organisation) -> InterventionQuerySet:
        """Those that not everybody sees, and this organisation does: its annex names them."""
        return self.filter(_theirs(organisation), group_id=organisation.group_id).exclude(visibility=Visibility.GROUP)

    def shared(self) -> InterventionQuerySet:
        """What the minutes may name: a document is for its audience, not for the person who pressed the button."""
        return self.filter(visibility=Visibility.GROUP)

    def proposed(self) -> InterventionQuerySet:
        return self.filter(status=InterventionStatus.PROPOSED)

    def running(self) -> InterventionQuerySet:
        return self.filter(status=InterventionStatus.RUNNING)

    def due_by(self, day: date) -> InterventionQuerySet:
        return self.running().filter(follow_up_on__lte=day)


class Intervention(TenantModel):
    """What somebody does, where, when and why."""

    what = models.CharField(_("what"), max_length=200)
    why = models.TextField(_("why"), blank=True, validators=[MaxLengthValidator(1000)])
    type = models.CharField(_("kind"), max_length=12, choices=InterventionType.choices, blank=True)
    area = TenantForeignKey(Area, null=True, blank=True, related_name="interventions", verbose_name=_("area"))
    place = TenantForeignKey(Place, null=True, blank=True, related_name="interventions", verbose_name=_("place"))
    category = TenantForeignKey(
        Category, null=True, blank=True, related_name="interventions", verbose_name=_("against")
    )
    first_day = models.DateField(_("from"))
    last_day = models.DateField(_("to"), null=True, blank=True)
    hours = models.CharField(_("hours"), max_length=80, blank=True)
    responsible = TenantForeignKey(Organisation, related_name="interventions", verbose_name=_("responsible"))
    status = models.CharField(max_length=8, choices=InterventionStatus.choices, default=InterventionStatus.PROPOSED)
    follow_up_on = models.DateField(_("followed up"), null=True, blank=True)
    proposed_by = TenantForeignKey(Organisation, null=True, blank=True, related_name="+", verbose_name=_("proposed by"))
    proposed_at = models.DateTimeField(null=True, blank=True)
    replaces = TenantForeignKey("self", null=True, blank=True, related_name="successors")
    visibility = models.CharField(_("seen by"), max_length=12, choices=Visibility.choices, default=Visibility.GROUP)
    client_uuid = models.UUIDField()
    version = models.PositiveIntegerField(default=1)

    objects = InterventionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["follow_up_on", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["group", "client_uuid"], name="intervention_form_once"),
            models.CheckConstraint(
                condition=Q(last_day__isnull=True) | Q(last_day__gte=F("first_day")), name="intervention_days"
            ),
            models.CheckConstraint(
                condition=Q(proposed_by__isnull=True, proposed_at__isnull=True)
                | Q(proposed_by__isnull=False, proposed_at__isnull=False),
                name="intervention_proposed_pair",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["group", "status", "follow_up_on"], name="intervention_due")
        ]

    def __str__(self) -> str:
        return self.what


class DecisionKind(models.TextChoices):
    START = "start", _("Start")
    CONTINUE = "continue", _("Continue")
    EXPAND = "expand", _("Expand")
    REPLACE = "replace", _("Replace")
    END = "end", _("End")
    DROP = "drop", _("Not taken up")


class Delivered(models.TextChoices):
    DONE = "done", _("done")
    PARTLY = "partly", _("partly")
    NOT = "not", _("not done")


class DecisionQuerySet(WalledQuerySet):
    def visible_to(self, member: Membership) -> DecisionQuerySet:
        return self.of_group(member).filter(intervention__in=Intervention.objects.visible_to(member))

    def standing(self) -> DecisionQuerySet:
        """Without the ones a later decision of the same meeting took back."""
        return self.filter(superseded_by__isnull=True)


class Decision(TenantModel):
    """What a meeting decided on an intervention. Rows are added, never edited: a change is a new row that names the old."""

    intervention = TenantForeignKey(Intervention, related_name="decisions")
    meeting = TenantForeignKey(Meeting, related_name="decisions")
    number = models.PositiveSmallIntegerField()  # running within the meeting
    kind = models.CharField(max_length=8, choices=DecisionKind.choices)
    delivered = models.CharField(_("was it done"), max_length=6, choices=Delivered.choices, blank=True)
    reason = models.TextField(_("reason"), blank=True, validators=[MaxLengthValidator(1000)])
    what = models.CharField(max_length=200)  # the intervention's words when it was decided
    follow_up_on = models.DateField(null=True, blank=True)
    supersedes = TenantForeignKey("self", null=True, blank=True, related_name="superseded_by")
    decided_at = models.DateTimeField()
    decided_by = TenantForeignKey(Membership, related_name="+")
    client_uuid = models.UUIDField()

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["meeting", "number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["group", "meeting", "number"], name="decision_number_once"),
            models.UniqueConstraint(fields=["group", "client_uuid"], name="decision_form_once"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """`48:3`: the week of the meeting and the decision's number in it."""
        return f"{self.meeting.week}:{self.number}"
