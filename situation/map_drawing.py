"""A layer of the map as a chart, and the installation's own background tiles under it, where there are any."""

from __future__ import annotations

import math
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from est_site import maps
from est_site.maps.drawing import TOLERANCES
from est_site.maps.ground import WIDTH, View, ground
from est_site.maps.metres import Projection
from situation.mapped import Shown, Source

TILE = 256.0
EQUATOR = 40_075_016.7  # metres around
MOST, DEEPEST = 80, 18  # tiles in a map; the closest there is


def draw(shown: Shown, source: Source, title: str, *, for_pdf: bool = False, tiles: bool = False) -> SafeString | str:
    """Nothing where there is neither an area nor a point. Tiles are for a page: a file stands on its own."""
    if not source.drawn and not shown.points:
        return ""
    names = {one.id: one for one in source.lines}
    shapes = []
    for id_, shape in source.drawn.items():
        fill, count = shown.fills.get(id_, ("plain", ""))
        shapes.append(maps.MapArea(id_, names[id_].name, shape, fill=fill, count=count, href=names[id_].url or None))
    over: SafeString | str = ""
    under: SafeString | str = ""
    if shapes and (shown.over or tiles):
        view = ground([one.geometry for one in shapes], source.epsg, TOLERANCES[0]).view
        over = shown.over(view, for_pdf) if shown.over else over
        middle = shapes[0].geometry.centroid
        under = background(view, source.projection, (middle.x, middle.y)) if tiles else under
    return maps.map_svg(
        shapes,
        shown.points,
        idn="layer",
        title=title,
        desc=_("The same numbers stand in the list beside the map."),
        projection=source.projection,
        under=under,
        over=over,
        for_pdf=for_pdf,
    )


def background(view: View, projection: Projection, known: tuple[float, float]) -> SafeString:
    """The tiles under a view, each turned and stretched into its metres; the page's script fetches them.

    Their addresses stand as data: without a script, or when the first of them does not come, the chart is as it is
    without tiles. A tile of zoom z is EQUATOR · cos(latitude) / 2^z metres wide. `known` is any point of the view in degrees.
    """
    west, south, east, north = _degrees(view, projection, known)
    wanted = EQUATOR * math.cos(math.radians((south + north) / 2)) * view.scale / TILE
    zoom = max(0, min(DEEPEST, math.ceil(math.log2(wanted))))
    while True:
        left, top = _number(west, north, zoom)
        right, bottom = _number(east, south, zoom)
        if (right - left + 1) * (bottom - top + 1) <= MOST:
            break
        zoom -= 1
    cells = ((x, y) for y in range(top, bottom + 1) for x in range(left, right + 1))
    images = format_html_join(
        "",
        '<image width="257" height="257" data-href="{}" transform="{}"/>',
        ((_address(x, y, zoom), _matrix(view, x, y, zoom)) for x, y in cells),
    )  # a unit over its own size, so that no seam shows
    return format_html('<g class="m-tiles" data-tiles aria-hidden="true">{}</g>', images)


def origin() -> str:
    """Whose tiles they are, as a content security policy names it; a path is our own."""
    split = urlsplit(settings.TILE_URL)
    return f"{split.scheme}://{split.netloc}" if split.netloc else "'self'"


def _degrees(view: View, projection: Projection, known: tuple[float, float]) -> tuple[float, float, float, float]:
    """What a view shows: west, south, east, north. The way from metres to the picture is a line, known by one point."""
    x, y = projection.forward(*known)
    across, down = view.place(*known)
    edges = [x - across / view.scale, x + (WIDTH - across) / view.scale]
    levels = [y + down / view.scale, y - (view.height - down) / view.scale]
    corners = [projection.back(edge, level) for edge in edges for level in levels]
    lons, lats = [lon for lon, _lat in corners], [lat for _lon, lat in corners]
    return min(lons), min(lats), max(lons), max(lats)


def _number(lon: float, lat: float, zoom: int) -> tuple[int, int]:
    """The tile that holds a point, counted from the north west: the scheme of every web map."""
    many = 2**zoom
    x = (lon + 180) / 360 * many
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * many
    return min(max(int(x), 0), many - 1), min(max(int(y), 0), many - 1)


def _corner(x: int, y: int, zoom: int) -> tuple[float, float]:
    """The north west corner of a tile, in degrees."""
    many = 2**zoom
    return x / many * 360 - 180, math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y / many))))


def _matrix(view: View, x: int, y: int, zoom: int) -> str:
    (x0, y0), (x1, y1), (x2, y2) = (
        view.place(*_corner(x + right, y + down, zoom)) for right, down in ((0, 0), (1, 0), (0, 1))
    )
    numbers = ((x1 - x0) / TILE, (y1 - y0) / TILE, (x2 - x0) / TILE, (y2 - y0) / TILE, x0, y0)
    return f"matrix({' '.join(f'{n:.4f}' for n in numbers)})"


def _address(x: int, y: int, zoom: int) -> str:
    return str(settings.TILE_URL).replace("{z}", str(zoom)).replace("{x}", str(x)).replace("{y}", str(y))
