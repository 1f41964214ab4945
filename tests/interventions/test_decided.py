"""Decisions found again, and the figures of the group's own work."""

from __future__ import annotations

import csv
import io
import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
import vobject
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from est_site import tenancy
from incidents.models import Visibility
from interventions import decided, work
from interventions.actions import NewIntervention, prepare_meeting, start_intervention
from interventions.models import Intervention
from interventions.work import Decided
from situation.actions import open_meeting
from situation.models import Meeting
from situation.schedule import plan_meeting
from tests.cast import NOW, Town
from tests.conftest import SignIn

TUESDAY = NOW + timedelta(days=1, hours=17)
TODAY = date(2026, 11, 24)


@pytest.fixture
def going_on(inside: Town) -> Meeting:
    meeting = prepare_meeting(meeting=plan_meeting(group=inside.group, period=inside.periods[-1]), now=NOW)
    return open_meeting(meeting=meeting, by=inside.carin, now=TUESDAY)


def start(town: Town, meeting: Meeting, what: str = "Väktarna går Hamnplan", **fields: Any) -> Intervention:
    known = {"responsible": town.organisations["guards"], "area": town.areas["Hamnen"], "first_day": TODAY}
    new = NewIntervention(**{"what": what, "follow_up_on": TODAY + timedelta(days=7)} | known | fields)
    said = {"client_uuid": uuid.uuid4(), "by": town.carin, "now": TUESDAY}
    return start_intervention(meeting=meeting, new=new, **said).intervention


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("q=hamnplan", {"Väktarna går Hamnplan"}),
        ("q=h", {"Väktarna går Hamnplan", "Klipp häcken"}),
        ("kind=start", {"Väktarna går Hamnplan", "Klipp häcken"}),
        ("kind=end", set()),
        ("state=running", {"Väktarna går Hamnplan", "Klipp häcken"}),
        ("state=overdue", {"Klipp häcken"}),
        ("area=999999&kind=nonsense", {"Väktarna går Hamnplan", "Klipp häcken"}),
    ],
)
def test_decisions_are_narrowed_by_what_is_asked(
    inside: Town, going_on: Meeting, signed_in: SignIn, asked: str, found: set[str]
) -> None:
    start(inside, going_on)
    start(inside, going_on, "Klipp häcken", area=inside.areas["Centrum"], follow_up_on=TODAY)
    with time_machine.travel(TUESDAY + timedelta(days=1), tick=False):
        page = signed_in(inside.hanna).get(f"/g/tarnsund/decisions/?{asked}").text
    assert {what for what in ("Väktarna går Hamnplan", "Klipp häcken") if what in page} == found


@pytest.mark.django_db
def test_a_limited_decision_is_found_by_its_own_organisation_alone(
    inside: Town, going_on: Meeting, signed_in: SignIn
) -> None:
    own = {"responsible": inside.organisations["housing"], "visibility": Visibility.ORGANISATION}
    start(inside, going_on, "Byt låset i trapphuset", **own)
    for who, sees in ((inside.hanna, True), (inside.pontus, False), (inside.carin, False)):
        for page in ("decisions/", "decisions.csv"):
            assert ("Byt låset" in signed_in(who).get(f"/g/tarnsund/{page}").text) is sees


@pytest.mark.django_db
def test_the_file_has_the_rows_of_the_page_and_no_formulas(inside: Town, going_on: Meeting, signed_in: SignIn) -> None:
    start(inside, going_on, "=1+1")
    start(inside, going_on, "Klipp häcken", area=inside.areas["Centrum"])
    text = signed_in(inside.hanna).get("/g/tarnsund/decisions.csv?q=1%2B1").content.decode("utf-8-sig")
    [row] = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert row["Insats"] == "'=1+1"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "page", ["decisions/", "decisions/work/", "decisions.csv", "decisions/own/", "decisions/own.ics"]
)
def test_the_pages_ask_as_often_for_many_decisions_as_for_one(
    inside: Town, going_on: Meeting, signed_in: SignIn, page: str, django_assert_num_queries: Callable[..., Any]
) -> None:
    housing = inside.organisations["housing"]
    start(inside, going_on, place=inside.places["kiosken"], responsible=housing)
    browser, address = signed_in(inside.hanna), f"/g/tarnsund/{page}"
    with CaptureQueriesContext(connection) as few:
        browser.get(address)
    with tenancy.inside(inside.group):
        for n in range(12):
            start(inside, going_on, f"Insats {n}", place=inside.places["kiosken"], responsible=housing)
    with django_assert_num_queries(len(few)):
        browser.get(address)


@pytest.mark.django_db
def test_a_limited_decision_enters_no_figure(inside: Town, going_on: Meeting) -> None:
    start(inside, going_on, visibility=Visibility.ORGANISATION)
    assert decided.of_the_group(inside.group.pk, inside.group.zone) == []


@pytest.mark.django_db
def test_an_organisations_list_has_its_own_alone_and_the_calendar_none_of_the_words(
    inside: Town, going_on: Meeting, signed_in: SignIn
) -> None:
    start(inside, going_on, "Byt låset", responsible=inside.organisations["housing"])
    start(inside, going_on)
    browser = signed_in(inside.hanna)
    page = browser.get("/g/tarnsund/decisions/own/").text
    assert "Byt låset" in page
    assert "Hamnplan" not in page
    [task] = vobject.readOne(browser.get("/g/tarnsund/decisions/own.ics").text).contents["vtodo"]
    assert task.summary.value == "EST-insats 48:1, Tärnsund"
    assert task.due.value == TODAY + timedelta(days=7)


def row(day: date, kind: str = "continue", delivered: str = "", on: date | None = None, of: int = 1) -> Decided:
    return Decided(of, day, kind, delivered, on)


def test_a_promise_is_kept_when_it_was_looked_at_by_its_day() -> None:
    kept = [row(date(2026, 3, 2), "start", on=date(2026, 3, 9)), row(date(2026, 3, 9), on=date(2026, 3, 16))]
    late = [row(date(2026, 3, 23), "end")]
    [year] = work.by_year([*kept, *late], TODAY)
    assert (year.due, year.in_time) == (2, 1)


def test_a_promise_whose_day_has_not_come_is_not_judged() -> None:
    [year] = work.by_year([row(date(2026, 11, 17), "start", on=date(2026, 12, 1))], TODAY)
    assert year.due == 0


@given(
    st.lists(
        st.builds(
            row,
            st.dates(date(2024, 1, 1), TODAY),
            st.sampled_from(["start", "continue", "end", "drop"]),
            st.sampled_from(["", "done", "partly", "not"]),
            st.none() | st.dates(date(2024, 1, 1), date(2027, 1, 1)),
            st.integers(1, 3),
        )
    )
)
def test_every_decision_is_counted_once(rows: list[Decided]) -> None:
    years = work.by_year(rows, TODAY)
    assert sum(year.followed for year in years) == sum(one.kind not in ("start", "drop") for one in rows)
    assert sum(year.started for year in years) == sum(one.kind == "start" for one in rows)
    assert all(year.said + year.unsaid == year.followed for year in years)
    assert all(year.in_time <= year.due for year in years)
