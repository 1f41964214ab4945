"""Capture: a report with words past guard, audit and walls; one pressed on a phone; the list up to a million rows."""

from __future__ import annotations

import http.client
import statistics
import time
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from bench import base, house, typical, walk

SIZES = (10_000, 100_000, 1_000_000)
STEP = 50_000  # rows of one statement: the application's statements have 15 seconds
VISITS = 25
WORDS = "Två lyktor släckta vid kajen, glas på marken. Anmält med dnr 2026-123456."
LISTS = {
    "the list": "",
    "one area": "?area={area}",
    "one category": "?category={category}",
    "page 100": "?page=100",
    "a frequent word": "?q=lyktor",
    "a word that nobody wrote": "?q=kanariefugl",
}


class Written(walk.Reporter):
    """As `walk.Reporter`, with something written."""

    def form(self) -> str:
        return super().form() + "&" + urlencode({"text": WORDS})


def main() -> None:
    with house.database():
        import django

        django.setup()
        reporters = [walk.make_reporter(n) for n in range(walk.CLIENTS)]
        written = [Written(one.slug, one.category, one.cookies) for one in reporters]
        print(f"{'':44}{'measured':>12}{'floor':>12}{'ratio':>8}")
        with house.server() as port:
            walk.measure_reports("report POST with words, 8 clients, 8 groups", port, written)
            typical.measure(port, reporters[1])
            measure_list(port, reporters[0])


def measure_list(port: int, reporter: walk.Reporter) -> None:
    """p95 of the page at each size; the ratio is to the first."""
    from django.db import transaction

    from est_site import tenancy
    from est_site.partners.models import Group

    group = Group.objects.get(slug=reporter.slug)
    with tenancy.inside(group):
        chosen = furnish(group)
    first: dict[str, float] = {}
    rows = 0
    for size in SIZES:
        walk.say(f"A group with {size:,} observations.")
        for begin in range(rows, size, STEP):
            with transaction.atomic(), tenancy.inside(group):
                grow(begin + 1, min(begin + STEP, size))
        base.settle()
        rows = size
        for name, query in LISTS.items():
            address = f"/g/{reporter.slug}/incidents/{query.format(**chosen)}"
            took = p95(port, reporter, address)
            floor = first.setdefault(name, took)
            print(f"{f'{name}, {size:,} rows, p95':44}{took:>9.1f} ms{floor:>9.1f} ms{took / floor:>8.2f}", flush=True)


def furnish(group: Any) -> dict[str, int]:
    """Ten areas, ten categories, and one place in each area."""
    from datetime import date

    from est_site.partners.models import Area, Category, Place

    for n in range(10):
        west = 12 + n * 0.01
        ring = [[west, 57.0], [west + 0.01, 57.0], [west + 0.01, 57.01], [west, 57.01], [west, 57.0]]
        area = Area.objects.create(
            group=group,
            name=f"Område {n}",
            geometry={"type": "Polygon", "coordinates": [ring]},
            valid_from=date(2020, 1, 1),
        )
        Place.objects.create(group=group, name=f"Plats {n}", area=area, lon=west + 0.005, lat=57.005)
        Category.objects.create(group=group, code=f"sort-{n}", name_sv=f"Sort {n}")
    return {
        "area": Area.objects.filter(group=group).order_by("pk")[3].pk,
        "category": Category.objects.filter(group=group).order_by("pk")[3].pk,
    }


def grow(first: int, last: int) -> None:
    """The observations of these numbers, spread over areas, categories and ten years."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO incidents_incident (group_id, category_id, kind, occurred_from, occurred_to, time_precision,
              reported_at, recorded_at, day, place_id, area_id, lon, lat, location_precision, object_type, certainty, people,
              police_reported, done_at_once, text, organisation_id, reporter_id, visibility, client_uuid, source, source_id,
              answers, version)
            SELECT m.group_id, c.pks[1 + n %% 10], 'event', at, at, 'exact', at, at, at::date, p.pks[1 + (n / 7) %% 10],
              p.areas[1 + (n / 7) %% 10], 12 + (n::bigint * 7919 %% 100000) / 1000000.0, 57 + (n::bigint * 104729 %% 10000) / 1000000.0,
              'exact', '', 'seen', '', 'unknown', '', CASE WHEN n %% 3 = 0 THEN 'Två lyktor släckta' ELSE 'Glas på marken' END,
              m.organisation_id, m.id, 'group', gen_random_uuid(), 'demo', '', '[]', 1
            FROM (SELECT n, now() - n * interval '5 minutes' AS at FROM generate_series(%s, %s) AS n) AS times,
              (SELECT * FROM partners_membership LIMIT 1) AS m,
              (SELECT array_agg(id ORDER BY id) AS pks FROM partners_category WHERE code LIKE 'sort-%%') AS c,
              (SELECT array_agg(id ORDER BY id) AS pks, array_agg(area_id ORDER BY id) AS areas FROM partners_place) AS p
            """,
            [first, last],
        )


def p95(port: int, reporter: walk.Reporter, address: str) -> float:
    """Milliseconds that 95 of 100 visits stay under, one visitor."""
    visitor = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    times: list[float] = []
    for n in range(VISITS + 3):
        start = time.perf_counter()
        visitor.request("GET", address, headers={"Cookie": reporter.cookies})
        answer = visitor.getresponse()
        answer.read()
        if answer.status != 200:
            raise SystemExit(f"{address} answered {answer.status}")
        if n >= 3:
            times.append(time.perf_counter() - start)
    return _p95(times)


def _p95(times: Sequence[float]) -> float:
    return statistics.quantiles(times, n=20)[-1] * 1000
