"""Metres, areas and points, GeoJSON, and the static sea chart for page and PDF. Pure: no database, no clock."""

from est_site.maps.drawing import Fill, MapArea, MapPoint, PointKind, map_svg
from est_site.maps.metres import AreaIndex, Projection, area_index, distance_m, metric_epsg, read_geometry, shape_of

__all__ = [
    "AreaIndex",
    "Fill",
    "MapArea",
    "MapPoint",
    "PointKind",
    "Projection",
    "area_index",
    "distance_m",
    "map_svg",
    "metric_epsg",
    "read_geometry",
    "shape_of",
]
