"""Logging an observation through the form."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from est_site import tenancy
from est_site.models import AuditEvent
from est_site.partners.models import Area, Category, Period, Place
from incidents.models import Incident
from tests import cast
from tests.conftest import SignIn
from tests.incidents.conftest import Fill

URL = "/g/tarnsund/report/"


@pytest.fixture
def rut(tarnsund: cast.Town, signed_in: SignIn) -> Client:
    return signed_in(tarnsund.rut)


def rows(town: cast.Town) -> list[Incident]:
    with tenancy.inside(town.group):
        return list(Incident.objects.select_related("category", "place", "area").order_by("id"))


def only(town: cast.Town) -> Incident:
    (row,) = rows(town)
    return row


def test_a_report_is_saved_and_answered_with_its_number(tarnsund: cast.Town, rut: Client, filled: Fill) -> None:
    answer = rut.post(URL, filled(text="Glas på marken."))
    row = only(tarnsund)
    assert (answer.status_code, answer["Location"]) == (303, f"{URL}?saved={row.pk}")
    assert f"nummer {row.number}" in rut.get(answer["Location"]).content.decode()


def test_a_report_belongs_to_the_person_and_their_organisation(tarnsund: cast.Town, rut: Client, filled: Fill) -> None:
    rut.post(URL, filled())
    row = only(tarnsund)
    assert (row.reporter_id, row.organisation_id) == (tarnsund.rut.pk, tarnsund.organisations["housing"].pk)


def test_saving_writes_one_link_of_the_audit_chain(tarnsund: cast.Town, rut: Client, filled: Fill) -> None:
    rut.post(URL, filled(text="Hemliga ord"))
    with tenancy.inside(tarnsund.group):
        (event,) = AuditEvent.objects.all()
    assert '"incident.record"' in event.body
    assert "Hemliga" not in event.body


def test_the_next_form_keeps_place_and_time_and_puts_the_focus_on_what(
    tarnsund: cast.Town, rut: Client, filled: Fill
) -> None:
    begun = (timezone.now() - timedelta(hours=5)).astimezone(tarnsund.group.zone).strftime("%Y-%m-%dT%H:%M")
    answer = rut.post(URL, filled(when="between", occurred_from=begun))
    page = rut.get(answer["Location"])
    form = page.context["form"]
    assert form["where"].value() == f"place-{tarnsund.places['kiosken'].pk}"
    assert (form["when"].value(), form["text"].value(), form["top"].value()) == ("between", None, None)
    assert begun in page.content.decode()
    assert page.content.decode().count("autofocus") == 1


def test_the_first_form_does_not_take_the_focus(rut: Client) -> None:
    assert "autofocus" not in rut.get(URL).content.decode()


def test_the_same_form_sent_twice_is_one_row(tarnsund: cast.Town, rut: Client, filled: Fill) -> None:
    form = filled()
    first, second = rut.post(URL, form), rut.post(URL, form)
    assert first["Location"] == second["Location"]
    assert len(rows(tarnsund)) == 1


def test_a_form_number_somebody_else_used_saves_nothing_and_loses_nothing(
    tarnsund: cast.Town, rut: Client, signed_in: SignIn, filled: Fill
) -> None:
    form = filled(text="Mina ord")
    signed_in(tarnsund.hanna).post(URL, form)
    answer = rut.post(URL, form)
    assert answer.status_code == 422
    assert "Mina ord" in answer.content.decode()
    assert answer.context["form"]["client_uuid"].value() != form["client_uuid"]
    assert [row.reporter_id for row in rows(tarnsund)] == [tarnsund.hanna.pk]


def test_the_second_choice_is_saved_when_it_belongs_to_the_tile(tarnsund: cast.Town, rut: Client, filled: Fill) -> None:
    damage, glass = tarnsund.categories["damage"], tarnsund.categories["glass"]
    rut.post(URL, filled(**{f"sub_{damage.pk}": glass.pk}))
    assert only(tarnsund).category == glass


def test_a_second_choice_left_behind_under_another_tile_is_not_taken(
    tarnsund: cast.Town, rut: Client, filled: Fill
) -> None:
    damage, glass, unsafe = (tarnsund.categories[code] for code in ("damage", "glass", "unsafe"))
    rut.post(URL, filled(top=unsafe.pk, **{f"sub_{damage.pk}": glass.pk}))
    assert only(tarnsund).category == unsafe
    assert only(tarnsund).kind == "condition"


def test_a_place_is_found_by_the_name_people_use_for_it(tarnsund: cast.Town, rut: Client, filled: Fill) -> None:
    rut.post(URL, filled(place_name="kIOSKen"))
    assert only(tarnsund).place == tarnsund.places["kiosken"]
    assert only(tarnsund).area == tarnsund.areas["Hamnen"]


def test_a_place_that_is_no_longer_among_the_latest_is_still_an_answer(
    tarnsund: cast.Town, rut: Client, filled: Fill
) -> None:
    tunnel = tarnsund.places["tunneln"]
    assert f"place-{tunnel.pk}" not in rut.get(URL).context["form"].places
    assert rut.post(URL, filled(where=f"place-{tunnel.pk}")).status_code == 303
    assert only(tarnsund).place == tunnel


def test_a_chosen_place_stays_chosen_when_something_else_is_wrong(
    tarnsund: cast.Town, rut: Client, filled: Fill
) -> None:
    tunnel = tarnsund.places["tunneln"]
    page = rut.post(URL, filled(where=f"place-{tunnel.pk}", top="")).content.decode()
    assert re.search(rf'value="place-{tunnel.pk}"[^>]* checked', page)


def test_a_place_that_is_retired_or_another_groups_is_no_answer(
    tarnsund: cast.Town, bjorkvik: cast.Town, rut: Client, filled: Fill
) -> None:
    with tenancy.inside(tarnsund.group):
        Place.objects.filter(pk=tarnsund.places["tunneln"].pk).update(is_active=False)
    for place in (tarnsund.places["tunneln"], bjorkvik.places["kajen"]):
        answer = rut.post(URL, filled(where=f"place-{place.pk}"))
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["where"])


def test_a_position_gives_its_area(tarnsund: cast.Town, rut: Client, filled: Fill) -> None:
    rut.post(URL, filled(where="here", lon="11.915", lat="57.905", accuracy="8"))
    row = only(tarnsund)
    assert (row.area, row.lon, row.location_precision) == (tarnsund.areas["Centrum"], 11.915, "exact")


@pytest.mark.parametrize(("accuracy", "precision"), [("50", "exact"), ("51", "approximate")])
def test_a_vague_position_is_kept_as_approximate(
    tarnsund: cast.Town, rut: Client, filled: Fill, accuracy: str, precision: str
) -> None:
    rut.post(URL, filled(where="here", lon="11.915", lat="57.905", accuracy=accuracy))
    assert only(tarnsund).location_precision == precision


def test_a_position_outside_every_area_is_saved_without_one(tarnsund: cast.Town, rut: Client, filled: Fill) -> None:
    rut.post(URL, filled(where="here", lon="12.5", lat="57.0"))
    row = only(tarnsund)
    assert (row.area, row.lon, row.location_precision) == (None, 12.5, "none")


def test_only_the_area_is_enough(tarnsund: cast.Town, rut: Client, filled: Fill) -> None:
    rut.post(URL, filled(where="area", area=tarnsund.areas["Centrum"].pk))
    row = only(tarnsund)
    assert (row.area, row.place, row.location_precision) == (tarnsund.areas["Centrum"], None, "area")


def test_an_area_left_behind_under_another_answer_is_not_taken(tarnsund: cast.Town, rut: Client, filled: Fill) -> None:
    rut.post(URL, filled(where="unknown", area=tarnsund.areas["Centrum"].pk, lon="11.915", lat="57.905"))
    row = only(tarnsund)
    assert (row.area, row.lon, row.place, row.location_precision) == (None, None, None, "none")


def test_last_night_is_an_interval_that_has_begun(tarnsund: cast.Town, rut: Client, filled: Fill) -> None:
    rut.post(URL, filled(when="night"))
    row = only(tarnsund)
    assert row.time_precision == "interval"
    assert row.occurred_from.astimezone(tarnsund.group.zone).hour == 22
    assert row.occurred_to <= row.recorded_at


@pytest.mark.parametrize(("length", "status"), [(500, 303), (501, 422)])
def test_words_may_be_500_characters_long(
    tarnsund: cast.Town, rut: Client, filled: Fill, length: int, status: int
) -> None:
    answer = rut.post(URL, filled(text="å" * length))
    assert answer.status_code == status
    assert len(rows(tarnsund)) == (status == 303)


@pytest.mark.parametrize(("length", "status"), [(200, 303), (201, 422)])
def test_what_was_done_at_once_may_be_200_characters_long(rut: Client, filled: Fill, length: int, status: int) -> None:
    assert rut.post(URL, filled(done_at_once="å" * length)).status_code == status


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"top": None}, "top"),
    ({"top": "999999999"}, "top"),
    ({"where": None}, "where"),
    ({"where": "place-999999999"}, "where"),
    ({"where": "here"}, "where"),
    ({"where": "here", "lon": "11.9", "lat": "nan"}, "where"),
    ({"where": "here", "lon": "11.9", "lat": "90.1"}, "where"),
    ({"where": "area"}, "area"),
    ({"where": "area", "area": "999999999"}, "area"),
    ({"place_name": ""}, "place_name"),
    ({"place_name": "Ingenstans"}, "place_name"),
    ({"when": None}, "when"),
    ({"when": "tomorrow"}, "when"),
    ({"when": "between"}, "occurred_from"),
    ({"when": "between", "occurred_from": "i går"}, "occurred_from"),
    ({"when": "between", "occurred_from": "0001-01-01T00:00"}, "occurred_from"),
    ({"when": "between", "occurred_from": "2026-03-29T02:30"}, "occurred_from"),
    ({"severity": "4"}, "severity"),
    ({"visibility": "police"}, "visibility"),
    ({"client_uuid": "x"}, "client_uuid"),
]


@pytest.mark.parametrize(("changed", "field"), WRONG)
def test_what_is_wrong_is_said_at_the_field_and_in_the_summary_and_nothing_is_lost_or_written(
    tarnsund: cast.Town, rut: Client, filled: Fill, changed: dict[str, Any], field: str
) -> None:
    answer = rut.post(URL, filled(text="Två lyktor är släckta.", **changed))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    (message,) = answer.context["form"].errors[field]
    hidden = field == "client_uuid"
    assert page.count(str(message)) == (1 if hidden else 2)
    assert "Två lyktor är släckta." in page
    assert "<title>Fel:" in page
    assert rows(tarnsund) == []


def test_only_the_police_may_limit_an_observation_to_the_police(
    tarnsund: cast.Town, signed_in: SignIn, filled: Fill
) -> None:
    signed_in(tarnsund.pontus).post(URL, filled(visibility="police"))
    assert only(tarnsund).visibility == "police"


def test_fields_that_are_not_on_the_form_change_nothing(
    tarnsund: cast.Town, bjorkvik: cast.Town, rut: Client, filled: Fill
) -> None:
    forged = {"group": bjorkvik.group.pk, "organisation": 1, "reporter": 1, "source": "import", "day": "2020-01-01"}
    rut.post(URL, filled(**forged))
    row = only(tarnsund)
    assert (row.reporter_id, row.source) == (tarnsund.rut.pk, "form")
    assert row.day > cast.MONDAY - timedelta(days=1)


def test_an_area_or_place_of_another_group_is_refused(
    tarnsund: cast.Town, bjorkvik: cast.Town, rut: Client, filled: Fill
) -> None:
    foreign = filled(where="area", area=bjorkvik.areas["Hamnen"].pk)
    assert rut.post(URL, foreign).status_code == 422
    assert rut.post(URL, filled(place_name=bjorkvik.places["kajen"].name)).status_code == 422
    assert rut.post(URL, filled(top=bjorkvik.categories["damage"].pk)).status_code == 422
    assert rows(tarnsund) == []


def test_an_area_that_is_no_longer_drawn_is_not_offered(tarnsund: cast.Town, rut: Client, filled: Fill) -> None:
    with tenancy.inside(tarnsund.group):
        Area.objects.filter(name="Centrum").update(valid_to=timezone.now().date() - timedelta(days=2))
    assert rut.post(URL, filled(where="area", area=tarnsund.areas["Centrum"].pk)).status_code == 422


def test_a_retired_category_is_not_offered(tarnsund: cast.Town, rut: Client) -> None:
    with tenancy.inside(tarnsund.group):
        Category.objects.filter(code="gathering").update(is_active=False)
    page = rut.get(URL).content.decode()
    assert "Samling av personer" not in page
    assert "Skadegörelse" in page


def test_the_tile_a_person_used_last_comes_first(tarnsund: cast.Town, rut: Client, filled: Fill) -> None:
    unsafe = tarnsund.categories["unsafe"]
    rut.post(URL, filled(top=unsafe.pk))
    assert rut.get(URL).context["form"]["top"].subwidgets[0].data["value"] == unsafe.pk or str(unsafe.pk)


def test_the_page_shows_the_persons_own_latest_five(
    tarnsund: cast.Town, this_week: Period, rut: Client, signed_in: SignIn
) -> None:
    with tenancy.inside(tarnsund.group):
        mine = [cast.make_incident(tarnsund, at=cast.NOW - timedelta(hours=n)) for n in range(6)]
        cast.make_incident(tarnsund, reporter=tarnsund.hanna, at=cast.NOW)
    assert [row.pk for row in rut.get(URL).context["latest"]] == [row.pk for row in mine[:5]]


def test_somebody_elses_number_is_not_thanked_for(tarnsund: cast.Town, rut: Client) -> None:
    with tenancy.inside(tarnsund.group):
        other = cast.make_incident(tarnsund, reporter=tarnsund.hanna)
    for number in (str(other.pk), "x", "9" * 30, "²", str(uuid.uuid4())):
        assert rut.get(URL, {"saved": number}).context["saved"] is None


KEPT = "Plats och tid är kvar: nästa går fortare."


@pytest.mark.parametrize(("where", "said"), [("place", True), ("area", True), ("unknown", False)])
def test_the_thanks_say_that_place_and_time_are_kept_when_they_are(
    tarnsund: cast.Town, rut: Client, filled: Fill, where: str, said: bool
) -> None:
    area = tarnsund.areas["Centrum"].pk if where == "area" else None
    page = rut.post(URL, filled(where=where, area=area), follow=True).content.decode()
    assert "Tack. Sparat som nummer" in page
    assert (KEPT in page) == said
