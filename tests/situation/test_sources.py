"""Other sources beside the picture: what they say, what we have seen, and how their values come in."""

from __future__ import annotations

import itertools
import math
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from est_site import tenancy
from est_site.models import AuditEvent
from est_site.partners.models import Area, Period
from incidents.models import CalmReport, Visibility
from situation import source_actions, source_rows, source_words, sources
from situation.models import SourceSeries, SourceValue
from situation.source_pasting import MOST
from situation.sources import Reading, When
from tests.cast import NOW, Town, make_incident
from tests.conftest import SignIn
from tests.situation.test_situation_page import words

SOURCES = "/g/tarnsund/situation/sources/"
counts = st.lists(st.integers(0, 40), min_size=2, max_size=60)


# --- the comparison ------------------------------------------------------------------------------------------------


@given(st.integers(1990, 2100), st.integers(0, 4))
def test_the_weeks_of_a_time_hold_each_of_its_days_once(year: int, quarter: int) -> None:
    when = When(year, quarter)
    days = [first + timedelta(days=n) for first, last in when.weeks for n in range((last - first).days + 1)]
    assert days == [when.first + timedelta(days=n) for n in range((when.last - when.first).days + 1)]


def test_the_quarters_of_a_year_are_its_days() -> None:
    quarters = [When(2026, n) for n in (1, 2, 3, 4)]
    assert quarters[0].first == date(2026, 1, 1)
    assert quarters[-1].last == date(2026, 12, 31)
    assert all(one.last + timedelta(days=1) == two.first for one, two in itertools.pairwise(quarters))


@given(counts, counts)
def test_our_ratio_turned_round_is_its_inverse(before: list[int], after: list[int]) -> None:
    one, two = sources.ours(before, after, days=(365, 366)), sources.ours(after, before, days=(366, 365))
    assert (one is None) == (two is None) == (sum(before) + sum(after) < sources.FEW)
    if one and two:
        assert one.ratio == pytest.approx(1 / two.ratio)
        assert one.low == pytest.approx(1 / two.high)
        assert one.low <= one.ratio <= one.high


def test_our_interval_is_that_of_two_poisson_counts_where_the_weeks_do_not_scatter() -> None:
    found = sources.ours([4] * 25, [6] * 25, days=(175, 175))
    assert found is not None
    width = 1.96 * math.sqrt(1 / 100 + 1 / 150)
    assert (found.ratio, found.low, found.high) == pytest.approx((1.5, 1.5 * math.exp(-width), 1.5 * math.exp(width)))
    assert found.direction == "up"


def test_weeks_that_scatter_make_the_interval_wider() -> None:
    even, uneven = [sources.ours(weeks, weeks, days=(70, 70)) for weeks in ([10] * 10, [0, 20] * 5)]
    assert even is not None
    assert uneven is not None
    assert uneven.high > even.high


def test_intervals_that_meet_tell_nothing() -> None:
    before = Reading(60, 55, 65)
    assert sources.direction(before, Reading(70, 65, 75), counted=False) == "open"
    assert sources.direction(before, Reading(71, 65.1, 76), counted=False) == "up"
    assert sources.direction(before, Reading(50, 45, 54.9), counted=False) == "down"
    assert sources.direction(Reading(60), Reading(80), counted=False) == "open"
    assert sources.direction(Reading(60), Reading(120), counted=True) == "up"
    assert sources.direction(Reading(0), Reading(120), counted=True) == "up"
    assert sources.direction(Reading(2), Reading(17), counted=True) == "open"


@pytest.mark.parametrize(
    ("source", "rising", "seen", "apart"),
    [
        ("up", "better", "up", True),  # more feel safe, and more was seen
        ("up", "better", "down", False),
        ("up", "worse", "up", False),
        ("down", "worse", "up", True),
        ("up", "neither", "up", False),
        ("open", "better", "up", False),
        ("up", "better", "open", False),
    ],
)
def test_two_sources_point_apart_only_where_both_are_clear(source: Any, rising: str, seen: Any, apart: bool) -> None:
    assert sources.disagree(source, rising, seen) is apart


