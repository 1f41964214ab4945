"""Metres against geodesics, areas against brute force, and the chart as a parser and a reader meet it."""

import json
import os
import random
import time
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import pytest
from pyproj import Geod
from shapely.geometry import MultiPolygon, Point, Polygon, box

from est_site.maps import (
    MapArea,
    MapPoint,
    Projection,
    area_index,
    distance_m,
    map_svg,
    metric_epsg,
    read_geometry,
)

SVG = "{http://www.w3.org/2000/svg}"
DATA = Path(os.environ.get("EST_DATA", Path(__file__).parents[3] / "shared" / "data"))
OREBRO_CASTLE, OREBRO_STATION = (15.2151, 59.2739), (15.2079, 59.2786)
MEMPHIS_PYRAMID, MEMPHIS_AIRPORT = (-90.0519, 35.1556), (-89.9767, 35.0424)


def real(name):
    path = DATA / name
    if not path.exists():
        pytest.skip(f"{path} is not here")
    return json.loads(path.read_text(encoding="utf-8"))["features"]


def squares(count, **changes):
    side = 0.4 / count
    return [
        MapArea(
            n * count + m,
            f"Område {n}:{m}",
            box(16 + m * side, 58 + n * side / 2, 16 + (m + 1) * side, 58 + (n + 1) * side / 2),
            count=str(n),
            **changes,
        )
        for n in range(count)
        for m in range(count)
    ]


def drawn(areas, points=(), **changes):
    return map_svg(areas, points, **{"idn": "map", "title": "Karta", "desc": "Med ord"} | changes)


def parsed(svg):
    return ElementTree.fromstring(svg)


def marks(svg, name):
    return [node for node in parsed(svg).iter() if name in node.get("class", "").split()]


def texts(svg):
    return [node.text for node in parsed(svg).iter(f"{SVG}text")]


@pytest.mark.parametrize(
    ("place", "epsg"),
    [
        (OREBRO_CASTLE, 3006),
        ((18.07, 59.33), 3006),
        ((24.15, 65.84), 3006),
        ((20.22, 67.86), 3006),
        (MEMPHIS_AIRPORT, 32616),
        (MEMPHIS_PYRAMID, 32615),
        ((151.2, -33.9), 32756),
        ((180.0, 10.0), 32660),
        ((-180.0, 10.0), 32601),
    ],
)
def test_sweden_measures_in_sweref_and_others_in_their_utm_zone(place, epsg):
    assert metric_epsg(*place) == epsg


@pytest.mark.parametrize(
    ("start", "end", "centre"),
    [
        (OREBRO_CASTLE, OREBRO_STATION, OREBRO_CASTLE),
        (MEMPHIS_PYRAMID, MEMPHIS_AIRPORT, MEMPHIS_PYRAMID),
        (MEMPHIS_PYRAMID, MEMPHIS_AIRPORT, MEMPHIS_AIRPORT),
    ],
)
def test_a_distance_agrees_with_the_geodesic_within_a_thousandth(start, end, centre):
    _, _, true = Geod(ellps="WGS84").inv(*start, *end)
    assert distance_m(start, end, Projection(metric_epsg(*centre))) == pytest.approx(true, rel=0.001)


def test_there_and_back_is_the_same_place():
    projection = Projection(3006)
    assert projection.back(*projection.forward(*OREBRO_CASTLE)) == pytest.approx(OREBRO_CASTLE, abs=1e-9)
    shape = box(15.2, 59.2, 15.3, 59.3)
    assert projection.back_geometry(projection.forward_geometry(shape)).equals_exact(shape, 1e-8)


def test_a_geometry_is_read_bare_or_from_its_feature():
    geometry = {"type": "Point", "coordinates": [15.2, 59.3]}
    assert read_geometry(geometry) == Point(15.2, 59.3)
    assert read_geometry({"type": "Feature", "properties": {}, "geometry": geometry}) == Point(15.2, 59.3)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ({"type": "Feature", "geometry": None}, "no geometry"),
        ({"type": "Feature"}, "no geometry"),
        ({"type": "Hexagon", "coordinates": []}, "not a GeoJSON geometry"),
        ({"type": "Point", "coordinates": ["x", "y"]}, "not a GeoJSON geometry"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]}, "not a GeoJSON geometry"),
        ({"type": "Polygon", "coordinates": []}, "empty"),
        ({}, "not a GeoJSON geometry"),
        ({"type": "Point", "coordinates": [float("nan"), 1.0]}, "not a"),
    ],
)
def test_a_broken_geometry_is_refused_with_its_reason(value, reason):
    with pytest.raises(ValueError, match=reason):
        read_geometry(value)


