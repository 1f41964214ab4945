"""The invented town is the same each time, and what is planted in it is there."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from reviews.demo import observations, town, truth

ZONE = ZoneInfo("Europe/Stockholm")
MONDAY = date(2026, 11, 16)


def test_the_same_week_is_the_same_each_time() -> None:
    assert observations.week_of(20, MONDAY, ZONE) == observations.week_of(20, MONDAY, ZONE)


def test_three_years_hold_about_fifteen_thousand_observations() -> None:
    weeks = list(observations.generate(MONDAY, ZONE))
    assert len(weeks) == 156
    assert 14_000 < sum(map(len, weeks)) < 16_000


def test_a_planted_surge_is_seen() -> None:
    surge = truth.SURGES[-1]

    def count(week: int) -> int:
        found = observations.week_of(week, MONDAY, ZONE)
        return sum((o.area, o.top) == (surge.area, surge.category) for o in found)

    before = [count(week) for week in range(surge.first_week - 8, surge.first_week)]
    assert count(surge.first_week) > max(before)


def test_some_of_the_forty_past_interventions_truly_worked_and_most_did_not() -> None:
    worked = sum(effect.worked for effect in truth.EFFECTS)
    assert len(truth.EFFECTS) == 40
    assert 0 < worked < 40 - worked


def test_the_town_has_fourteen_areas_that_do_not_overlap() -> None:
    shapes = list(town.area_shapes().values())
    overlaps = [a.intersection(b).area for n, a in enumerate(shapes) for b in shapes[n + 1 :]]
    assert len(shapes) == 14
    assert max(overlaps) < 1.0  # square metres


def test_nobody_reports_from_outside_their_own_organisation() -> None:
    names = {partner.name for partner in town.ORGANISATIONS}
    assert {person.organisation for person in town.PEOPLE} == names
    assert len(town.PEOPLE) == 20