def test_a_quarter_is_compared_with_the_same_quarter_of_a_year_before() -> None:
    told = {When(2025, 1): Reading(1), When(2025, 4): Reading(2), When(2026, 1): Reading(3)}
    assert sources.latest(told) == (When(2026, 1), When(2025, 1))
    assert sources.latest({When(2026, 1): Reading(3)}) == (When(2026, 1), None)
    assert sources.latest({}) is None


@pytest.fixture
def survey(inside: Town) -> SourceSeries:
    """In Hamnen the feeling of safety rose from 2024 to 2025."""
    inside.group.first_period = date(2023, 12, 4)
    inside.group.save()
    return _series(inside, ("Hamnen", 2024, 50.0), ("Hamnen", 2025, 70.0))


def _series(town: Town, *values: tuple[str, int, float], **said: Any) -> SourceSeries:
    said = {"name": "Trygga utomhus", "unit": "procent", "source": "Mätningen", "rising": "better"} | said
    series = SourceSeries.objects.create(group=town.group, **said)
    for area, year, value in values:
        about = {"area": town.areas.get(area), "year": year, "value": value, "low": value - 4, "high": value + 4}
        SourceValue.objects.create(group=town.group, series=series, taken_at=NOW, taken_by=town.carin, **about)
    return series


def _seen(town: Town, year: int, many: int, first: int = 1, **said: Any) -> None:
    """So many in Hamnen, from a month on; who told of them was heard of Centrum in each week of those months."""
    for n in range(many):
        at = NOW.replace(year=year, month=first + n % (13 - first), day=1 + n % 28)
        make_incident(town, area=town.areas["Hamnen"], at=at, recorded_at=at, **said)
    for week in range(1, 53):
        day = date.fromisocalendar(year, week, 4)
        if day.month >= first:
            at = NOW.replace(year=day.year, month=day.month, day=day.day)
            make_incident(town, area=town.areas["Centrum"], at=at, recorded_at=at, **said)


def _hamnen(town: Town) -> dict[str, Any]:
    (series,) = source_rows.figures(town.group, NOW)
    return next(one for one in series["lines"] if one["area"] == "Hamnen")


def test_where_the_survey_says_better_and_we_saw_clearly_more_they_point_apart(
    inside: Town, survey: SourceSeries, signed_in: SignIn
) -> None:
    _seen(inside, 2024, 12)
    _seen(inside, 2025, 40)
    line = _hamnen(inside)
    assert (line["way"], line["ours"]["numbers"], line["ours"]["way"]) == ("up", [12, 40], "up")
    assert line["apart"]
    page = words(signed_in(inside.people["maja"]).get(f"{SOURCES}{survey.pk}/"))
    assert "pekar åt olika håll" in page
    assert "12 → 40: klart fler" in page
    assert "åt ett annat håll än våra observationer i Hamnen" in words(signed_in(inside.people["maja"]).get(SOURCES))


def test_under_twenty_events_nothing_is_said_of_ours(inside: Town, survey: SourceSeries) -> None:
    _seen(inside, 2024, 2)
    _seen(inside, 2025, 17)
    assert _hamnen(inside)["ours"] == {"why": "few", "numbers": [2, 17]}


@pytest.mark.parametrize("first", [13, 10, 6, 3])
def test_who_began_to_report_in_between_is_no_change(inside: Town, survey: SourceSeries, first: int) -> None:
    _seen(inside, 2024, 12)
    _seen(inside, 2025, 12)
    police = inside.organisations["police"]
    if first < 13:
        _seen(inside, 2024, 6, first, organisation=police)
    _seen(inside, 2025, 40, organisation=police)
    assert _hamnen(inside)["ours"]["numbers"] == [12, 12]


