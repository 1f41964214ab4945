"""The map of a period on a page of its own."""

from __future__ import annotations

import json
import uuid
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from est_site import tenancy
from incidents.actions import end_condition, reopen_condition
from incidents.models import Visibility
from interventions.models import Intervention
from situation import positions
from situation.mapped import LAYERS
from tests.cast import NOW, Town, make_incident
from tests.conftest import SignIn
from tests.situation.test_situation_page import queries, words

MAP = "/g/tarnsund/situation/2026-W47/map/"


@pytest.mark.parametrize("layer", LAYERS)
def test_each_layer_opens_with_and_without_observations(tarnsund: Town, signed_in: SignIn, layer: str) -> None:
    maja = signed_in(tarnsund.people["maja"])
    assert maja.get(MAP, {"layer": layer}).status_code == 200
    _at_the_tunnel(tarnsund, 6)
    assert maja.get(MAP, {"layer": layer}).status_code == 200


@pytest.mark.parametrize(("who", "status"), [("maja", 200), ("stina", 200), ("rut", 403), ("viktor", 403)])
@pytest.mark.parametrize("rest", ["", "map.csv", "map.geojson", "map.svg", "map.png"])
def test_each_role_may_see_the_map_as_it_may_see_the_picture(
    tarnsund: Town, signed_in: SignIn, who: str, status: int, rest: str
) -> None:
    assert signed_in(tarnsund.people[who]).get(MAP + rest).status_code == status


def test_a_repeat_place_is_named_with_its_share(tarnsund: Town, signed_in: SignIn) -> None:
    _at_the_tunnel(tarnsund, 3)
    with tenancy.inside(tarnsund.group):
        make_incident(tarnsund)
    page = words(signed_in(tarnsund.people["maja"]).get(MAP))
    assert "3 av 4 inom 75 m från Gångtunneln" in page


def test_a_limited_observation_is_in_no_layer(tarnsund: Town, signed_in: SignIn) -> None:
    _at_the_tunnel(tarnsund, 2, visibility=Visibility.ORGANISATION)
    hanna = signed_in(tarnsund.people["hanna"])
    for layer in LAYERS:
        for feature in json.loads(hanna.get(f"{MAP}map.geojson", {"layer": layer}).content)["features"]:
            assert feature["properties"].get("observations", 0) == 0
            assert "place" not in feature["properties"]


def test_what_may_be_passed_on_has_no_positions_and_no_small_numbers(tarnsund: Town, signed_in: SignIn) -> None:
    _at_the_tunnel(tarnsund, 3)
    maja = signed_in(tarnsund.people["maja"])
    found = json.loads(maja.get(f"{MAP}map.geojson", {"layer": "points", "public": "1"}).content)["features"]
    assert {feature["geometry"]["type"] for feature in found} <= {"Polygon", "MultiPolygon"}
    assert "<5" in {feature["properties"]["observations"] for feature in found}


@pytest.mark.parametrize("layer", LAYERS)
def test_the_number_of_queries_does_not_grow(tarnsund: Town, signed_in: SignIn, layer: str) -> None:
    maja = signed_in(tarnsund.people["maja"])
    _at_the_tunnel(tarnsund, 1)
    maja.get(MAP, {"layer": layer})
    with CaptureQueriesContext(connection) as few:
        maja.get(MAP, {"layer": layer})
    _at_the_tunnel(tarnsund, 9)
    with CaptureQueriesContext(connection) as many:
        maja.get(MAP, {"layer": layer})
    assert queries(few) == queries(many)


def _at_the_tunnel(town: Town, count: int, **fields: object) -> None:
    with tenancy.inside(town.group):
        for n in range(count):
            make_incident(
                town,
                area=town.areas["Stationsområdet"],
                lon=11.925 + n * 0.00001,
                lat=57.905,
                location_precision="exact",
                **fields,
            )


def test_single_points_are_for_those_who_may_open_the_list(tarnsund: Town, signed_in: SignIn) -> None:
    steering, member = (
        signed_in(who).get(f"{MAP}?layer=points") for who in (tarnsund.people["stina"], tarnsund.people["carin"])
    )
    assert (steering.context["layer"], member.context["layer"]) == ("places", "points")
    assert "points" not in {tab["url"].rpartition("=")[2] for tab in steering.context["tabs"]}


def test_what_is_being_done_in_an_area_stands_under_the_map_for_those_who_may_see_it(
    tarnsund: Town, signed_in: SignIn
) -> None:
    with tenancy.inside(tarnsund.group):
        station = tarnsund.areas["Stationsområdet"]
        common = {"group": tarnsund.group, "status": "running", "first_day": NOW.date()}
        seen = {"area": station, "responsible": tarnsund.organisations["municipality"]}
        Intervention.objects.create(what="Fler lampor", client_uuid=uuid.uuid4(), **seen, **common)
        hidden = {"area": station, "responsible": tarnsund.organisations["police"], "visibility": "police"}
        Intervention.objects.create(what="Span", client_uuid=uuid.uuid4(), **hidden, **common)
    pages = {who: words(signed_in(tarnsund.people[who]).get(MAP)) for who in ("maja", "stina")}
    assert "Det som görs nu" in pages["maja"]
    assert "Fler lampor" in pages["maja"]
    assert "Span" not in pages["maja"]
    assert "Fler lampor" not in pages["stina"]


def test_a_condition_is_shown_as_it_stood_at_the_cut_off(inside: Town) -> None:
    hour = timedelta(hours=1)
    lamps = {
        name: make_incident(inside, category=inside.categories["lighting"]) for name in ("ended", "opened", "both")
    }
    for name in ("opened", "both"):
        end_condition(by=inside.hanna, incident=lamps[name], now=NOW - hour)
    end_condition(by=inside.hanna, incident=lamps["ended"], now=NOW + hour)
    reopen_condition(by=inside.hanna, incident=lamps["opened"], now=NOW + hour)
    reopen_condition(by=inside.hanna, incident=lamps["both"], now=NOW + hour)
    end_condition(by=inside.hanna, incident=lamps["both"], now=NOW + 2 * hour)

    def shown(cut_off: datetime) -> set[str]:
        rows = {row.pk for row in positions.open_and_coming(inside.periods[-1], cut_off)}
        return {name for name, lamp in lamps.items() if lamp.pk in rows}

    assert shown(NOW) == {"ended"}
    assert shown(NOW + 1.5 * hour) == {"opened", "both"}
    assert shown(NOW + 3 * hour) == {"opened"}
