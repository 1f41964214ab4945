"""Which two observations may be of one event."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from incidents.alike import Limits, Spot, apart, metres, pair, pairs

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
STEP = 0.0005  # degrees; 56 metres to the north


def spot(pk: int, north: int = 0, east: int = 0, hours: float = 0, **fields: object) -> Spot:
    at = NOON + timedelta(hours=hours)
    top = fields.get("top", 1)
    values = {"top": 1, "sort": top, "lasts": False, "lon": 12 + east * STEP, "lat": 57 + north * STEP, "place": None}
    return Spot(pk=pk, start=at, end=at, **(values | fields))  # type: ignore[arg-type]


def test_near_in_place_and_time_may_be_one() -> None:
    found = pair(spot(1), spot(2, north=1, hours=3), Limits())
    assert found is not None
    assert (found.first, found.second, round(found.metres), found.apart) == (1, 2, 56, timedelta(hours=3))


def test_the_limits_themselves_are_near_and_what_lies_beyond_is_not() -> None:
    far = metres(spot(1), spot(2, north=3))
    assert far is not None
    assert pair(spot(1), spot(2, north=3), Limits(metres=int(far) + 1)) is not None
    assert pair(spot(1), spot(2, north=3), Limits(metres=int(far))) is None
    assert pair(spot(1), spot(2, hours=24), Limits()) is not None
    assert pair(spot(1), spot(2, hours=24.01), Limits()) is None


def test_another_kind_is_another_event() -> None:
    assert pair(spot(1), spot(2, top=2), Limits()) is None
    assert pair(spot(1), spot(2, lasts=True), Limits()) is None


def test_the_same_place_is_near_without_a_position() -> None:
    a, b = (spot(n, lon=None, lat=None, place=7) for n in (1, 2))
    assert pair(a, b, Limits()) is not None
    assert pair(a, spot(3, lon=None, lat=None), Limits()) is None


def test_a_condition_lasts_so_only_the_distance_counts() -> None:
    assert pair(spot(1, lasts=True), spot(2, lasts=True, hours=900), Limits()) is not None


def test_stretches_that_overlap_have_nothing_between_them() -> None:
    long = Spot(1, 1, 1, False, NOON, NOON + timedelta(hours=60), 12, 57, None)
    assert apart(long, spot(2, hours=30)) == timedelta()


SPOTS = st.lists(
    st.builds(
        lambda north, east, hours, top, place, lasts: (north, east, hours, top, place, lasts),
        st.integers(-4, 4),
        st.integers(-4, 4),
        st.integers(0, 60),
        st.integers(1, 2),
        st.sampled_from([None, None, 1, 2]),
        st.booleans(),
    ),
    max_size=25,
)


@given(rows=SPOTS)
def test_all_pairs_are_found_and_no_others(rows: list[tuple[int, int, int, int, int | None, bool]]) -> None:
    spots = [
        spot(n, north, east, hours, top=top, place=place, lasts=lasts)
        for n, (north, east, hours, top, place, lasts) in enumerate(rows)
    ]
    limits = {1: Limits(), 2: Limits(300, 6)}
    compared = {one for a, b in combinations(spots, 2) if (one := pair(a, b, limits[a.top]))}
    assert set(pairs(spots, limits)) == compared
