"""Named places, with the names people use for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from est_site import audit
from est_site.partners import editing
from est_site.partners.actions.areas import area_at, area_index
from est_site.partners.addresses import Address
from est_site.partners.models import Group, Membership, Place, PlaceKind


@transaction.atomic
def add_place(
    *,
    by: Membership,
    name: str,
    now: datetime,
    aliases: Sequence[str] = (),
    object_type: str = "",
    lon: float | None = None,
    lat: float | None = None,
) -> Place:
    """A place; its area is the one its point lies in."""
    _name_is_free(by.group, name.strip())
    place = Place(
        group=by.group,
        name=name.strip(),
        aliases=_tidy(aliases, name),
        object_type=object_type,
        lon=lon,
        lat=lat,
        area_id=_area(by.group, lon, lat, now),
    )
    place.full_clean(exclude=["area"], validate_constraints=False)
    place.save()
    audit.append(what="place.add", by=by, on=place, now=now)
    return place


@transaction.atomic
def add_addresses(*, by: Membership, rows: Sequence[Address], now: datetime) -> int:
    """Places that are found by writing and never listed; one event for all of them. How many are new."""
    index = area_index(by.group, now.astimezone(by.group.zone).date())
    areas = index.find_many([row.lon for row in rows], [row.lat for row in rows]) if rows else []
    made = [
        Place(group=by.group, kind=PlaceKind.ADDRESS, name=row.name, lon=row.lon, lat=row.lat, area_id=area)
        for row, area in zip(rows, areas, strict=True)
    ]
    Group.objects.select_for_update().get(pk=by.group_id)
    before = Place.objects.filter(group=by.group).count()
    Place.objects.bulk_create(made, batch_size=1000, ignore_conflicts=True)  # somebody else's file, at the same moment
    added = Place.objects.filter(group=by.group).count() - before
    if added:
        audit.append(what="place.import", by=by, on=by.group, now=now, count=added)
    return added


@transaction.atomic
def change_place(
    *,
    by: Membership,
    place: Place,
    version: int,
    name: str,
    aliases: Sequence[str],
    object_type: str,
    lon: float | None,
    lat: float | None,
    now: datetime,
) -> Place:
    place = editing.lock(place, version)
    _name_is_free(by.group, name.strip(), but=place.pk)
    changed = editing.save(
        place,
        name=name.strip(),
        aliases=_tidy(aliases, name),
        object_type=object_type,
        lon=lon,
        lat=lat,
        area_id=_area(by.group, lon, lat, now),
    )
    audit.append(what="place.change", by=by, on=place, now=now, fields=changed)
    return place


@transaction.atomic
def retire_place(*, by: Membership, place: Place, version: int, now: datetime) -> Place:
    """Offered no longer when somebody reports; everything reported there stays."""
    place = editing.lock(place, version)
    editing.save(place, is_active=False)
    audit.append(what="place.retire", by=by, on=place, now=now)
    return place


@transaction.atomic
def use_place(*, by: Membership, place: Place, version: int, now: datetime) -> Place:
    """Offered again."""
    place = editing.lock(place, version)
    editing.save(place, is_active=True)
    audit.append(what="place.use", by=by, on=place, now=now)
    return place


def _area(group: Group, lon: float | None, lat: float | None, now: datetime) -> int | None:
    if (lon is None) != (lat is None):
        raise ValidationError({"lat": _("A point takes both latitude and longitude.")})
    if lon is None or lat is None:
        return None
    return area_at(group, lon, lat, now.astimezone(group.zone).date())


def _tidy(aliases: Sequence[str], name: str) -> list[str]:
    """In the order they were given, once each, and never the name itself."""
    seen = {name.strip().casefold(): ""}
    for alias in aliases:
        text = " ".join(alias.split())
        if text:
            seen.setdefault(text.casefold(), text)
    return [text for text in seen.values() if text]


def _name_is_free(group: Group, name: str, *, but: int | None = None) -> None:
    if Place.objects.filter(group=group, name__iexact=name).exclude(pk=but).exists():
        raise ValidationError({"name": _("There is already a place called %(name)s.") % {"name": name}})
