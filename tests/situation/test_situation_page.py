"""The live picture of a period on screen."""

from __future__ import annotations

import re

import pytest

from tests.cast import Town
from tests.conftest import SignIn

PAGE = "/g/tarnsund/situation/2026-W47/"


def text(response) -> str:
    """What stands on the page, tags and runs of blanks taken out."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


@pytest.mark.parametrize(
    ("who", "status"),
    [("carin", 200), ("maja", 200), ("anders", 200), ("stina", 200), ("rut", 403), ("viktor", 403)],
)
def test_each_role_may_see_the_picture_as_the_table_says(
    tarnsund: Town, signed_in: SignIn, who: str, status: int
) -> None:
    assert signed_in(tarnsund.people[who]).get(PAGE).status_code == status


def test_the_latest_page_shows_the_period_that_has_begun(tarnsund: Town, signed_in: SignIn) -> None:
    assert b"<b>Vecka 47</b>" in signed_in(tarnsund.carin).get("/g/tarnsund/situation/").content
