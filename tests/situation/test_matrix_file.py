"""The matrix as a file for a spreadsheet."""

from __future__ import annotations

import csv
from io import StringIO

import pytest

from situation.matrix import neutral
from tests.cast import Town
from tests.conftest import SignIn

FILE = "/g/tarnsund/situation/2026-W47/matrix.csv"


def table(town: Town, signed_in: SignIn, language: str = "sv") -> list[list[str]]:
    browser = signed_in(town.carin)
    browser.cookies["est-language"] = language
    answer = browser.get(FILE, headers={"accept-language": language})
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.reader(StringIO(answer.content.decode("utf-8-sig")), delimiter=";" if language == "sv" else ","))


def test_the_file_says_what_the_page_says(week47: Town, signed_in: SignIn) -> None:
    lines = table(week47, signed_in)
    assert lines[0][:4] == ["Period", "Område", "Alla slag", "Alla slag, snitt"]
    assert {line[1]: line[2] for line in lines[1:]} == {
        "Centrum": "1",
        "Hamnen": "3",
        "Stationsområdet": "0",
        "Utanför områdena": "1",
        "Alla områden": "5",
    }


def test_every_line_is_as_long_as_the_heading(week47: Town, signed_in: SignIn) -> None:
    assert len({len(line) for line in table(week47, signed_in)}) == 1


def test_a_silent_week_has_no_figures_in_the_file(inside: Town, signed_in: SignIn) -> None:
    assert {line[2] for line in table(inside, signed_in)[1:]} == {""}


@pytest.mark.parametrize("text", ["=1+1", "+46", "-2", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_is_taken_for_a_formula(text: str) -> None:
    assert neutral(text) == f"'{text}"


def test_ordinary_words_are_left_alone() -> None:
    assert neutral("Hamnen") == "Hamnen"


def test_an_areas_name_cannot_be_a_formula_in_the_file(week47: Town, signed_in: SignIn) -> None:
    week47.areas["Hamnen"].name = "=HYPERLINK(1)"
    week47.areas["Hamnen"].save()
    assert "'=HYPERLINK(1)" in [line[1] for line in table(week47, signed_in)]
