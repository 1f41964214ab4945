"""A group with nobody but its coordinator: no area, no place, no period. Every page opens and says what to do next."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client

from est_site import tenancy
from est_site.partners.models import Organisation
from tests.cast import make_group, make_person
from tests.rough.pages import routes

pytestmark = pytest.mark.django_db


@pytest.fixture
def eva() -> Client:
    """Eva coordinates Ensamviken, which was made a minute ago."""
    group = make_group("ensamviken", "Ensamviken", first_period=date(2026, 11, 30))
    with tenancy.inside(group):
        organisation = Organisation.objects.create(group=group, name="Ensamvikens kommun", kind="municipality")
        member = make_person(group, organisation, "Eva", "coordinator")
    client = Client()
    client.force_login(member.user)
    return client


EMPTY = re.compile(r'<div class="empty"><h\d>[^<]{5,}</h\d><p>[^<]{20,}</p>')
# Pages that are never empty: there is always somebody to list, or a sentence for each thing that waits.
NEVER_EMPTY = {"g/<slug:slug>/", "g/<slug:slug>/settings/", "g/<slug:slug>/settings/people/"}
# Files: a table of headings alone, a calendar without an entry.
FILES = {"g/<slug:slug>/decisions.csv", "g/<slug:slug>/decisions/own.ics"}
PAGES = [route for route in routes() if route.startswith("g/") and "<" not in route.removeprefix("g/<slug:slug>/")]


def opened(browser: Client, route: str, language: str = "sv") -> tuple[int, str]:
    browser.cookies["est-language"] = language
    response = browser.get("/" + route.replace("<slug:slug>", "ensamviken"))
    return response.status_code, response.content.decode()


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("route", PAGES)
def test_every_page_of_an_empty_group_opens_and_says_why_it_is_empty(eva: Client, route: str, language: str) -> None:
    status, page = opened(eva, route, language)
    if status == 405:  # a button, not a page
        return
    assert status == 200
    assert route in NEVER_EMPTY | FILES or EMPTY.search(page) or '<form class="form' in page


def test_the_list_of_pages_is_the_sites_own() -> None:
    assert len(PAGES) >= 19
    assert set(PAGES) > NEVER_EMPTY


def test_home_says_what_is_missing_and_who_puts_it_there(eva: Client) -> None:
    _status, page = opened(eva, "g/<slug:slug>/")
    for words in ("Inget möte är planerat", "Det finns ingen lägesbild ännu"):
        assert words in page


def test_calm_cannot_be_said_of_no_period_and_that_is_said(eva: Client) -> None:
    response = eva.post("/g/ensamviken/report/calm/", follow=True)
    assert response.status_code < 500
    assert "period" in response.content.decode()


def test_without_categories_the_report_page_says_that_nobody_can_report_yet(eva: Client) -> None:
    _status, page = opened(eva, "g/<slug:slug>/report/")
    assert EMPTY.search(page)
