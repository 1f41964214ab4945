"""The one way from the tables to plain values: one query per kind of row, nothing decided here."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import Count, DateField, F, Func, IntegerField, Min, Q, Value

from est_site.partners.models import Area, Category, CategoryKind, Group, Layer, Organisation, Period
from incidents.models import CalmReport, Incident, Visibility
from situation.material import AreaRow, DayCount, Material, NamedCategory, Stretch, Told, Voice

Calm = tuple[int, int, str | None]  # organisation, period, name of the one area it spoke of
PERIODS_BACK = 25  # with its own, a picture shows half a year of weeks


def gather(
    period: Period,
    *,
    group: Group,
    cut_off: datetime,
    earlier: Sequence[Period] | None = None,
    timed: bool = True,
) -> Material:
    """The material of a period's picture as known at the cut-off; `earlier` (latest first) saves a query.

    Not `timed`, without the hours: for who only counts.
    """
    if earlier is None:
        earlier = list(Period.objects.filter(group=group).before(period, PERIODS_BACK))
    shown = [*(_stretch(p) for p in reversed(earlier[:PERIODS_BACK])), _stretch(period)]
    known = categories(group.pk)
    counts = period_counts(group.pk, shown, cut_off, known)
    said = calm(group.pk, [period.pk, *(p.pk for p in earlier)], cut_off)
    return Material(
        period=shown[-1],
        earlier=shown[:-1],
        counts=counts,
        areas=areas(group.pk, {row.area_id for row in counts if row.area_id}),
        categories=known.named({row.category_id for row in counts}),
        voices=voices(group.pk, shown, cut_off),
        calm=frozenset((organisation, of) for organisation, of, _area in said),
        calm_in=calm_in(said, period.pk),
        cut_off=cut_off,
        today=cut_off.astimezone(group.zone).date(),
        times=times(period, group, cut_off) if timed else None,
    )


def history(period: Period, material: Material, *, back: int) -> Material:
    """The same with a longer past."""
    group_id, cut_off = period.group_id, material.cut_off
    before = [_stretch(p) for p in reversed(Period.objects.filter(group_id=group_id).before(period, back))]
    shown = [*before, material.period]
    known = categories(group_id)
    counts, reports = period_counts(group_id, shown, cut_off, known), reported(group_id, shown, cut_off)
    return replace(
        material,
        earlier=before,
        counts=counts,
        areas=areas(group_id, {row.area_id for row in counts if row.area_id}, drawn=False),
        categories=known.named({row.category_id for row in counts}),
        voices=[replace(voice, reports=reports[voice.id]) for voice in material.voices],
        calm=frozenset((who, of) for who, of, _area in calm(group_id, [one.id for one in shown], cut_off)),
    )


def period_counts(group_id: int, shown: Sequence[Stretch], cut_off: datetime, known: Categories) -> list[DayCount]:
    """Shared observations by period, area and top category, each dated to the first day of it on which there is one.

    Counted by the category as it was said and put under its top here: joined there, a million rows take twice as long.
    """
    rows = (
        Incident.objects.filter(group_id=group_id, recorded_at__lte=cut_off)
        .shared()
        .between(shown[0].first, shown[-1].last)
        .annotate(of=_position(shown))
        .values_list("of", "area_id", "category_id")
        .annotate(first=Min("day"), n=Count("*"))  # of rows, not of ids: the index `incident_counted` holds the rest
        .order_by()
    )
    positions = _first_days(shown)
    found: dict[tuple[int, int | None, int], tuple[date, int]] = {}
    for of, area, category, first, n in rows:
        if of in positions:
            key = (of, area, known.top[category])
            before = found.get(key, (first, 0))
            found[key] = min(first, before[0]), n + before[1]
    return [DayCount(first, area, top, n) for (_of, area, top), (first, n) in found.items()]


def told(group_id: int, shown: Sequence[Stretch], cut_off: datetime) -> list[Told]:
    """The counted observations of some periods by who told of them, without what another organisation told as well.

    Three queries: the categories, all of them by who told, then the few that were told again.
    """
    first_days, top = _first_days(shown), categories(group_id).top
    counted = (
        Incident.objects.filter(group_id=group_id, recorded_at__lte=cut_off)
        .shared()
        .between(shown[0].first, shown[-1].last)
        .annotate(of=_position(shown))
        .filter(of__in=list(first_days))
        .order_by()
    )
    key = ("of", "area_id", "category_id", "organisation_id", "reporter_id")
    alone: Counter[tuple[Any, ...]] = Counter()
    for of, area, category, *who, n in counted.values_list(*key).annotate(n=Count("id")):
        alone[of, area, top[category], *who] += n
    whose = (
        "of",
        "merged_into__area_id",
        "merged_into__category_id",
        "merged_into__organisation_id",
        "merged_into__reporter_id",
    )
    again = (
        Incident.objects.filter(group_id=group_id, merged_into__isnull=False, recorded_at__lte=cut_off)
        .filter(visibility=Visibility.GROUP, withdrawn_at=None)
        .filter(merged_into__recorded_at__lte=cut_off, merged_into__visibility=Visibility.GROUP)
        .filter(merged_into__withdrawn_at=None, merged_into__merged_into=None)
        .annotate(of=_position(shown, "merged_into__day"))
        .filter(of__in=list(first_days))
        .order_by()
    )
    others: defaultdict[tuple[Any, ...], set[tuple[int, int | None]]] = defaultdict(set)
    for *one, organisation, reporter in again.values_list("merged_into_id", *whose, "organisation_id", "reporter_id"):
        others[tuple(one)].add((organisation, reporter))
    shared: Counter[tuple[Any, ...]] = Counter()
    for (_id, *rest), heard in others.items():
        who = (*rest[:2], top[rest[2]], *rest[3:])
        if heard != {who[-2:]}:
            alone[who] -= 1
            shared[who] += all(organisation == who[-2] for organisation, _reporter in heard)
    found = [(who, True, n) for who, n in alone.items()] + [(who, False, n) for who, n in shared.items()]
    return [
        Told(first_days[of], area, top, who, person, each, n) for (of, area, top, who, person), each, n in found if n
    ]


def by_organisation(
    group_id: int, shown: Sequence[Stretch], cut_off: datetime
) -> list[tuple[date, int | None, int, int]]:
    """Shared observations by the first day of their period, area, and organisation: (day, area, organisation, number)."""
    first_days = _first_days(shown)
    found = (
        Incident.objects.filter(group_id=group_id, recorded_at__lte=cut_off)
        .shared()
        .between(shown[0].first, shown[-1].last)
        .annotate(of=_position(shown))
        .values_list("of", "area_id", "organisation_id")
        .annotate(n=Count("*"))
        .order_by()
    )
    return [(first_days[of], area, organisation, n) for of, area, organisation, n in found if of in first_days]


def _bounds(shown: Sequence[Stretch]) -> list[date]:
    """Where one period ends and the next, or a gap between two, begins."""
    return sorted({day for one in shown for day in (one.first, one.last + timedelta(days=1))})


def _first_days(shown: Sequence[Stretch]) -> dict[int, date]:
    """The first day of each period by its position among the bounds; days in a gap have none."""
    position = {day: n for n, day in enumerate(_bounds(shown), start=1)}
    return {position[one.first]: one.first for one in shown}


def _position(shown: Sequence[Stretch], day: str = "day") -> Func:
    bounds = Value(_bounds(shown), output_field=ArrayField(DateField()))
    return Func(F(day), bounds, function="WIDTH_BUCKET", output_field=IntegerField())


def times(period: Period, group: Group, cut_off: datetime) -> list[tuple[datetime, datetime]]:
    """When the shared events of a period began and ended at the latest, in the group's zone."""
    return times_between(period.first_day, period.last_day, group, cut_off)


