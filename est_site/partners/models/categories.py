"""What: the two-level tree of categories and what they were called before."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from est_site.partners.models.people import WalledQuerySet
from est_site.tenancy import TenantForeignKey, TenantModel


class CategoryKind(models.TextChoices):
    EVENT = "event", _("event")
    CONDITION = "condition", _("condition")
    UPCOMING = "upcoming", _("upcoming")


class CategoryQuerySet(WalledQuerySet):
    def active(self) -> CategoryQuerySet:
        return self.filter(is_active=True)

    def open_to(self, organisation_id: int) -> CategoryQuerySet:
        """What the organisation may report; what lies under a limited category is limited with it."""
        own, above = (
            Q(**{f"{of}only_for": []}) | Q(**{f"{of}only_for__contains": [organisation_id]}) for of in ("", "parent__")
        )
        return self.filter(own).filter(above | Q(parent__isnull=True))

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
    near_metres = models.PositiveSmallIntegerField(
        _("metres apart"), default=100, validators=[MaxValueValidator(2000)]
    )  # up to which two reports may be of one event; of a main category
    near_hours = models.PositiveSmallIntegerField(_("hours apart"), default=24, validators=[MaxValueValidator(336)])
    only_for = ArrayField(
        models.BigIntegerField(), verbose_name=_("only for"), default=list, blank=True
    )  # ids of organisations; of a main category; empty: for all
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


class QuestionKind(models.TextChoices):
    CHOICE = "choice", _("one of a few answers")
    NUMBER = "number", _("a number")
    YES_NO = "yes_no", _("yes or no")


class QuestionQuerySet(WalledQuerySet):
    def asked(self) -> QuestionQuerySet:
        return self.filter(is_active=True)


class Question(TenantModel):
    """What a report of a category is asked besides: never in free text. Ended, it is asked no more; the answers stay."""

    category = TenantForeignKey(Category, related_name="questions")
    kind = models.CharField(_("kind of answer"), max_length=8, choices=QuestionKind.choices)
    label_sv = models.CharField(_("question in Swedish"), max_length=120)
    label_en = models.CharField(_("question in English"), max_length=120, blank=True)
    choices = models.JSONField(_("answers to choose from"), default=list, blank=True)
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    least = models.IntegerField(_("least"), null=True, blank=True)
    most = models.IntegerField(_("most"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["position", "id"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["group", "category"], name="question_category")]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The question in the reader's language."""
        return self.label_en if (get_language() or "sv").startswith("en") and self.label_en else self.label_sv
