"""Who was where when: logging it, counting it, and what is said of it."""

from __future__ import annotations

import re
import uuid
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from est_site import tenancy
from est_site.models import AuditEvent
from situation import presence, presence_words
from situation.models import Presence
from situation.presence import Event, Spell
from situation.timing import aoristic
from tests.cast import NOW, Town, make_incident
from tests.conftest import SignIn

PAGE, LIST = "/g/tarnsund/situation/presence/", "/g/tarnsund/situation/2026-W47/presence/"
STOCKHOLM = ZoneInfo("Europe/Stockholm")


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=STOCKHOLM)


def said(town: Town, **other: Any) -> dict[str, Any]:
    return {
        "client_uuid": uuid.UUID(int=5),
        "kind": "guards",
        "area": town.areas["Hamnen"].pk,
        "days": ["2026-11-20", "2026-11-21"],
        "begins": "20:00",
        "ends": "02:00",
    } | other


def words(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


@pytest.fixture
def housing(tarnsund: Town, signed_in: SignIn) -> Any:
    """The housing company's representative, signed in, on the Sunday of week 47."""
    with time_machine.travel(NOW, tick=False):
        yield signed_in(tarnsund.hanna)


def test_several_nights_are_logged_at_once(tarnsund: Town, housing: Any) -> None:
    assert housing.post(PAGE, said(tarnsund)).status_code == 302
    with tenancy.inside(tarnsund.group):
        rows = list(Presence.objects.order_by("starts_at"))
    assert [(row.starts_at, row.ends_at) for row in rows] == [(at(20, 20), at(21, 2)), (at(21, 20), at(22, 2))]
    assert {row.organisation_id for row in rows} == {tarnsund.organisations["housing"].pk}


def test_the_same_form_twice_is_one(tarnsund: Town, housing: Any) -> None:
    for _time in range(2):
        housing.post(PAGE, said(tarnsund))
    with tenancy.inside(tarnsund.group):
        assert Presence.objects.count() == 2
        assert AuditEvent.objects.filter(body__contains='"presence.record"').count() == 1


def test_a_form_used_before_is_not_swallowed_when_it_says_something_else(tarnsund: Town, housing: Any) -> None:
    housing.post(PAGE, said(tarnsund))
    other = said(tarnsund, area=tarnsund.areas["Centrum"].pk)
    answer = housing.post(PAGE, other)
    assert answer.status_code == 422
    assert "redan använ" in words(answer)
    number = answer.context["form"]["client_uuid"].value()
    assert housing.post(PAGE, other | {"client_uuid": number}).status_code == 302
    with tenancy.inside(tarnsund.group):
        assert Presence.objects.filter(area=tarnsund.areas["Centrum"]).count() == 2


def test_somebody_elses_form_number_gives_nothing_of_theirs(tarnsund: Town, housing: Any, signed_in: SignIn) -> None:
    housing.post(PAGE, said(tarnsund))
    assert signed_in(tarnsund.maja).post(PAGE, said(tarnsund)).status_code == 422


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"days": []}, "Kryssa i minst en dag"),
        ({"days": ["2026-11-22"]}, "Det här har inte börjat än"),
        ({"people": 201}, "200"),
        ({"other_day": "2025-11-20", "days": []}, "mer än ett år sedan"),
        ({"other_day": "2026-03-29", "days": [], "begins": "02:30", "ends": "05:00"}, "ställdes om förbi"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_kept(
    tarnsund: Town, housing: Any, wrong: dict[str, Any], told: str
) -> None:
    answer = housing.post(PAGE, said(tarnsund, **wrong))
    assert answer.status_code == 422
    assert told in words(answer)
    with tenancy.inside(tarnsund.group):
        assert not Presence.objects.exists()


def test_the_form_begins_with_what_was_said_last(tarnsund: Town, housing: Any) -> None:
    housing.post(PAGE, said(tarnsund, begins="18:00", ends="23:30"))
    initial = housing.get(PAGE).context["form"].initial
    assert (initial["kind"], initial["area"]) == ("guards", tarnsund.areas["Hamnen"].pk)
    assert f"{initial['begins']:%H.%M}–{initial['ends']:%H.%M}" == "18.00–23.30"
    assert initial["days"] == ["2026-11-21"]


def test_a_correction_is_kept_and_who_saves_second_sees_both(tarnsund: Town, housing: Any) -> None:
    housing.post(PAGE, said(tarnsund, days=["2026-11-20"]))
    with tenancy.inside(tarnsund.group):
        row = Presence.objects.get()
    body = said(tarnsund, day="2026-11-20", ends="01:00", version=1)
    assert housing.post(f"{PAGE}{row.pk}/", body).status_code == 302
    late = housing.post(f"{PAGE}{row.pk}/", body | {"ends": "04:00"})
    assert late.status_code == 409
    assert "20.00–01.00" in words(late)
    assert 'value="04:00"' in late.content.decode()


def test_what_is_withdrawn_counts_no_more(tarnsund: Town, housing: Any) -> None:
    housing.post(PAGE, said(tarnsund, days=["2026-11-20"]))
    with tenancy.inside(tarnsund.group):
        row = Presence.objects.get()
    assert "6 timmar" in words(housing.get(LIST))
    housing.post(f"{PAGE}{row.pk}/withdraw/", {"version": 1})
    assert "Ingen närvaro har loggats" in words(housing.get(LIST))


def test_another_organisations_presence_cannot_be_changed(tarnsund: Town, housing: Any, signed_in: SignIn) -> None:
    housing.post(PAGE, said(tarnsund, days=["2026-11-20"]))
    with tenancy.inside(tarnsund.group):
        row = Presence.objects.get()
    police = signed_in(tarnsund.pontus)
    assert police.get(f"{PAGE}{row.pk}/").status_code == 404
    assert police.post(f"{PAGE}{row.pk}/withdraw/", {"version": 1}).status_code == 404
    assert "Tärnsundsbostäder" in words(police.get(LIST))


def test_hours_add_up_also_in_the_night_the_clock_is_put_back() -> None:
    spell = Spell(1, "police", at(24, 20, month=10), at(25, 4, month=10))
    there = Spell(1, "police", spell.start, spell.start + timedelta(hours=6))
    assert sum(map(sum, presence.hours_of([there]))) == pytest.approx(there.hours)


def test_under_ten_events_nothing_is_said_of_an_area() -> None:
    events = [Event(1, at(20, 23), at(20, 23))] * 9
    assert presence.beside(1, [], aoristic([(one.start, one.end) for one in events])) is None
    assert presence.beside(1, [], aoristic([(at(20, 23), at(20, 23))] * 10)) is not None


def test_a_gap_is_said_with_its_numbers() -> None:
    events = [Event(1, at(20, 23), at(20, 23))] * 6 + [Event(1, at(17, 13), at(17, 13))] * 4
    spells = [Spell(1, "field", at(17, 12), at(17, 18))]
    found = presence.assemble([], spells, events)
    with translation.override("sv"):
        (sentence,) = presence_words.sentences(found, {1: "Hamnen"})
    assert "Hamnen: ungefär 6 av 10 händelser" in sentence
    assert "fredag 18–00 (ungefär 6)" in sentence


def test_presence_at_times_without_events_is_said() -> None:
    events = [Event(1, at(20, 23), at(20, 23))] * 10
    spells = [Spell(1, "field", at(20, 18), at(21, 0)), Spell(1, "field", at(17, 6), at(17, 18))]
    (one,) = presence.assemble([], spells, events)["areas"]
    assert (one["idle"], one["hours"], presence.surplus(one)) == (12.0, 18.0, True)


def test_the_frozen_picture_holds_the_presence(tarnsund: Town, housing: Any) -> None:
    from situation.actions import frozen_figures

    housing.post(PAGE, said(tarnsund, days=["2026-11-20"]))
    with tenancy.inside(tarnsund.group):
        make_incident(tarnsund)
        frozen = frozen_figures(tarnsund.periods[-1], group=tarnsund.group, cut_off=NOW, judged=False)
    assert frozen["presence"]["totals"] == [[tarnsund.areas["Hamnen"].pk, "guards", 6.0, 1]]


def test_the_list_asks_as_often_however_much_there_is(tarnsund: Town, housing: Any) -> None:
    housing.post(PAGE, said(tarnsund, days=["2026-11-20"]))
    housing.get(PAGE)  # where it is said that it was saved
    with CaptureQueriesContext(connection) as few:
        housing.get(LIST)
    days = [f"2026-11-{day}" for day in range(15, 22)]
    housing.post(PAGE, said(tarnsund, days=days, client_uuid=uuid.UUID(int=6), begins="18:00"))
    housing.get(PAGE)
    with CaptureQueriesContext(connection) as many:
        housing.get(LIST)
    assert len(few) == len(many)


def test_the_map_shows_hours_by_area_and_place_as_known_at_its_cut_off(tarnsund: Town, housing: Any) -> None:
    housing.post(PAGE, said(tarnsund))
    tunnel = tarnsund.places["tunneln"]
    at_place = {"area": tarnsund.areas["Stationsområdet"].pk, "place": tunnel.pk, "days": ["2026-11-20"]}
    housing.post(PAGE, said(tarnsund, client_uuid=uuid.UUID(int=7), **at_place))
    page = words(housing.get("/g/tarnsund/situation/2026-W47/map/?layer=presence"))
    assert "Hamnen 12,0 2 0" in page
    assert "Stationsområdet, Gångtunneln 6,0 1 –" in page
    assert "1 organisation har loggat det" in page


def test_the_meeting_is_told_the_largest_gap_and_how_many_more_there_are() -> None:
    events = [Event(area, at(20, 23), at(20, 23)) for area in (1, 2) for _one in range(10 * area)]
    found = presence.assemble([], [Spell(area, "field", at(17, 12), at(17, 18)) for area in (1, 2)], events)
    picture = {"presence": found, "areas": [{"id": 1, "name": "Hamnen"}, {"id": 2, "name": "Centrum"}]}
    with translation.override("sv"):
        told = " ".join(presence_words.brief(picture))
    assert "Centrum: ungefär 20 av 20 händelser" in told
    assert "Hamnen" not in told
    assert "Ytterligare 1 område" in told
    assert presence_words.brief(picture | {"presence": presence.assemble([], [], events)}) == []
