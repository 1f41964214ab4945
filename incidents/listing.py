"""What the list of observations asks of the database: one page, counts that stop, and points gathered in clusters.

However many rows a group has, each question looks at the latest `MOST` that fit and no further.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import BooleanField, Case, F, FloatField, Q, When
from django.db.models.functions import Coalesce, Floor

from est_site.partners.models import Membership, ObjectType
from incidents.models import Incident, IncidentQuerySet, LocationPrecision

MOST = 10_000
PER_PAGE = 50
ACROSS = 20  # cells of the map from west to east
INDOORS = (
    ObjectType.STAIRWELL,
    ObjectType.LAUNDRY,
    ObjectType.STORAGE,
    ObjectType.CELLAR,
    ObjectType.GARAGE,
)
COARSE = 400  # cells of a degree, about 150 by 280 metres: what lies inside a dwelling is shown no more exactly

READ = (  # of a row, what the list writes: seven tables have ninety columns
    *("group", "kind", "occurred_from", "occurred_to", "text", "visibility", "ended_at", "withdrawn_at", "merged_into"),
    *("category__name_sv", "category__name_en", "place__name", "area__name", "organisation__name"),
    *("reporter__user__name", "reporter__user__email"),
)

Bounds = tuple[float, float, float, float]  # west, south, east, north in degrees


@dataclass(frozen=True)
class Grid:
    """Cells as wide as they are high on the ground, counted from a corner."""

    west: float
    south: float
    wide: float
    high: float

    def cell(self, lon: float, lat: float) -> str:
        return f"{math.floor((lon - self.west) / self.wide)}:{math.floor((lat - self.south) / self.high)}"


@dataclass(frozen=True)
class Cluster:
    """Observations so near each other that the map shows them as one."""

    cell: str
    lon: float
    lat: float
    count: int


@dataclass
class Found:
    """The latest observations that fit, counted; `more` where there are others before them."""

    rows: int = 0
    more: bool = False
    organisations: int = 0
    areas: Counter[int | None] = field(default_factory=Counter)
    placeless: int = 0
    clusters: list[Cluster] = field(default_factory=list)

    @property
    def placed(self) -> int:
        return self.rows - self.placeless


def grid(bounds: Sequence[Bounds]) -> Grid:
    """The cells over these boxes; of the whole world where there is none."""
    west, south = min((b[0] for b in bounds), default=-180.0), min((b[1] for b in bounds), default=-90.0)
    east, north = max((b[2] for b in bounds), default=180.0), max((b[3] for b in bounds), default=90.0)
    wide = max(east - west, 0.001) / ACROSS
    return Grid(west, south, wide, wide * max(math.cos(math.radians((south + north) / 2)), 0.05))


GATHERED = """
known AS (
    SELECT latest.*, coalesce(latest.lon, place.lon) AS x, coalesce(latest.lat, place.lat) AS y
    FROM latest LEFT JOIN partners_place place ON place.group_id = %s AND place.id = latest.place_id
),
shown AS (
    SELECT area_id, organisation_id,
        CASE WHEN exact THEN x ELSE (floor(x * coarse) + 0.5) / coarse END AS x,
        CASE WHEN exact THEN y ELSE (floor(y * coarse) + 0.5) / coarse END AS y
    FROM known, (SELECT %s::float8 AS coarse) AS ground
),
placed AS (
    SELECT area_id, organisation_id, floor((x - west) / wide)::int AS cx, floor((y - south) / high)::int AS cy,
        sum(x) AS x, sum(y) AS y, count(*) AS n
    FROM shown, (SELECT %s::float8 AS west, %s::float8 AS wide, %s::float8 AS south, %s::float8 AS high) AS ground
    GROUP BY 1, 2, 3, 4
)
SELECT area_id, organisation_id, cx, cy, sum(x) / sum(n), sum(y) / sum(n), sum(n)::int, grouping(cx, cy)
FROM placed GROUP BY GROUPING SETS ((area_id, organisation_id), (cx, cy)) ORDER BY cx, cy
"""


def find(rows: IncidentQuerySet, member: Membership, cells: Grid) -> Found:
    """Counts by area, organisation and cell of the latest rows, gathered once by all four."""
    latest = rows.annotate(exact=Case(When(_exact(member), then=True), default=False, output_field=BooleanField()))
    said = latest.order_by("-occurred_from", "-id").values(
        "area_id", "organisation_id", "place_id", "lon", "lat", "exact"
    )
    sql, parameters = said[: MOST + 1].query.sql_with_params()
    ground = [float(COARSE), cells.west, cells.wide, cells.south, cells.high]
    with connection.cursor() as cursor:
        cursor.execute(f"WITH latest AS ({sql}), {GATHERED}", [*parameters, member.group_id, *ground])
        answers = cursor.fetchall()
    found, organisations = Found(), set()
    for area, organisation, cx, cy, x, y, count, by_who in answers:
        if by_who:
            found.rows += count
            found.areas[area] += count
            organisations.add(organisation)
        elif cx is None:
            found.placeless = count
        else:
            found.clusters.append(Cluster(f"{cx:.0f}:{cy:.0f}", x, y, count))
    found.organisations = len(organisations)
    found.more = found.rows > MOST
    found.rows = min(found.rows, MOST)
    return found


def page(rows: IncidentQuerySet, member: Membership, count: int, number: str | None) -> Page[Any]:
    """One page of them, the latest first. The rows are found before anything is joined to them."""
    pages = Paginator(rows.order_by("-occurred_from", "-id").values_list("pk", flat=True), PER_PAGE)
    pages.count = count  # it is known: the paginator need not ask again
    shown = pages.get_page(number)
    related = _placed(Incident.objects.visible_to(member), member).filter(pk__in=list(shown.object_list))
    shown.object_list = list(
        related.select_related("category", "place", "area", "organisation", "reporter__user")
        .only(*READ)
        .order_by("-occurred_from", "-id")
    )
    return shown


def _placed(rows: IncidentQuerySet, member: Membership) -> IncidentQuerySet:
    """With x and y to draw. Indoors, the exact entrance is for the organisation that reported it."""
    exact = _exact(member)
    return rows.annotate(x=_shown("lon", exact), y=_shown("lat", exact))


def _exact(member: Membership) -> Q:
    return Q(organisation_id=member.organisation_id) | ~Q(object_type__in=INDOORS)


def _shown(name: str, exact: Q) -> Case:
    known = Coalesce(F(name), F(f"place__{name}"))
    coarse = (Floor(known * COARSE) + 0.5) / float(COARSE)
    return Case(When(exact, then=known), default=coarse, output_field=FloatField())


def spots(rows: IncidentQuerySet) -> IncidentQuerySet:
    """With x, y and whether they are exact, the same for everybody: indoors, and where only about is known, they are not."""
    outdoors = ~Q(object_type__in=INDOORS)
    exact = outdoors & Q(location_precision=LocationPrecision.EXACT)
    known = Case(When(exact, then=True), default=False, output_field=BooleanField())
    return rows.annotate(x=_shown("lon", outdoors), y=_shown("lat", outdoors), exact=known)