def test_a_point_finds_its_area_and_the_smallest_id_where_two_claim_it():
    index = area_index([(7, box(0, 0, 2, 2)), (3, box(1, 0, 3, 2))])
    assert [index.find(x, 1) for x in (0.5, 1.5, 2.5, 9)] == [7, 3, 3, None]
    assert index.find(1, 1) == 3


def test_many_points_get_the_same_answers_as_one_by_one():
    chance = random.Random(4)
    areas = [(str(n), Point(chance.random(), chance.random()).buffer(0.2)) for n in range(30)]
    points = [(chance.uniform(-0.2, 1.2), chance.uniform(-0.2, 1.2)) for _ in range(500)]
    brute = [min((id_ for id_, shape in areas if shape.intersects(Point(at))), default=None) for at in points]
    index = area_index(areas)
    assert index.find_many(*zip(*points, strict=True)) == brute
    assert [index.find(*at) for at in points] == brute


def test_an_index_without_areas_finds_nothing():
    assert area_index([]).find(1, 1) is None
    assert area_index([]).find_many([1.0], [1.0]) == [None]


def test_a_hundred_thousand_points_take_seconds_and_agree_with_one_by_one():
    features = real("stockholm_stadsdelar.geojson")
    index = area_index((n, read_geometry(feature)) for n, feature in enumerate(features))
    chance = random.Random(1)
    lons = [chance.uniform(17.8, 18.2) for _ in range(100_000)]
    lats = [chance.uniform(59.22, 59.42) for _ in range(100_000)]
    start = time.perf_counter()
    found = index.find_many(lons, lats)
    assert time.perf_counter() - start < 5
    assert found[:300] == [index.find(lon, lat) for lon, lat in zip(lons[:300], lats[:300], strict=True)]


def test_a_group_without_areas_gets_a_calm_chart_with_a_sentence():
    svg = drawn([], empty="Gruppen har inga områden än.")
    assert texts(svg) == ["Gruppen har inga områden än."]
    assert len(marks(svg, "m-sea")) == 1


def test_points_without_areas_are_still_shown():
    svg = drawn([], [MapPoint(*OREBRO_CASTLE, "A", "spot"), MapPoint(*OREBRO_STATION)])
    assert len(marks(svg, "m-spot")) == 1
    assert len(marks(svg, "m-obs")) == 1


def test_an_area_without_a_shape_does_not_break_the_others():
    svg = drawn([*squares(2), MapArea(99, "Tomt", Polygon())])
    assert "Område 0:0" in texts(svg)


def test_a_self_crossing_area_is_drawn():
    assert "Fluga" in texts(drawn([MapArea(1, "Fluga", Polygon([(16, 58), (16.1, 58.1), (16.1, 58), (16, 58.1)]))]))


@pytest.mark.parametrize("for_pdf", [False, True])
def test_the_chart_is_an_image_whose_title_comes_first_and_which_has_no_style(for_pdf):
    root = parsed(drawn(squares(3, fill="thin"), for_pdf=for_pdf))
    assert root.get("role") == "img"
    assert (root[0].tag, root[0].text, root[1].text) == (f"{SVG}title", "Karta", "Med ord")
    assert {"style", "dominant-baseline"}.isdisjoint(key for node in root.iter() for key in node.attrib)
    assert next(root.iter(f"{SVG}use"), None) is None


def test_the_page_has_classes_and_the_pdf_has_attributes():
    areas = [
        MapArea(n, "x", shape.geometry, fill, "1", current=True)
        for n, (shape, fill) in enumerate(
            zip(
                squares(3),
                ["plain", "more-sure", "more-maybe", "less-sure", "less-maybe", "thin", "changed"],
                strict=False,
            )
        )
    ]
    spot = [MapPoint(16.1, 58.05, "A", "spot"), MapPoint(16.1, 58.06, "", "obs-old")]
    pdf = drawn(areas, spot, for_pdf=True)
    assert "class=" not in pdf
    assert "data-" not in pdf
    assert "var(" not in pdf
    page = drawn(areas, spot)
    assert {"m-sea", "m-area", "m-coast", "m-on", "m-more-sure", "m-less-sure", "m-frame", "m-rose"} <= {
        name for node in parsed(page).iter() for name in node.get("class", "").split()
    }


def test_a_hatched_area_points_at_a_pattern_of_this_very_chart():
    svg = drawn(squares(1, fill="more-maybe"), idn="second")
    ids = {node.get("id") for node in parsed(svg).iter(f"{SVG}pattern")}
    assert ids == {"second-more"}
    assert 'fill="url(#second-more)"' in svg


