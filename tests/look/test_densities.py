"""The three densities are one attribute; what is shown in the room can be read at six metres."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from tests.look.conftest import Windows
from tests.look.visits import Look
from tests.walls.world import World

ROOM = {"width": 1920, "height": 1080}
SCREENS: list[Look] = [("desktop", "sv", "light"), ("desktop", "sv", "dark")]


@pytest.fixture(params=SCREENS, ids=["light", "dark"])
def guide(request: Any, windows: Windows, world: World) -> Any:
    page = windows(request.param).open(reverse("styleguide"), world.people["anonymous"])
    page.set_viewport_size(ROOM)
    yield page
    page.set_viewport_size({"width": 1440, "height": 900})


def ask(page: Any, what: str, *said: Any) -> Any:
    return page.evaluate("([what, said]) => eyes[what](...said)", [what, list(said)])


def test_what_is_shown_in_the_room_can_be_read_at_six_metres(guide: Any) -> None:
    """Running text at 28 px, nothing under 22 px, and contrast 7:1."""
    body = guide.evaluate("getComputedStyle(document.querySelector('[data-density=projection]')).fontSize")
    assert float(body.removesuffix("px")) >= 28
    assert ask(guide, "smaller", 22, "[data-density=projection]") == []
    assert ask(guide, "pale", 7, "[data-density=projection]") == []


def test_the_guide_shows_every_density(guide: Any) -> None:
    shown = guide.evaluate("[...document.querySelectorAll('[data-density]:not(html)')].map((e) => e.dataset.density)")
    assert {"comfortable", "compact", "projection"} <= set(shown)


def test_a_table_gets_as_dense_as_its_part_of_the_page(guide: Any) -> None:
    """The root's own size never changes, so a reader's text size holds."""
    rows = {
        density: guide.evaluate(
            """(density) => {
              const table = document.querySelector(`[data-density=${density}] .table`);
              return table.querySelector("tbody tr").getBoundingClientRect().height;
            }""",
            density,
        )
        for density in ("compact", "comfortable", "projection")
    }
    assert rows["compact"] < rows["comfortable"] < rows["projection"]
    assert guide.evaluate("getComputedStyle(document.documentElement).fontSize") == "16px"
