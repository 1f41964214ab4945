"""The same form many times, two editors of one text: one row, both texts, and each told the truth."""

from __future__ import annotations

import re
import uuid
from html import unescape

import pytest

from tests.faults.house import Answer, House, together

COPIES = 50


def test_rel_04_a_form_posted_fifty_times_at_once_is_one_observation(house: House) -> None:
    number = uuid.uuid4()
    answers = together(COPIES, lambda _n: house.report(number))
    assert {(answer.status, answer.location) for answer in answers} == {(303, answers[0].location)}
    assert house.one("SELECT count(*) FROM incidents_incident WHERE client_uuid = %s", number) == 1
    row = house.one("SELECT id FROM incidents_incident WHERE client_uuid = %s", number)
    assert answers[0].location.endswith(f"?saved={row}")
    assert house.events("incident.record", row) == 1


def test_rel_04_a_table_posted_ten_times_at_once_is_saved_once(house: House) -> None:
    number = uuid.uuid4()
    answers = together(10, lambda _n: house.table(number))
    assert {answer.status for answer in answers} == {303}
    assert house.one("SELECT count(*) FROM incidents_incident WHERE sending = %s", number) == 2


def note(house: House, who: str, text: str, version: int) -> Answer:
    path = f"/g/tarnsund/meetings/{house.facts['meeting']}/note/{house.facts['note']}/"
    return house.request("POST", path, {"note": text, "version": version}, by=who)


def place(house: House, who: str, text: str, version: int) -> Answer:
    fields = {"name": text, "aliases": "", "object_type": "", "lon": "11.905", "lat": "57.905", "version": version}
    return house.request("POST", f"/g/tarnsund/settings/places/{house.facts['place']}/", fields, by=who)


@pytest.mark.parametrize(
    ("save", "table", "column", "row", "what"),
    [
        (note, "interventions_agendaitem", "note", "note", "meeting.note"),
        (place, "partners_place", "name", "place", "place.change"),
    ],
    ids=["a note", "a place"],
)
def test_rel_06_of_two_editors_the_second_sees_both_texts_and_loses_neither(
    house: House, save, table: str, column: str, row: str, what: str
) -> None:
    pk, texts = house.facts[row], {"carin": "Lampan vid kajen", "cilla": "Bänken vid kajen"}
    [(version, before)] = house.rows(f"SELECT version, {column} FROM {table} WHERE id = %s", pk)
    counted = house.events(what, pk)
    people = list(texts)
    answers = together(2, lambda n: save(house, people[n], texts[people[n]], version))
    assert sorted(answer.status for answer in answers) == [302, 409], (before, answers)
    second = people[[answer.status for answer in answers].index(409)]
    page = unescape(next(answer.text for answer in answers if answer.status == 409))
    assert all(text in page for text in texts.values())
    now = int(re.findall(r'name="version" value="(\d+)"', page)[0])
    assert save(house, second, " ".join(texts.values()), now).status == 302
    assert house.one(f"SELECT {column} FROM {table} WHERE id = %s", pk) == "Lampan vid kajen Bänken vid kajen"
    assert house.events(what, pk) == counted + 2
