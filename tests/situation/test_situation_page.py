"""The live picture of a period on screen."""

from __future__ import annotations

import re
import uuid
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from est_site import tenancy
from est_site.partners.models import Area, Organisation, Period
from incidents.models import CalmReport
from situation import ordering
from situation.actions import freeze_picture
from situation.models import Meeting
from tests.cast import MONDAY, NOW, Town, make_incident
from tests.conftest import SignIn

PAGE = "/g/tarnsund/situation/2026-W47/"


def words(response) -> str:
    """What stands on the page, without tags and runs of blanks."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def queries(captured: CaptureQueriesContext) -> int:
    """All but what only tests have around a request: save points, and the reset of what the gate has set."""
    own = ("SAVEPOINT", "RELEASE", "SELECT set_config")
    return sum(not query["sql"].startswith(own) for query in captured) + 2  # the gate sets the person, then the group


@pytest.mark.parametrize(
    ("who", "status"),
    [("carin", 200), ("maja", 200), ("anders", 200), ("stina", 200), ("rut", 403), ("viktor", 403)],
)
@pytest.mark.parametrize("rest", ["", "2026-W47/", "2026-W47/matrix.csv"])
def test_each_role_may_see_the_picture_as_the_table_says(
    tarnsund: Town, signed_in: SignIn, who: str, status: int, rest: str
) -> None:
    assert signed_in(tarnsund.people[who]).get(f"/g/tarnsund/situation/{rest}").status_code == status


def test_another_groups_picture_does_not_exist(tarnsund: Town, bjorkvik: Town, signed_in: SignIn) -> None:
    for rest in ["", "2026-W47/", "2026-W47/matrix.csv"]:
        assert signed_in(bjorkvik.olle).get(f"/g/tarnsund/situation/{rest}").status_code == 404


def test_two_groups_count_only_their_own(tarnsund: Town, bjorkvik: Town, signed_in: SignIn) -> None:
    with tenancy.inside(tarnsund.group):
        make_incident(tarnsund)
    with tenancy.inside(bjorkvik.group):
        CalmReport.objects.create(
            group=bjorkvik.group,
            organisation=bjorkvik.organisations["housing"],
            period=bjorkvik.periods[0],
            reported_at=NOW,
        )
    page = words(signed_in(bjorkvik.olle).get("/g/bjorkvik/situation/2026-W47/"))
    assert "Inga observationer" in page
    assert "Tärnsund" not in page


def test_the_latest_page_shows_the_period_that_has_begun(tarnsund: Town, signed_in: SignIn) -> None:
    with tenancy.inside(tarnsund.group):
        Period.objects.create(group=tarnsund.group, first_day=date(2099, 1, 5), last_day=date(2099, 1, 11))
    assert "Vecka 47 16–22 november 2026" in words(signed_in(tarnsund.carin).get("/g/tarnsund/situation/"))


def test_the_week_is_said_in_one_sentence(week47: Town, signed_in: SignIn) -> None:
    page = signed_in(week47.carin).get(PAGE)
    assert re.search(r"<h1[^>]*>5 observationer (hittills )?vecka 47\.</h1>", page.content.decode())
    assert "Tre av fyra organisationer har sagt något, en är tyst: Tärnsunds kommun." in words(page)


def test_each_area_stands_with_its_count(week47: Town, signed_in: SignIn) -> None:
    lines = signed_in(week47.carin).get(PAGE).context["lines"]
    assert [(line.name, line.count) for line in lines] == [
        ("Hamnen", 3),
        ("Centrum", 1),
        ("Stationsområdet", 0),
        ("Utanför områdena", 1),
    ]


def test_each_figure_leads_to_the_observations_behind_it(week47: Town, signed_in: SignIn) -> None:
    browser = signed_in(week47.carin)
    hamnen = browser.get(PAGE).context["lines"][0]
    listed = browser.get(hamnen.cells[0].url)
    assert listed.status_code == 200
    assert len(listed.context["page"].object_list) == hamnen.cells[0].count == 3


def test_what_lies_outside_the_areas_leads_to_its_observations(week47: Town, signed_in: SignIn) -> None:
    browser = signed_in(week47.carin)
    outside = browser.get(PAGE).context["lines"][-1]
    assert len(browser.get(outside.url).context["page"].object_list) == 1


def test_the_steering_group_reads_figures_without_the_observations(week47: Town, signed_in: SignIn) -> None:
    page = signed_in(week47.stina).get(PAGE)
    assert page.context["observations"] == []
    assert b"/incidents/" not in page.content


def test_a_limited_observation_is_listed_for_its_own_and_never_counted(week47: Town, signed_in: SignIn) -> None:
    make_incident(week47, visibility="organisation", text="Bara för oss")
    own, other = signed_in(week47.hanna).get(PAGE), signed_in(week47.carin).get(PAGE)
    assert "Bara för oss" in words(own)
    assert "räknas inte" in words(own)
    assert "Bara för oss" not in words(other)
    assert own.context["picture"]["total"] == other.context["picture"]["total"] == [5, None]


def test_calm_is_a_zero_that_somebody_said(inside: Town, signed_in: SignIn) -> None:
    CalmReport.objects.create(
        group=inside.group, organisation=inside.organisations["guards"], period=inside.periods[-1], reported_at=NOW
    )
    page = signed_in(inside.carin).get(PAGE)
    assert [line.cells[0].count for line in page.context["lines"]] == [0, 0, 0]
    assert "Inga observationer" in words(page)


def test_silent_is_unknown_and_never_zero(inside: Town, signed_in: SignIn) -> None:
    page = signed_in(inside.carin).get(PAGE)
    assert "Ingen har sagt något om vecka 47, så läget är okänt." in words(page)
    table = page.content.decode().split('class="table arealist"')[1].split("</table>")[0]
    assert table.count("okänt") == 6
    assert not re.search(r">0<", table)


def test_a_silent_organisation_is_shown_as_silent(week47: Town, signed_in: SignIn) -> None:
    rows = {row["name"]: row for row in signed_in(week47.carin).get(PAGE).context["strip"]["rows"]}
    assert rows["Tärnsunds kommun"]["silent"]
    assert rows["Tärnsunds kommun"]["cells"][-1]["kind"] == "silent"
    assert rows["Väktarna"]["cells"][-1]["kind"] == "calm"
    assert rows["Polisen"]["cells"][-1]["n"] == 1


def test_an_observation_counts_on_its_local_day(inside: Town, signed_in: SignIn) -> None:
    make_incident(inside, at=NOW.replace(day=15, hour=23, minute=30))  # half past midnight on Monday in Tärnsund
    browser = signed_in(inside.carin)
    assert browser.get(PAGE).context["picture"]["total"][0] == 1
    assert browser.get("/g/tarnsund/situation/2026-W46/").context["picture"]["total"][0] == 0


@pytest.mark.parametrize(
    ("day", "label"),
    [
        (date(2026, 12, 28), "2026-W53"),
        (date(2027, 1, 1), "2026-W53"),
        (date(2027, 1, 3), "2026-W53"),
        (date(2027, 1, 4), "2027-W01"),
    ],
)
def test_a_year_of_53_weeks_keeps_its_last_week_together(
    inside: Town, signed_in: SignIn, day: date, label: str
) -> None:
    for first in (date(2026, 12, 28), date(2027, 1, 4)):
        Period.objects.create(group=inside.group, first_day=first, last_day=first + timedelta(days=6))
    make_incident(inside, day=day)
    page = signed_in(inside.carin).get(f"/g/tarnsund/situation/{label}/")
    assert page.context["picture"]["total"][0] == 1
    assert label in page.content.decode()


def test_a_merged_period_has_a_page_and_its_first_week_leads_there(inside: Town, signed_in: SignIn) -> None:
    first, last = inside.periods[-2:]
    first_day = first.first_day
    first.delete()
    last.first_day = first_day
    last.save()
    browser = signed_in(inside.carin)
    assert browser.get("/g/tarnsund/situation/2026-W46–47/").status_code == 200
    assert browser.get("/g/tarnsund/situation/2026-W46-47/").status_code == 200
    leads = browser.get("/g/tarnsund/situation/2026-W47/")
    assert leads.status_code == 302
    assert browser.get(leads.url).status_code == 200


@pytest.mark.parametrize(
    "label", ["2026-W54", "2031-W10", "1999-W01", "nonsense", "2026-W47-48", "2026-W00", "9999-W52"]
)
def test_an_unknown_label_is_not_found(tarnsund: Town, signed_in: SignIn, label: str) -> None:
    assert signed_in(tarnsund.carin).get(f"/g/tarnsund/situation/{label}/").status_code == 404


def test_the_page_leads_to_the_period_before_and_the_one_after(tarnsund: Town, signed_in: SignIn) -> None:
    page = signed_in(tarnsund.carin).get("/g/tarnsund/situation/2026-W46/")
    assert page.context["previous"].label == "2026-W45"
    assert page.context["next"].label == "2026-W47"


def test_the_page_says_whether_the_picture_is_frozen(inside: Town, planned: Meeting, signed_in: SignIn) -> None:
    browser = signed_in(inside.carin)
    assert "Preliminär" in words(browser.get(PAGE))
    with tenancy.inside(inside.group):
        freeze_picture(meeting=planned, now=NOW + timedelta(hours=15))
    page = browser.get(PAGE)
    assert "Fryst mån 23 november 07.41" in words(page)
    assert f'href="/g/tarnsund/situation/meeting/{planned.pk}/"' in page.content.decode()


def test_a_group_without_areas_is_told_so_and_what_to_do(week47: Town, signed_in: SignIn) -> None:
    Area.objects.update(valid_from=date(2100, 1, 1), layer="other")
    page = signed_in(week47.carin).get("/g/tarnsund/situation/2026-W40/")
    assert "Inga områden är ritade" in words(page)
    assert "/g/tarnsund/settings/areas/" in page.content.decode()


def test_a_group_without_periods_is_told_so_and_what_to_do(inside: Town, signed_in: SignIn) -> None:
    Period.objects.all().delete()
    page = signed_in(inside.carin).get("/g/tarnsund/situation/")
    assert "Det finns ingen period att titta på ännu" in words(page)
    assert "/g/tarnsund/settings/schedule/" in page.content.decode()


def test_a_period_without_observations_says_why_and_what_next(tarnsund: Town, signed_in: SignIn) -> None:
    page = signed_in(tarnsund.carin).get(PAGE)
    assert "Ingen har rapporterat ännu." in words(page)
    assert 'href="/g/tarnsund/report/"' in page.content.decode()


def test_twenty_observations_are_listed_and_the_rest_one_link_away(inside: Town, signed_in: SignIn) -> None:
    for _ in range(21):
        make_incident(inside)
    page = signed_in(inside.carin).get(PAGE)
    assert len(page.context["observations"]) == 20
    assert "Alla observationer i perioden" in words(page)


def test_the_map_can_be_skipped_and_stands_beside_a_list(week47: Town, signed_in: SignIn) -> None:
    page = signed_in(week47.carin).get(PAGE).content.decode()
    assert page.index("#h-list-of-areas") < page.index("<svg xmlns")
    hamnen = week47.areas["Hamnen"].pk
    assert page.count(f'data-area="{hamnen}"') == 3  # on the map, in the list, in the matrix


def test_the_page_asks_at_most_seventeen_times_however_much_there_is(inside: Town, signed_in: SignIn) -> None:
    browser = signed_in(inside.carin)
    make_incident(inside)
    browser.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        browser.get(PAGE)
    with tenancy.inside(inside.group):
        for n in range(8):
            Organisation.objects.create(group=inside.group, name=f"Förening {n}", kind="civil")
        for n, organisation in enumerate([*Organisation.objects.all()] * 3):
            make_incident(
                inside, organisation=organisation, client_uuid=uuid.uuid4(), day=MONDAY - timedelta(days=n % 20)
            )
    with CaptureQueriesContext(connection) as many:
        browser.get(PAGE)
    assert queries(few) == queries(many) <= 17


@pytest.mark.parametrize(
    ("order", "names"),
    [
        ("", ["Hamnen", "Centrum", "Stationsområdet", "Utanför områdena"]),
        ("name", ["Centrum", "Hamnen", "Stationsområdet", "Utanför områdena"]),
        ("0", ["Hamnen", "Centrum", "Stationsområdet", "Utanför områdena"]),
        ("99", ["Hamnen", "Centrum", "Stationsområdet", "Utanför områdena"]),
        ("²", ["Hamnen", "Centrum", "Stationsområdet", "Utanför områdena"]),
    ],
)
def test_the_rows_stand_in_the_order_asked_for(week47: Town, signed_in: SignIn, order: str, names: list[str]) -> None:
    page = signed_in(week47.carin).get(PAGE, {"order": order})
    assert [line.name for line in page.context["rows"]] == names
    assert page.context["lines"][0].name == "Hamnen"  # the list beside the map stays as it is


def test_each_column_puts_most_first_and_keeps_what_else_was_asked(week47: Town, signed_in: SignIn) -> None:
    asked = {"order": "0", "tight": "1"}
    columns = signed_in(week47.carin).get(PAGE, asked).context["columns"]
    assert [column.current for column in columns] == [True] + [False] * (len(columns) - 1)
    for n, column in enumerate(columns):
        page = signed_in(week47.carin).get(PAGE + column.url.partition("#")[0])
        counts = [line.cells[n].count for line in page.context["rows"][:-1]]
        assert counts == sorted(counts, reverse=True)
        assert page.context["tight"]


def test_swedish_letters_end_the_alphabet() -> None:
    lines = [cast(Any, SimpleNamespace(id=n, name=name)) for n, name in enumerate(["Ösmo", "Ängen", "Åsen", "Zinken"])]
    assert [line.name for line in ordering.ordered(lines, "name")] == ["Zinken", "Åsen", "Ängen", "Ösmo"]
