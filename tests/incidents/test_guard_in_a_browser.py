"""The personal-data guard as somebody who writes a report meets it."""

from __future__ import annotations

import re
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from est_site import tenancy
from est_site.models import GuardOverride
from est_site.partners.models import Period
from incidents.models import Incident
from tests import cast
from tests.browser import Browse, assert_accessible, assert_no_sideways_scroll, assert_targets_are_large_enough

URL = "/g/tarnsund/report/"
TEXT = "Bilen ABC 123 körde över gräset, ring 070-174 06 05"


def write(page: Page, text: str) -> None:
    page.goto(URL)
    page.locator(".tile").first.click()
    page.locator("#id_where_3").click()
    page.locator("#id_text").fill(text)


def only(town: cast.Town) -> Incident:
    with tenancy.inside(town.group):
        return Incident.objects.get()


@pytest.mark.parametrize("script", [True, False])
def test_what_leads_to_a_person_is_asked_about_and_taken_out(
    browse: Browse, tarnsund: cast.Town, this_week: Period, script: bool
) -> None:
    page = browse(tarnsund.rut, java_script_enabled=script)
    write(page, TEXT)
    if script:
        expect(page.locator("#id_text_guard mark")).to_have_text(["ABC 123", "070-174 06 05"])
        expect(page.locator("#id_text")).to_be_focused()
    else:
        page.locator(".savebar button").click()
        expect(page.locator("#id_text")).to_have_value(TEXT)
    expect(page.locator("#id_text_guard_remove")).to_be_checked()
    page.locator(".savebar button").click()
    expect(page).to_have_url(re.compile("saved="))
    assert only(tarnsund).text == "Bilen [borttaget] körde över gräset, ring [borttaget]"


def test_a_reason_keeps_it(browse: Browse, tarnsund: cast.Town, this_week: Period) -> None:
    page = browse(tarnsund.rut)
    write(page, TEXT)
    page.locator("#id_text_guard_public").click()
    page.locator(".savebar button").click()
    expect(page).to_have_url(re.compile("saved="))
    with tenancy.inside(tarnsund.group):
        assert GuardOverride.objects.get().kinds == {"plate": 1, "phone": 1}


@pytest.mark.long
@pytest.mark.parametrize(("phone", "theme", "language"), [(True, "light", "sv"), (False, "dark", "en")])
def test_the_question_can_be_used_by_everyone(
    browse: Browse, tarnsund: cast.Town, this_week: Period, phone: bool, theme: Literal["light", "dark"], language: str
) -> None:
    page = browse(tarnsund.rut, phone=phone, theme=theme, language=language)
    write(page, f"{TEXT} 19121212-1212")
    page.locator(".savebar button").click()
    expect(page.locator("#id_text_guard mark")).to_have_count(3)
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    assert_targets_are_large_enough(page)
