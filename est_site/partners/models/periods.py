"""When: the stretches of days a group looks at together."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from est_site.partners.models.people import WalledQuerySet
from est_site.tenancy import TenantModel


class PeriodKind(models.TextChoices):
    REGULAR = "regular", _("week")  # one or two ISO weeks, merged or moved ones included
    REVIEW = "review", _("quarter or tertial")


def weeks_label(first_day: date, last_day: date) -> str:
    """`2026-W53`, `2021-W13–14`."""
    year, week, _day = first_day.isocalendar()
    last_year, last_week, _day = last_day.isocalendar()
    if (year, week) == (last_year, last_week):
        return f"{year}-W{week:02d}"
    return f"{year}-W{week:02d}–{last_week:02d}"


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
        return weeks_label(self.first_day, self.last_day)

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
