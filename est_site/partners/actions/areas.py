"""Areas: imported, renamed, redrawn from a day on, ended. History keeps the map it had."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from est_site import audit, maps
from est_site.partners import editing, importing
from est_site.partners.actions.groups import set_metric
from est_site.partners.models import Area, Group, Layer, Membership, Place

DAY = timedelta(days=1)
SWEDISH_TIME = "Europe/Stockholm"  # such a group's areas lie in Sweden; elsewhere there is nothing to wonder at


def existing(group: Group, layer: str, day: date) -> list[importing.Existing]:
    """What an import on that day is compared with: the areas of the layer that hold then or later."""
    rows = Area.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), group=group, layer=layer)
    return [importing.Existing(*row) for row in rows.order_by("id").values_list("id", "name", "geometry", "population")]


@transaction.atomic
def add_areas(
    *, by: Membership | None, group: Group, plan: importing.Plan, layer: str, valid_from: date, now: datetime
) -> list[Area]:
    """Write what the plan found to be new; one event for all of them."""
    Group.objects.select_for_update().get(pk=group.pk)
    added = Area.objects.bulk_create(
        [
            Area(
                group=group,
                layer=layer,
                name=drawn.name,
                geometry=drawn.geometry,
                population=drawn.population,
                valid_from=valid_from,
            )
            for drawn in plan.new
        ]
    )
    for area in Area.objects.filter(group=group, pk__in=[pk for pk, _population in plan.counted]):
        editing.save(area, population=dict(plan.counted)[area.pk])
    if added or plan.counted:
        set_metric(group)
        find_places_again(group, now)
        audit.append(what="area.import", by=by, on=group, now=now, count=len(added) + len(plan.counted))
    return added


@transaction.atomic
def change_area(
    *, by: Membership, area: Area, version: int, name: str, code: str, population: int | None, now: datetime
) -> Area:
    """Another name, code or population; the border stays."""
    area = editing.lock(area, version)
    clash = Area.objects.filter(group=area.group, layer=area.layer, name__iexact=name.strip())
    if clash.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=area.valid_from)).exclude(pk=area.pk).exists():
        raise ValidationError({"name": _("There is already an area called %(name)s in this layer.") % {"name": name}})
    changed = editing.save(area, name=name.strip(), code=code.strip(), population=population)
    audit.append(what="area.change", by=by, on=area, now=now, fields=changed)
    return area


@transaction.atomic
def redraw_area(
    *, by: Membership, area: Area, version: int, geometry: dict[str, Any], first_day: date, now: datetime
) -> Area:
    """End the row the day before and start the next with the new border: what happened earlier keeps its map."""
    area = editing.lock(area, version)
    if area.valid_to is not None:
        raise ValidationError(_("This border has already ended."))
    if first_day <= area.valid_from:
        raise ValidationError(
            {
                "first_day": _("The border there is now holds from %(day)s. Choose a later day.")
                % {"day": area.valid_from}
            }
        )
    editing.save(area, valid_to=first_day - DAY)
    drawn = Area.objects.create(
        group=area.group,
        layer=area.layer,
        name=area.name,
        code=area.code,
        population=area.population,
        geometry=geometry,
        valid_from=first_day,
    )
    set_metric(area.group)
    find_places_again(area.group, now)
    audit.append(what="area.redraw", by=by, on=drawn, now=now, fields=["geometry"])
    return drawn


@transaction.atomic
def end_area(*, by: Membership, area: Area, version: int, last_day: date, now: datetime) -> Area:
    """The area is no longer looked at after that day."""
    area = editing.lock(area, version)
    if last_day < area.valid_from:
        raise ValidationError(
            {"last_day": _("The area began on %(day)s; it cannot end before.") % {"day": area.valid_from}}
        )
    editing.save(area, valid_to=last_day)
    find_places_again(area.group, now)
    audit.append(what="area.end", by=by, on=area, now=now, fields=["valid_to"])
    return area


def area_at(group: Group, lon: float, lat: float, day: date) -> int | None:
    """The id of the EST area that holds the point on that day; None is an answer, not a fault."""
    return area_index(group, day).find(lon, lat)


def find_places_again(group: Group, now: datetime) -> None:
    """After the map changed: every place with a point lies in the area that holds it today, or in none."""
    index = area_index(group, now.astimezone(group.zone).date())
    places = list(Place.objects.filter(group=group, lon__isnull=False).values_list("pk", "area_id", "lon", "lat"))
    found = index.find_many([lon for *_keys, lon, _lat in places], [lat for *_keys, lat in places]) if places else []
    moved: dict[int | None, list[int]] = {}
    for (pk, before, *_point), area in zip(places, found, strict=True):
        if area != before:
            moved.setdefault(area, []).append(pk)
    for area, pks in moved.items():  # a register of addresses has thousands
        Place.objects.filter(group=group, pk__in=pks).update(area_id=area)


def area_index(group: Group, day: date) -> maps.AreaIndex[int]:
    rows = Area.objects.filter(group=group, layer=Layer.EST).on(day).values_list("pk", "geometry")
    return maps.area_index([(pk, maps.read_geometry(geometry)) for pk, geometry in rows])