def times_between(first: date, last: date, group: Group, cut_off: datetime) -> list[tuple[datetime, datetime]]:
    """The same of any days. What lasts and what is coming has no hour of its own."""
    rows = (
        Incident.objects.filter(group_id=group.pk, recorded_at__lte=cut_off, kind=CategoryKind.EVENT)
        .shared()
        .between(first, last)
        .order_by()
        .values_list("occurred_from", "occurred_to")
    )
    zone = group.zone
    return [(start.astimezone(zone), end.astimezone(zone)) for start, end in rows]


def areas(group_id: int, also: set[int], *, drawn: bool = True) -> list[AreaRow]:
    """Every drawing of the EST areas, and any other area that has a figure; not `drawn`, without its border."""
    rows = Area.objects.filter(Q(layer=Layer.EST) | Q(pk__in=also), group_id=group_id).order_by("name", "valid_from")
    fields = ["id", "name", "layer", "population", "valid_from", "valid_to"]
    return [
        AreaRow(*row)
        for row in (rows.to_draw().values_list(*fields, "geojson") if drawn else rows.values_list(*fields))
    ]


@dataclass(frozen=True)
class Categories:
    """All there have been, in their order: the top category of each, and the names of those."""

    top: dict[int, int]
    tops: list[tuple[NamedCategory, bool]]  # and whether it is in use

    def named(self, also: set[int]) -> list[NamedCategory]:
        """The top categories in use, and any other that has a figure."""
        return [one for one, active in self.tops if active or one.id in also]


