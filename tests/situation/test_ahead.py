"""What lies ahead: known days, the sun, the year wheel, and the same weeks before."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from holidays import country_holidays

from est_site import tenancy
from interventions.agenda import build_agenda
from situation import ahead, sun
from situation.actions import frozen_figures
from situation.days import Line, holidays, occurrences, pay_day
from situation.models import WheelEntry
from tests.cast import NOW, Town, make_incident
from tests.conftest import SignIn

STOCKHOLM = ZoneInfo("Europe/Stockholm")
PAGE, WHEEL = "/g/tarnsund/situation/2026-W47/ahead/", "/g/tarnsund/situation/year/"
MARKET = {"title": "Julmarknad", "kind": "event", "first_day": "2026-11-28", "last_day": "2026-11-29"}


def words(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


@pytest.mark.parametrize(
    ("year", "day"), [(2024, (3, 31)), (2025, (4, 20)), (2026, (4, 5)), (2027, (3, 28)), (2038, (4, 25))]
)
def test_easter_falls_where_the_almanac_says(year: int, day: tuple[int, int]) -> None:
    assert {code: day for day, code in holidays(year).items()}["easter"] == date(year, *day)


def test_the_holidays_of_2026() -> None:
    named = {code: day for day, code in holidays(2026).items()}
    assert (named["midsummer_eve"], named["saints"]) == (date(2026, 6, 19), date(2026, 10, 31))
    assert (named["ascension"], named["whitsun"]) == (date(2026, 5, 14), date(2026, 5, 24))
    assert (named["maundy_thursday"], named["walpurgis"]) == (date(2026, 4, 2), date(2026, 4, 30))


def test_every_day_the_library_calls_a_public_holiday_is_named() -> None:
    told = country_holidays("SE", years=range(2024, 2040), language="sv")
    assert [day for day in told if day not in holidays(day.year)] == []


@pytest.mark.parametrize(
    ("month", "day"), [((2026, 11), 25), ((2026, 10), 23), ((2026, 12), 23), ((2027, 6), 24), ((2016, 3), 24)]
)
def test_pay_comes_on_the_25th_or_the_working_day_before(month: tuple[int, int], day: int) -> None:
    assert pay_day(*month) == date(*month, day)


@pytest.mark.parametrize(
    ("lat", "lon", "day", "rises", "sets"),
    [
        (59.33, 18.07, date(2026, 6, 21), 3 * 60 + 31, 22 * 60 + 8),
        (59.33, 18.07, date(2026, 12, 21), 8 * 60 + 44, 14 * 60 + 48),
        (55.60, 13.00, date(2026, 3, 20), 6 * 60 + 11, 18 * 60 + 19),
    ],
)
def test_the_sun_keeps_to_the_almanac(lat: float, lon: float, day: date, rises: int, sets: int) -> None:
    found = sun.sun(day, lat, lon, STOCKHOLM)
    assert not isinstance(found, str)
    assert [at.hour * 60 + at.minute for at in found] == pytest.approx([rises, sets], abs=3)


def test_in_the_far_north_the_sun_stays_up_or_down() -> None:
    assert sun.sun(date(2026, 6, 21), 67.86, 20.23, STOCKHOLM) == sun.UP
    assert sun.sun(date(2026, 12, 21), 67.86, 20.23, STOCKHOLM) == sun.DOWN
    assert sun.sun(date(2026, 6, 21), 90.0, 0.0, STOCKHOLM) == sun.UP


def test_what_comes_in_week_53_comes_only_in_years_that_have_one() -> None:
    line = Line(1, "Mellandagar", "theme", date(2026, 12, 28), date(2027, 1, 3), "weeks")
    found = list(occurrences(line, date(2026, 1, 1), date(2033, 1, 31)))
    assert [begins for begins, _ends in found] == [date(2020, 12, 28), date(2026, 12, 28), date(2032, 12, 27)][1:]


def test_a_leap_day_comes_every_year() -> None:
    line = Line(1, "Skottdag", "theme", date(2024, 2, 29), date(2024, 2, 29), "dates")
    assert list(occurrences(line, date(2027, 2, 1), date(2027, 3, 1))) == [(date(2027, 2, 28),) * 2]


def test_what_goes_over_new_year_is_found_on_both_sides() -> None:
    line = Line(1, "Jullov", "school", date(2024, 12, 20), date(2025, 1, 8), "dates")
    assert list(occurrences(line, date(2027, 1, 4), date(2027, 1, 10))) == [(date(2026, 12, 20), date(2027, 1, 8))]


def test_the_same_weeks_before_are_364_days_back() -> None:
    first, last = date(2027, 1, 4), date(2027, 1, 10)
    past = [(first - timedelta(days=364), "Hamnen", 1, 2), (first - timedelta(days=365), "Hamnen", 1, 9)]
    year = ahead.before(past, first, last)[0]
    assert (year["first_day"], year["total"], year["organisations"]) == ("2026-01-05", 2, 1)


def test_the_page_says_what_is_known(tarnsund: Town, signed_in: SignIn) -> None:
    with tenancy.inside(tarnsund.group):
        WheelEntry.objects.create(group=tarnsund.group, **MARKET)
        for _n in range(3):
            make_incident(tarnsund, at=NOW + timedelta(days=4) - timedelta(days=364))
    with time_machine.travel(NOW, tick=False):
        page = words(signed_in(tarnsund.maja).get(PAGE))
    assert "Julmarknad" in page
    assert "löning" in page
    assert "3 observationer: för få för att säga något." in page


@pytest.mark.parametrize(("who", "status"), [("carin", 200), ("stina", 200), ("rut", 403)])
def test_who_sees_what_lies_ahead(tarnsund: Town, signed_in: SignIn, who: str, status: int) -> None:
    client = signed_in(tarnsund.people[who])
    assert {client.get(PAGE).status_code, client.get(WHEEL).status_code} == {status}


def test_the_coordinator_writes_the_wheel_and_ends_a_line(tarnsund: Town, signed_in: SignIn) -> None:
    carin = signed_in(tarnsund.carin)
    with time_machine.travel(NOW, tick=False):
        assert carin.post(f"{WHEEL}add/", MARKET | {"repeats": "once"}).status_code == 302
        assert "Julmarknad" in words(carin.get(WHEEL))
        with tenancy.inside(tarnsund.group):
            row = WheelEntry.objects.get()
        carin.post(f"{WHEEL}{row.pk}/end/", {"version": 1})
        carin.get(WHEEL)  # where it is said
        assert "Julmarknad" not in words(carin.get(WHEEL))
    assert signed_in(tarnsund.maja).get(f"{WHEEL}add/").status_code == 403


def test_the_same_line_twice_is_one_and_is_said(tarnsund: Town, signed_in: SignIn) -> None:
    carin, line = signed_in(tarnsund.carin), MARKET | {"repeats": "once"}
    assert carin.post(f"{WHEEL}add/", line).status_code == 302
    again = carin.post(f"{WHEEL}add/", line)
    assert (again.status_code, "Det här står redan i årshjulet." in words(again)) == (422, True)
    assert carin.post(f"{WHEEL}add/", line | {"title": "Vårmarknad"}).status_code == 302
    with tenancy.inside(tarnsund.group):
        spring = WheelEntry.objects.get(title="Vårmarknad")
    assert carin.post(f"{WHEEL}{spring.pk}/", line | {"version": 1}).status_code == 422
    with tenancy.inside(tarnsund.group):
        assert sorted(WheelEntry.objects.values_list("title", flat=True)) == ["Julmarknad", "Vårmarknad"]


def test_a_persons_number_is_not_let_into_the_wheel(tarnsund: Town, signed_in: SignIn) -> None:
    said = MARKET | {"title": "Möte 19121212-1212", "repeats": "once"}
    assert signed_in(tarnsund.carin).post(f"{WHEEL}add/", said).status_code == 422


def test_what_lies_ahead_is_frozen_and_stands_on_the_agenda(tarnsund: Town) -> None:
    with tenancy.inside(tarnsund.group):
        WheelEntry.objects.create(group=tarnsund.group, **MARKET)
        frozen = frozen_figures(tarnsund.periods[-1], group=tarnsund.group, cut_off=NOW, judged=False)
    items = dict(build_agenda(frozen, [], day=date(2026, 11, 23)))
    assert [reason["sv"] for reason in items["coming"]][-1].startswith("Julmarknad (")
    assert any("day of pay" in reason["en"] for reason in items["coming"])


@pytest.mark.parametrize("page", [PAGE, WHEEL])
def test_the_pages_ask_as_often_however_much_there_is(tarnsund: Town, signed_in: SignIn, page: str) -> None:
    carin, asked = signed_in(tarnsund.carin), []
    for many in (1, 9):
        with tenancy.inside(tarnsund.group):
            for _n in range(many):
                title = f"Marknad {WheelEntry.objects.count()}"
                WheelEntry.objects.create(
                    group=tarnsund.group, area=tarnsund.areas["Hamnen"], **MARKET | {"title": title}
                )
                make_incident(tarnsund, at=NOW + timedelta(days=4) - timedelta(days=364))
        with CaptureQueriesContext(connection) as queries:
            assert carin.get(page).status_code == 200
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 20
