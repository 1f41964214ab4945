"""The installation's own background tiles under the map of a period."""

from __future__ import annotations

import base64
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Page, Route, expect
from shapely.geometry import box

from est_site.maps import Projection
from est_site.maps.drawing import TOLERANCES
from est_site.maps.ground import WIDTH, ground
from situation.checks import tiles_have_an_address
from situation.map_drawing import MOST, background
from tests.browser import Browse
from tests.cast import Town
from tests.conftest import SignIn
from tests.situation.test_map_page import MAP

TILES = "/-/tiles/{z}/{x}/{y}.png"
DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
MATRIX = re.compile(r"matrix\(([^)]*)\)")


@given(st.floats(11, 23), st.floats(56, 68), st.floats(0.001, 0.7), st.floats(0.001, 0.7))
def test_tiles_cover_the_whole_view_and_are_few(lon: float, lat: float, wide: float, high: float) -> None:
    view = ground([box(lon, lat, lon + wide, lat + high)], 3006, TOLERANCES[0]).view
    made = str(background(view, Projection(3006), (lon, lat)))
    tiles = [[float(n) for n in found.split()] for found in MATRIX.findall(made)]
    assert 1 <= len(tiles) <= MOST
    for x, y in ((1, 1), (WIDTH - 1, 1), (1, view.height - 1), (WIDTH - 1, view.height - 1), (400, 200)):
        assert any(_inside(tile, x, y) for tile in tiles)


def _inside(tile: list[float], x: float, y: float) -> bool:
    """Whether a point of the picture lies in a tile: back through its matrix, with a pixel to spare."""
    a, b, c, d, e, f = tile
    across = (d * (x - e) - c * (y - f)) / (a * d - b * c)
    down = (a * (y - f) - b * (x - e)) / (a * d - b * c)
    return -1 <= across <= 257 and -1 <= down <= 257


def test_only_the_map_looks_where_the_tiles_are(tarnsund: Town, signed_in: SignIn, settings: Any) -> None:
    maja = signed_in(tarnsund.people["maja"])
    assert "data-tiles" not in maja.get(MAP).content.decode()
    settings.TILE_URL = "https://kartor.example.se/{z}/{x}/{y}.png"
    page = maja.get(MAP)
    assert "https://kartor.example.se/1" in page.content.decode()
    assert "img-src 'self' blob: https://kartor.example.se;" in page["Content-Security-Policy"]
    assert "kartor" not in maja.get("/g/tarnsund/situation/")["Content-Security-Policy"]
    assert b"kartor" not in maja.get(f"{MAP}map.svg").content


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("", None),
        (TILES, None),
        ("https://kartor.example.se/{z}/{x}/{y}.png", None),
        ("https://kartor.example.se/{z}/{x}.png", "{y}"),
        ("http://kartor.example.se/{z}/{x}/{y}.png", "https"),
        ("//kartor.example.se/{z}/{x}/{y}.png", "https"),
    ],
)
def test_an_address_without_its_numbers_or_in_the_clear_stops_the_start(url: str, fault: str, settings: Any) -> None:
    settings.TILE_URL = url
    found = " ".join(one.msg for one in tiles_have_an_address())
    assert fault in found if fault else not found


def test_the_tiles_come_when_the_first_has_come(browse: Browse, tarnsund: Town, settings: Any) -> None:
    settings.TILE_URL = TILES
    page: Page = browse(tarnsund.people["maja"])
    page.route("**/-/tiles/**", lambda route: route.fulfill(body=DOT, content_type="image/png"))
    page.goto(MAP)
    expect(page.locator("svg.has-tiles image:not([href])")).to_have_count(0)
    expect(page.locator("svg.has-tiles image").first).to_be_visible()


def test_a_background_that_does_not_answer_is_said_within_three_seconds(
    browse: Browse, tarnsund: Town, settings: Any
) -> None:
    settings.TILE_URL = TILES
    page: Page = browse(tarnsund.people["maja"])
    asked: list[Route] = []
    page.route("**/-/tiles/**", lambda route: asked.append(route))
    page.clock.install()
    page.goto(MAP, wait_until="domcontentloaded")
    page.clock.fast_forward(3000)
    expect(page.get_by_text("Bakgrundskartan svarar inte")).to_be_visible()
    expect(page.locator(".m-tiles")).to_be_hidden()
    assert len(asked) == 1
    asked[0].fulfill(body=DOT, content_type="image/png")
    expect(page.get_by_text("Bakgrundskartan svarar inte")).to_be_hidden()
