"""Charts read by a parser: what is drawn, where, and what is said to those who do not see it."""

import math
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from django.utils.safestring import SafeString

from est_site import charts
from est_site.charts import Bar, Series, bars, hours, line, nice_ticks, range_mark, spark

SVG = "{http://www.w3.org/2000/svg}"
DAYS = [
    ("Måndag", "Mån"),
    ("Tisdag", "Tis"),
    ("Onsdag", "Ons"),
    ("Torsdag", "Tors"),
    ("Fredag", "Fre"),
    ("Lördag", "Lör"),
    ("Söndag", "Sön"),
]
NIGHT = [[0] * 24 for _ in range(7)]
NIGHT[5][1] = 9  # Saturday, one o'clock at night
NIGHT[4][21] = 4


def one_of_each(for_pdf):
    weeks = [f"v {n}" for n in range(40, 48)]
    return [
        spark(
            [3, None, 4, 9], (2, 6), verdict="more-sure", idn="a", title="Nio mot normalt två till sex", for_pdf=for_pdf
        ),
        range_mark(12, 1, 6, 20, verdict="more-maybe", idn="b", title="Tolv", for_pdf=for_pdf),
        bars([Bar("Klotter", 3, normal=(1, 4)), Bar("Trafik", 0)], idn="c", title="Slag", for_pdf=for_pdf),
        bars([], idn="d", title="Slag", empty="Inget har rapporterats.", for_pdf=for_pdf),
        line(
            weeks,
            [Series("Hamnen", [1, 2, None, 4, 5, 6, 7, 8])],
            [(1, 4)] * 8,
            idn="e",
            title="Veckor",
            for_pdf=for_pdf,
        ),
        hours(NIGHT, DAYS, idn="f", title="Timmar", desc="Natten mot lördag", for_pdf=for_pdf),
    ]


def parsed(svg):
    return ElementTree.fromstring(svg)


def texts(svg):
    return [node.text for node in parsed(svg).iter(f"{SVG}text")]


def marks(svg, name):
    return [node for node in parsed(svg).iter() if name in node.get("class", "").split()]


@pytest.mark.parametrize("for_pdf", [False, True])
def test_each_chart_is_an_image_with_its_title_first(for_pdf):
    for svg in one_of_each(for_pdf):
        root = parsed(svg)
        assert isinstance(svg, SafeString)
        assert root.get("role") == "img"
        assert root[0].tag == f"{SVG}title"
        assert root.get("aria-labelledby").split()[0] == root[0].get("id")


@pytest.mark.parametrize("for_pdf", [False, True])
def test_no_chart_carries_a_style_and_ids_are_its_own(for_pdf):
    ids = []
    for svg in one_of_each(for_pdf):
        assert "style" not in {key for node in parsed(svg).iter() for key in node.attrib}
        ids += [node.get("id") for node in parsed(svg).iter() if node.get("id")]
    assert len(ids) == len(set(ids))


def test_the_page_has_classes_and_the_pdf_has_attributes():
    for page, pdf in zip(one_of_each(False), one_of_each(True), strict=True):
        assert "class=" in page
        assert "fill=" not in page
        assert "class=" not in pdf
        assert "var(" not in pdf
        assert "dominant-baseline" not in pdf


def test_a_mark_without_a_title_is_silent():
    assert parsed(spark([1, 2])).get("aria-hidden") == "true"
    assert parsed(range_mark(1, 0, 2, 3)).get("role") is None


def test_words_from_people_are_escaped():
    svg = bars([Bar("<script>", 1, text="&")], idn="x", title='"<b>"', desc="<i>")
    assert "<script>" not in svg
    assert parsed(svg)[0].text == '"<b>"'


def test_a_silent_week_is_a_gap_and_not_a_zero():
    strokes = marks(spark([1, 2, None, 3, 4]), "c-line")
    assert len(strokes) == 2


def test_all_zeros_lie_on_the_base_line():
    assert {node.get("d") for node in marks(spark([0, 0]), "c-line")} == {"M2 21L98 21"}
    (stroke,) = marks(line(["1", "2"], [Series("a", [0, 0])], idn="l", title="t"), "c-line-strong")
    (base,) = marks(line(["1", "2"], [Series("a", [0, 0])], idn="l", title="t"), "c-axis-strong")
    assert stroke.get("d").split()[1].split("L")[0] == base.get("d").split()[1].split("H")[0]


