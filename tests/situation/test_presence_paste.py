"""Presence copied from a spreadsheet: read back first, then all of it saved or nothing."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
import time_machine

from est_site import tenancy
from est_site.models import AuditEvent
from situation.models import Presence
from tests.cast import NOW, Town
from tests.conftest import SignIn
from tests.situation.test_presence import PAGE, at, words

PASTE = f"{PAGE}paste/"
TWO = "väktare\tHamnen\t2026-11-20\t20:00\t02:00\t2\nPolisen\tGångtunneln\t21/11\t18\t24:00\t"


@pytest.fixture
def housing(tarnsund: Town, signed_in: SignIn) -> Any:
    with time_machine.travel(NOW, tick=False):
        yield signed_in(tarnsund.hanna)


def look(client: Any, text: str) -> Any:
    return client.post(PASTE, {"client_uuid": uuid.UUID(int=3), "pasted": text})


def save(client: Any, text: str, number: int = 3) -> Any:
    found = look(client, text).context["found"]
    return client.post(PASTE, {"client_uuid": uuid.UUID(int=number), "pasted": text, "seen": found.digest})


def kept(town: Town) -> list[Any]:
    with tenancy.inside(town.group):
        rows = Presence.objects.order_by("starts_at")
        return list(rows.values_list("kind", "area__name", "place__name", "starts_at", "ends_at", "people"))


def test_what_was_read_is_shown_and_saved_only_when_it_has_been_looked_at(tarnsund: Town, housing: Any) -> None:
    page = look(housing, TWO)
    assert "2 rader är inlästa" in words(page)
    assert "Stationsområdet, Gångtunneln" in words(page)
    assert kept(tarnsund) == []
    other = housing.post(PASTE, {"client_uuid": uuid.UUID(int=3), "pasted": TWO, "seen": "another"})
    assert (other.status_code, kept(tarnsund)) == (200, [])
    assert save(housing, TWO).status_code == 302
    assert kept(tarnsund) == [
        ("guards", "Hamnen", None, at(20, 20), at(21, 2), 2),
        ("police", "Stationsområdet", "Gångtunneln", at(21, 18), at(22, 0), None),
    ]


def test_a_later_sheet_that_holds_the_earlier_rows_too_saves_only_the_new_ones(tarnsund: Town, housing: Any) -> None:
    for number in (3, 3, 4):
        assert save(housing, TWO, number).status_code == 302
    longer = TWO + "\nväktare\tCentrum\t2026-11-19\t20.00\t23.00\t1"
    assert "2 är redan loggade" in words(look(housing, longer))
    save(housing, longer, 5)
    assert len(kept(tarnsund)) == 3
    with tenancy.inside(tarnsund.group):
        assert AuditEvent.objects.filter(body__contains='"presence.record_pasted"').count() == 2


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("trollkarl\tHamnen\t2026-11-20\t20:00\t02:00", "går inte att välja"),
        ("väktare\tMordor\t2026-11-20\t20:00\t02:00", "hette ”Mordor”"),
        ("väktare\tHamnen\t\t20:00\t02:00", "Skriv dagen"),
        ("väktare\tHamnen\t2026-11-20\t20:00\t", "Skriv från och till"),
        ("väktare\tHamnen\t2026-11-20\tkväll\t02:00", "går inte att läsa"),
        ("väktare\tHamnen\t2026-11-24\t20:00\t02:00", "har inte börjat än"),
        ("väktare\tHamnen\t2026-11-20\t20:00\t02:00\t0", "inte hur många"),
        (TWO.splitlines()[0], "Samma som rad 1"),
    ],
)
def test_one_row_with_a_fault_keeps_all_of_it_out(tarnsund: Town, housing: Any, row: str, told: str) -> None:
    text = f"{TWO}\n{row}"
    page = look(housing, text)
    assert page.status_code == 422
    assert told in words(page)
    assert save(housing, text).status_code == 422
    assert kept(tarnsund) == []


def test_with_headings_the_columns_stand_in_any_order(tarnsund: Town, housing: Any) -> None:
    save(housing, "Datum;Till;Från;Område;Vem\n2026-11-20;02:00;20:00;Hamnen;OV")
    assert kept(tarnsund) == [("order", "Hamnen", None, at(20, 20), at(21, 2), None)]


@pytest.mark.parametrize("text", ["", " \n\t", "\0", "Vem\tVar\tDag", "x\ty\n" * 201])
def test_what_is_no_table_is_said_and_nothing_is_kept(tarnsund: Town, housing: Any, text: str) -> None:
    page = look(housing, text)
    assert page.status_code == 422
    assert re.search("Klistra in|går inte att läsa|Null", words(page))
