"""How a picture counts: pure functions against a plain recount, and the rules for what is unknown or redrawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from situation import picture
from situation.material import AreaRow, DayCount, Material, NamedCategory, Stretch, Voice

MONDAY = date(2026, 11, 16)
CUT_OFF = datetime(2026, 11, 24, 7, tzinfo=UTC)


def stretch(id_: int, first: date, weeks: int = 1) -> Stretch:
    last = first + timedelta(days=7 * weeks - 1)
    return Stretch(id_, f"{first.isocalendar().year}-W{first.isocalendar().week:02d}", str(id_), first, last)


def week(n: int) -> Stretch:
    """The n-th week before 2026-W47; 0 is the week itself."""
    return stretch(100 - n, MONDAY - timedelta(weeks=n))


def area(id_: int, name: str, since: date = date(2020, 1, 1), until: date | None = None) -> AreaRow:
    return AreaRow(id_, name, "est", None, since, until)


def material(
    counts: Sequence[DayCount],
    *,
    earlier: int = 8,
    areas: Sequence[AreaRow] = (area(1, "Hamnen"), area(2, "Centrum")),
    calm: Sequence[tuple[int, int]] = (),
    voices: Sequence[Voice] = (),
) -> Material:
    return Material(
        period=week(0),
        earlier=[week(n) for n in range(earlier, 0, -1)],
        counts=counts,
        areas=areas,
        categories=[
            NamedCategory(7, "damage", "Skadegörelse", "Damage"),
            NamedCategory(8, "noise", "Störning", "Noise"),
        ],
        voices=voices,
        calm=frozenset(calm),
        cut_off=CUT_OFF,
        today=CUT_OFF.date(),
    )


def every_week(n: int = 9, area_id: int | None = 1, count: int = 2) -> list[DayCount]:
    return [DayCount(week(k).first + timedelta(days=k % 7), area_id, 7, count) for k in range(n)]


def total_of(found: dict, area_id: int | None) -> list:
    return next([count, mean] for id_, count, mean in found["area_totals"] if id_ == area_id)


day_counts = st.lists(
    st.builds(
        DayCount,
        day=st.dates(MONDAY - timedelta(weeks=8), MONDAY + timedelta(days=6)),
        area_id=st.sampled_from([1, 2, None]),
        category_id=st.sampled_from([7, 8]),
        count=st.integers(1, 5),
    ),
    max_size=40,
)


@given(day_counts)
def test_every_count_equals_a_plain_recount(counts: list[DayCount]) -> None:
    found = picture.assemble(material(counts))
    for id_, kind, count, _mean in found["cells"]:
        plain = 0
        for row in counts:
            if row.area_id == id_ and row.category_id == kind and MONDAY <= row.day <= MONDAY + timedelta(days=6):
                plain += row.count
        assert count == plain
    assert found["total"][0] == sum(row.count for row in counts if row.day >= MONDAY)


@given(day_counts)
def test_rows_and_columns_add_up_to_the_total(counts: list[DayCount]) -> None:
    found = picture.assemble(material(counts))
    assert sum(count for _id, count, _mean in found["area_totals"]) == found["total"][0]
    assert sum(count for _id, count, _mean in found["category_totals"]) == found["total"][0]
    assert sum(count for _a, _c, count, _mean in found["cells"]) == found["total"][0]


@given(day_counts)
def test_the_mean_is_over_the_periods_in_which_somebody_spoke(counts: list[DayCount]) -> None:
    found = picture.assemble(material(counts))
    spoken = {row.day.isocalendar()[:2] for row in counts if row.day < MONDAY}
    assert len(found["baseline"]) == len(spoken)
    if spoken:
        earlier = sum(row.count for row in counts if row.day < MONDAY)
        assert found["total"][1] == pytest.approx(earlier / len(spoken), abs=0.006)


@given(day_counts, st.randoms())
def test_the_order_of_the_rows_does_not_matter(counts: list[DayCount], random) -> None:
    shuffled = list(counts)
    random.shuffle(shuffled)
    assert picture.assemble(material(counts)) == picture.assemble(material(shuffled))


def test_without_periods_before_there_is_no_mean() -> None:
    found = picture.assemble(material(every_week(1), earlier=0))
    assert found["total"] == [2, None]
    assert found["baseline"] == []


def test_only_the_eight_periods_before_count_for_the_mean() -> None:
    long_ago = [DayCount(week(9).first, 1, 7, 900)]
    found = picture.assemble(material(every_week() + long_ago, earlier=12))
    assert total_of(found, 1) == [2, 2.0]


def test_a_period_of_silence_is_left_out_of_the_mean() -> None:
    counts = [row for row in every_week() if row.day not in week(3)]
    found = picture.assemble(material(counts))
    assert len(found["baseline"]) == 7
    assert total_of(found, 1) == [2, 2.0]


def test_a_calm_period_is_a_zero_that_somebody_said() -> None:
    counts = [row for row in every_week() if row.day not in week(3)]
    found = picture.assemble(material(counts, calm=[(5, week(3).id)]))
    assert len(found["baseline"]) == 8
    assert total_of(found, 1) == [2, 1.75]


def test_a_period_of_two_weeks_is_compared_by_its_length() -> None:
    two = Stretch(101, "2026-W47–48", "47–48", MONDAY, MONDAY + timedelta(days=13))
    counts = [*every_week(), DayCount(MONDAY + timedelta(days=9), 1, 7, 3)]
    found = picture.assemble(replace(material(counts), period=two))
    assert total_of(found, 1) == [5, 4.0]  # two in each of the weeks before is four in two weeks


def test_weeks_are_compared_with_a_merged_period_by_the_week() -> None:
    earlier = [stretch(90, MONDAY - timedelta(weeks=3), weeks=2), week(1)]
    counts = [DayCount(earlier[0].first, 1, 7, 6), DayCount(week(1).first, 1, 7, 3), DayCount(MONDAY, 1, 7, 1)]
    found = picture.assemble(replace(material(counts), earlier=earlier))
    assert total_of(found, 1) == [1, 3.0]


def test_an_area_drawn_anew_is_compared_with_itself_as_it_was() -> None:
    change = week(3).first
    areas = [area(1, "Hamnen", until=change - timedelta(days=1)), area(9, "Hamnen", since=change)]
    counts = [replace(row, area_id=9 if row.day >= change else 1) for row in every_week()]
    found = picture.assemble(material(counts, areas=areas))
    assert found["areas"] == [
        {"id": 9, "name": "Hamnen", "population": None, "periods": 8, "redrawn": change.isoformat()}
    ]
    assert total_of(found, 9) == [2, 2.0]


def test_a_new_area_is_compared_with_the_periods_since_it_was_drawn() -> None:
    areas = [area(1, "Hamnen"), area(2, "Kajen", since=week(2).first)]
    counts = every_week() + every_week(3, area_id=2, count=4)
    found = picture.assemble(material(counts, areas=areas))
    assert found["areas"][1]["periods"] == 2
    assert total_of(found, 2) == [4, 4.0]


def test_an_area_drawn_after_its_observations_were_imported_counts_from_the_first_of_them() -> None:
    areas = [area(1, "Hamnen", since=date(2030, 1, 1))]
    found = picture.assemble(material(every_week(), areas=areas))
    assert total_of(found, 1) == [2, 2.0]


def test_an_area_no_longer_drawn_is_named_and_stays_in_the_whole() -> None:
    areas = [area(1, "Hamnen"), area(2, "Gamla varvet", until=week(4).last)]
    old = [row for row in every_week(9, area_id=2) if row.day <= week(4).last]
    found = picture.assemble(material(every_week() + old, areas=areas))
    assert found["ended"] == ["Gamla varvet"]
    assert [row["name"] for row in found["areas"]] == ["Hamnen"]
    assert found["total"] == [2, 3.25]


def test_an_area_without_observations_stands_there_with_zero() -> None:
    assert total_of(picture.assemble(material(every_week())), 2) == [0, 0.0]


def test_what_lies_outside_the_areas_has_a_row_of_its_own() -> None:
    assert total_of(picture.assemble(material(every_week(area_id=None))), None) == [2, 2.0]


def test_the_line_has_a_gap_where_nobody_spoke() -> None:
    counts = [row for row in every_week() if row.day not in week(1)]
    assert picture.assemble(material(counts))["series"]["total"] == [2] * 7 + [None, 2]


def test_the_strip_tells_a_number_from_calm_from_silence() -> None:
    voice = Voice(5, "Polisen", True, True, None, ((week(2).first, 3),))
    found = picture.assemble(material(every_week(), earlier=2, voices=[voice], calm=[(5, week(1).id)]))
    assert found["strip"]["rows"] == [[5, [3, "calm", None]]]
    assert found["organisations"][0]["state"] == "silent"


def test_an_organisation_that_left_is_shown_only_where_it_spoke() -> None:
    left = Voice(5, "Rederiet", True, False, None, ((week(2).first, 3),))
    assert picture.assemble(material(every_week(), voices=[left]))["organisations"] == []


def test_an_organisation_is_not_missed_before_its_first_day() -> None:
    joins = Voice(5, "Skolan", True, True, week(1).last, ())
    assert picture.assemble(material(every_week(), earlier=2, voices=[joins]))["strip"]["rows"] == [
        [5, ["away", None, None]]
    ]
    assert (
        picture.assemble(material(every_week(), voices=[replace(joins, joined=week(0).last + timedelta(1))]))[
            "organisations"
        ]
        == []
    )


def test_what_an_organisation_told_of_the_time_before_it_joined_is_heard() -> None:
    early = Voice(5, "Skolan", True, True, week(0).last + timedelta(1), ((week(0).first, 3),))
    found = picture.assemble(material(every_week(), earlier=1, voices=[early]))
    assert found["organisations"][0]["state"] == "reported"
    assert found["strip"]["rows"] == [[5, ["away", 3]]]


def test_added_is_the_live_count_minus_the_frozen_one_by_area() -> None:
    frozen = {"area_totals": [[1, 3, None], [2, 1, None]]}
    live = {"area_totals": [[1, 5, None], [2, 0, None], [None, 1, None]]}
    assert picture.added(frozen, live) == [(1, 2), (2, -1), (None, 1)]
