"""The settings in a real browser: accessible, no wider than the window, large enough to press."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from est_site import tenancy
from est_site.partners.models import Area, Place
from situation.schedule import plan_ahead
from tests.browser import (
    COMBINATIONS,
    Browse,
    assert_accessible,
    assert_no_sideways_scroll,
    assert_targets_are_large_enough,
)
from tests.cast import NOW, Town
from tests.partners.conftest import page as address
from tests.partners.test_areas import VIKEN, upload

pytestmark = pytest.mark.django_db(transaction=True)

PAGES = [
    *("", "people/", "people/invite/", "organisations/add/", "areas/", "areas/import/", "places/", "places/add/"),
    *("categories/", "categories/add/", "schedule/", "schedule/change/"),
]


@pytest.mark.long  # with what a server of its own adds; tests/look opens each of them for every commit
@pytest.mark.parametrize(("rest", "combination"), [(rest, COMBINATIONS[n % 4]) for n, rest in enumerate(PAGES)])
def test_the_settings_can_be_used_by_everyone(
    rest: str, combination: dict[str, Any], tarnsund: Town, browse: Browse
) -> None:
    with tenancy.inside(tarnsund.group):
        plan_ahead(group=tarnsund.group, now=NOW)
    page = browse(tarnsund.carin, **combination)
    page.goto(address(tarnsund.carin, rest))
    # on a phone a wide table scrolls under its first column; axe cannot tell the ground of what lies there
    assert_accessible(page, reviewed=("color-contrast",) if combination["phone"] else ())
    assert_no_sideways_scroll(page)
    assert_targets_are_large_enough(page)


def test_errors_are_told_first_and_have_the_focus(tarnsund: Town, browse: Browse) -> None:
    page = browse(tarnsund.carin, phone=True)
    page.goto(address(tarnsund.carin, "people/invite/"))
    page.get_by_role("button", name="Bjud in").click()
    expect(page).to_have_title(re.compile("^Fel:"))
    expect(page.locator("[data-error-summary]")).to_be_focused()
    assert_accessible(page)


def test_empty_lists_can_be_used_by_everyone(tarnsund: Town, browse: Browse) -> None:
    with tenancy.inside(tarnsund.group):
        Place.objects.all().delete()
        Area.objects.all().delete()
    page = browse(tarnsund.carin, theme="dark", language="en")
    for rest in ("areas/", "places/"):
        page.goto(address(tarnsund.carin, rest))
        assert_accessible(page)


def test_who_saved_second_can_choose(tarnsund: Town, browse: Browse) -> None:
    guards = tarnsund.organisations["guards"]
    page = browse(tarnsund.carin, language="en")
    page.goto(address(tarnsund.carin, f"organisations/{guards.pk}/"))
    with tenancy.inside(tarnsund.group):
        guards.name, guards.version = "First Ltd", 2
        guards.save()
    page.get_by_label("name").fill("Second Ltd")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("cell", name="Second Ltd")).to_be_visible()
    expect(page.get_by_role("cell", name="First Ltd")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Save what I wrote").click()
    expect(page.get_by_role("status")).to_be_visible()
    with tenancy.inside(tarnsund.group):
        guards.refresh_from_db()
    assert guards.name == "Second Ltd"


def test_a_file_is_imported_from_report_to_map(tarnsund: Town, browse: Browse) -> None:
    page = browse(tarnsund.carin, language="en")
    page.goto(address(tarnsund.carin, "areas/import/"))
    file = upload(VIKEN)
    page.get_by_label("GeoJSON file").set_input_files(
        {"name": "omr.geojson", "mimeType": "application/json", "buffer": file.read()}
    )
    page.get_by_role("button", name="Look at the file").click()
    expect(page.get_by_role("heading", name="omr.geojson would add one area")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Add one area").click()
    expect(page.get_by_role("link", name="Viken").first).to_be_visible()