def categories(group_id: int) -> Categories:
    rows = list(
        Category.objects.filter(group_id=group_id)
        .order_by("position", "id")
        .values_list("id", "parent_id", "is_active", "code", "name_sv", "name_en")
    )
    return Categories(
        {id_: parent or id_ for id_, parent, *_rest in rows},
        [(NamedCategory(id_, code, sv, en or sv), active) for id_, parent, active, code, sv, en in rows if not parent],
    )


def voices(group_id: int, shown: Sequence[Stretch], cut_off: datetime) -> list[Voice]:
    """Every organisation by name, with its shared observations by period."""
    reports = reported(group_id, shown, cut_off)
    organisations = Organisation.objects.filter(group_id=group_id).order_by("name", "id")
    named = organisations.values_list("id", "name", "reports", "is_active", "joined_on")
    return [Voice(id_, name, asked, active, since, reports[id_]) for id_, name, asked, active, since in named]


def reported(group_id: int, shown: Sequence[Stretch], cut_off: datetime) -> Mapping[int, tuple[tuple[date, int], ...]]:
    """How many shared observations each organisation made, dated to the first day of their period.

    The same event seen by two was told by both: one merged into another was said by its organisation all the same.
    """
    rows = (
        Incident.objects.filter(group_id=group_id, recorded_at__lte=cut_off)
        .filter(visibility=Visibility.GROUP, withdrawn_at=None)
        .between(shown[0].first, shown[-1].last)
        .annotate(of=_position(shown))
        .values_list("organisation_id", "of")
        .annotate(n=Count("*"))
        .order_by("of")
    )
    first_days = _first_days(shown)
    found: defaultdict[int, tuple[tuple[date, int], ...]] = defaultdict(tuple)
    for organisation, of, n in rows:
        if of in first_days:
            found[organisation] += ((first_days[of], n),)
    return found


def days(group_id: int) -> list[tuple[date, int, int]]:
    """All that counts, by local day and category, as deep as it was said."""
    found = Incident.objects.filter(group_id=group_id).shared().order_by()
    return list(found.values_list("day", "category_id").annotate(n=Count("id")))


def kinds(group_id: int) -> list[tuple[int, str, int | None]]:
    """Every category there has been: id, code, what it lies under."""
    return list(
        Category.objects.filter(group_id=group_id).order_by("position", "id").values_list("pk", "code", "parent")
    )


def calm(group_id: int, period_ids: Sequence[int], cut_off: datetime) -> list[Calm]:
    """Who said of which period that there was nothing to report, and in which area when not in all."""
    rows = CalmReport.objects.filter(group_id=group_id, period_id__in=period_ids, reported_at__lte=cut_off)
    return list(rows.order_by("area__name").values_list("organisation_id", "period_id", "area__name"))


def calm_in(said: Sequence[Calm], period_id: int) -> dict[int, tuple[str, ...]]:
    """Who said so of some areas only, by organisation with the names of the areas."""
    found: dict[int, list[str | None]] = {}
    for organisation, period, area in said:
        if period == period_id:
            found.setdefault(organisation, []).append(area)
    return {one: tuple(name for name in names if name) for one, names in found.items() if None not in names}


def _stretch(period: Period) -> Stretch:
    return Stretch(period.pk, period.label, period.weeks_text, period.first_day, period.last_day)
