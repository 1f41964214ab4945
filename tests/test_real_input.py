"""The main job on real input: areas and robberies of one city, one meeting, and the same counts that the files give."""

from __future__ import annotations

import csv
import json
import os
from collections import Counter
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from pypdf import PdfReader
from shapely.geometry import Point, shape

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("EST_DATA", ROOT.parent / "shared" / "data"))
AREAS, ROBBERIES = DATA / "memphis_precincts.geojson", DATA / "memphis_robberies_2019.csv"

pytestmark = pytest.mark.skipif(not ROBBERIES.exists(), reason=f"no real data in {DATA}; EST_DATA names another folder")


def counts_from_the_files() -> Counter[str]:
    """The independent script: which precinct each robbery of 2019-W40 lies in, by the files alone."""
    precincts = [(f["properties"]["precinct"], shape(f["geometry"])) for f in json.loads(AREAS.read_text())["features"]]
    counts: Counter[str] = Counter()
    for row in csv.DictReader(ROBBERIES.read_text().splitlines()):
        if date.fromisoformat(row["date"][:10]).isocalendar()[:2] == (2019, 40):
            point = Point(float(row["lon"]), float(row["lat"]))
            counts[next((name for name, area in precincts if area.covers(point)), "Outside the areas")] += 1
    return counts


def run(*words: str) -> str:
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


@pytest.mark.django_db(transaction=True)
def test_the_minutes_of_a_week_hold_the_counts_that_the_files_give(settings: Any) -> None:
    run(
        *("create_group", "memphis", "Memphis", "--municipality", "Memphis", "--first-period", "2019-08-05"),
        *("--time-zone", "America/Chicago", "--language", "en", "--organisation", "Police"),
        *("--coordinator-email", "chair@memphis.example", "--coordinator-name", "Chair"),
    )
    run("import_areas", str(AREAS), "--group", "memphis", "--name-field", "precinct")
    mapping = str(ROOT / "docs" / "mappings" / "memphis_robberies.toml")
    run("import_incidents", str(ROBBERIES), "--group", "memphis", "--mapping", mapping, "--commit")
    said = run("hold_meeting", "2019-W40", "--group", "memphis", "--by", "chair@memphis.example")
    text = " ".join(page.extract_text() for page in PdfReader(said.split(": ", 1)[1].strip()).pages)
    words = " ".join(text.split())
    counts = counts_from_the_files()
    assert sum(counts.values()) > 20
    for precinct, count in counts.items():
        assert f"{precinct} {count} " in words
