"""What is frozen of how a period was reported, and the few lines it is worth."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from est_site.partners.models import Membership
from situation.actions import frozen_figures
from tests.cast import NOW, Town, make_incident
from tests.situation.test_reporting import said

FROZEN_AT = NOW + timedelta(hours=15)
ALIKE = {"Kommunen": (20, 20), "Polisen": (20, 20)}


@pytest.fixture
def weeks(inside: Town) -> Town:
    """Twelve weeks of two events each, told by the police and by housing; reported after two hours."""
    for week in range(12):
        for name in ("police", "housing"):
            happened(inside, name, weeks=week)
    return inside


def happened(town: Town, name: str, *, weeks: int = 0, after: int = 2, **more: Any) -> Any:
    at = NOW - timedelta(weeks=weeks, hours=18)
    reported = at + timedelta(hours=after)
    given = {"reporter": None, "reported_at": reported, "recorded_at": reported} | more
    return make_incident(town, at=at, organisation=town.organisations[name], **given)


def quality(town: Town) -> dict[str, Any]:
    return frozen_figures(town.periods[-1], group=town.group, cut_off=FROZEN_AT)["quality"]


def test_the_periods_compared_with_are_kept_with_their_reports_and_who_answered(weeks: Town) -> None:
    assert quality(weeks)["usual"] == {"periods": 11, "reports": 22, "active": 22}


def test_the_lag_is_the_median_from_event_to_report(weeks: Town) -> None:
    happened(weeks, "police", after=6)
    happened(weeks, "police", after=10)
    happened(weeks, "police", after=30)
    assert quality(weeks)["lag"] == {"hours": [6.0, 2.0], "events": [5, 22]}


def test_what_was_reported_later_than_could_be_known_here_is_left_out_of_the_weeks_before(weeks: Town) -> None:
    for n in range(1, 12):
        for _twice in range(3):
            happened(weeks, "police", weeks=n, after=60)  # the figures here end eleven hours after the week
    assert quality(weeks)["lag"]["hours"] == [2.0, 2.0]


def test_an_event_told_by_two_organisations_is_counted_and_one_told_twice_by_the_same_is_not(weeks: Town) -> None:
    first = happened(weeks, "police")
    happened(weeks, "housing", merged_into=first)
    happened(weeks, "guards", merged_into=first)
    second = happened(weeks, "housing")
    happened(weeks, "housing", merged_into=second)
    hidden = happened(weeks, "police", visibility="police")
    happened(weeks, "housing", merged_into=hidden)
    assert quality(weeks)["twice"] == 1


@pytest.mark.parametrize(("persons", "told"), [(4, None), (5, 5)])
def test_persons_are_one_number_and_none_where_they_are_few(weeks: Town, persons: int, told: int | None) -> None:
    for member in Membership.objects.order_by("pk")[:persons]:
        happened(weeks, "police", reporter=member)
    assert quality(weeks)["persons"] == told


def test_a_group_without_a_past_keeps_no_comparison(inside: Town) -> None:
    happened(inside, "police")
    assert quality(inside) == {"twice": 0, "persons": None}


def test_a_change_is_divided_against_the_weeks_of_the_verdicts(weeks: Town) -> None:
    kept = {"usual": {"periods": 10, "reports": 300, "active": 20}}
    words = said({"Kommunen": (20, 20), "Polisen": (20, 20), "Skolan": (20, 20)}, quality=kept)
    assert "Omdömena jämför med tio perioder, som hade i snitt 30 från 2 som svarade." in words
    assert "Mot dem kommer ungefär 58 % av ökningen av att fler svarar." in words  # ln(3/2) of ln(60/30)


def test_few_events_are_not_divided(weeks: Town) -> None:
    kept = {"usual": {"periods": 10, "reports": 40, "active": 20}}
    words = said({"Kommunen": (4, 5), "Polisen": (4, 5)}, quality=kept)
    assert "hade i snitt 4 från 2 som svarade." in words
    assert "Mot dem" not in words


@pytest.mark.parametrize(
    ("hours", "events", "told"),
    [([30.0, 9.0], [20, 90], True), ([10.0, 9.0], [20, 90], False), ([30.0, 9.0], [9, 90], False)],
)
def test_a_lag_is_told_only_when_it_has_changed_and_rests_on_enough(
    hours: list[float], events: list[int], told: bool
) -> None:
    words = said(ALIKE, quality={"lag": {"hours": hours, "events": events}})
    assert (
        "Hälften av händelserna rapporterades inom 30 timmar; i perioderna som jämförs inom 9 timmar." in words
    ) == told


def test_what_says_nothing_takes_no_line_and_old_pictures_are_as_they_were() -> None:
    assert said(ALIKE, quality={"twice": 0, "persons": None}) == said(ALIKE)
    words = said(ALIKE, quality={"twice": 3, "persons": 14})
    assert "Tre händelser har berättats av flera organisationer och räknas en gång var." in words
    assert "14 personer har rapporterat under perioden." in words
