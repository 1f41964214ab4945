"""The order of business of a meeting, and its agenda and minutes as they were frozen."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from est_site.access import Permission, may
from est_site.partners.models import (
    Membership,
    Organisation,
    WalledQuerySet,
)
from est_site.tenancy import TenantForeignKey, TenantModel
from situation.models import Meeting, MeetingState


class ItemKind(models.TextChoices):
    """The meeting's order of business; the order here is the default order."""

    ATTENDANCE = "attendance", _("Attendance")
    FOLLOW_UP = "follow_up", _("Follow-up of interventions")
    ROUND = "round", _("Round the table")
    PICTURE = "picture", _("Shared situation picture")
    COLOURS = "colours", _("Assessment by area")
    COMING = "coming", _("The coming week")
    FOCUS = "focus", _("Focus areas and hot spots")
    DECISIONS = "decisions", _("Decisions on interventions")
    INFORMATION = "information", _("Information out")
    ELSEWHERE = "elsewhere", _("For another forum")
    OWN = "own", _("Own item")  # the coordinator's, with its heading; as many as the meeting needs


# what every meeting has, in its default order
STANDING = tuple(kind for kind in ItemKind if kind != ItemKind.OWN)


class AgendaItemQuerySet(WalledQuerySet):
    def on_the_agenda(self, meeting: Meeting) -> AgendaItemQuerySet:
        """The meeting's items in their order, without the parked ones."""
        return self.filter(meeting=meeting, parked_at=None).order_by("position")

    def shared(self) -> AgendaItemQuerySet:
        """What the agenda and the minutes of the group may name."""
        return self.filter(limited_to=None)

    def seen_by(self, member: Membership, meeting: Meeting) -> AgendaItemQuerySet:
        """Without the confidential ones of others; whoever chairs keeps the agenda of all until the meeting is closed."""
        if may(member, Permission.RUN_MEETING) and meeting.state != MeetingState.CLOSED:
            return self
        return self.filter(Q(limited_to=None) | Q(limited_to=member.organisation_id))


class AgendaItem(TenantModel):
    """One line of the agenda with its reason; the note written beside it becomes the minutes."""

    meeting = TenantForeignKey(Meeting, related_name="agenda_items")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=ItemKind.choices)
    heading = models.CharField(_("heading"), max_length=120, blank=True)  # of an own item; the others have their kind's
    reasons = models.JSONField(default=list)  # why it is here: [{"kind": …, ids and figures}]
    note = models.TextField(blank=True, validators=[MaxLengthValidator(4000)])
    limited_to = TenantForeignKey(  # of an own item: whose it is alone; its words go to their annex
        Organisation, null=True, blank=True, related_name="+", verbose_name=_("seen by")
    )
    at_hand = models.BooleanField(default=False)  # what the room talks about now; the coordinator says so
    taken_up_at = models.DateTimeField(null=True, blank=True)  # since when it is at hand
    seconds = models.PositiveIntegerField(default=0)  # how long it was at hand before that
    parked_at = models.DateTimeField(null=True, blank=True)  # left for the next meeting, where it comes by itself
    version = models.PositiveIntegerField(default=1)

    objects = AgendaItemQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["position"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["group", "meeting", "kind", "heading"], name="agenda_item_once"),
            models.UniqueConstraint(fields=["group", "meeting"], condition=Q(at_hand=True), name="agenda_one_at_hand"),
            models.CheckConstraint(
                condition=(Q(kind=ItemKind.OWN) & ~Q(heading="")) | (~Q(kind=ItemKind.OWN) & Q(heading="")),
                name="agenda_own_heading",
            ),
            models.CheckConstraint(
                condition=Q(limited_to__isnull=True) | Q(kind=ItemKind.OWN), name="agenda_limited_is_own"
            ),
        ]

    @property
    def anchor(self) -> str:
        """Where it stands on the meeting's page."""
        return f"own-{self.pk}" if self.kind == ItemKind.OWN else str(self.kind)

    @property
    def title(self) -> str:
        """What it is called, in the active language or in the coordinator's words."""
        return self.heading or str(ItemKind(self.kind).label)


class EditionKind(models.TextChoices):
    AGENDA = "agenda", _("agenda")
    MINUTES = "minutes", _("minutes")


class EditionFor(models.TextChoices):
    """Who an edition is made for. The group's is frozen when the meeting is closed; the others are drawn from it."""

    GROUP = "group", _("the whole group")
    OWN = "own", _("one organisation")
    STEERING = "steering", _("the steering group")
    PUBLIC = "public", _("the public")
    ARCHIVE = "archive", _("the archive")
    ANNEX = "annex", _("annex for one organisation")


OF_ONE = (EditionFor.OWN, EditionFor.ANNEX)


class EditionQuerySet(WalledQuerySet):
    def visible_to(self, member: Membership) -> EditionQuerySet:
        """Minutes are for everyone who reads documents; the agenda is for those who come to the meeting.

        One organisation's own edition is for itself and for who keeps the group's papers, as the archive's is for them;
        an annex is for its organisation and for nobody else.
        """
        rows = self.of_group(member)
        if not may(member, Permission.SEE_MEETING):
            rows = rows.filter(kind=EditionKind.MINUTES)
        theirs = Q(organisation=member.organisation_id) if may(member, Permission.SEE_MEETING) else Q(pk__in=[])
        if may(member, Permission.IMPORT):
            return rows.filter(~Q(audience=EditionFor.ANNEX) | theirs)
        return rows.filter(Q(audience__in=[EditionFor.GROUP, EditionFor.STEERING, EditionFor.PUBLIC]) | theirs)

    def in_order(self) -> EditionQuerySet:
        """The latest meeting first; of each what the whole group has, then what was drawn from it."""
        rows = self.alias(of_all=Q(audience=EditionFor.GROUP))
        return rows.order_by("-meeting__starts_at", "kind", "-of_all", "audience", "-version")

    def of_the_group(self, meeting: Meeting, kind: str) -> EditionQuerySet:
        """The versions for the whole group, the latest first: what the other editions are drawn from."""
        return self.filter(meeting=meeting, kind=kind, audience=EditionFor.GROUP).order_by("-version")


class Edition(TenantModel):
    """The agenda or the minutes of a meeting, frozen for an audience. A correction is a new version."""

    meeting = TenantForeignKey(Meeting, related_name="editions")
    kind = models.CharField(max_length=8, choices=EditionKind.choices)
    audience = models.CharField(max_length=8, choices=EditionFor.choices, default=EditionFor.GROUP)
    organisation = TenantForeignKey(Organisation, null=True, blank=True, related_name="+")  # of an edition for one
    version = models.PositiveIntegerField(default=1)  # running for its audience
    frozen = models.JSONField()
    frozen_at = models.DateTimeField()
    frozen_by = TenantForeignKey(Membership, null=True, blank=True, related_name="+")  # None: a worker

    objects = EditionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-version"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["group", "meeting", "kind", "audience", "organisation", "version"],
                name="edition_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(audience__in=OF_ONE, organisation__isnull=False)
                | (~Q(audience__in=OF_ONE) & Q(organisation__isnull=True)),
                name="edition_owner",
            ),
        ]
