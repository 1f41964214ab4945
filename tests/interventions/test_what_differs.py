"""What differs this period stands on the agenda, on the meeting's screen and in both documents, in the same words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from interventions.actions import prepare_meeting
from interventions.agenda import highlights
from interventions.models import AgendaItem, Edition
from situation.models import Meeting
from tests.cast import NOW, Town
from tests.conftest import SignIn
from tests.interventions.test_sheets import _made
from tests.situation.conftest import log_a_surge

pytestmark = pytest.mark.django_db
PREPARED = NOW + timedelta(hours=15)


@pytest.fixture
def prepared(inside: Town, planned: Meeting) -> Meeting:
    log_a_surge(inside)
    prepare_meeting(meeting=planned, now=PREPARED)
    return planned


def reasons(meeting: Meeting) -> list[dict[str, Any]]:
    return AgendaItem.objects.get(meeting=meeting, kind="picture").reasons


def test_the_agenda_names_what_differs_with_its_normal_in_both_languages(prepared: Meeting) -> None:
    found = reasons(prepared)
    assert 1 <= len(found) <= 5
    assert {one["kind"] for one in found} == {"verdict"}
    assert any("Hamnen: 12, normalt 0" in one["sv"] and "Hamnen: 12, normally 0" in one["en"] for one in found)


def test_the_meeting_sees_it_in_its_own_language(prepared: Meeting, inside: Town, signed_in: SignIn) -> None:
    said = signed_in(inside.carin).get(f"/g/tarnsund/meetings/{prepared.pk}/").content.decode()
    assert "normalt 0" in said
    assert "tydligt fler" in said
    assert "Längst över snittet" not in said


@pytest.mark.parametrize(
    ("verdicts", "kinds"),
    [
        ({"shown": []}, ["normal"]),
        ({"shown": [], "reporting": {"now": 0.5, "usual": 0.9, "changed": True}}, ["changed"]),
    ],
)
def test_a_quiet_period_and_one_that_cannot_be_compared_say_so(
    prepared: Meeting, verdicts: dict[str, Any], kinds: list[str]
) -> None:
    frozen = prepared.pictures.get().frozen
    frozen["verdicts"] |= verdicts
    assert [one["kind"] for one in highlights(frozen)] == kinds


def test_the_agenda_as_a_file_gives_count_normal_and_verdict_of_each_area(prepared: Meeting) -> None:
    edition = Edition.objects.get(meeting=prepared, kind="agenda")
    made = _made(edition)
    text = " ".join(made.text.split())
    assert "Tydligt fler observationer än normalt" in text
    assert "normalt" in text
    assert "inom det normala" in text
    assert "väntas" in text  # what chance alone would bring
