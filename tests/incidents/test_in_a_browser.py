"""Reporting and the list in a real browser."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from est_site import tenancy
from est_site.partners.models import Category, Period
from incidents.models import Incident
from tests import cast
from tests.browser import (
    COMBINATIONS,
    Browse,
    assert_accessible,
    assert_focus_is_visible_all_the_way,
    assert_no_sideways_scroll,
    assert_targets_are_large_enough,
)

REPORT, LIST = "/g/tarnsund/report/", "/g/tarnsund/incidents/"


@pytest.fixture
def busy(tarnsund: cast.Town, this_week: Period) -> cast.Town:
    """A week with a handful of observations, and more kinds than the first screen holds."""
    with tenancy.inside(tarnsund.group):
        for n, name in enumerate(["Narkotika", "Våld och hot", "Trafik", "Tillgrepp", "Rykte", "Brand", "Övrigt"]):
            Category.objects.create(group=tarnsund.group, code=f"more-{n}", name_sv=name, name_en=name, position=20 + n)
        for n, place in enumerate([*tarnsund.places.values(), None]):
            at = timezone.now() - timedelta(hours=3 + n)
            area = place.area if place else None
            cast.make_incident(tarnsund, place=place, area=area, at=at, text="Glas på marken vid bryggan.")
    return tarnsund


def unfold(page: Page) -> None:
    page.goto(REPORT)
    page.locator(".tile-rest > summary").click()
    page.locator(".tile").first.click()
    page.locator("#id_where_3").click()
    page.locator("#id_when_3").click()
    page.locator(".more > summary").last.click()


def one(page: Page, town: cast.Town) -> None:
    with tenancy.inside(town.group):
        pk = Incident.objects.values_list("pk", flat=True)[0]
    page.goto(f"{LIST}{pk}/")


def show(page: Page, state: str, town: cast.Town) -> None:
    if state == "form unfolded":
        unfold(page)
    elif state == "one":
        one(page, town)
    else:
        page.goto(STATES[state])
    if state == "form refused":
        page.locator(".savebar button").click()


STATES = {
    "form": REPORT,
    "form unfolded": REPORT,
    "form refused": REPORT,
    "list": LIST,
    "list of nothing": f"{LIST}?q=finns+inte",
    "one": LIST,
    "home": "/g/tarnsund/",
}
SHORT = [("form unfolded", COMBINATIONS[3]), ("list", COMBINATIONS[0])]  # tests/look opens all for every commit
LONG = [(state, combination) for state in STATES for combination in COMBINATIONS if (state, combination) not in SHORT]


def everyone_can_use(page: Page) -> None:
    assert_accessible(page)
    assert_targets_are_large_enough(page)
    assert_no_sideways_scroll(page)


@pytest.mark.long
@pytest.mark.parametrize(("state", "combination"), SHORT, ids=lambda value: value if isinstance(value, str) else "")
def test_everyone_can_use_the_pages(browse: Browse, busy: cast.Town, state: str, combination: dict[str, Any]) -> None:
    page = browse(busy.rut, **combination)
    show(page, state, busy)
    everyone_can_use(page)


@pytest.mark.long
@pytest.mark.parametrize(("state", "combination"), LONG, ids=lambda value: value if isinstance(value, str) else "")
def test_everyone_can_use_the_pages_in_every_combination(
    browse: Browse, busy: cast.Town, state: str, combination: dict[str, Any]
) -> None:
    page = browse(busy.rut, **combination)
    show(page, state, busy)
    everyone_can_use(page)


def test_a_typical_observation_takes_three_presses_on_a_phone(browse: Browse, busy: cast.Town) -> None:
    page = browse(busy.rut, phone=True)
    page.goto(REPORT)
    page.locator(".tile", has_text="Otrygg plats").tap()
    page.locator(".option", has_text="Gångtunneln").tap()
    page.get_by_role("button", name="Spara").tap()
    expect(page.get_by_role("status").first).to_contain_text("Tack. Sparat som nummer")
    assert_accessible(page)
    with tenancy.inside(busy.group):
        row = Incident.objects.select_related("category", "place").latest("pk")
    assert (row.category.code, row.place.name) == ("unsafe", "Gångtunneln")


def test_after_saving_the_cursor_stands_on_what_and_the_place_is_kept(browse: Browse, busy: cast.Town) -> None:
    page = browse(busy.rut, phone=True)
    page.goto(REPORT)
    page.locator(".tile").first.tap()
    page.locator(".option", has_text="Gångtunneln").tap()
    page.get_by_role("button", name="Spara").tap()
    page.wait_for_url("**saved=*")
    expect(page.locator(":focus")).to_have_attribute("name", "top")
    expect(page.locator("input[name=where]:checked + label")).to_contain_text("Gångtunneln")
    expect(page.locator("input[name=top]:checked")).to_have_count(0)


def test_here_takes_the_phones_position(browse: Browse, busy: cast.Town) -> None:
    position = {"latitude": 57.905, "longitude": 11.915, "accuracy": 8}
    page = browse(busy.rut, phone=True, geolocation=position, permissions=["geolocation"])
    page.goto(REPORT)
    page.locator(".tile").first.tap()
    page.locator(".option", has_text="Här").tap()
    expect(page.locator("[data-here]")).to_contain_text("±8 m")
    page.get_by_role("button", name="Spara").tap()
    page.wait_for_url("**saved=*")
    with tenancy.inside(busy.group):
        row = Incident.objects.latest("pk")
    assert (row.lon, row.area_id) == (11.915, busy.areas["Centrum"].pk)


def test_a_position_that_is_refused_is_said_and_the_form_goes_on(browse: Browse, busy: cast.Town) -> None:
    page = browse(busy.rut, phone=True, permissions=[])
    page.goto(REPORT)
    page.locator(".option", has_text="Här").tap()
    expect(page.locator("[data-here-status]")).to_contain_text("gick inte att läsa")


def test_the_form_works_without_script(browse: Browse, busy: cast.Town) -> None:
    page = browse(busy.rut, phone=True, java_script_enabled=False)
    page.goto(REPORT)
    expect(page.locator("[data-here]")).to_be_hidden()
    page.locator(".tile", has_text="Skadegörelse").tap()
    page.locator(".tile-more .option", has_text="Klotter").tap()
    page.locator(".option", has_text="En annan plats").tap()
    page.locator("#id_place_name").fill("Kiosken")
    page.get_by_role("button", name="Spara").tap()
    page.wait_for_url("**saved=*")
    with tenancy.inside(busy.group):
        row = Incident.objects.select_related("category", "place").latest("pk")
    assert (row.category.code, row.place.name) == ("graffiti", "Hamnplan, kiosken")


def test_what_is_wrong_takes_the_focus_and_leads_to_the_field(browse: Browse, busy: cast.Town) -> None:
    page = browse(busy.rut, phone=True)
    page.goto(REPORT)
    page.get_by_label("Några ord").fill("Två lyktor är släckta.")
    page.get_by_role("button", name="Spara").tap()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    page.get_by_role("link", name="Välj vad det gäller.").tap()
    expect(page.locator(":focus")).to_have_attribute("name", "top")
    expect(page.get_by_label("Några ord")).to_have_value("Två lyktor är släckta.")


def test_a_row_and_its_area_point_at_each_other(browse: Browse, busy: cast.Town) -> None:
    page = browse(busy.rut)
    page.goto(LIST)
    row = page.locator("tr[data-area]").first
    row.hover()
    expect(page.locator("svg .m-lit")).to_have_count(1)


def test_the_keyboard_sees_where_it_is_all_the_way_through_the_form(browse: Browse, busy: cast.Town) -> None:
    page = browse(busy.rut)
    unfold(page)
    assert_focus_is_visible_all_the_way(page)
