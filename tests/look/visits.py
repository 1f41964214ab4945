"""Which pages there are, in which states, and in which window each is looked at. All of it follows from the routes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.walls.doors import ALL, address
from tests.walls.routes import ROUTES, nothing
from tests.walls.world import Person, Things, World

# What is read or fetched by a machine, or only leads on; a new one is named here or is a page
NO_PAGES = {"live", "ready", "situation_matrix", "edition_pdf", "account_logout"}
# Posted empty these are not wrong: they are buttons, or hold only what one may leave out
NEVER_WRONG = {"csp_report", "set_language", "account_logout"}
CARRIED = {"version", "client_uuid"}  # hidden; nobody writes them
LIKELY = ("anonymous", "coordinator", "administrator", "member", "reporter", "analyst", "steering")

SIZES = {"phone": (390, 844), "desktop": (1440, 900), "narrow": (320, 800)}
# Nine rows in which every pair of state, size, language and theme occurs
TABLE = [
    ("empty", "phone", "sv", "light"),
    ("empty", "desktop", "en", "dark"),
    ("empty", "narrow", "sv", "dark"),
    ("filled", "phone", "en", "dark"),
    ("filled", "desktop", "sv", "light"),
    ("filled", "narrow", "en", "light"),
    ("error", "phone", "sv", "dark"),
    ("error", "desktop", "en", "light"),
    ("error", "narrow", "en", "dark"),
]
Look = tuple[str, str, str]  # size, language, theme
LOOKS: list[Look] = [(size, lang, theme) for size in SIZES for lang in ("sv", "en") for theme in ("light", "dark")]


@dataclass(frozen=True)
class Visit:
    """A page in one of its states."""

    route: str
    state: str

    def __str__(self) -> str:
        return f"{self.route}, {self.state}"

    @property
    def look(self) -> Look:
        rows = [row for row in TABLE if row[0] == self.state]
        return rows[PAGES.index(self.route) % len(rows)][1:] if self.route in PAGES else rows[0][1:]


def _is_form(name: str) -> bool:
    row = ROUTES[name]
    return row.body is not nothing and row.post != (405,) and name not in NEVER_WRONG


PAGES = [name for name in ALL if name in ROUTES and 200 in ROUTES[name].get and name not in NO_PAGES]
FORMS = [name for name in ALL if name in ROUTES and _is_form(name)]


def visits() -> Iterator[Visit]:
    for name in PAGES:
        yield Visit(name, "filled")
        if ROUTES[name].args is nothing and "<slug:slug>" in ALL[name][0]:
            yield Visit(name, "empty")
    for name in FORMS:
        yield Visit(name, "error")


def where(name: str, things: Things) -> str:
    return address(name, things, ROUTES[name].args(things))


def somebody(world: World, url: str) -> Person:
    """Somebody to whom the page is shown."""
    for who in LIKELY:
        if world.people[who].send("GET", url).status_code == 200:
            return world.people[who]
    raise AssertionError(f"{url} is shown to nobody")


def body(name: str, things: Things) -> dict[str, Any]:
    """What is posted when nothing is filled in: what the form carries by itself."""
    return {key: value for key, value in ROUTES[name].body(things).items() if key in CARRIED}
