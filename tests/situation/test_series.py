"""The weekly series, counted anew."""

from __future__ import annotations

import csv
import os
from collections import Counter
from datetime import date, datetime, timedelta
from io import StringIO
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command

from est_site import tenancy
from incidents.models import Visibility
from situation.series import weekly
from tests import cast

ZONE = ZoneInfo("Europe/Stockholm")


def rebuilt(*of: str) -> list[dict[str, str]]:
    out = StringIO()
    call_command("rebuild_series", "tarnsund", *(word for one in of for word in ("--of", one)), stdout=out)
    return list(csv.DictReader(StringIO(out.getvalue())))


def test_weeks_are_local_and_begin_on_monday(tarnsund: cast.Town) -> None:
    with tenancy.inside(tarnsund.group):
        for at in (datetime(2026, 11, 15, 23, 50, tzinfo=ZONE), datetime(2026, 11, 16, 0, 10, tzinfo=ZONE)):
            said = {"occurred_from": at, "occurred_to": at, "day": at.date()}
            cast.make_incident(tarnsund, category=tarnsund.categories["damage"], **said)
    rows = rebuilt("damage=damage")
    assert [(row["week"], row["monday"], row["damage"]) for row in rows] == [
        ("2026-W46", "2026-11-09", "1"),
        ("2026-W47", "2026-11-16", "1"),
    ]


def test_a_week_without_any_stands_as_zero_and_week_53_is_there() -> None:
    days = [(date(2026, 12, 23), 1, 2), (date(2027, 1, 5), 1, 1)]
    assert weekly(days, {"all": frozenset([1]), "none": frozenset([2])}) == [
        (date(2026, 12, 21), [2, 0]),
        (date(2026, 12, 28), [0, 0]),
        (date(2027, 1, 4), [1, 0]),
    ]


def test_what_lies_under_a_category_counts_with_it_and_what_is_limited_does_not(tarnsund: cast.Town) -> None:
    with tenancy.inside(tarnsund.group):
        cast.make_incident(tarnsund, category=tarnsund.categories["lighting"])
        cast.make_incident(tarnsund, category=tarnsund.categories["lighting"], visibility=Visibility.ORGANISATION)
    (row,) = rebuilt()
    assert row["unsafe"] == "1"


@pytest.mark.parametrize("of", ["damage", "=damage", "damage=", "damage=nothing"])
def test_a_wrong_column_is_refused_in_words(tarnsund: cast.Town, of: str) -> None:
    with pytest.raises(CommandError, match=r"is not NAME=CODE|There is no category nothing"):
        rebuilt(of)


def test_a_group_without_observations_has_a_heading_and_no_weeks(tarnsund: cast.Town) -> None:
    assert rebuilt("damage=damage") == []


def test_the_police_events_of_a_city_give_the_series_any_other_script_would() -> None:
    import gzip

    path = Path(os.environ.get("EST_DATA", "/nowhere")) / "polisen_events_2023_2026.csv.gz"
    if not path.exists():
        pytest.skip("the police's events are not beside this checkout")
    with gzip.open(path, "rt") as file:
        events = [row for row in csv.DictReader(file) if row["place_in_title"] == "Malmö" and row["event_time"]]
    kinds = {"violence": {"Misshandel", "Rån", "Bråk"}, "damage": {"Skadegörelse", "Brand"}}
    codes = {name: n for n, name in enumerate(sorted({row["type"] for row in events}))}
    days = Counter((date.fromisoformat(row["event_time"][:10]), codes[row["type"]]) for row in events)
    found = weekly(
        [(day, kind, n) for (day, kind), n in days.items()],
        {name: frozenset(codes[one] for one in several if one in codes) for name, several in kinds.items()},
    )
    other: Counter[tuple[int, int, str]] = Counter()
    for row in events:
        year, week, _day = datetime.fromisoformat(row["event_time"]).isocalendar()
        other.update((year, week, name) for name, several in kinds.items() if row["type"] in several)
    assert len(found) > 150
    assert all(b[0] - a[0] == timedelta(weeks=1) for a, b in pairwise(found))
    for monday, counts in found:
        year, week, _day = monday.isocalendar()
        assert counts == [other[year, week, name] for name in kinds]
    assert sum(map(sum, (counts for _monday, counts in found))) == sum(other.values())
