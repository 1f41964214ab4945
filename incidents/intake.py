"""What came in and waits for the coordinator's eye: what is new, late or nowhere, and what may be the same event."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from est_site.models import GuardOverride
from est_site.partners.models import Category, CategoryKind, Membership, Period
from incidents import words
from incidents.alike import Limits, Pair, Spot, pairs
from incidents.models import Incident, IncidentQuerySet, NotSame

DAYS = 30  # what is older has been met about, and stands in the list
MOST = 3_000  # spots compared
SHOWN = 10  # pairs on the page
PER_PAGE = 50
RELATED = ("category", "place", "area", "organisation")


@dataclass(frozen=True)
class Double:
    """Two observations that may be one."""

    pair: Pair
    first: Incident
    second: Incident

    @property
    def gap(self) -> str:
        """How long lies between them, in words; nothing where they overlap."""
        minutes = round(self.pair.apart / timedelta(minutes=1))
        if minutes < 1:
            return ""
        if minutes < 60:
            return ngettext("%(n)s minute between them", "%(n)s minutes between them", minutes) % {"n": minutes}
        hours = round(minutes / 60)
        return ngettext("%(n)s hour between them", "%(n)s hours between them", hours) % {"n": hours}


@dataclass(frozen=True)
class Kept:
    """An observation in which the reporter kept what leads to a person."""

    incident: Incident
    kinds: str
    override: GuardOverride


def recent(member: Membership, now: datetime) -> IncidentQuerySet:
    """What counts and came to be known within the last weeks."""
    rows: IncidentQuerySet = Incident.objects.visible_to(member).standing()
    return rows.filter(recorded_at__gte=now - timedelta(days=DAYS), recorded_at__lte=now)


def unseen(member: Membership, now: datetime) -> IncidentQuerySet:
    """New since the coordinator looked; `late` where the picture of its day was frozen before it came."""
    frozen = Period.objects.filter(
        group_id=OuterRef("group_id"),
        kind="regular",
        first_day__lte=OuterRef("day"),
        last_day__gte=OuterRef("day"),
        frozen_at__lt=OuterRef("recorded_at"),
    )
    return recent(member, now).filter(reviewed_at=None).annotate(late=Exists(frozen))


def page(rows: IncidentQuerySet, show: str, number: str | None) -> Page[Any]:
    """One page of what is new, the first that came first; `show` is late, nowhere or everything."""
    narrowed = {"late": Q(late=True), "nowhere": Q(area=None)}.get(show, Q())
    rows = rows.filter(narrowed).select_related(*RELATED).defer("area__geometry").order_by("recorded_at", "id")
    return Paginator(rows, PER_PAGE).get_page(number)


def kept(member: Membership, now: datetime) -> list[Kept]:
    """New ones in which something was kept although the guard had warned, with the kinds and the reason given."""
    new = unseen(member, now).values("pk")
    rows = GuardOverride.objects.visible_to(member).filter(model="incidents.incident", row_id__in=new)
    shown = list(rows.order_by("-at", "-id")[:SHOWN])
    by_pk = _read(member, {row.row_id for row in shown})
    return [Kept(by_pk[row.row_id], get_text_list(words.named(sorted(row.kinds)), _("and")), row) for row in shown]


def limits(member: Membership) -> dict[int, Limits]:
    """Each main category's own."""
    rows = Category.objects.visible_to(member).top().values_list("pk", "near_metres", "near_hours")
    return {pk: Limits(metres, hours) for pk, metres, hours in rows}


def spots(rows: IncidentQuerySet) -> list[Spot]:
    """The latest of them, as they are compared. A condition that was put right is the same as no new one."""
    values = (
        rows.filter(Q(ended_at=None) | ~Q(kind=CategoryKind.CONDITION))
        .annotate(
            top=Coalesce("category__parent_id", "category_id"),
            x=Coalesce(F("lon"), F("place__lon")),
            y=Coalesce(F("lat"), F("place__lat")),
        )
        .order_by("-recorded_at", "-id")
        .values_list("pk", "top", "category_id", "kind", "occurred_from", "occurred_to", "x", "y", "place_id")
    )
    return [
        # two events of one main category may be one told in two ways; litter and a broken lamp stay two
        Spot(pk, top, own if (lasts := kind == CategoryKind.CONDITION) else top, lasts, start, end, x, y, place)
        for pk, top, own, kind, start, end, x, y, place in values[:MOST]
    ]


def doubles(member: Membership, now: datetime) -> tuple[list[Double], int]:
    """The likeliest pairs that nobody has judged, of which at least one is new; and how many there are in all."""
    rows = recent(member, now)
    judged = set(NotSame.objects.visible_to(member).values_list("first_id", "second_id"))
    fresh = set(rows.filter(reviewed_at=None).values_list("pk", flat=True))
    found = [
        one
        for one in pairs(spots(rows), limits(member))
        if (one.first, one.second) not in judged and {one.first, one.second} & fresh
    ]
    shown = found[:SHOWN]
    by_pk = _read(member, {pk for one in shown for pk in (one.first, one.second)})
    return [Double(one, by_pk[one.first], by_pk[one.second]) for one in shown if _alike_in_sight(one, by_pk)], len(
        found
    )


def _alike_in_sight(one: Pair, by_pk: dict[int, Incident]) -> bool:
    """What fewer may see is never merged with what all may."""
    first, second = by_pk[one.first], by_pk[one.second]
    return first.visibility == second.visibility


def _read(member: Membership, pks: Iterable[int]) -> dict[int, Incident]:
    known = Incident.objects.visible_to(member).select_related(*RELATED).defer("area__geometry")
    rows: dict[int, Incident] = known.in_bulk(list(pks))
    return rows
