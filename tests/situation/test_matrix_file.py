"""The matrix as a file for a spreadsheet."""

from __future__ import annotations

import csv
from datetime import timedelta
from io import StringIO

import pytest

from situation.actions import freeze_picture
from situation.matrix import neutral
from situation.models import Meeting, Picture
from tests.cast import Town, make_incident
from tests.conftest import SignIn
from tests.situation.conftest import log_a_surge
from tests.situation.test_frozen_picture import FROZEN_AT

FILE = "/g/tarnsund/situation/2026-W47/matrix.csv"


def table(town: Town, signed_in: SignIn, language: str = "sv", path: str = FILE) -> list[list[str]]:
    browser = signed_in(town.carin)
    browser.cookies["est-language"] = language
    answer = browser.get(path, headers={"accept-language": language})
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


# --- a frozen picture ---


@pytest.fixture
def judged(inside: Town, planned: Meeting) -> Picture:
    log_a_surge(inside)
    return freeze_picture(meeting=planned, now=FROZEN_AT)


def path(picture: Picture) -> str:
    return f"/g/tarnsund/situation/meeting/{picture.meeting_id}/picture.csv"


def test_a_frozen_pictures_file_has_every_comparison_with_what_its_verdict_rests_on(
    inside: Town, judged: Picture, signed_in: SignIn
) -> None:
    heading, *lines = table(inside, signed_in, path=path(judged))
    assert len(lines) == len(judged.frozen["verdicts"]["rows"])
    assert {len(line) for line in lines} == {len(heading)}
    (hamnen,) = [
        dict(zip(heading, line, strict=True)) for line in lines if line[1:4] == ["Hamnen", "Skadegörelse", "7"]
    ]
    assert (hamnen["Observationer"], hamnen["Omdöme"]) == ("12", "tydligt fler")
    assert int(hamnen["Normalt till"]) <= int(hamnen["Tydligt fler över"]) < 12
    assert hamnen["Slump"].startswith("0,")


def test_the_file_is_of_the_version_that_is_asked_for(inside: Town, judged: Picture, signed_in: SignIn) -> None:
    make_incident(inside, recorded_at=FROZEN_AT + timedelta(hours=1))
    freeze_picture(meeting=judged.meeting, now=FROZEN_AT + timedelta(hours=2), again=True)
    client = signed_in(inside.carin)
    first, latest = (client.get(path(judged), version) for version in ({"version": 1}, {}))
    assert "version-1.csv" in first["Content-Disposition"]
    assert first.content != latest.content
    assert client.get(path(judged), {"version": 3}).status_code == 404


def test_a_frozen_picture_with_too_short_a_past_gives_its_matrix(
    week47: Town, planned: Meeting, signed_in: SignIn
) -> None:
    picture = freeze_picture(meeting=planned, now=FROZEN_AT)
    assert table(week47, signed_in, path=path(picture))[0][:3] == ["Period", "Område", "Alla slag"]


def test_a_meeting_without_a_picture_has_no_file(inside: Town, planned: Meeting, signed_in: SignIn) -> None:
    assert signed_in(inside.carin).get(f"/g/tarnsund/situation/meeting/{planned.pk}/picture.csv").status_code == 404
