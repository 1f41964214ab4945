"""Areas from a file: what is read, repaired, reported and refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
import shapely

from est_site import maps
from est_site.partners import importing, reading
from est_site.partners.importing import Existing, Plan, Refused, plan, read
from tests.cast import square
from tests.partners.conftest import real


def feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(*features: Any, crs: str = "") -> bytes:
    value: dict[str, Any] = {"type": "FeatureCollection", "features": list(features)}
    if crs:
        value["crs"] = {"type": "name", "properties": {"name": crs}}
    return json.dumps(value).encode()


def in_system(epsg: int, geometry: dict[str, Any]) -> dict[str, Any]:
    shape = maps.Projection(epsg).forward_geometry(maps.read_geometry(geometry))
    made: dict[str, Any] = json.loads(shapely.to_geojson(shape))
    return made


def planned(*features: Any, crs: str = "", **options: Any) -> Plan:
    return plan(read(collection(*features, crs=crs), file="omr.geojson"), name_field="name", **options)


def refusal(*features: Any, **options: Any) -> str:
    with pytest.raises(Refused) as refused:
        planned(*features, **options)
    return str(refused.value)


HAMNEN = square(11.90, 57.90)
BOWTIE = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}


@pytest.fixture(autouse=True)
def _in_english() -> Any:
    from django.utils import translation

    with translation.override("en"):
        yield


# --- what is read ----------------------------------------------------------------------------------


def test_a_feature_becomes_an_area() -> None:
    (area,) = planned(feature(HAMNEN, name=" Hamnen  östra ", folk=1200), population_field="folk").new
    assert (area.number, area.name, area.population, area.repaired) == (1, "Hamnen östra", 1200, False)
    assert maps.read_geometry(area.geometry).equals(maps.read_geometry(HAMNEN))


@pytest.mark.parametrize("epsg", [3006, *range(3007, 3019)])
def test_every_sweref_zone_is_read_to_within_a_decimetre(epsg: int) -> None:
    drawn = in_system(epsg, HAMNEN)
    (area,) = planned(feature(drawn, name="Hamnen"), crs=f"urn:ogc:def:crs:EPSG::{epsg}").new
    apart = shapely.hausdorff_distance(area.shape, maps.read_geometry(HAMNEN))
    assert apart < 1e-6  # degrees


@pytest.mark.parametrize("crs", ["urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326", "urn:ogc:def:crs:EPSG::4326"])
def test_degrees_are_taken_as_they_stand(crs: str) -> None:
    assert planned(feature(HAMNEN, name="Hamnen"), crs=crs).new[0].shape.bounds[0] == pytest.approx(11.90)


def test_metres_without_a_word_are_taken_for_sweref_99_tm_and_that_is_said() -> None:
    made = planned(feature(in_system(3006, HAMNEN), name="Hamnen"))
    assert made.new[0].shape.bounds[0] == pytest.approx(11.90, abs=1e-6)
    assert "SWEREF 99 TM was assumed" in made.notes[0]


def test_a_system_that_is_named_by_hand_wins() -> None:
    source = read(collection(feature(in_system(3007, HAMNEN), name="Hamnen")), file="f", epsg=3007)
    assert plan(source, name_field="name").new[0].shape.bounds[0] == pytest.approx(11.90, abs=1e-6)


def test_heights_are_dropped() -> None:
    high = {"type": "Polygon", "coordinates": [[[*point, 12.5] for point in HAMNEN["coordinates"][0]]]}
    assert not planned(feature(high, name="Hamnen")).new[0].shape.has_z


def test_a_border_that_crosses_itself_is_put_right_and_that_is_said() -> None:
    made = planned(feature(BOWTIE, name="Flugan"))
    assert made.new[0].shape.is_valid
    assert [area.name for area in made.repaired] == ["Flugan"]


def test_lines_left_over_by_a_repair_are_dropped() -> None:
    spike = [[0, 0], [0, 1], [1, 1], [1, 0], [0.5, 0], [0.5, -1], [0.5, 0], [0, 0]]
    (area,) = planned(feature({"type": "Polygon", "coordinates": [spike]}, name="Pigg")).new
    assert area.shape.geom_type in ("Polygon", "MultiPolygon")
    assert area.shape.bounds[1] == 0


def test_a_number_is_a_name_too() -> None:
    assert planned(feature(HAMNEN, name=24407.0)).new[0].name == "24407"


def test_the_property_called_name_is_offered_first() -> None:
    source = read(collection(feature(HAMNEN, kod=1, Namn="Hamnen")), file="f")
    assert importing.guess_name_field(source) == "Namn"


# --- a second run ----------------------------------------------------------------------------------


def there(made: Plan) -> list[Existing]:
    return [Existing(n, area.name, area.geometry, area.population) for n, area in enumerate(made.new)]


def test_a_second_run_of_the_same_file_adds_nothing() -> None:
    features = [feature(HAMNEN, name="Hamnen", folk=10), feature(square(11.91, 57.90), name="Centrum", folk=20)]
    again = planned(*features, existing=there(planned(*features)), population_field="")
    assert (again.new, again.unchanged) == ([], 2)


def test_a_second_run_brings_new_numbers_of_inhabitants() -> None:
    first = planned(feature(HAMNEN, name="Hamnen", folk=10), population_field="folk")
    again = planned(feature(HAMNEN, name="Hamnen", folk=11), population_field="folk", existing=there(first))
    assert again.counted == [(0, 11)]


def test_an_area_that_is_there_with_another_border_is_refused() -> None:
    first = planned(feature(HAMNEN, name="Hamnen"))
    text = refusal(feature(square(11.95, 57.90), name="hamnen"), existing=there(first))
    assert text == "omr.geojson: feature 1: hamnen is already there with another border; redraw it on its own page"


# --- overlaps and gaps -----------------------------------------------------------------------------


def test_a_sliver_between_neighbours_is_reported_with_its_square_metres() -> None:
    made = planned(feature(HAMNEN, name="Hamnen"), feature(square(11.9099, 57.90), name="Centrum"))
    (pair,) = made.slivers
    assert (pair.first, pair.second) == ("Hamnen", "Centrum")
    # 0.0001° of longitude is 5.93 m here, 0.01° of latitude 1,114 m
    assert pair.m2 == pytest.approx(6605, rel=0.01)


def test_a_large_overlap_is_refused_with_both_names() -> None:
    text = refusal(feature(HAMNEN, name="Hamnen"), feature(square(11.905, 57.90), name="Centrum"))
    assert text.startswith("omr.geojson: feature 2: Hamnen and Centrum cover the same")
    assert "50% of the smaller one" in text


def test_an_overlap_with_an_area_that_is_there_counts_too() -> None:
    first = planned(feature(HAMNEN, name="Hamnen"))
    assert "Hamnen" in refusal(feature(square(11.905, 57.90), name="Centrum"), existing=there(first))


def test_a_narrow_gap_between_areas_is_reported() -> None:
    around = shapely.box(11.90, 57.90, 11.94, 57.94)
    gap = shapely.box(11.92, 57.91, 11.9201, 57.93)
    west = shapely.box(11.90, 57.90, 11.92, 57.94)
    east = around.difference(west).difference(gap)
    made = planned(
        feature(json.loads(shapely.to_geojson(west)), name="Väst"),
        feature(json.loads(shapely.to_geojson(east)), name="Öst"),
    )
    assert made.gaps_m2 == [pytest.approx(13_210, rel=0.01)]


def test_areas_that_only_touch_do_not_overlap() -> None:
    assert planned(feature(HAMNEN, name="Hamnen"), feature(square(11.91, 57.90), name="Centrum")).slivers == []


def test_swapped_degrees_are_wondered_at() -> None:
    made = planned(feature(square(57.90, 11.90), name="Hamnen"), swedish=True)
    assert "changed places" in made.notes[0]


# --- nonsense --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("geometry", "reason"),
    [
        (None, "no geometry that can be read"),
        ({"type": "Point", "coordinates": [11, 57]}, "it is a Point"),
        ({"type": "Polygon", "coordinates": []}, "no geometry that can be read"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [0, 0]]]}, "covers no ground"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [2, 2], [0, 0]]]}, "covers no ground"),
        ({"type": "Polygon", "coordinates": [[["a", 0], [1, 1], [2, 2], ["a", 0]]]}, "no geometry that can be read"),
        (square(179.995, 57), "outside the world"),
    ],
)
def test_a_shape_that_is_no_area_is_refused_with_its_number(geometry: Any, reason: str) -> None:
    text = refusal(feature(HAMNEN, name="Hamnen"), feature(geometry, name="Fel"))
    assert text.startswith("omr.geojson: feature 2: ")
    assert reason in text


@pytest.mark.parametrize("name", [None, "", "  ", {"sv": "Hamnen"}])
def test_an_area_without_a_name_is_refused(name: Any) -> None:
    assert refusal(feature(HAMNEN, name=name)) == "omr.geojson: feature 1: it has no name"


@pytest.mark.parametrize("length", [120, 121])
def test_a_name_has_at_most_120_characters(length: int) -> None:
    if length == 120:
        assert len(planned(feature(HAMNEN, name="n" * length)).new[0].name) == 120
    else:
        assert "longer than 120" in refusal(feature(HAMNEN, name="n" * length))


def test_a_name_given_twice_is_refused_and_says_by_which_feature() -> None:
    text = refusal(feature(HAMNEN, name="Hamnen"), feature(square(12, 58), name="HAMNEN"))
    assert "feature 2: the name HAMNEN is already that of feature 1" in text


@pytest.mark.parametrize("value", ["många", -1, 1.5, True, 10**9, float("nan")])
def test_what_is_no_number_of_inhabitants_is_refused(value: Any) -> None:
    text = refusal(feature(HAMNEN, name="Hamnen", folk=value), population_field="folk")
    assert "is not a number of inhabitants" in text


@pytest.mark.parametrize(("value", "read_as"), [(355.0, 355), ("12", 12), (0, 0), (None, None), ("", None)])
def test_inhabitants_may_be_written_in_several_ways(value: Any, read_as: int | None) -> None:
    assert planned(feature(HAMNEN, name="Hamnen", folk=value), population_field="folk").new[0].population == read_as


def test_a_property_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(Refused, match="no feature has a property called namn; the file has: name, kod"):
        plan(read(collection(feature(HAMNEN, name="H", kod=1)), file="f"), name_field="namn")


def test_all_problems_of_a_file_are_told_at_once_in_its_order() -> None:
    text = refusal(feature(None, name="A"), feature(HAMNEN, name=""), feature(BOWTIE, name="C"))
    assert [line.split(": ")[1] for line in text.splitlines()] == ["feature 1", "feature 2"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not JSON"),
        (b"\xff\xfe\x00", "not text in UTF-8"),
        (b"[1, 2]", "not a GeoJSON FeatureCollection"),
        (b'{"type": "Feature"}', "not a GeoJSON FeatureCollection"),
        (b'{"type": "FeatureCollection", "features": []}', "no features"),
        (b'{"type": "FeatureCollection", "features": [7]}', "feature 1: this is not a GeoJSON Feature"),
        (b"[" * 100_000, "not JSON"),
    ],
)
def test_what_is_no_geojson_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        read(data, file="omr.geojson")


def test_a_file_larger_than_the_limit_is_refused_before_it_is_read() -> None:
    with pytest.raises(Refused, match="larger than 10 MB"):
        read(b" " * (reading.MAX_BYTES + 1), file="f")


@pytest.mark.parametrize("count", [reading.MAX_FEATURES, reading.MAX_FEATURES + 1])
def test_a_file_has_at_most_5000_features(count: int) -> None:
    data = collection(*[feature(HAMNEN, name=str(n)) for n in range(count)])
    if count == reading.MAX_FEATURES:
        assert len(read(data, file="f").features) == count
    else:
        with pytest.raises(Refused, match="5001 features"):
            read(data, file="f")


@pytest.mark.parametrize("crs", ["EPSG:3857", "urn:ogc:def:crs:EPSG::2100", "lokalt"])
def test_a_system_that_is_not_read_is_named(crs: str) -> None:
    with pytest.raises(Refused, match=crs.rsplit(":", 1)[-1]):
        read(collection(feature(HAMNEN, name="H"), crs=crs), file="f")


def test_metres_of_an_unknown_zone_ask_for_it() -> None:
    with pytest.raises(Refused, match="3007–3018"):
        read(collection(feature(in_system(3007, HAMNEN), name="H")), file="f")


def test_north_before_east_is_noticed() -> None:
    drawn = in_system(3006, HAMNEN)
    swapped = {"type": "Polygon", "coordinates": [[[y, x] for x, y in drawn["coordinates"][0]]]}
    with pytest.raises(Refused, match="GeoJSON has east first"):
        read(collection(feature(swapped, name="H")), file="f")


def test_metres_that_are_said_to_be_degrees_are_refused() -> None:
    with pytest.raises(Refused, match="in metres"):
        read(collection(feature(in_system(3006, HAMNEN), name="H"), crs="EPSG:4326"), file="f")


# --- redrawing -------------------------------------------------------------------------------------


def test_a_file_with_one_feature_is_the_new_border() -> None:
    assert importing.border_for("Hamnen", read(collection(feature(HAMNEN)), file="f"))["type"] == "Polygon"


def test_of_several_features_the_one_with_the_name_is_the_border() -> None:
    source = read(collection(feature(HAMNEN, n="Hamnen"), feature(square(12, 58), n="Centrum")), file="f")
    assert importing.border_for("centrum", source)["coordinates"][0][0] == [12, 58]


def test_a_border_that_is_not_in_the_file_is_refused() -> None:
    source = read(collection(feature(HAMNEN, n="A"), feature(square(12, 58), n="B")), file="f")
    with pytest.raises(Refused, match="0 features are called Hamnen"):
        importing.border_for("Hamnen", source)


# --- real files ------------------------------------------------------------------------------------


def test_goteborgs_invalid_borders_are_repaired() -> None:
    made = plan(read(real("goteborg_basomraden.geojson"), file="gbg"), name_field="basomrade")
    assert len(made.new) == 1012
    assert len(made.repaired) == 6
    assert all(area.shape.is_valid for area in made.new)


def test_stockholms_slivers_are_reported_not_refused() -> None:
    source = read(real("stockholm_basomraden_pop2016.geojson"), file="sthlm")
    made = plan(source, name_field="name", population_field="population_2016")
    assert len(made.new) == 419
    assert sum(area.population or 0 for area in made.new) == 932_630
    assert made.slivers[0].m2 == 2036
    assert len(made.slivers) > 100


def test_a_second_run_of_stockholms_file_adds_nothing() -> None:
    source = read(real("stockholm_basomraden_pop2016.geojson"), file="sthlm")
    again = plan(source, name_field="name", existing=there(plan(source, name_field="name")))
    assert (len(again.new), again.unchanged) == (0, 419)


def test_goteborgs_common_date_is_refused_as_a_name() -> None:
    with pytest.raises(Refused, match="already that of feature 1"):
        plan(read(real("goteborg_basomraden.geojson"), file="gbg"), name_field="ajour_datu")


@pytest.mark.parametrize("escape", ["\\u0000", "\\ud800", "\\udc00x"])
@pytest.mark.parametrize("where", ["value", "name"])
def test_an_escape_that_is_no_text_is_refused(escape: str, where: str) -> None:
    data = collection(feature(HAMNEN, **{"name": "Hamnen", "VALUE" if where == "name" else "x": "VALUE"}))
    with pytest.raises(Refused, match="a character that is not text"):
        read(data.replace(b"VALUE", escape.encode()), file="omr.geojson")


def test_an_escaped_pair_is_text() -> None:
    data = collection(feature(HAMNEN, name="VALUE")).replace(b"VALUE", b"Hamnen \\ud83c\\udf0a")
    assert plan(read(data, file="omr.geojson"), name_field="name").new[0].name == "Hamnen \U0001f30a"
