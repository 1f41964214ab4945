"""The short form of each kind, and an observation from its saving to its withdrawal, in a real browser."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from est_site import tenancy
from est_site.partners.models import Category, Period
from incidents.models import Incident
from tests import cast
from tests.browser import Browse

REPORT = "/g/tarnsund/report/"


@pytest.fixture
def coming(tarnsund: cast.Town, this_week: Period) -> cast.Town:
    """Something of each of the three kinds to choose from."""
    with tenancy.inside(tarnsund.group):
        Category.objects.create(
            group=tarnsund.group, code="coming", name_sv="Kommande", name_en="Coming", kind="upcoming", position=9
        )
    return tarnsund


def choose(page: Page, name: str) -> None:
    page.locator(".tile", has_text=name).first.click()


@pytest.mark.parametrize("script", [True, False])
def test_each_kind_asks_for_its_own_time_at_once(browse: Browse, coming: cast.Town, script: bool) -> None:
    page = browse(coming.rut, phone=True, java_script_enabled=script)
    page.goto(REPORT)
    now, since = page.locator("#id_when_0 + label"), page.locator("#id_since_0 + label")
    ahead, people = page.locator("#id_occurred_from"), page.locator("#id_people")
    page.locator(".more > summary").last.click()
    for name, shown in [
        ("Skadegörelse", (True, False, False, True)),
        ("Otrygg plats", (False, True, False, False)),
        ("Kommande", (False, False, True, True)),
    ]:
        choose(page, name)
        for part, is_shown in zip((now, since, ahead, people), shown, strict=True):
            expect(part).to_be_visible(visible=is_shown)


def test_what_is_coming_is_saved_with_a_time_ahead(browse: Browse, coming: cast.Town) -> None:
    page = browse(coming.rut, phone=True)
    page.goto(REPORT)
    choose(page, "Kommande")
    page.get_by_label("Någon annanstans, eller okänt").check()
    page.locator("#id_occurred_from").fill((timezone.localtime() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M"))
    page.locator(".savebar button").click()
    expect(page.locator("#messages")).to_contain_text("Sparat som nummer")
    page.goto("/g/tarnsund/report/mine/")
    expect(page.locator(".log .tag")).to_have_text("kommande")


def test_an_observation_is_corrected_and_then_withdrawn(browse: Browse, coming: cast.Town) -> None:
    with tenancy.inside(coming.group):
        incident = cast.make_incident(coming, at=timezone.now() - timedelta(hours=2), text="Sprejat")
    page = browse(coming.rut, phone=True)
    page.goto("/g/tarnsund/report/mine/")
    page.locator(".log a").first.click()
    page.get_by_role("link", name="Rätta").click()
    page.locator("#id_text").fill("Krossat")
    page.get_by_role("button", name="Spara").click()
    expect(page.locator("#messages")).to_contain_text("Det som stod förut finns i historiken.")
    expect(page.locator("del")).to_have_text("Sprejat")
    page.get_by_role("link", name="Återta").click()
    page.get_by_label("Den loggades två gånger").check()
    page.get_by_role("button", name="Återta").click()
    expect(page.locator("#messages")).to_contain_text("är återtagen")
    with tenancy.inside(coming.group):
        assert Incident.objects.get(pk=incident.pk).withdrawn_at is not None
