"""Single keys and saved choices in the list, in a real browser."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from est_site import tenancy
from tests import cast
from tests.browser import Browse

LIST = "/g/tarnsund/incidents/"


@pytest.fixture
def three(tarnsund: cast.Town) -> cast.Town:
    """Three observations at three places."""
    with tenancy.inside(tarnsund.group):
        for n, (lon, area) in enumerate(((11.905, "Hamnen"), (11.915, "Centrum"), (11.908, "Hamnen"))):
            at = timezone.now() - timedelta(hours=1 + n)
            cast.make_incident(tarnsund, at=at, lon=lon, lat=57.9 + n / 200, area=tarnsund.areas[area], place=None)
    return tarnsund


def is_on_row(page: Page, n: int) -> None:
    expect(page.locator("tr[data-row] th a").nth(n)).to_be_focused()


def test_keys_go_from_row_to_row_with_their_dots_and_enter_opens(browse: Browse, three: cast.Town) -> None:
    page = browse(three.maja)
    page.goto(LIST)
    page.keyboard.press("ArrowDown")  # scrolls the page until the list has the focus
    expect(page.locator("body")).to_be_focused()
    for key, row in (("j", 0), ("j", 1), ("ArrowDown", 2), ("j", 2), ("k", 1), ("ArrowUp", 0)):
        page.keyboard.press(key)
        is_on_row(page, row)
        cell = page.locator("tr[data-row]").nth(row).get_attribute("data-cell")
        expect(page.locator(f'circle[data-cell="{cell}"].is-lit')).to_have_count(1)
    page.keyboard.press("Enter")
    page.wait_for_url("**/incidents/*/")


def test_keys_are_letters_in_a_field(browse: Browse, three: cast.Town) -> None:
    page = browse(three.maja)
    page.goto(LIST)
    page.keyboard.press("/")
    page.keyboard.type("j?/k")
    expect(page.get_by_label("Ord")).to_be_focused()
    expect(page.get_by_label("Ord")).to_have_value("j?/k")
    expect(page.locator("#list-keys")).not_to_have_attribute("open", "")


def test_a_question_mark_lists_the_keys_and_each_button_does_the_same(browse: Browse, three: cast.Town) -> None:
    page = browse(three.maja, phone=True)
    page.goto(LIST)
    page.keyboard.press("?")
    expect(page.locator("#list-keys > summary")).to_be_focused()
    for name, row in (("Nästa rad", 0), ("Nästa rad", 1), ("Raden före", 0)):
        page.get_by_role("button", name=name).click()
        is_on_row(page, row)
    page.get_by_role("button", name="Sök ord").click()
    expect(page.get_by_label("Ord")).to_be_focused()
    page.get_by_role("button", name="Öppna raden").click()
    page.wait_for_url("**/incidents/*/")


def test_the_switch_in_the_list_ends_the_keys_and_the_buttons_go_on(browse: Browse, three: cast.Town) -> None:
    page = browse(three.maja)
    page.goto(f"{LIST}?kind=event")
    page.keyboard.press("?")
    page.get_by_role("button", name="Stäng av tangenterna").click()
    expect(page.get_by_role("status").first).to_contain_text("Listans tangenter är av.")
    assert page.url.endswith("?kind=event")
    page.keyboard.press("j")
    page.keyboard.press("?")
    expect(page.locator("#list-keys")).not_to_have_attribute("open", "")
    expect(page.locator("tr[data-row] a:focus")).to_have_count(0)
    page.locator("#list-keys > summary").click()
    page.get_by_role("button", name="Nästa rad").click()
    is_on_row(page, 0)


@pytest.mark.long
def test_a_choice_is_saved_renamed_and_removed_without_script(browse: Browse, three: cast.Town) -> None:
    page = browse(three.maja, phone=True, java_script_enabled=False)
    page.goto(LIST)
    expect(page.locator("#list-keys")).to_be_hidden()
    page.get_by_label("Område", exact=True).select_option("Hamnen")
    page.get_by_role("button", name="Visa").tap()
    page.get_by_role("link", name="Spara valet").tap()
    page.get_by_label("Vad vill du kalla det?").fill("Vid kajen")
    page.get_by_role("button", name="Spara").tap()
    chips = page.get_by_role("navigation", name="Dina sparade val")
    expect(chips.locator("[aria-current]")).to_have_text("Vid kajen")
    expect(page.locator("tr[data-row]")).to_have_count(2)
    page.goto(LIST)
    chips.get_by_role("link", name="Vid kajen").tap()
    page.get_by_role("link", name="Byt namn på eller ta bort").tap()
    page.get_by_label("Vad vill du kalla det?").fill("Hamnen")
    page.get_by_role("button", name="Byt namn").tap()
    expect(chips.get_by_role("link")).to_have_text("Hamnen")
    page.get_by_role("link", name="Byt namn på eller ta bort").tap()
    page.get_by_role("button", name="Ta bort").tap()
    expect(chips).to_have_count(0)
    expect(page.locator("tr[data-row]")).to_have_count(2)