def test_who_said_that_it_was_calm_reported_too(inside: Town, survey: SourceSeries) -> None:
    _seen(inside, 2024, 12)
    _seen(inside, 2025, 12)
    police = inside.organisations["police"]
    for year in (2024, 2025):
        for week in range(1, 53):
            first = date.fromisocalendar(year, week, 1)
            days = {"first_day": first, "last_day": first + timedelta(days=6)}
            period = Period.objects.create(group=inside.group, **days)
            CalmReport.objects.create(group=inside.group, organisation=police, period=period, reported_at=NOW)
    at = NOW.replace(year=2025, month=7)
    make_incident(inside, area=inside.areas["Hamnen"], at=at, recorded_at=at, organisation=police)
    assert _hamnen(inside)["ours"]["numbers"] == [12, 13]
    CalmReport.objects.filter(period__first_day__year=2024, period__first_day__month__lte=6).delete()
    assert _hamnen(inside)["ours"]["numbers"] == [12, 12]


def test_what_is_neither_better_nor_worse_is_not_compared(inside: Town, survey: SourceSeries) -> None:
    SourceSeries.objects.update(rising="neither")
    _seen(inside, 2024, 12)
    _seen(inside, 2025, 40)
    (found,) = source_rows.figures(inside.group, NOW)
    assert not any(line["apart"] for line in found["lines"])
    with translation.override("en"):
        assert "without being compared" in source_words.summary(found)


def test_a_picture_of_an_old_week_holds_nothing_of_what_came_later(inside: Town, survey: SourceSeries) -> None:
    (found,) = source_rows.figures(inside.group, NOW, until=date(2025, 3, 2))
    assert [line["last"][0] for line in found["lines"]] == [2024]


def test_an_area_drawn_anew_keeps_its_values(inside: Town, survey: SourceSeries, signed_in: SignIn) -> None:
    inside.areas["Hamnen"].valid_to = date(2025, 12, 31)
    inside.areas["Hamnen"].save()
    anew = Area.objects.get(pk=inside.areas["Hamnen"].pk)
    anew.pk, anew.valid_from, anew.valid_to = None, date(2026, 1, 1), None
    anew.save()
    look = _take(inside, signed_in, survey, "Hamnen\t2025\t70\t66\t74")
    assert look.context["found"].already == 1
    look = _take(inside, signed_in, survey, "Hamnen\t2025\t71")
    _take(inside, signed_in, survey, "Hamnen\t2025\t71", seen=look.context["found"].digest)
    assert _values(inside) == [("Hamnen", 2024, 0, 50.0), ("Hamnen", 2025, 0, 71.0)]


def test_how_values_are_read_stays_once_there_are_any(inside: Town, survey: SourceSeries) -> None:
    said = {"name": "Trygga", "unit": "procent", "source": "Mätningen", "rising": "better", "counted": False}
    change = partial(source_actions.change_source, by=inside.carin, entry=survey, version=1, now=NOW)
    with pytest.raises(ValidationError):
        change(**said, quarterly=True)
    assert change(**said, quarterly=False).name == "Trygga"


def test_a_series_that_is_shown_no_more_takes_nothing_in_and_stays_readable(
    inside: Town, survey: SourceSeries, signed_in: SignIn
) -> None:
    carin = signed_in(inside.carin)
    assert carin.post(f"{SOURCES}{survey.pk}/end/", {"version": 1}).status_code == 302
    assert carin.get(f"{SOURCES}{survey.pk}/").status_code == 200
    assert carin.get(f"{SOURCES}{survey.pk}/values.csv").status_code == 200
    for rest in ("take/", "change/"):
        assert carin.get(f"{SOURCES}{survey.pk}/{rest}").status_code == 404
    assert carin.post(f"{SOURCES}{survey.pk}/end/", {"version": 2}).status_code == 404


def test_limited_observations_are_in_no_comparison(inside: Town, survey: SourceSeries) -> None:
    _seen(inside, 2024, 12)
    _seen(inside, 2025, 12)
    _seen(inside, 2025, 40, visibility=Visibility.ORGANISATION)
    assert _hamnen(inside)["ours"]["numbers"] == [12, 12]


def test_a_time_before_the_group_began_and_a_border_drawn_anew_are_not_compared(
    inside: Town, survey: SourceSeries
) -> None:
    inside.areas["Hamnen"].valid_from = date(2025, 6, 1)
    inside.areas["Hamnen"].save()
    assert _hamnen(inside)["ours"] == {"why": "redrawn"}
    inside.group.first_period = date(2024, 1, 8)
    assert _hamnen(inside)["ours"] == {"why": "young"}


