"""What is found by what somebody writes, how many are counted, and where the dots stand."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from est_site import tenancy
from incidents import listing, searching
from incidents.models import Incident
from tests import cast
from tests.conftest import SignIn

URL = "/g/tarnsund/incidents/"
Log = Callable[..., Incident]


@pytest.fixture
def log(tarnsund: cast.Town) -> Log:
    def make(**fields: Any) -> Incident:
        with tenancy.inside(tarnsund.group):
            return cast.make_incident(tarnsund, **fields)

    return make


@pytest.fixture
def maja(tarnsund: cast.Town, signed_in: SignIn) -> Client:
    return signed_in(tarnsund.maja)


def shown(client: Client, **chosen: Any) -> list[int]:
    return [row.pk for row in client.get(URL, chosen).context["page"]]


@pytest.mark.parametrize("words", ["lyktan", "lyktor", "släckta lyktor", "LYKT", "lyktorna vid kajen"])
def test_a_word_is_found_in_any_of_its_forms_and_when_it_is_only_begun(maja: Client, log: Log, words: str) -> None:
    row = log(text="Två lyktor släckta vid kajen")
    log(text="Krossat glas")
    assert shown(maja, q=words) == [row.pk]


def test_what_was_done_at_once_is_found_too(maja: Client, log: Log) -> None:
    row = log(text="Krossat glas", done_at_once="Sopade upp skärvorna")
    assert shown(maja, q="skärvor") == [row.pk]


def test_all_words_must_be_there(maja: Client, log: Log) -> None:
    log(text="Krossat glas")
    assert shown(maja, q="glas bänk") == []


@pytest.mark.parametrize("words", ["gångtunneln", "gångtuneln", "tunneln"])
def test_a_place_is_found_however_it_is_spelled(tarnsund: cast.Town, maja: Client, log: Log, words: str) -> None:
    row = log(place=tarnsund.places["tunneln"])
    log(place=tarnsund.places["kiosken"])
    assert shown(maja, q=words) == [row.pk]


def test_a_place_is_found_by_its_nickname(tarnsund: cast.Town, maja: Client, log: Log) -> None:
    row = log(place=tarnsund.places["kiosken"])
    assert shown(maja, q="kiosken") == [row.pk]


@pytest.mark.parametrize("form", ["{number}", "nr {number}", "{pk}"])
def test_an_observation_is_found_by_its_number(maja: Client, log: Log, form: str) -> None:
    row, _other = log(), log()
    assert shown(maja, q=form.format(number=row.number, pk=row.pk)) == [row.pk]


def test_words_that_were_emptied_are_found_no_more(tarnsund: cast.Town, maja: Client, log: Log) -> None:
    row = log(text="Krossat glas")
    with tenancy.inside(tarnsund.group):
        Incident.objects.filter(pk=row.pk).update(text="")
    assert shown(maja, q="glas") == []


def test_the_other_groups_words_are_not_found(bjorkvik: cast.Town, maja: Client, log: Log) -> None:
    with tenancy.inside(bjorkvik.group):
        cast.make_incident(
            bjorkvik,
            text="Krossat glas",
            category=next(iter(bjorkvik.categories.values())),
            organisation=next(iter(bjorkvik.organisations.values())),
            reporter=None,
        )
    assert shown(maja, q="glas") == []


@given(words=st.text(max_size=100))
def test_no_words_make_a_query_that_the_database_refuses(words: str) -> None:
    query = searching._text(words).params[0]
    assert re.fullmatch(r"(\('\w+':\*( \| '\w+':\*)?\)( & (?=\()|$))*", query)


@pytest.mark.parametrize("words", ["'", ":*", "a & | !", "\\", "'; DROP TABLE", "ß" * 100, "…"])
def test_odd_signs_are_no_fault(maja: Client, log: Log, words: str) -> None:
    log(text="Krossat glas")
    assert maja.get(URL, {"q": words}).status_code == 200


@pytest.mark.parametrize(("rows", "more"), [(3, False), (4, True)])
def test_counting_stops_and_says_so(
    maja: Client, log: Log, monkeypatch: pytest.MonkeyPatch, rows: int, more: bool
) -> None:
    monkeypatch.setattr(listing, "MOST", 3)
    for n in range(rows):
        log(at=cast.NOW - timedelta(days=1 + n))
    answer = maja.get(URL)
    assert (answer.context["found"].rows, answer.context["found"].more) == (3, more)
    assert ("Fler än 3 observationer" in answer.content.decode()) == more
    assert len(answer.context["page"]) == 3


def test_near_observations_are_one_dot_with_their_number(tarnsund: cast.Town, maja: Client, log: Log) -> None:
    for _ in range(3):
        log(place=tarnsund.places["kiosken"])
    log(lon=11.9281, lat=57.9081)
    page = maja.get(URL)
    assert sorted(one.count for one in page.context["found"].clusters) == [1, 3]
    assert page.content.decode().count("m-obs-few") == 1


def test_what_has_no_position_is_counted_beside_the_map(tarnsund: cast.Town, maja: Client, log: Log) -> None:
    log(), log()
    log(place=tarnsund.places["kiosken"])
    page = " ".join(maja.get(URL).content.decode().split())
    assert "1 av 3 visas som prickar" in page
    assert "2 har ingen position." in page


def test_a_row_and_its_dot_carry_the_same_cell(tarnsund: cast.Town, maja: Client, log: Log) -> None:
    log(place=tarnsund.places["kiosken"])
    page = maja.get(URL)
    cell = page.context["found"].clusters[0].cell
    assert page.content.decode().count(f'data-cell="{cell}"') == 2


def test_a_chosen_area_is_drawn_alone(tarnsund: cast.Town, maja: Client, log: Log) -> None:
    log()
    page = maja.get(URL, {"area": tarnsund.areas["Hamnen"].pk}).content.decode()
    assert 'aria-label="Hamnen, 1"' in page
    assert 'aria-label="Centrum, 0"' not in page


def test_a_position_indoors_is_exact_only_for_the_own_organisation(
    tarnsund: cast.Town, signed_in: SignIn, log: Log
) -> None:
    row = log(lon=11.9051234, lat=57.9051234, object_type="stairwell")

    def dot(person: str) -> tuple[float, float]:
        one = signed_in(tarnsund.people[person]).get(URL).context["found"].clusters[0]
        return one.lon, one.lat

    assert dot("rut") == pytest.approx((row.lon, row.lat))
    lon, lat = dot("maja")
    assert (lon, lat) == pytest.approx((11.90625, 57.90625), abs=1e-9)


def test_a_withdrawn_and_a_merged_observation_are_not_in_the_list(tarnsund: cast.Town, maja: Client, log: Log) -> None:
    first, merged, withdrawn = log(), log(), log()
    with tenancy.inside(tarnsund.group):
        Incident.objects.filter(pk=merged.pk).update(merged_into=first)
        Incident.objects.filter(pk=withdrawn.pk).update(withdrawn_at=cast.NOW)
    assert shown(maja) == [first.pk]
    assert maja.get(URL).context["found"].rows == 1


def test_the_words_of_a_text_stand_beside_it_whoever_writes_it(tarnsund: cast.Town, log: Log) -> None:
    row = log(text="Två lyktor")
    with tenancy.inside(tarnsund.group), connection.cursor() as cursor:
        row.text = "Trasig bänk"
        row.save()
        cursor.execute("SELECT words::text FROM incidents_incident WHERE id = %s", [row.pk])
        assert cursor.fetchone() == ("'bänk':2 'tras':1",)
