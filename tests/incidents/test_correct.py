"""An observation said anew by who logged it, and what the history keeps of it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction
from django.utils import translation

from est_site import tenancy
from est_site.models import AuditEvent
from est_site.partners import editing
from est_site.partners.models import Category, Period
from incidents import actions, history
from incidents.models import Incident, IncidentChange
from tests import cast
from tests.conftest import SignIn

DAY = timedelta(days=1)


def correct(town: cast.Town, incident: Incident, **changed: Any) -> Incident:
    said: dict[str, Any] = {
        "by": town.rut,
        "now": cast.NOW,
        "version": incident.version,
        "category": incident.category,
        "occurred_from": incident.occurred_from,
        "occurred_to": incident.occurred_to,
        "place": incident.place,
        "area": incident.area,
        "text": incident.text,
    }
    return actions.correct_incident(incident=incident, **(said | changed))


def freeze(day: Any) -> None:
    Period.objects.containing(day).update(frozen_at=cast.NOW)


def events() -> list[dict[str, Any]]:
    return [json.loads(body) for body in AuditEvent.objects.order_by("n").values_list("body", flat=True)]


def test_the_history_holds_each_changed_field_from_and_to(inside: cast.Town) -> None:
    incident = cast.make_incident(inside, text="Sprejat")
    glass, kiosk = inside.categories["glass"], inside.places["kiosken"]
    saved = correct(inside, incident, category=glass, place=kiosk, text="Krossat")
    change = IncidentChange.objects.get()
    assert (change.kind, change.by_id, change.organisation_id) == ("corrected", inside.rut.pk, saved.organisation_id)
    assert change.fields == {
        "category": [
            {"id": inside.categories["graffiti"].pk, "name": "Klotter", "en": "Graffiti"},
            {"id": glass.pk, "name": "Glaskross", "en": "Broken glass"},
        ],
        "place": [None, {"id": kiosk.pk, "name": "Hamnplan, kiosken"}],
        "text": ["Sprejat", "Krossat"],
        "location_precision": ["area", "exact"],
    }
    assert (saved.version, Incident.objects.get().text) == (2, "Krossat")


def test_the_log_names_the_fields_and_never_what_was_written(inside: cast.Town) -> None:
    correct(inside, cast.make_incident(inside, text="Hemligt ord"), text="Annat ord")
    (event,) = events()
    assert (event["what"], event["fields"]) == ("incident.correct", ["text"])
    assert " ord" not in json.dumps(event)


def test_saying_the_same_again_writes_nothing(inside: cast.Town) -> None:
    incident = cast.make_incident(inside)
    assert correct(inside, incident).version == 1
    assert not IncidentChange.objects.exists()
    assert events() == []


def test_after_the_freezing_a_correction_is_an_amendment(inside: cast.Town) -> None:
    incident = cast.make_incident(inside)
    freeze(incident.day)
    correct(inside, incident, text="Mer")
    assert [change.kind for change in IncidentChange.objects.all()] == ["amended"]
    assert [event["what"] for event in events()] == ["incident.amend"]


@pytest.mark.parametrize("frozen", ["the day it leaves", "the day it comes to"])
def test_a_move_out_of_or_into_a_frozen_period_is_an_amendment(inside: cast.Town, frozen: str) -> None:
    incident = cast.make_incident(inside)
    earlier = incident.occurred_from - 7 * DAY
    freeze(incident.day if frozen == "the day it leaves" else earlier.date())
    saved = correct(inside, incident, occurred_from=earlier, occurred_to=earlier)
    assert saved.day == incident.day - 7 * DAY
    assert IncidentChange.objects.get().kind == "amended"


def test_the_area_follows_the_place(inside: cast.Town) -> None:
    incident = cast.make_incident(inside)
    saved = correct(inside, incident, place=inside.places["tunneln"], area=None)
    assert (saved.area, saved.location_precision) == (inside.areas["Stationsområdet"], "exact")


def test_only_who_logged_it_may_correct_it(inside: cast.Town) -> None:
    incident = cast.make_incident(inside)
    for other in (inside.hanna, inside.carin):
        with pytest.raises(actions.NotAllowed):
            correct(inside, incident, by=other, text="Mer")


def test_who_saves_second_is_asked_and_nothing_is_written(inside: cast.Town) -> None:
    incident = cast.make_incident(inside)
    correct(inside, incident, text="Den första")
    with pytest.raises(editing.Stale):
        correct(inside, incident, version=1, text="Den andra")
    assert Incident.objects.get().text == "Den första"


# --- the page ----------------------------------------------------------------------------------------------


@pytest.fixture
def mine(tarnsund: cast.Town) -> Incident:
    """Rut's observation of 48 seconds past the minute, between two corners of a camera's clock."""
    with tenancy.inside(tarnsund.group):
        return cast.make_incident(
            tarnsund,
            at=cast.NOW - timedelta(hours=18, seconds=12, microseconds=77),
            place=tarnsund.places["kiosken"],
            location_precision="exact",
            text="Sprejat",
        )


def url(incident: Incident, what: str = "correct/") -> str:
    return f"/g/tarnsund/incidents/{incident.pk}/{what}"


def shown(page: Any) -> dict[str, Any]:
    """What a browser would send of the form as it is shown."""
    form = page.context["form"]
    sent = {name: form[name].value() for name in form.fields}
    for name in ("occurred_from", "occurred_to"):
        sent[name] = sent[name].strftime("%Y-%m-%dT%H:%M")
    return {name: value for name, value in sent.items() if value not in (None, "")}


def test_the_form_sent_as_it_was_shown_changes_nothing(tarnsund: cast.Town, mine: Incident, signed_in: SignIn) -> None:
    client = signed_in(tarnsund.rut)
    answer = client.post(url(mine), shown(client.get(url(mine))), follow=True)
    assert "Inget var ändrat" in answer.content.decode()
    with tenancy.inside(tarnsund.group):
        kept = Incident.objects.get()
        assert (kept.occurred_from, kept.version) == (mine.occurred_from, 1)
        assert not IncidentChange.objects.exists()


def test_a_point_that_nobody_touched_stays_where_it_was(tarnsund: cast.Town, signed_in: SignIn) -> None:
    with tenancy.inside(tarnsund.group):
        fields = {"lon": 11.9051234, "lat": 57.9054321, "location_precision": "approximate"}
        incident = cast.make_incident(tarnsund, place=tarnsund.places["kiosken"], **fields)
    client = signed_in(tarnsund.rut)
    client.post(url(incident), shown(client.get(url(incident))) | {"text": "Mer"})
    with tenancy.inside(tarnsund.group):
        assert IncidentChange.objects.get().fields == {"text": ["", "Mer"]}


@pytest.fixture
def pinned(tarnsund: cast.Town) -> Incident:
    with tenancy.inside(tarnsund.group):
        fields = {"lon": 11.9051234, "lat": 57.9054321, "location_precision": "exact"}
        return cast.make_incident(tarnsund, area=tarnsund.areas["Hamnen"], **fields)


def test_a_position_is_moved_by_a_pin(tarnsund: cast.Town, pinned: Incident, signed_in: SignIn) -> None:
    client = signed_in(tarnsund.rut)
    pin = {"where": "pin", "lon": "11.915", "lat": "57.905", "accuracy": "70"}
    assert client.post(url(pinned), shown(client.get(url(pinned))) | pin).status_code == 302
    with tenancy.inside(tarnsund.group):
        pinned.refresh_from_db()
        assert (pinned.lon, pinned.location_precision) == (11.915, "approximate")
        assert IncidentChange.objects.get().fields["point"] == [[11.9051234, 57.9054321], [11.915, 57.905]]


def test_the_position_that_was_logged_is_what_it_was_wherever_a_pin_has_been(
    tarnsund: cast.Town, pinned: Incident, signed_in: SignIn
) -> None:
    client = signed_in(tarnsund.rut)
    form = shown(client.get(url(pinned)))
    client.post(url(pinned), form | {"where": "here", "lon": "11.915", "lat": "57.905", "accuracy": "70"})
    client.post(url(pinned), form | {"where": "pin"})  # set, and never moved
    with tenancy.inside(tarnsund.group):
        assert not IncidentChange.objects.exists()


def test_a_category_and_a_place_no_longer_in_use_can_stay(
    tarnsund: cast.Town, mine: Incident, signed_in: SignIn
) -> None:
    with tenancy.inside(tarnsund.group):
        Category.objects.update(is_active=False)
        tarnsund.places["kiosken"].is_active = False
        tarnsund.places["kiosken"].save()
    client = signed_in(tarnsund.rut)
    assert client.post(url(mine), shown(client.get(url(mine))) | {"text": "Mer"}).status_code == 302
    with tenancy.inside(tarnsund.group):
        assert IncidentChange.objects.get().fields == {"text": ["Sprejat", "Mer"]}


def test_the_page_of_who_saved_second_shows_both_texts_and_saves_after_all(
    tarnsund: cast.Town, mine: Incident, signed_in: SignIn
) -> None:
    client = signed_in(tarnsund.rut)
    typed = shown(client.get(url(mine))) | {"text": "Min andra tanke"}
    client.post(url(mine), typed | {"text": "Min första tanke"})
    page = client.post(url(mine), typed)
    text = page.content.decode()
    assert page.status_code == 409
    assert "<td>Min andra tanke</td><td>Min första tanke</td>" in text
    assert client.post(url(mine), typed | {"version": 2}).status_code == 302
    with tenancy.inside(tarnsund.group):
        assert Incident.objects.get().text == "Min andra tanke"


def test_a_form_with_a_fault_keeps_what_was_typed(tarnsund: cast.Town, mine: Incident, signed_in: SignIn) -> None:
    client = signed_in(tarnsund.rut)
    typed = shown(client.get(url(mine))) | {"text": "Kvar", "occurred_from": ""}
    page = client.post(url(mine), typed)
    assert (page.status_code, "Kvar" in page.content.decode()) == (422, True)
    with tenancy.inside(tarnsund.group):
        assert not IncidentChange.objects.exists()


def test_after_the_freezing_the_form_says_that_it_amends(
    tarnsund: cast.Town, mine: Incident, signed_in: SignIn
) -> None:
    words = "Lägesbilden för den perioden är fryst"
    client = signed_in(tarnsund.rut)
    assert words not in client.get(url(mine)).content.decode()
    with tenancy.inside(tarnsund.group):
        freeze(mine.day)
    assert words in client.get(url(mine)).content.decode()


# --- the history -------------------------------------------------------------------------------------------


def test_who_changed_it_is_for_their_own_organisation(inside: cast.Town) -> None:
    incident = correct(inside, cast.make_incident(inside, text="Förut"), text="Nu")
    (own,), (others,) = history.entries(incident, inside.hanna), history.entries(incident, inside.maja)
    assert (own.who, others.who) == ("Rut Tärnsundsson", "Tärnsundsbostäder")
    assert [(line.was, line.became) for line in others.lines] == [("Förut", "Nu")]


def test_what_was_written_while_fewer_could_see_it_stays_with_them(inside: cast.Town) -> None:
    limited = cast.make_incident(inside, text="Bara vårt", visibility="organisation")
    row = correct(inside, limited, text="Fortfarande vårt", visibility="organisation")
    row = correct(inside, row, text="För alla", visibility="group")
    row = correct(inside, row, text="För alla igen", visibility="group")
    said = [[(line.was, line.became) for line in entry.lines] for entry in history.entries(row, inside.maja)]
    assert said == [[("För alla", "För alla igen")], [], []]
    assert all(entry.lines for entry in history.entries(row, inside.hanna))


def test_a_renamed_place_reads_in_the_history_as_it_was_called(inside: cast.Town) -> None:
    kiosk = inside.places["kiosken"]
    row = correct(inside, cast.make_incident(inside, place=kiosk), place=inside.places["tunneln"])
    kiosk.name = "Nya kiosken"
    kiosk.save()
    (entry,) = history.entries(row, inside.rut)
    assert ("Hamnplan, kiosken", "Gångtunneln") in [(line.was, line.became) for line in entry.lines]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE incidents_incidentchange SET at = now()",
        "UPDATE incidents_incidentchange SET by_id = NULL",
        "DELETE FROM incidents_incidentchange",
        "TRUNCATE incidents_incidentchange",
    ],
)
def test_the_application_may_not_alter_or_remove_a_row(inside: cast.Town, statement: str) -> None:
    correct(inside, cast.make_incident(inside, text="Förut"), text="Nu")
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(statement)


@pytest.mark.parametrize("fields", [{"text": ["Förut", "Annat"]}, {"text": ["Nu", "Förut"]}, {"where": ["", ""]}])
def test_what_a_row_says_cannot_be_rewritten(inside: cast.Town, fields: dict[str, Any]) -> None:
    correct(inside, cast.make_incident(inside, text="Förut"), text="Nu")
    with pytest.raises(ProgrammingError, match="only added to"), transaction.atomic():
        IncidentChange.objects.update(fields=fields)


@pytest.mark.parametrize("fields", [{}, {"text": []}, {"text": ["", ""]}, {"text": None}])
def test_masking_may_empty_what_a_row_says(inside: cast.Town, fields: dict[str, Any]) -> None:
    row = correct(inside, cast.make_incident(inside, text="Förut"), text="Nu")
    IncidentChange.objects.update(fields=fields)
    (entry,) = history.entries(row, inside.rut)
    assert not any("Förut" in line.was for line in entry.lines)


def test_the_history_says_what_a_category_was_called_in_the_readers_language(inside: cast.Town) -> None:
    incident = cast.make_incident(inside)
    correct(inside, incident, category=inside.categories["glass"])
    with translation.override("en"):
        [change] = history.entries(incident, inside.rut)
    assert [(line.was, line.became) for line in change.lines] == [("Graffiti", "Broken glass")]