def test_the_questions_do_not_grow_with_the_values(inside: Town, survey: SourceSeries) -> None:
    with CaptureQueriesContext(connection) as few:
        source_rows.figures(inside.group, NOW)
    for n in range(2010, 2024):
        about = {"area": inside.areas["Centrum"], "year": n, "value": n}
        SourceValue.objects.create(group=inside.group, series=survey, taken_at=NOW, taken_by=inside.carin, **about)
    with CaptureQueriesContext(connection) as many:
        source_rows.figures(inside.group, NOW)
    assert len(many) == len(few) == 5


def _take(town: Town, signed_in: SignIn, series: SourceSeries, pasted: str, **said: Any) -> Any:
    return signed_in(town.carin).post(f"{SOURCES}{series.pk}/take/", {"pasted": pasted} | said)


def _values(town: Town) -> list[tuple[Any, ...]]:
    with tenancy.inside(town.group):
        return list(SourceValue.objects.order_by("year", "id").values_list("area__name", "year", "quarter", "value"))


@pytest.fixture
def bare(tarnsund: Town) -> SourceSeries:
    with tenancy.inside(tarnsund.group):
        return _series(tarnsund)


@pytest.mark.parametrize(
    "pasted",
    [
        "Hamnen\t2024\t61,5\t58\t64\nalla\t2025\t1 204",
        "År;Värde;Område;Högst;Lägst\n2024;61,5;Hamnen;64;58\n2025;1204;;;",
        "Område\t2024\t2025\nHamnen\t61.5\t\nTotalt\t\t1204",
    ],
)
def test_rows_and_columns_are_read_looked_at_and_saved_once(
    tarnsund: Town, bare: SourceSeries, signed_in: SignIn, pasted: str
) -> None:
    look = _take(tarnsund, signed_in, bare, pasted)
    assert look.status_code == 200
    assert _values(tarnsund) == []
    seen = look.context["found"].digest
    assert _take(tarnsund, signed_in, bare, pasted, seen=seen).status_code == 302
    assert _values(tarnsund) == [("Hamnen", 2024, 0, 61.5), (None, 2025, 0, 1204.0)]
    with tenancy.inside(tarnsund.group):
        events = AuditEvent.objects.count()
    again = _take(tarnsund, signed_in, bare, pasted)
    assert again.context["found"].already == 2
    _take(tarnsund, signed_in, bare, pasted, seen=again.context["found"].digest)
    with tenancy.inside(tarnsund.group):
        assert AuditEvent.objects.count() == events


def test_another_value_says_which_it_takes_the_place_of(tarnsund: Town, bare: SourceSeries, signed_in: SignIn) -> None:
    first = _take(tarnsund, signed_in, bare, "Hamnen\t2024\t61")
    _take(tarnsund, signed_in, bare, "Hamnen\t2024\t61", seen=first.context["found"].digest)
    look = _take(tarnsund, signed_in, bare, "Hamnen\t2024\t63")
    assert "i stället för 61" in words(look)
    _take(tarnsund, signed_in, bare, "Hamnen\t2024\t63", seen=look.context["found"].digest)
    assert _values(tarnsund) == [("Hamnen", 2024, 0, 63.0)]


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("Månen\t2024\t61", "Inget område heter ”Månen”. Det finns: Centrum, Hamnen"),
        ("Hamnen\t24\t61", "”24” är inget år"),
        ("Hamnen\t1989\t61", "är inget år"),
        ("Hamnen\t2024 K3\t61", "Källan är per år"),
        ("Hamnen\t2024\t", "Värdet saknas"),
        ("Hamnen\t2024\tmånga", "”många” är inget tal"),
        ("Hamnen\t2024\t" + "9" * 13, "för stort"),
        ("Hamnen\t2024\t61\t58", "Ett intervall har två ändar"),
        ("Hamnen\t2024\t61\t62\t64", "ligger inte i sitt intervall"),
        ("Hamnen\t2024\t61\nhamnen\t2024\t62", "Rad 2 säger samma område och tid"),
    ],
)
def test_a_row_that_cannot_be_read_says_why_and_nothing_is_saved(
    tarnsund: Town, bare: SourceSeries, signed_in: SignIn, row: str, fault: str
) -> None:
    answer = _take(tarnsund, signed_in, bare, f"Centrum\t2024\t50\n{row}")
    assert answer.status_code == 422
    assert fault in words(answer)
    assert _values(tarnsund) == []


