"""The table, the questions and the pin in a real browser."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from est_site import tenancy
from est_site.partners.models import Question
from incidents.models import Incident
from tests import cast
from tests.browser import (
    Browse,
    assert_accessible,
    assert_no_sideways_scroll,
    assert_targets_are_large_enough,
)

REPORT = "/g/tarnsund/report/"
TABLE = f"{REPORT}table/"


def saved(town: cast.Town) -> list[Incident]:
    with tenancy.inside(town.group):
        return list(Incident.objects.select_related("category", "place").order_by("id"))


def test_three_rows_are_written_by_keyboard_alone(browse: Browse, tarnsund: cast.Town) -> None:
    page = browse(tarnsund.rut)
    page.goto(TABLE)
    day = (timezone.now() - timedelta(days=1)).astimezone(tarnsund.group.zone).date().isoformat()
    page.locator("#id_r1-what").focus()
    keys = page.keyboard
    for n, what in enumerate(["Klotter", "Glaskross", "Samling av personer"], start=1):
        expect(page.locator(f"#id_r{n}-what")).to_be_focused()
        keys.type(what)
        keys.press("Enter")
        if n == 1:
            keys.type("Kiosken")
        keys.press("Enter")
        if n == 1:
            keys.press("Control+A")
            keys.type(day)
        keys.type(f" 1{n}:15")
        keys.press("Enter")
        keys.press("Enter")
        keys.type(f"Rad {n}")
        keys.press("Enter")
    assert saved(tarnsund) == []
    page.get_by_role("button", name="Spara alla rader").focus()
    keys.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("3 observationer är sparade")
    assert [(one.category.code, one.text) for one in saved(tarnsund)] == [
        ("graffiti", "Rad 1"),
        ("glass", "Rad 2"),
        ("gathering", "Rad 3"),
    ]


@pytest.mark.long
def test_enter_in_the_last_field_adds_a_row_with_place_and_day_of_the_one_above(
    browse: Browse, tarnsund: cast.Town
) -> None:
    page = browse(tarnsund.rut, phone=True)
    page.goto(TABLE)
    page.fill("#id_r5-where", "Gångtunneln")
    page.fill("#id_r5-start", "2026-11-20 10:15")
    page.locator("#id_r5-words").press("Enter")
    expect(page.locator("#id_r6-what")).to_be_focused()
    expect(page.locator("#id_r6-where")).to_have_value("Gångtunneln")
    expect(page.locator("#id_r6-start")).to_have_value("2026-11-20")
    expect(page.locator("[data-entries-status]")).to_have_text("Rad 6 lades till.")


@pytest.mark.parametrize("phone", [True, pytest.param(False, marks=pytest.mark.long)], ids=["phone", "desktop"])
def test_everyone_can_use_what_was_pasted(browse: Browse, tarnsund: cast.Town, phone: bool) -> None:
    page = browse(tarnsund.rut, phone=phone, theme="dark" if phone else "light")
    page.goto(TABLE)
    page.locator("summary", has_text="Klistra in").click()
    page.fill("#id_pasted", "Klotter\tKiosken\t2026-11-20 10:15\t\tFärg\nKlottre\tCentrum\tx\t\tRing 070-174 06 35.")
    page.get_by_role("button", name="Lägg in i tabellen").click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    assert_targets_are_large_enough(page)
    assert saved(tarnsund) == []


@pytest.mark.long
def test_the_table_works_without_script(browse: Browse, tarnsund: cast.Town) -> None:
    page = browse(tarnsund.rut, java_script_enabled=False)
    page.goto(TABLE)
    page.fill("#id_r1-what", "Klotter")
    page.fill("#id_r1-where", "Kiosken")
    page.get_by_role("button", name="Fler rader").click()
    expect(page.locator("[data-entry]")).to_have_count(10)
    expect(page.locator("#id_r1-what")).to_have_value("Klotter")
    page.get_by_role("button", name="Spara alla rader").click()
    expect(page.get_by_role("status").first).to_contain_text("1 observation är sparad")


def test_a_question_opens_when_its_kind_is_chosen_and_goes_along(browse: Browse, tarnsund: cast.Town) -> None:
    with tenancy.inside(tarnsund.group):
        lit = {"group": tarnsund.group, "kind": "yes_no", "label_sv": "Lyser lampan?"}
        Question.objects.create(category=tarnsund.categories["lighting"], **lit)
        number = {"group": tarnsund.group, "kind": "number", "label_sv": "Hur många rutor?"}
        Question.objects.create(category=tarnsund.categories["damage"], **number)
    page = browse(tarnsund.rut, phone=True)
    page.goto(REPORT)
    expect(page.get_by_label("Hur många rutor?")).to_be_hidden()
    page.locator(".tile", has_text="Otrygg plats").tap()
    expect(page.get_by_label("Lyser lampan?")).to_be_hidden()
    page.locator(".option", has_text="Belysning").tap()
    page.get_by_label("Lyser lampan?").select_option("no")
    assert_accessible(page)
    assert_targets_are_large_enough(page)
    page.locator(".option", has_text="Någon annanstans").tap()
    page.get_by_role("button", name="Spara").tap()
    page.wait_for_url("**saved=*")
    assert [one["answer"] for one in saved(tarnsund)[0].answers] == ["nej"]


def test_a_pin_is_set_with_a_press_and_moved_with_keys_and_buttons(browse: Browse, tarnsund: cast.Town) -> None:
    page = browse(tarnsund.rut, phone=True)
    page.goto(REPORT)
    page.locator(".tile").first.tap()
    page.locator(".option", has_text="På kartan").tap()
    page.locator("#id_pin_area").select_option(str(tarnsund.areas["Centrum"].pk))
    expect(page.locator("[data-pin-chart] title")).to_have_text("Karta över Centrum")
    page.locator("#pin-ground").tap()
    status = page.locator("[data-pin-status]")
    expect(status).to_contain_text("Nålen står vid 57.905")
    first = page.locator("[name=lat]").input_value()
    page.get_by_role("button", name="Norrut").tap()
    expect(page.get_by_role("button", name="Norrut")).to_be_focused()
    north = page.locator("[name=lat]").input_value()
    page.locator("#pin-ground").press("ArrowDown")
    assert float(north) > float(first)
    assert page.locator("[name=lat]").input_value() == pytest.approx(first)
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    page.get_by_role("button", name="Spara").tap()
    page.wait_for_url("**saved=*")
    (found,) = saved(tarnsund)
    assert (found.area_id, found.location_precision) == (tarnsund.areas["Centrum"].pk, "exact")
    expect(page.locator("[data-pin-status]")).to_contain_text("Nålen står vid")


AT_ONCE = """area => new MutationObserver((_, seen) => {
  const list = document.querySelector("#id_pin_area");
  if (list) { seen.disconnect(); list.value = area; list.dispatchEvent(new Event("change", { bubbles: true })); }
}).observe(document.querySelector("#pin"), { childList: true, subtree: true })"""


def test_an_area_chosen_as_the_map_appears_is_drawn(browse: Browse, tarnsund: cast.Town) -> None:
    page = browse(tarnsund.rut, phone=True)
    page.goto(REPORT)
    page.evaluate(AT_ONCE, str(tarnsund.areas["Centrum"].pk))
    page.locator(".option", has_text="På kartan").tap()
    expect(page.locator("[data-pin-chart] title")).to_have_text("Karta över Centrum")


@pytest.mark.long
def test_here_after_the_map_asks_the_device_anew(browse: Browse, tarnsund: cast.Town) -> None:
    position = {"latitude": 57.905, "longitude": 11.925, "accuracy": 8}
    page = browse(tarnsund.rut, phone=True, geolocation=position, permissions=["geolocation"])
    page.goto(REPORT)
    page.locator(".option", has_text="På kartan").tap()
    page.locator("#pin-ground").tap()
    expect(page.locator("[name=lon]")).not_to_have_value("")
    page.locator("[data-here]").tap()
    expect(page.locator("[name=lon]")).to_have_value("11.925000")


@pytest.mark.long
def test_without_script_the_map_is_not_offered(browse: Browse, tarnsund: cast.Town) -> None:
    page = browse(tarnsund.rut, java_script_enabled=False)
    page.goto(REPORT)
    expect(page.locator("[data-pin]")).to_be_hidden()


@pytest.mark.long
def test_a_correction_begins_with_the_pin_where_it_was(browse: Browse, tarnsund: cast.Town) -> None:
    with tenancy.inside(tarnsund.group):
        incident = cast.make_incident(
            tarnsund, lon=11.915, lat=57.905, area=tarnsund.areas["Centrum"], location_precision="exact"
        )
    page = browse(tarnsund.rut, phone=True)
    page.goto(f"/g/tarnsund/incidents/{incident.pk}/correct/")
    page.locator(".option", has_text="På kartan").tap()
    expect(page.locator("[data-pin-mark]")).to_be_visible()
    page.locator("#id_pin_area").select_option(str(tarnsund.areas["Centrum"].pk))
    expect(page.locator("[data-pin-chart] title")).to_have_text("Karta över Centrum")
    page.get_by_role("button", name="Norrut").tap()
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    page.get_by_role("button", name="Spara").tap()
    expect(page.locator("#messages")).to_contain_text("Sparat")
    (found,) = saved(tarnsund)
    assert found.lon == pytest.approx(11.915, abs=1e-4)
    assert (found.lat > 57.905, found.location_precision) == (True, "exact")
