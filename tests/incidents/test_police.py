"""The police's public events: what they are here, and what they are not."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
from pathlib import Path

import pytest

from est_site import tenancy
from est_site.partners import sheets
from est_site.partners.categories import DEFAULT_TREE
from est_site.partners.models import Category
from incidents import importing, mapping, police
from incidents.models import Incident
from tests.cast import NOW, Town

DATA = Path(os.environ.get("EST_DATA", Path(__file__).resolve().parents[2].parent / "shared" / "data"))
FEED, HISTORY = DATA / "polisen_events_latest500_raw.json", DATA / "polisen_events_2023_2026.csv.gz"
real = pytest.mark.skipif(not HISTORY.exists(), reason=f"no real data in {DATA}; see EST_DATA")


def events(count: int) -> list[dict[str, str]]:
    with gzip.open(HISTORY, "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return rows[:count]


def as_csv(rows: list[dict[str, str]]) -> bytes:
    out = io.StringIO()
    table = csv.DictWriter(out, list(rows[0]))
    table.writeheader()
    table.writerows(rows)
    return out.getvalue().encode()


@pytest.fixture
def town(tarnsund: Town) -> Town:
    """With the categories that the police's types mean."""
    with tenancy.inside(tarnsund.group):
        here = set(Category.objects.values_list("code", flat=True))
        for code in set(police.CODES.values()) - here:
            Category.objects.create(group=tarnsund.group, code=code, name_sv=code)
    return tarnsund


def run(town: Town, content: bytes, *, where: str = "") -> importing.Plan:
    with tenancy.inside(town.group):
        header = police.with_titles(sheets.open_sheet(content, max_rows=None)).header
        said = police.mapping(header, set(Category.objects.values_list("code", flat=True)), where)
        if not where:
            del said["only"]
        organisation = town.organisations["police"]
        plan = importing.plan_import(
            content=content,
            file_name="polisen",
            mapping=mapping.parse(said),
            group=town.group,
            organisation=organisation,
            now=NOW,
        )
        importing.take_in(plan=plan, by=None, organisation=organisation, now=NOW)
    return plan


def test_every_type_that_is_taken_means_a_category_of_the_default_tree() -> None:
    codes = {code for top in DEFAULT_TREE for code in (top.code, *(under.code for under in top.under))}
    assert set(police.CODES.values()) <= codes


@real
def test_the_feed_comes_in_without_digests_and_without_points(town: Town) -> None:
    feed = json.loads(FEED.read_bytes())
    plan = run(town, FEED.read_bytes())
    taken = [event for event in feed if event["type"] in police.CODES]
    assert (plan.lines, len(plan.incidents) + len(plan.held), plan.faults) == (500, len(taken), [])
    assert plan.left_out == 500 - len(taken)
    with tenancy.inside(town.group):
        found = list(Incident.objects.all())
    assert {(row.area_id, row.lon, row.location_precision) for row in found} == {(None, None, "none")}


@real
def test_the_time_is_that_of_the_title(town: Town) -> None:
    run(town, FEED.read_bytes(), where="Härnösand")
    with tenancy.inside(town.group):
        times = [str(row.occurred_from.astimezone(town.group.zone))[:16] for row in Incident.objects.all()]
    assert "2026-08-21 17:03" in times


@real
def test_only_the_events_of_the_own_municipality_are_taken_when_it_is_named(town: Town) -> None:
    plan = run(town, as_csv(events(5000)), where="Malmö")
    assert 0 < len(plan.incidents) < 1000
    assert plan.left_out + len(plan.incidents) == 5000


def twice(town: Town, count: int) -> tuple[int, int]:
    content = as_csv(events(count))
    run(town, content)
    with tenancy.inside(town.group):
        first = Incident.objects.count()
    run(town, content)
    with tenancy.inside(town.group):
        return first, Incident.objects.count()


@real
def test_five_thousand_events_come_in_once(town: Town) -> None:
    first, second = twice(town, 5000)
    assert first == second == sum(event["type"] in police.CODES for event in events(5000))


@real
@pytest.mark.long
def test_all_events_come_in_once(town: Town) -> None:
    first, second = twice(town, 100_000)
    assert first == second == sum(event["type"] in police.CODES for event in events(100_000))
