"""Where an observation lies: its area and how exactly that is known."""

from __future__ import annotations

from datetime import datetime

from est_site.partners.models import Area
from incidents.areas import AreaFinder
from incidents.models import Incident, LocationPrecision, TimePrecision


def place(incident: Incident, chosen: Area | None, *, approximate: bool) -> None:
    """Set the area of what is said about where and when, and the precision that follows."""
    incident.area_id = _area_id(incident, chosen)
    incident.location_precision = _location_precision(incident, approximate)


def time_precision(occurred_from: datetime, occurred_to: datetime) -> str:
    return TimePrecision.EXACT if occurred_from == occurred_to else TimePrecision.INTERVAL


def check(incident: Incident) -> None:
    """What the database would refuse less kindly; references were found by who calls."""
    incident.full_clean(
        exclude=["group", "organisation", "reporter", "category", "place", "area", "merged_into", "batch"],
        validate_unique=False,
        validate_constraints=False,
    )


def _area_id(incident: Incident, chosen: Area | None) -> int | None:
    """From the point as the areas were drawn on the day, else from the place, else the area that was chosen."""
    place = incident.place
    point = (incident.lon, incident.lat)
    if point[0] is None and place is not None:
        point = (place.lon, place.lat)
    if point[0] is not None and point[1] is not None:
        found = AreaFinder(incident.group_id).find(point[0], point[1], incident.day)
        if found is not None:
            return found
    if place is not None and place.area_id is not None:
        return place.area_id
    return chosen.pk if chosen is not None else None


def _location_precision(incident: Incident, approximate: bool) -> str:
    if incident.area_id is None:
        return LocationPrecision.NONE
    if incident.lon is None and incident.place is None:
        return LocationPrecision.AREA
    return LocationPrecision.APPROXIMATE if approximate else LocationPrecision.EXACT
