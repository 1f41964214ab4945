"""Tärnsund, an invented coastal town: fourteen areas, their places, six organisations and the people who speak for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pyproj import Transformer
from shapely import voronoi_polygons
from shapely.geometry import MultiPoint, Point, Polygon, mapping
from shapely.ops import transform, unary_union

CENTRE = (11.6600, 58.2100)  # in the archipelago, where no town lies
EPSG = 3006

# name, metres east and north of the centre, inhabitants, how much happens there (relative)
AREAS = [
    ("Hamnen", -350, -350, 1_450, 1.9),
    ("Centrum", 250, 150, 3_100, 2.0),
    ("Stationsområdet", 950, 950, 2_300, 1.7),
    ("Norrgärdet", -150, 1_350, 2_650, 1.1),
    ("Fyrbacken", -1_650, 350, 1_250, 0.6),
    ("Ekhagen", -850, 700, 2_900, 1.2),
    ("Varvet", 450, -1_050, 1_100, 0.9),
    ("Björkängen", 1_650, -250, 3_400, 1.0),
    ("Söderstrand", 1_250, -1_650, 1_700, 0.6),
    ("Kvarnby", 2_300, 600, 2_100, 0.5),
    ("Skogslyckan", 2_350, -1_100, 2_750, 0.8),
    ("Åsen", 1_500, 1_850, 1_500, 0.4),
    ("Badviken", -1_500, 1_750, 1_150, 0.4),
    ("Lotsholmen", -1_450, -1_350, 350, 0.2),
]
ISLAND = "Lotsholmen"

# name, other names, area, kind of place, metres east and north of the centre, how much of the area happens there
PLACES: list[tuple[str, list[str], str, str, int, int, float]] = [
    ("Hamnplan, kiosken", ["Kiosken", "Hamnplan"], "Hamnen", "street", -330, -420, 0.45),
    ("Gästhamnens bryggor", ["Bryggorna"], "Hamnen", "outdoors", -470, -470, 0.15),
    ("Magasinsgatans garage", ["P-huset"], "Hamnen", "garage", -200, -250, 0.12),
    ("Stortorget", ["Torget"], "Centrum", "street", 230, 180, 0.30),
    ("Gallerian Seglet", ["Gallerian", "Seglet"], "Centrum", "centre", 330, 90, 0.25),
    ("Stadsbiblioteket", ["Biblioteket"], "Centrum", "library", 180, 260, 0.10),
    ("Gångtunneln vid stationen", ["Tunneln", "Stationstunneln"], "Stationsområdet", "station", 930, 1_000, 0.35),
    ("Resecentrum", ["Stationen", "Bussterminalen"], "Stationsområdet", "station", 1_010, 900, 0.25),
    ("Norrgärdesskolan", ["Norrskolan"], "Norrgärdet", "school", -120, 1_420, 0.25),
    ("Norrgärdets centrum", [], "Norrgärdet", "centre", -220, 1_270, 0.20),
    ("Fyrens utsiktsplats", ["Utsikten"], "Fyrbacken", "park", -1_750, 280, 0.30),
    ("Ekhagens lekplats", ["Lekplatsen"], "Ekhagen", "park", -880, 780, 0.20),
    ("Ekhagsvägen 4–12", ["Ekhagsvägen"], "Ekhagen", "stairwell", -780, 640, 0.25),
    ("Varvsvägen, raksträckan", ["Varvsvägen"], "Varvet", "street", 520, -1_080, 0.35),
    ("Björkängens tvättstuga", ["Tvättstugan B"], "Björkängen", "laundry", 1_620, -220, 0.15),
    ("Björkängens fritidsgård", ["Fritidsgården", "Gården"], "Björkängen", "youth", 1_720, -310, 0.20),
    ("Söderstrands badplats", ["Badet"], "Söderstrand", "outdoors", 1_200, -1_820, 0.30),
    ("Skogslyckans källare", ["Källarna"], "Skogslyckan", "cellar", 2_330, -1_060, 0.20),
    ("Kvarnby idrottsplats", ["IP"], "Kvarnby", "outdoors", 2_360, 660, 0.25),
    ("Färjeläget Lotsholmen", ["Färjeläget"], "Lotsholmen", "station", -1_380, -1_290, 0.40),
]


@dataclass(frozen=True)
class Partner:
    """An organisation: how much of what it is good at seeing it reports, and how often it says nothing at all."""

    name: str
    kind: str
    sees: dict[str, float]  # top category -> share of observations that come from here
    silent: float  # probability that a week passes without a word


ORGANISATIONS = [
    Partner(
        "Tärnsunds kommun", "municipality", {"unsafe": 2.5, "gathering": 1.0, "disorder": 0.8, "rumour": 2.0}, 0.01
    ),
    Partner("Polisen", "police", {"violence": 3.0, "drugs": 2.0, "traffic": 1.5, "theft": 2.0, "disorder": 0.8}, 0.02),
    Partner(
        "Tärnsundsbostäder", "housing", {"damage": 2.5, "unsafe": 1.8, "theft": 1.2, "sleeping": 2.5, "drugs": 0.8}, 0.0
    ),
    Partner("Fastighets AB Kajen", "housing", {"damage": 1.0, "unsafe": 0.6, "gathering": 0.5}, 0.12),
    Partner("Väktarna", "security", {"gathering": 2.0, "disorder": 2.2, "damage": 1.0, "violence": 1.0}, 0.04),
    Partner(
        "Fältgruppen",
        "civil",
        {"gathering": 1.6, "traffic": 1.2, "drugs": 0.7, "rumour": 1.5, "preparation": 1.5},
        0.08,
    ),
]


@dataclass(frozen=True)
class Person:
    key: str
    name: str
    organisation: str
    role: str


PEOPLE = [
    Person("samordnare", "Carin Ekvall", "Tärnsunds kommun", "coordinator"),
    Person("kommun", "Maja Lindh", "Tärnsunds kommun", "member"),
    Person("analytiker", "Anders Vik", "Tärnsunds kommun", "analyst"),
    Person("styrgrupp", "Stina Brandt", "Tärnsunds kommun", "steering"),
    Person("park", "Love Alm", "Tärnsunds kommun", "reporter"),
    Person("skola", "Ida Sund", "Tärnsunds kommun", "reporter"),
    Person("fritid", "Omar Dahl", "Tärnsunds kommun", "reporter"),
    Person("polis", "Pontus Rask", "Polisen", "member"),
    Person("polis2", "Sara Holm", "Polisen", "reporter"),
    Person("polis3", "Nils Berg", "Polisen", "reporter"),
    Person("bostad", "Hanna Nyman", "Tärnsundsbostäder", "member"),
    Person("rapportor", "Rut Öberg", "Tärnsundsbostäder", "reporter"),
    Person("bovard2", "Jonas Ek", "Tärnsundsbostäder", "reporter"),
    Person("bovard3", "Leila Ström", "Tärnsundsbostäder", "reporter"),
    Person("kajen", "Björn Ask", "Fastighets AB Kajen", "member"),
    Person("kajen2", "Eva Lund", "Fastighets AB Kajen", "reporter"),
    Person("vaktare", "Viktor Falk", "Väktarna", "member"),
    Person("vaktare2", "Mona Grip", "Väktarna", "reporter"),
    Person("falt", "Tova Hed", "Fältgruppen", "member"),
    Person("falt2", "Ali Sjö", "Fältgruppen", "reporter"),
]

_to_degrees = Transformer.from_crs(EPSG, 4326, always_xy=True)
_to_metres = Transformer.from_crs(4326, EPSG, always_xy=True)


def at(east: float, north: float) -> tuple[float, float]:
    """(lon, lat) of a point given in metres from the centre."""
    x, y = _to_metres.transform(*CENTRE)
    lon, lat = _to_degrees.transform(x + east, y + north)
    return round(lon, 6), round(lat, 6)


def area_shapes() -> dict[str, Polygon]:
    """Each area's polygon in metres from the centre: the land's Voronoi cells, and an island of its own."""
    land = _mainland()
    mainland = [(name, Point(east, north)) for name, east, north, _people, _rate in AREAS if name != ISLAND]
    cells = voronoi_polygons(MultiPoint([point for _name, point in mainland]), extend_to=land.envelope)
    shapes = {}
    for name, point in mainland:
        cell = next(cell for cell in cells.geoms if cell.contains(point))
        part = cell.intersection(land)
        shapes[name] = max(getattr(part, "geoms", [part]), key=lambda shape: shape.area)
    east, north = next((e, n) for name, e, n, _people, _rate in AREAS if name == ISLAND)
    shapes[ISLAND] = Polygon(
        [
            (east + dx, north + dy)
            for dx, dy in [(-330, -60), (-180, 240), (120, 270), (340, 60), (250, -220), (-90, -290)]
        ]
    ).buffer(60)
    return shapes


def _mainland() -> Polygon:
    """A coast that runs from the north-west down to the south-east, with a bay at the harbour."""
    coast = [
        (-2_300, 2_600), (-2_250, 1_900), (-1_950, 1_250), (-2_250, 700), (-2_150, 100), (-1_650, -250), (-1_200, -60),
        (-900, -350), (-640, -640), (-430, -560), (-330, -700), (-120, -820), (-60, -1_150), (200, -1_500), (620, -1_620),
        (760, -1_950), (1_150, -2_250), (1_700, -2_200), (2_000, -2_450), (2_600, -2_400), (3_300, -2_000),
        (3_250, 1_300), (2_700, 2_300), (1_600, 2_700), (200, 2_450), (-1_000, 2_650),
    ]  # fmt: skip
    return unary_union([Polygon(coast)]).buffer(-70).buffer(110)


def area_geometries() -> dict[str, dict[str, Any]]:
    """Each area as GeoJSON in degrees."""
    x, y = _to_metres.transform(*CENTRE)

    def to_degrees(east: Any, north: Any, _up: Any = None) -> Any:
        return _to_degrees.transform([x + e for e in east], [y + n for n in north])

    return {name: mapping(transform(to_degrees, shape)) for name, shape in area_shapes().items()}
