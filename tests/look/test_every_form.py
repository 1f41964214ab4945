"""What is wrong in a form is said in one way, in all forms: first on the page, in the same words beside the field."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.look.conftest import Windows
from tests.look.visits import FORMS, LIBRARY, LOOKS, NEVER_WRONG, NO_PAGES, PAGES, body, every, somebody, where
from tests.look.window import Window
from tests.walls.doors import ALL, address
from tests.walls.routes import ROUTES
from tests.walls.world import World

# The form stands on a page of its own, or on this one
STANDS_ON = {
    "meeting_decide": "meeting",
    "meeting_note": "meeting",
    "meeting_colour": "meeting",
    "meeting_attendance": "meeting",
    "merge_periods": "schedule",
    "import_confirm": "import_report",
}
# Nothing in the first can be empty, all is carried over; the second is not on the agenda of the world's open meeting,
# the third is a button of the table's own form
NOT_SHOWN = {"import_confirm", "meeting_follow_up", "report_table_paste"}
WRITTEN = [name for name in FORMS if name not in NOT_SHOWN]
TYPED = "Vid bryggan"


def fill(page: Page, action: str, how: str, field: str = "") -> dict[str, Any]:
    """Writes into the form and sends it; what stands in it when it is sent."""
    with page.expect_navigation():
        return page.evaluate("([action, how, field]) => eyes.send(action, how, field)", [action, how, field])  # type: ignore[no-any-return]


def contract(window: Window, page: Page, before: dict[str, str], action: str, name: str) -> list[str]:
    wrong = []
    if window.status != (200 if name in LIBRARY else 422):
        wrong.append(f"answered with {window.status}")
    if not page.title().startswith("Fel:" if window.language == "sv" else "Error:"):
        wrong.append(f"the title is {page.title()}")
    return wrong + page.evaluate("([action, before]) => eyes.summary(action, before)", [action, before])


def form_of(name: str, windows: Windows, world: World, look: tuple[str, str, str]) -> tuple[Window, Page, str]:
    window = windows(look)
    holder = STANDS_ON.get(name, name)
    page = window.open(where(holder, world.here), somebody(world, holder))
    return window, page, address(name, world.here, ROUTES[name].args(world.here))


@pytest.mark.parametrize("name", every(3, WRITTEN))
def test_an_empty_form_is_answered_with_all_that_is_missing(name: str, windows: Windows, world: World) -> None:
    window, page, action = form_of(name, windows, world, LOOKS[FORMS.index(name) % len(LOOKS)])
    sent = fill(page, action, "empty")
    wrong = contract(window, page, sent, action, name)
    assert wrong == [], "\n".join(wrong)


@pytest.mark.long
@pytest.mark.parametrize("name", WRITTEN)
def test_one_wrong_field_is_named_and_the_others_keep_what_was_typed(name: str, windows: Windows, world: World) -> None:
    look = LOOKS[-1 - FORMS.index(name) % len(LOOKS)]
    _window, page, action = form_of(name, windows, world, look)
    wrong = []
    for field in page.evaluate("(action) => eyes.fields(action)", action):
        window, page, action = form_of(name, windows, world, look)
        sent = fill(page, action, "wrong", field)
        wrong += [f"{field}: {fault}" for fault in contract(window, page, sent, action, name)]
    assert wrong == [], "\n".join(wrong)


def test_every_form_that_is_shown_is_among_these(world: World) -> None:
    """A form with something to write in that is not sent above has no contract."""
    known = {address(name, world.here, ROUTES[name].args(world.here)) for name in [*FORMS, *NEVER_WRONG]}
    asked = {address(name, world.here, ROUTES[name].args(world.here)): name for name in ALL if name in ROUTES}
    strange = set()
    for name in PAGES:
        url = where(name, world.here)
        shown = Forms.of(somebody(world, name).send("GET", url).content.decode(), url)
        strange |= {asked[action] for action in shown if action in asked and action not in known}
    assert strange == set()


def test_what_is_never_wrong_is_named(world: World) -> None:
    for name in NEVER_WRONG - NO_PAGES:
        answer = somebody(world, name).send("POST", where(name, world.here), body(name, world.here))
        assert answer.status_code < 422, name


class Forms(HTMLParser):
    """Where the forms of a page are sent that have something to write in."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url, self.at, self.found = url, "", set[str]()

    @classmethod
    def of(cls, html: str, url: str) -> set[str]:
        parser = cls(url)
        parser.feed(html)
        return parser.found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "form":
            self.at = (said.get("action") or self.url) if said.get("method") == "post" else ""
        elif self.at and tag in ("input", "select", "textarea") and said.get("type") not in ("hidden", "submit"):
            self.found.add(self.at)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.at = ""
