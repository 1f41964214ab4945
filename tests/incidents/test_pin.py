"""A pin on the chart as an answer to where."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from est_site import tenancy
from est_site.partners.models import Area
from incidents import pins
from incidents.models import Incident
from tests import cast
from tests.conftest import SignIn
from tests.incidents.conftest import Fill

URL = "/g/tarnsund/report/"
PIN = {"where": "pin", "lon": "11.915", "lat": "57.905"}


@pytest.fixture
def rut(tarnsund: cast.Town, signed_in: SignIn) -> Client:
    return signed_in(tarnsund.rut)


def only(town: cast.Town) -> Incident:
    with tenancy.inside(town.group):
        return Incident.objects.select_related("area").get()


def corners(chart: pins.Chart) -> list[tuple[float, float]]:
    return [(float(lon), float(lat)) for lon, lat in (one.split(",") for one in chart.corners.split())]


def drawn(rut: Client, area: object = "") -> pins.Chart:
    chart = rut.get(f"{URL}map/", {"pin_area": area}).context["chart"]
    assert isinstance(chart, pins.Chart)
    return chart


@pytest.mark.parametrize(("accuracy", "precision"), [("12", "exact"), ("51", "approximate"), (None, "approximate")])
def test_a_pin_gives_its_area_and_is_as_exact_as_the_chart(
    tarnsund: cast.Town, rut: Client, filled: Fill, accuracy: str | None, precision: str
) -> None:
    rut.post(URL, filled(**PIN, accuracy=accuracy))
    found = only(tarnsund)
    assert (found.area and found.area.name, found.lon, found.location_precision) == ("Centrum", 11.915, precision)


@pytest.mark.parametrize("changed", [{"lon": None}, {"lat": "91"}, {"lon": "nan"}])
def test_a_pin_that_was_not_set_is_asked_for(rut: Client, filled: Fill, changed: dict[str, Any]) -> None:
    answer = rut.post(URL, filled(**(PIN | changed)))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["where"])
    assert "Sätt nålen på kartan" in answer.content.decode()


def test_the_next_form_keeps_the_pin_on_the_map_and_its_accuracy(rut: Client, filled: Fill) -> None:
    form = rut.get(rut.post(URL, filled(**PIN, accuracy="70"))["Location"]).context["form"]
    assert (form["where"].value(), form["lon"].value()) == ("pin", 11.915)
    assert form["accuracy"].value() > pins.NEAR_ENOUGH


def test_the_whole_town_is_never_exact_and_one_area_is(tarnsund: cast.Town, rut: Client) -> None:
    whole, one = drawn(rut), drawn(rut, tarnsund.areas["Centrum"].pk)
    assert whole.accuracy > pins.NEAR_ENOUGH >= one.accuracy > 0


def test_the_corners_enclose_what_is_drawn_and_little_else(tarnsund: cast.Town, rut: Client) -> None:
    (west, north), (east, _n), (_w, south), _last = corners(drawn(rut, tarnsund.areas["Centrum"].pk))
    assert 11.895 < west < 11.91 < 11.92 < east < 11.925
    assert 57.895 < south < 57.90 < 57.91 < north < 57.915


def test_named_places_stand_on_the_chart(tarnsund: cast.Town, rut: Client) -> None:
    assert "Hamnplan, kiosken" in drawn(rut).svg


def test_the_name_of_a_place_is_only_text_on_the_chart(tarnsund: cast.Town, rut: Client) -> None:
    with tenancy.inside(tarnsund.group):
        tarnsund.places["kiosken"].name = "<script>"
        tarnsund.places["kiosken"].save()
    assert "<script>" not in drawn(rut).svg


@pytest.mark.parametrize("asked", ["x", "999999999", "-1", ""])
def test_an_area_that_is_none_draws_the_whole_town(rut: Client, asked: str) -> None:
    assert drawn(rut, asked).accuracy > pins.NEAR_ENOUGH


def test_another_groups_area_is_not_drawn(bjorkvik: cast.Town, rut: Client) -> None:
    assert drawn(rut, bjorkvik.areas["Hamnen"].pk).accuracy > pins.NEAR_ENOUGH


def test_without_areas_it_says_so(tarnsund: cast.Town, rut: Client) -> None:
    with tenancy.inside(tarnsund.group):
        Area.objects.update(valid_to="2020-01-02")
    assert "Gruppen har inga områden" in rut.get(f"{URL}map/").content.decode()


def test_the_report_page_itself_carries_no_map(rut: Client) -> None:
    assert "data-pin-chart" not in rut.get(URL).content.decode()