def test_names_are_escaped_and_links_are_within_reach():
    svg = drawn([MapArea(1, "<b>A&B", box(16, 58, 16.1, 58.1), count="3", href="/g/x?a=1&b=2")])
    (link,) = parsed(svg).iter(f"{SVG}a")
    assert (link.get("href"), link.get("aria-label")) == ("/g/x?a=1&b=2", "<b>A&B, 3")
    assert parsed(svg).get("role") == "group"
    assert "<b>" not in svg


def test_a_pdf_has_no_links_into_the_site():
    assert list(parsed(drawn(squares(1, href="/g/x"), for_pdf=True)).iter(f"{SVG}a")) == []


def label_boxes(svg):
    boxes = []
    for node in parsed(svg).iter(f"{SVG}text"):
        size, room = {"m-count": (21, 0.57), "m-name": (14.5, 0.54)}.get(node.get("class", "").split()[0], (12.5, 0.5))
        x, y, wide = float(node.get("x")), float(node.get("y")), len(node.text) * size * room
        boxes.append(box(x - wide / 2, y - size * 0.7, x + wide / 2, y))
    return boxes


@pytest.mark.parametrize("count", [1, 2, 5, 9, 20])
def test_labels_stay_inside_the_frame_and_apart(count):
    svg = drawn(squares(count, fill="more-maybe"))
    height = float(parsed(svg).get("viewBox").split()[3])
    boxes = label_boxes(svg)
    assert all(box(9, 9, 791, height - 9).contains(one) for one in boxes)
    assert not any(one.intersects(other) for one, other in combinations(boxes, 2))


def test_names_go_before_counts_when_areas_get_small():
    few, many, most = (drawn(squares(count)) for count in (3, 14, 36))
    assert (len(marks(few, "m-name")), len(marks(few, "m-count"))) == (9, 9)
    assert marks(many, "m-name") == []
    assert len(marks(many, "m-count")) > 150
    assert len(marks(most, "m-small")) > len(marks(most, "m-count"))


def test_a_count_steps_aside_for_a_place_in_the_middle_of_its_area():
    svg = drawn(squares(1), [MapPoint(16.2, 58.1, "A", "spot")])
    (spot,) = marks(svg, "m-spot")
    (count,) = marks(svg, "m-count")
    assert abs(float(count.get("y")) - float(spot.get("cy"))) > 15


def test_a_verdict_keeps_its_shape_when_the_area_is_small():
    svg = drawn(squares(22, fill="less-sure"))
    small = [node for node in marks(svg, "m-hide") if node.tag == f"{SVG}text"]
    assert len(small) > 100
    assert len(marks(svg, "c-less")) == len(small) + len(marks(svg, "m-count"))


def test_a_point_outside_the_chart_is_left_out():
    assert marks(drawn(squares(2), [MapPoint(0, 0, "A", "spot")]), "m-spot") == []


@pytest.mark.parametrize(
    ("file", "most"),
    [
        ("memphis_precincts.geojson", 30_000),
        ("stockholm_stadsdelar.geojson", 80_000),
        ("goteborg_basomraden.geojson", 150_000),
    ],
)
@pytest.mark.parametrize("for_pdf", [False, True])
def test_real_towns_are_drawn_whole_and_small(file, most, for_pdf):
    features = real(file)
    areas = [
        MapArea(n, str(n), read_geometry(feature), count=str(n % 30), href=f"/g/staden/omraden/{n}")
        for n, feature in enumerate(features)
    ]
    svg = drawn(areas, for_pdf=for_pdf)
    assert len(svg.encode()) <= most
    group = next(node for node in parsed(svg) if node.tag == f"{SVG}g")
    assert len(list(group.iter(f"{SVG}path"))) == len(areas)


def test_neighbours_share_one_line_after_simplification():
    wavy = [(16.1 + 0.0003 * (n % 2), 58 + n / 1000) for n in range(101)]
    west = Polygon([(16, 58), *wavy, (16, 58.1)])
    east = Polygon([(16.2, 58), *wavy, (16.2, 58.1)])
    svg = drawn([MapArea(1, "V", west), MapArea(2, "Ö", east)])
    (coast,) = marks(svg, "m-coast")
    assert coast.get("d").count("M") == 1


def test_an_archipelago_keeps_its_largest_island():
    isles = MultiPolygon([box(16, 58, 16.00001, 58.00001), box(16.00002, 58, 16.00003, 58.00001)])
    svg = drawn([*squares(2), MapArea(9, "Skär", isles)])
    assert len(marks(svg, "m-area")[0].findall(f"{SVG}path")) == 5