def test_nothing_at_all_is_drawn_as_an_empty_line_or_a_sentence():
    assert len(marks(spark([]), "c-axis")) == 1
    assert texts(bars([], idn="b", title="t", empty="Tomt.")) == ["Tomt."]
    assert texts(line([], [], idn="b", title="t", empty="Tomt.")) == ["Tomt."]
    assert texts(line(["1"], [Series("a", [None])], idn="b", title="t", empty="Tomt.")) == ["Tomt."]


def test_one_single_week_is_a_dot():
    assert len(marks(line(["47"], [Series("a", [3])], idn="b", title="t"), "c-dot")) == 1
    assert len(marks(spark([3]), "c-dot")) == 1


@pytest.mark.parametrize(
    ("verdict", "mark"), [("more-sure", "c-more"), ("more-maybe", "c-open-more"), ("less-maybe", "c-open-less")]
)
def test_the_verdict_has_a_shape_of_its_own(verdict, mark):
    assert len(marks(range_mark(3, 1, 2, 5, verdict=verdict), mark)) == 1


def test_a_count_nobody_gave_has_no_dot():
    assert marks(range_mark(None, 1, 2, 5), "c-dot") == []


def test_a_range_of_nothing_stays_inside_its_picture():
    (dot,) = marks(range_mark(0, 0, 0, 0), "c-dot")
    assert (dot.get("cx"), dot.get("cy")) == ("6", "8")


def test_bars_begin_at_zero_and_are_in_proportion():
    svg = bars([Bar("a", 10), Bar("b", 5), Bar("c", 0)], idn="b", title="t")
    widths = [float(node.get("width")) for node in marks(svg, "c-bar")]
    assert widths[0] == pytest.approx(2 * widths[1], abs=0.2)
    assert len(widths) == 2
    assert texts(svg) == ["a", "10", "b", "5", "c", "0"]


def test_bars_are_told_in_words_too():
    assert (
        parsed(bars([Bar("Klotter", 1234), Bar("Trafik", 0)], idn="b", title="t"))[1].text
        == "Klotter 1\u00a0234; Trafik 0"
    )


def test_a_long_label_is_shortened_but_told_in_full():
    name = "Ordningsstörning i gångtunneln vid stationen och på perrongen"
    svg = bars([Bar(name, 1)], idn="b", title="t")
    assert texts(svg)[0].endswith("…")
    assert name in parsed(svg)[1].text


def test_the_axis_of_counts_has_whole_numbers_from_zero():
    for maximum in (0, 0.5, 1, 3, 7, 12, 99, 100, 1234, 56789):
        ticks = nice_ticks(maximum)
        assert ticks[0] == 0
        assert ticks[-1] >= max(maximum, 1)
        assert len(ticks) <= 6
        assert len({after - before for before, after in pairwise(ticks)}) == 1


def test_a_line_is_named_at_its_end_and_two_names_do_not_collide():
    svg = line(["1", "2"], [Series("Hamnen", [1, 5]), Series("Övriga", [2, 5])], idn="l", title="t")
    ys = [float(node.get("y")) for node in parsed(svg).iter(f"{SVG}text") if node.text in ("Hamnen", "Övriga")]
    assert abs(ys[0] - ys[1]) >= 16


def test_three_lines_are_one_too_many():
    with pytest.raises(ValueError, match="two series"):
        line(["1"], [Series("a", [1])] * 3, idn="l", title="t")


def test_the_last_week_is_always_named_on_the_axis():
    weeks = [f"v {n}" for n in range(1, 53)]
    assert "v 52" in texts(line(weeks, [Series("a", [1] * 52)], idn="l", title="t"))
    assert len(texts(line(weeks, [Series("a", [1] * 52)], idn="l", title="t"))) < 30


def test_the_night_belongs_to_the_evening_before_and_area_is_count():
    svg = hours(NIGHT, DAYS, idn="h", title="t")
    night, evening = sorted((node for node in parsed(svg).iter(f"{SVG}circle")), key=lambda node: -float(node.get("r")))
    assert night.get("cy") == evening.get("cy") == str(44 + 36 * 4)
    assert float(night.get("cx")) > float(evening.get("cx"))
    assert (float(evening.get("r")) / float(night.get("r"))) ** 2 == pytest.approx(4 / 9, abs=0.02)


def test_a_week_without_events_has_no_dots():
    assert list(parsed(hours([[0] * 24] * 7, DAYS, idn="h", title="t")).iter(f"{SVG}circle")) == []


def test_coordinates_are_short_and_never_minus_zero():
    assert [charts.num(value) for value in (1.0, -0.04, 2.25, 1e6, -3.14)] == ["1", "0", "2.2", "1000000", "-3.1"]
    assert not math.isnan(float(charts.num(0.1)))
