"""The chart on which a pin says where it was: the whole town, or one area drawn large, and where its corners lie."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from est_site import maps
from est_site.maps.drawing import TOLERANCES
from est_site.maps.ground import WIDTH, ground
from est_site.partners.models import Area, Place

FINGER = 10  # units of the picture that a finger, or a hand on a mouse, is sure of
NAMED = 40  # places that are named on one chart
NEAR_ENOUGH = 50  # metres of uncertainty up to which a position counts as exact


@dataclass(frozen=True)
class Chart:
    """`corners` are degrees: upper left, upper right, lower left, lower right. `accuracy` is what a pin means, in metres."""

    svg: SafeString
    corners: str
    accuracy: int
    width: int
    height: int


def chart(areas: Sequence[Area], places: Sequence[Place], epsg: int, *, whole: bool) -> Chart:
    """On the whole town a pin is never exact: it is a part of a town, whatever the screen."""
    projection = maps.Projection(epsg)
    shapes = [area.shape for area in areas]
    view = ground(shapes, epsg, TOLERANCES[0]).view
    lon, lat = shapes[0].bounds[:2]
    (x, y), (east, north) = view.place(lon, lat), projection.forward(lon, lat)

    def degrees(at_x: float, at_y: float) -> str:
        lon, lat = projection.back(east + (at_x - x) / view.scale, north - (at_y - y) / view.scale)
        return f"{lon:.7f},{lat:.7f}"

    accuracy = round(FINGER / view.scale)
    drawn = [maps.MapArea(area.pk, area.name, area.shape) for area in areas]
    known = [place for place in places if place.lon is not None and place.lat is not None]
    inside = [(place, *view.place(place.lon, place.lat)) for place in known]
    inside = [one for one in inside if 0 < one[1] < WIDTH and 0 < one[2] < view.height][:NAMED]
    svg = maps.map_svg(
        drawn,
        [maps.MapPoint(place.lon or 0.0, place.lat or 0.0) for place, _x, _y in inside],
        idn="pin-chart",
        title=_("Map of %(areas)s") % {"areas": ", ".join(area.name for area in areas)},
        desc=_("Press where it was, or move the pin with the arrow keys or the buttons."),
        projection=projection,
        over=_names_and_pin([(place.name, x, y) for place, x, y in inside]),
    )
    return Chart(
        svg=svg,
        corners=" ".join(degrees(at_x, at_y) for at_y in (0, view.height) for at_x in (0, WIDTH)),
        accuracy=max(accuracy, NEAR_ENOUGH + 1) if whole else accuracy,
        width=round(WIDTH),
        height=round(view.height),
    )


def _names_and_pin(names: Sequence[tuple[str, float, float]]) -> SafeString:
    """The names of places beside their dots, and the pin, which the page's script puts somewhere."""
    words = format_html_join(
        "", '<text class="c-text" x="{}" y="{}">{}</text>', ((round(x) + 8, round(y) + 5, name) for name, x, y in names)
    )
    pin = '<g class="m-pin" data-pin-mark visibility="hidden"><path d="{}"/><circle cx="0" cy="-26" r="5"/></g>'
    return words + format_html(pin, PIN)


PIN = "M0 0C-11-13-14-19-14-26a14 14 0 0 1 28 0c0 7-3 13-14 26Z"
