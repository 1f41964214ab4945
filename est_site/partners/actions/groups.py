"""A new group, and the projection in which it measures."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import shapely
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from est_site import audit, maps, tenancy
from est_site.partners import categories, doors
from est_site.partners.calendar import extend_periods
from est_site.partners.models import Area, Group, User

AHEAD = timedelta(weeks=8)


@transaction.atomic
def create_group(
    *,
    slug: str,
    name: str,
    municipality: str,
    first_period: date,
    now: datetime,
    time_zone: str = "Europe/Stockholm",
    **schedule: Any,
) -> Group:
    """A group with the default categories and its periods up to eight weeks ahead. ValidationError names the field."""
    if time_zone not in available_timezones():
        raise ValidationError({"time_zone": _("There is no time zone called %(zone)s.") % {"zone": time_zone}})
    if first_period.isoweekday() != 1:
        raise ValidationError({"first_period": _("%(day)s is not a Monday.") % {"day": first_period}})
    group = Group(
        slug=slug,
        name=name,
        municipality=municipality,
        first_period=first_period,
        time_zone=time_zone,
        **schedule,
    )
    group.full_clean()
    group.save()
    group.refresh_from_db()  # times given as text become times
    with tenancy.inside(group):
        categories.plant(group)
        doors.plant(group)
        extend_periods(group, max(first_period, now.astimezone(ZoneInfo(time_zone)).date()) + AHEAD)
        audit.append(what="group.create", by=None, on=group, now=now)
    return group


def set_metric(group: Group) -> None:
    """Measure in the projection of the place where the group's areas lie; without areas nothing changes."""
    shapes = [
        maps.read_geometry(geometry)
        for geometry in Area.objects.filter(group=group).values_list("geometry", flat=True).order_by("id")
    ]
    if not shapes:
        return
    centre = shapely.GeometryCollection(shapes).centroid
    group.metric_epsg = maps.metric_epsg(centre.x, centre.y)
    Group.objects.filter(pk=group.pk).update(metric_epsg=group.metric_epsg)


@transaction.atomic
def create_administrator(*, email: str, name: str) -> User:
    """A person who runs the installation. Safe to repeat; the mark is added to a person who is already known."""
    known = User.objects.filter(email=email.strip().lower()).first()
    if known is not None:
        known.is_administrator = True
        known.save(update_fields=["is_administrator"])
        return known
    user = User(email=email.strip().lower(), name=name.strip(), is_administrator=True)
    user.set_unusable_password()
    user.full_clean()
    user.save()
    return user
