"""Presence as a layer of the map reads it: hours by area and by named place, as known at the picture's cut-off."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from shapely import affinity
from shapely.geometry.base import BaseGeometry

from est_site.partners.models import Group, Period
from situation import presence_rows, presence_words

Known = tuple[float, int]  # hours, times
Totals = list[list[Any]]  # [area, kind, hours, times], as a picture holds them


@dataclass
class There:
    """The presence of one area: what was said of the whole of it, and what of a named place in it."""

    name: str
    whole: Known = (0.0, 0)
    places: dict[int, tuple[str, float | None, float | None, Known]] = field(default_factory=dict)  # name, lon, lat

    @property
    def parts(self) -> Iterator[Known]:
        yield self.whole
        yield from (known for _name, _lon, _lat, known in self.places.values())

    @property
    def hours(self) -> float:
        return sum(hours for hours, _times in self.parts)

    @property
    def times(self) -> int:
        return sum(times for _hours, times in self.parts)


@dataclass
class Found:
    areas: dict[int, There] = field(default_factory=dict)
    totals: Totals = field(default_factory=list)
    organisations: int = 0

    @property
    def most(self) -> float:
        """The most hours that one mark stands for."""
        return max((hours for there in self.areas.values() for hours, _times in there.parts), default=0.0) or 1.0


def read(group: Group, period: Period, cut_off: datetime) -> Found:
    """Summed in the database: as many rows as there are kinds and organisations at each place."""
    rows = (
        presence_rows.of_period(group, period, cut_off)
        .order_by("area__name", "place__name", "area_id", "place_id", "kind", "organisation_id")
        .values_list(
            *("area_id", "area__name", "place_id", "place__name", "place__lon", "place__lat"),
            *("kind", "organisation_id"),
        )
        .annotate(long=Sum(F("ends_at") - F("starts_at")), times=Count("id"))
    )
    found, who = Found(), set()
    for area, name, place, called, lon, lat, kind, organisation, long, times in rows:
        hours = long.total_seconds() / 3600
        there = found.areas.setdefault(area, There(name))
        if place is None:
            there.whole = (there.whole[0] + hours, there.whole[1] + times)
        else:
            known = there.places.get(place, (called, lon, lat, (0.0, 0)))[3]
            there.places[place] = (called, lon, lat, (known[0] + hours, known[1] + times))
        found.totals.append([area, kind, hours, times])
        who.add(organisation)
    found.organisations = len(who)
    return found


def sentences(found: Found) -> list[str]:
    """How many hours by whom, and what the marks do not say."""
    said = ngettext(
        "%(n)s organisation has logged it. What the others did is unknown, not nothing.",
        "%(n)s organisations have logged it. What the others did is unknown, not nothing.",
        found.organisations,
    )
    return [
        presence_words.opening({"totals": found.totals}),
        said % {"n": found.organisations},
        _("A circle in the middle of an area is the whole area, any other a named place; its surface is hours."),
        _("Few observations where somebody was may also be the effect of it."),
    ]


def under_the_name(shape: BaseGeometry) -> tuple[float, float]:
    """Where the mark of a whole area stands, in degrees: below the name in its middle, and still inside it."""
    middle = shape.representative_point()
    _west, south, _east, north = shape.bounds
    lower = affinity.translate(middle, yoff=-(north - south) / 6)
    found = lower if shape.contains(lower) else middle
    return found.x, found.y
