"""Which pages there are, in which states, and in which window each is looked at. All of it follows from the routes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pytest

from est_site.access import WITHOUT_GROUP, Permission, may
from tests.walls.doors import ALL, address
from tests.walls.routes import ROUTES
from tests.walls.row import nothing
from tests.walls.world import Person, Things, World

# What is read or fetched by a machine, or only leads on; a new one is named here or is a page
NO_PAGES = {
    "live",
    "ready",
    "situation_matrix",
    "situation_map_file",
    "situation_hours_file",
    "picture_csv",
    "source_file",
    "edition_pdf",
    "decisions_file",
    "own_tasks",
    "meeting_state",
    "picture_edition_pdf",
    "account_logout",
    "photo",
    "api_document",
    "import_faults",
    "report_map",
}
# Posted without anything these are not answered with a form that has faults: they are buttons, or all in them may be left out
NEVER_WRONG = {
    *("csp_report", "set_language", "account_logout", "leave", "retire_place", "use_place", "move_category"),
    *(
        "retire_category",
        "use_category",
        "meeting_start",
        "minutes_name_adjuster",
        "meeting_attendance",
        "meeting_colour",
        "meeting_take_up",
        "meeting_note",
        *("meeting_own_delivered", "meeting_own_note", "meeting_cancel"),
        *("meeting_item_move", "meeting_vote_state", "colour_meanings", "information_settle"),
        "draft",
        "forget_draft",
        "report_table_rows",
        "report_table_draft",
        "report_table_forget",
        "end_question",
        "ask_again",
        "report_photos",
        "guard",
        "nearby",
        "looked_at",
        "incident_merge",
        "incident_not_same",
        "incident_part",
        "weekly_mail",
        "list_keys",
        "revoke_token",
        "import_values",
        "held_row",
        "move_door",
        "hide_door",
        "show_door",
        "withdraw_presence",
        "end_wheel_entry",
        "end_reporting_event",
        "end_source",
    ),
}
LIBRARY = {"account_login", "account_reset_password"}  # forms of the sign-in; they answer 200 whatever is in them
# Whoever saves second sees both texts
EDITED = [
    *("person", "end_person", "organisation", "area", "end_area", "place", "category", "change_schedule"),
    *(
        "incident_correct",
        "meeting_note",
        "meeting_own_note",
        "minutes_correct",
        "minutes_adjust",
        "meeting_move",
        "question",
        "door_settings",
    ),
    *("correct_presence", "wheel_entry", "reporting_event", "change_source"),
]
CARRIED = {"version", "client_uuid"}  # hidden; nobody writes them

SIZES = {"phone": (390, 844), "desktop": (1440, 900), "narrow": (320, 800)}
# Twelve rows in which every pair of state, size, language and theme occurs
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
    ("conflict", "phone", "en", "light"),
    ("conflict", "desktop", "sv", "dark"),
    ("conflict", "narrow", "sv", "light"),
]
Look = tuple[str, str, str]  # size, language, theme
LOOKS: list[Look] = [(size, lang, theme) for size in SIZES for lang in ("sv", "en") for theme in ("light", "dark")]


def half(n: int) -> list[Look]:
    """Six of the twelve, in which every pair of size, language and theme occurs; the other six for the next page."""
    places = [list(SIZES), ["sv", "en"], ["light", "dark"]]
    return [look for look in LOOKS if sum(map(list.index, places, look)) % 2 == n % 2]


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
        names = EDITED if self.state == "conflict" else PAGES
        return rows[names.index(self.route) % len(rows)][1:] if self.route in names else rows[0][1:]


def _is_form(name: str) -> bool:
    row = ROUTES[name]
    return name in LIBRARY or (row.body is not nothing and row.post != (405,) and name not in NEVER_WRONG)


PAGES = [name for name in ALL if name in ROUTES and 200 in ROUTES[name].get and name not in NO_PAGES]
FORMS = [name for name in ALL if name in ROUTES and _is_form(name)]


def visits() -> Iterator[Visit]:
    for name in PAGES:
        yield Visit(name, "filled")
        if ROUTES[name].args is nothing and "<slug:slug>" in ALL[name][0]:
            yield Visit(name, "empty")
    for name in FORMS:
        yield Visit(name, "error")
    for name in EDITED:
        yield Visit(name, "conflict")


def every(nth: int, names: list[str]) -> list[Any]:
    """All of them, of which every so many in the short suite."""
    return [pytest.param(name, marks=[pytest.mark.long] if n % nth else []) for n, name in enumerate(names)]


def where(name: str, things: Things) -> str:
    url = address(name, things, ROUTES[name].args(things))
    if name == "import_report":  # what is chosen in it stands in its address
        url += "?" + urlencode(ROUTES["import_confirm"].body(things))
    return url


def somebody(world: World, name: str) -> Person:
    """Somebody to whom the page is shown; where no group is needed, somebody who has none."""
    mark = ALL[name][1]
    if mark.startswith("public"):
        return world.people["anonymous"]
    if Permission(mark) in WITHOUT_GROUP:
        return world.people["administrator"]
    likely = [world.people["coordinator"], *world.people.values()]
    return next(person for person in likely if person.member and may(person.member, Permission(mark)))


def late(name: str, things: Things) -> dict[str, Any]:
    """What is posted by somebody who began before another saved."""
    return ROUTES[name].body(things) | {"version": 77}


def body(name: str, things: Things) -> dict[str, Any]:
    """What is posted when nothing is filled in: what the form carries by itself."""
    return {key: value for key, value in ROUTES[name].body(things).items() if key in CARRIED}
