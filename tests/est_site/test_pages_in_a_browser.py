"""The house's own pages in a real browser: everyone can use them, and nothing goes wrong on the way."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from est_site import pages
from tests.browser import (
    COMBINATIONS,
    Browse,
    assert_accessible,
    assert_focus_is_somewhere,
    assert_focus_is_visible_all_the_way,
    assert_no_sideways_scroll,
    assert_targets_are_large_enough,
)
from tests.cast import PASSWORD, Town

OPEN_PAGES = {
    "style guide": "/styleguide/",
    "sign-in": "/account/sign-in/",
    "forgotten password": "/account/password/forgotten/",
    "link sent": "/account/password/sent/",
    "dead link": "/account/password/choose/1-abc-def/",
    "password chosen": "/account/password/chosen/",
    "closed account": "/account/inactive/",
    "no such page": "/nothing/",
}
SHORT = [(name, COMBINATIONS[n % len(COMBINATIONS)]) for n, name in enumerate(OPEN_PAGES)]
LONG = [(name, combination) for name in OPEN_PAGES for combination in COMBINATIONS if (name, combination) not in SHORT]


def everyone_can_use(page: Page) -> None:
    assert_accessible(page)
    assert_targets_are_large_enough(page)
    assert_no_sideways_scroll(page)


@pytest.fixture
def _rooms_that_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.urls import NoReverseMatch, reverse

    def is_there(name: str) -> bool:
        try:
            return bool(reverse(name, args=["x"]))
        except NoReverseMatch:
            return False

    monkeypatch.setattr(pages, "MENU", [entry for entry in pages.MENU if is_there(entry[0])])


@pytest.mark.parametrize(("name", "combination"), SHORT, ids=lambda value: value if isinstance(value, str) else "")
def test_everyone_can_use_the_open_pages(browse: Browse, name: str, combination: dict[str, Any]) -> None:
    page = browse(**combination)
    page.goto(OPEN_PAGES[name])
    everyone_can_use(page)


@pytest.mark.long
@pytest.mark.parametrize(("name", "combination"), LONG, ids=lambda value: value if isinstance(value, str) else "")
def test_everyone_can_use_the_open_pages_in_every_combination(
    browse: Browse, name: str, combination: dict[str, Any]
) -> None:
    page = browse(**combination)
    page.goto(OPEN_PAGES[name])
    everyone_can_use(page)


@pytest.mark.usefixtures("_rooms_that_are_there")
def test_a_person_signs_in_on_a_phone_and_out_again(browse: Browse, tarnsund: Town) -> None:
    page = browse(phone=True)
    page.goto("/")
    page.get_by_label("E-postadress").fill("rut@tarnsund.example")
    page.get_by_label("Lösenord").fill(PASSWORD)
    page.get_by_role("button", name="Logga in").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Tärnsund")
    everyone_can_use(page)
    page.get_by_role("button", name="Logga ut").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Logga in")


def test_a_wrong_password_is_said_first_in_the_page_and_the_focus_goes_there(browse: Browse, tarnsund: Town) -> None:
    page = browse(theme="dark")
    page.goto("/account/sign-in/")
    page.get_by_label("E-postadress").fill("rut@tarnsund.example")
    page.get_by_label("Lösenord").fill("fel lösenord")
    page.get_by_role("button", name="Logga in").click()
    summary = page.locator("[data-error-summary]")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("E-postadressen eller lösenordet stämmer inte. Försök igen.")
    expect(page).to_have_title("Fel: Logga in – EST")
    expect(page.get_by_label("E-postadress")).to_have_value("rut@tarnsund.example")
    everyone_can_use(page)


def test_the_summary_leads_to_the_field_that_is_missing(page: Page) -> None:
    page.goto("/account/sign-in/")
    page.get_by_role("button", name="Logga in").click()
    page.get_by_role("link", name="Fyll i ”Lösenord”.").click()
    expect(page.get_by_label("Lösenord")).to_be_focused()


@pytest.mark.usefixtures("_rooms_that_are_there")
@pytest.mark.parametrize("combination", COMBINATIONS[1:3], ids=["dark", "phone"])
def test_home_is_usable_before_anything_waits(browse: Browse, tarnsund: Town, combination: dict[str, Any]) -> None:
    page = browse(tarnsund.carin, **combination)
    page.goto("/g/tarnsund/")
    everyone_can_use(page)


def test_a_fault_of_ours_has_a_page_that_helps(browse: Browse, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> dict[str, Any]:
        raise RuntimeError

    monkeypatch.setattr(pages, "styleguide_content", fail)
    page = browse(theme="dark", phone=True)
    page.goto("/styleguide/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Något gick fel hos oss")
    everyone_can_use(page)


def test_the_language_is_changed_by_a_button_and_the_page_stays(page: Page) -> None:
    page.goto("/account/password/forgotten/")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Choose a new password")
    assert page.url.endswith("/account/password/forgotten/")


def test_the_keyboard_reaches_everything_and_is_seen(page: Page) -> None:
    page.goto("/styleguide/")
    assert_focus_is_visible_all_the_way(page)


def test_the_focus_stays_near_when_the_part_it_stood_in_is_exchanged(page: Page) -> None:
    page.goto("/styleguide/")
    page.locator("#tabs .dateline a").first.focus()
    page.evaluate(
        """() => new Promise((done) => {
          document.addEventListener("htmx:afterSettle", () => setTimeout(done, 100), { once: true });
          htmx.ajax("GET", "/styleguide/", { target: "#tabs", swap: "outerHTML", select: "#tabs" });
        })"""
    )
    assert_focus_is_somewhere(page)
    expect(page.locator("#tabs")).to_be_focused()


def test_a_row_and_its_area_light_each_other(page: Page) -> None:
    page.goto("/styleguide/")
    page.locator("tr[data-area='2'] a").focus()
    expect(page.locator(".m-lit")).to_have_count(1)
    page.locator("path[data-area='1']").hover()
    expect(page.locator("tr[data-area='1']")).to_have_class("is-lit")
    expect(page.locator("tr[data-area='2']")).not_to_have_class("is-lit")
    page.mouse.move(0, 0)
    page.locator("svg a:has([data-area='2'])").focus()
    expect(page.locator("tr[data-area='2']")).to_have_class("is-lit")


def test_the_room_left_in_a_text_is_said_while_writing(page: Page) -> None:
    page.goto("/styleguide/")
    words = page.locator("#id_filled-words")
    words.fill("Två lyktstolpar släckta")
    expect(page.locator("#id_filled-words_limit")).to_have_text("477 tecken kvar")


def test_a_second_press_sends_nothing(page: Page) -> None:
    page.goto("/account/password/forgotten/")
    sent = page.evaluate(
        """() => {
          const form = document.querySelector("main form");
          let sent = 0;
          form.addEventListener("submit", (event) => { sent += 1; event.preventDefault(); });
          form.requestSubmit();
          form.requestSubmit();
          return sent;
        }"""
    )
    assert sent == 1
