"""Every page in each of its states: everybody can use it, in any window."""

from __future__ import annotations

import re
from itertools import combinations, product
from pathlib import Path

import polib
import pytest
import time_machine
from django.conf import settings
from playwright.sync_api import Page

from tests.browser import assert_accessible, assert_targets_are_large_enough
from tests.cast import NOW
from tests.look.conftest import Windows
from tests.look.visits import (
    EDITED,
    LIBRARY,
    LOOKS,
    NO_PAGES,
    PAGES,
    TABLE,
    Look,
    Visit,
    body,
    every,
    half,
    late,
    somebody,
    visits,
    where,
)
from tests.look.window import Window
from tests.walls.doors import ALL, undone
from tests.walls.routes import ROUTES
from tests.walls.world import Person, World

VISITS = list(visits())
STATUS = {"error": 422, "conflict": 409}
SPACED = "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-block-end: 2em !important }"
PAPER = 624  # px between the margins of an A4


def go(window: Window, visit: Visit, world: World, newcomer: tuple[Person, str]) -> Page:
    url = where(visit.route, world.here)
    if visit.state == "empty":
        person, slug = newcomer
        return window.open(url.replace(f"/g/{world.here.slug}/", f"/g/{slug}/"), person)
    posting = {"error": body, "conflict": late}.get(visit.state)
    posted = posting(visit.route, world.here) if posting else None
    return window.open(url, somebody(world, visit.route), posted)


def faults(page: Page, what: str, *said: object) -> list[str]:
    return page.evaluate("([what, said]) => eyes[what](...said)", [what, list(said)])


def lexicon() -> set[str]:
    """Swedish words for which English has others; the name of a property in a file is data."""
    catalogue = polib.pofile(str(Path(settings.BASE_DIR) / "locale/sv/LC_MESSAGES/django.po"))
    english = {entry.msgid for entry in catalogue} | {entry.msgid_plural for entry in catalogue}
    swedish = {text for entry in catalogue for text in (entry.msgstr, *entry.msgstr_plural.values())}
    return {text for text in swedish - english - {"namn"} if len(text) > 3 and not re.search(r"[%{]", text)}


LEXICON = lexicon()


def everyone_can_use(
    window: Window, visit: Visit, world: World, newcomer: tuple[Person, str], *, colours: bool
) -> None:
    """Contrast is measured here in any case; with `colours` axe does so too."""
    page = go(window, visit, world, newcomer)
    assert window.status == (200 if visit.route in LIBRARY else STATUS.get(visit.state, 200))
    wrong = faults(page, "cut") + faults(page, "lettering") + faults(page, "pale", 4.5)
    if window.language == "en":
        wrong += [f"Swedish: {text}" for text in faults(page, "texts") if text in LEXICON]
    wrong += faults(page, "low", 44, ".report-form")  # used standing up
    for check in (
        lambda: assert_targets_are_large_enough(page),
        lambda: assert_accessible(page, reviewed=("color-contrast",), colours=colours),  # in doubt it is measured above
    ):
        try:
            check()
        except AssertionError as error:
            wrong.append(str(error))
    assert wrong == [], "\n".join(wrong)


@pytest.mark.parametrize("visit", [one for n, one in enumerate(VISITS) if one.state == "filled" or n % 3 == 0], ids=str)
def test_everyone_can_use_each_page_in_each_of_its_states(
    visit: Visit, windows: Windows, world: World, newcomer: tuple[Person, str]
) -> None:
    everyone_can_use(windows(visit.look), visit, world, newcomer, colours=False)


@pytest.mark.long
@pytest.mark.parametrize(
    ("visit", "look"),
    [pytest.param(visit, look, id=f"{visit}, {' '.join(look)}") for n, visit in enumerate(VISITS) for look in half(n)],
)
def test_everyone_can_use_each_page_in_every_window(
    visit: Visit, look: Look, windows: Windows, world: World, newcomer: tuple[Person, str]
) -> None:
    everyone_can_use(windows(look), visit, world, newcomer, colours=True)


@pytest.mark.parametrize("route", every(6, PAGES))
def test_each_page_bends_and_breaks_nowhere(
    route: str, windows: Windows, world: World, newcomer: tuple[Person, str]
) -> None:
    window, wrong = windows(("narrow", "sv", "dark")), []
    page = go(window, Visit(route, "filled"), world, newcomer)

    def said(how: str, found: list[str]) -> None:
        wrong.extend(f"{how}: {fault}" for fault in found)

    said("320 px", faults(page, "cut") + faults(page, "lettering"))
    page.emulate_media(media="print")
    page.set_viewport_size({"width": PAPER, "height": 900})
    said("on paper", faults(page, "cut") + faults(page, "paper"))
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 320, "height": 800})
    faults(page, "dress", SPACED)
    said("with more space between letters", faults(page, "cut"))
    page.set_viewport_size({"width": 640, "height": 800})  # what is left of 1280 px to letters of twice the size
    faults(page, "dress", ":root { font-size: 200% }")
    said("with letters twice as large", faults(page, "cut"))
    page.set_viewport_size({"width": 320, "height": 800})
    faults(page, "dress", "")
    faults(page, "longer")
    said("in a longer language", faults(page, "cut"))
    assert wrong == [], "\n".join(wrong)


@pytest.mark.parametrize("route", every(6, PAGES))
def test_the_keyboard_meets_everything_in_order_and_is_seen(
    route: str, windows: Windows, world: World, newcomer: tuple[Person, str]
) -> None:
    page = go(windows(("phone", "sv", "light")), Visit(route, "filled"), world, newcomer)
    for _stop in range(page.evaluate("eyes.watchKeys()")):
        page.keyboard.press("Tab")
    wrong = faults(page, "walked")
    assert wrong == [], "\n".join(wrong)


@pytest.mark.parametrize("n", [0, 1])
def test_in_half_of_the_windows_every_pair_occurs(n: int) -> None:
    axes = [sorted({look[axis] for look in LOOKS}) for axis in range(3)]
    for one, other in combinations(range(3), 2):
        assert set(product(axes[one], axes[other])) == {(look[one], look[other]) for look in half(n)}


def test_in_the_table_of_windows_every_pair_occurs() -> None:
    axes = [sorted({row[n] for row in TABLE}) for n in range(4)]
    for one, other in combinations(range(4), 2):
        assert set(product(axes[one], axes[other])) == {(row[one], row[other]) for row in TABLE}


def test_every_form_that_somebody_else_may_save_meanwhile_is_named(world: World) -> None:
    """A file is sent in another way; the page is the same as of the other settings."""
    carrying = [name for name, row in ROUTES.items() if "version" in row.body(world.here)]
    with time_machine.travel(NOW, tick=False):
        answers = {}
        for name in carrying:
            with undone():
                posted = late(name, world.here)
                answers[name] = somebody(world, name).send("POST", where(name, world.here), posted).status_code
    assert {name for name, status in answers.items() if status == 409} == {*EDITED, "redraw_area"}


def test_what_is_no_page_is_named(world: World) -> None:
    for name in PAGES:
        answer = somebody(world, name).send("GET", where(name, world.here))
        assert answer["Content-Type"].startswith("text/html"), name
    assert set(ALL) >= NO_PAGES
