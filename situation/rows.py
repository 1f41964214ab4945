"""The one way from the tables to plain values: one grouped query per figure, nothing decided here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q
from django.db.models.functions import Coalesce

from est_site.partners.models import Area, Category, Organisation, Period
from incidents.models import CalmReport, Incident


@dataclass(frozen=True)
class DayCount:
    """How many shared observations of one top category happened in one area on one local day."""

    day: date
    area_id: int | None
    category_id: int
    count: int


@dataclass(frozen=True)
class Said:
    """What one organisation said about a period: how many observations, or that it was calm."""

    organisation_id: int
    name: str
    expected: bool
    reports: int
    calm: bool

    @property
    def state(self) -> str:
        if self.reports:
            return "reported"
        return "calm" if self.calm else "silent"


@dataclass(frozen=True)
class NamedArea:
    id: int
    name: str
    population: int | None


@dataclass(frozen=True)
class NamedCategory:
    """A top category with its names as they are now."""

    id: int
    code: str
    sv: str
    en: str


def day_counts(group_id: int, first_day: date, last_day: date, cut_off: datetime) -> list[DayCount]:
    """Shared observations by day, area and top category, as known at the cut-off."""
    rows = (
        Incident.objects.filter(group_id=group_id, recorded_at__lte=cut_off)
        .shared()
        .between(first_day, last_day)
        .annotate(top=Coalesce("category__parent_id", "category_id"))
        .values_list("day", "area_id", "top")
        .annotate(n=Count("id"))
        .order_by()
    )
    return [DayCount(*row) for row in rows]


def said(group_id: int, period: Period, cut_off: datetime) -> list[Said]:
    """Every organisation that takes part, by name, with what it said about the period."""
    calm = set(
        CalmReport.objects.filter(group_id=group_id, period=period, reported_at__lte=cut_off).values_list(
            "organisation_id", flat=True
        )
    )
    reported = Q(
        incidents__visibility="group",
        incidents__day__gte=period.first_day,
        incidents__day__lte=period.last_day,
        incidents__recorded_at__lte=cut_off,
    )
    organisations = (
        Organisation.objects.filter(group_id=group_id).active().annotate(n=Count("incidents", filter=reported))
    )
    return [Said(o.pk, o.name, o.reports, o.n, o.pk in calm) for o in organisations.order_by("name")]


def areas(group_id: int, day: date, also: Sequence[int] = ()) -> list[NamedArea]:
    """The EST areas as drawn that day, and any other area that has a figure."""
    current = Area.objects.filter(group_id=group_id).est().on(day)
    chosen = current | Area.objects.filter(group_id=group_id, pk__in=also)
    return [NamedArea(*row) for row in chosen.order_by("name", "id").values_list("id", "name", "population")]


def categories(group_id: int, also: Sequence[int] = ()) -> list[NamedCategory]:
    """The top categories in use, and any other that has a figure."""
    tops = Category.objects.filter(group_id=group_id).top()
    chosen = tops.filter(Q(is_active=True) | Q(pk__in=also))
    rows = chosen.order_by("position", "id").values_list("id", "code", "name_sv", "name_en")
    return [NamedCategory(id_, code, sv, en or sv) for id_, code, sv, en in rows]