def test_a_count_is_a_whole_number_and_a_quarter_is_asked_for(tarnsund: Town, signed_in: SignIn) -> None:
    with tenancy.inside(tarnsund.group):
        crimes = _series(tarnsund, name="Brott", quarterly=True, counted=True, rising="worse")
    assert "skriv 2025 K3" in words(_take(tarnsund, signed_in, crimes, "Hamnen\t2024\t61"))
    for said in ("-1", "1,5"):
        answer = _take(tarnsund, signed_in, crimes, f"Hamnen\t2024 K2\t{said}")
        assert "är inget antal händelser" in words(answer)
    assert _take(tarnsund, signed_in, crimes, "Hamnen\tQ2 2024\t0").status_code == 200


@pytest.mark.parametrize(("many", "too_many"), [(MOST, False), (MOST + 1, True)])
def test_so_many_values_are_taken_in_at_once(
    tarnsund: Town, bare: SourceSeries, signed_in: SignIn, many: int, too_many: bool
) -> None:
    answer = _take(tarnsund, signed_in, bare, "\n".join(["Hamnen\t2024\t1"] * many))
    assert ("Högst 2000 värden" in words(answer)) is too_many
    assert (answer.context["found"] is None) is too_many


def test_a_file_is_looked_at_as_text_whatever_sheet_it_comes_from(
    tarnsund: Town, bare: SourceSeries, signed_in: SignIn
) -> None:
    for coding in ("utf-8-sig", "cp1252"):
        file = SimpleUploadedFile("m.csv", "område;år;värde\nHamnen;2024;61,5".encode(coding))
        look = signed_in(tarnsund.carin).post(f"{SOURCES}{bare.pk}/take/", {"file": file})
        assert look.context["found"].new == 1
        assert "Hamnen;2024;61,5" in look.context["form"]["pasted"].value()


@pytest.mark.parametrize(("size", "status"), [(1_000_000, 200), (1_000_001, 422)])
def test_a_file_is_at_most_a_megabyte(
    tarnsund: Town, bare: SourceSeries, signed_in: SignIn, size: int, status: int
) -> None:
    row = b"Hamnen;2024;61"
    file = SimpleUploadedFile("m.csv", row + b"\n" * (size - len(row)))
    answer = signed_in(tarnsund.carin).post(f"{SOURCES}{bare.pk}/take/", {"file": file})
    assert answer.status_code == status


def test_what_is_taken_away_can_be_taken_in_again(tarnsund: Town, bare: SourceSeries, signed_in: SignIn) -> None:
    look = _take(tarnsund, signed_in, bare, "Hamnen\t2024\t61,5\t58\t64\nalla\t2025\t1204")
    _take(tarnsund, signed_in, bare, "Hamnen\t2024\t61,5\t58\t64\nalla\t2025\t1204", seen=look.context["found"].digest)
    written = signed_in(tarnsund.people["maja"]).get(f"{SOURCES}{bare.pk}/values.csv").content.decode("utf-8-sig")
    assert _take(tarnsund, signed_in, bare, written).context["found"].already == 2


@pytest.mark.parametrize(("who", "status"), [("maja", 403), ("anders", 200), ("carin", 200), ("stina", 403)])
def test_who_brings_data_in_keeps_the_sources_and_all_who_read_the_picture_see_them(
    tarnsund: Town, bare: SourceSeries, signed_in: SignIn, who: str, status: int
) -> None:
    client = signed_in(tarnsund.people[who])
    assert client.get(f"{SOURCES}{bare.pk}/").status_code == 200
    assert client.get(f"{SOURCES}add/").status_code == status
    assert client.get(f"{SOURCES}{bare.pk}/take/").status_code == status
