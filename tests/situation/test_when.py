"""The hours of a period: from the times of its events to what the page says of them."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.utils import translation
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from PIL import Image

from situation import rows, when
from situation.actions import freeze_picture
from situation.models import Meeting
from situation.picture import clock
from tests.cast import NOW, Town, make_incident
from tests.conftest import SignIn
from tests.situation.test_situation_page import words

FRIDAY = datetime(2026, 11, 20, 22)
HOUR = timedelta(hours=1)


def held(*times: tuple[datetime, datetime]) -> dict[str, Any]:
    return {"heard": True, "when": clock(times)}


def section(picture: dict[str, Any]) -> dict[str, Any]:
    with translation.override("sv"):
        found = when.section(picture)
    assert found is not None
    return found


def dots(svg: str) -> int:
    return len(re.findall("<circle", svg))


def test_under_thirty_events_no_hours_are_shown_and_it_says_so() -> None:
    few = section(held(*[(FRIDAY, FRIDAY)] * 29))
    assert few == {"sentences": ["29 händelser med tid: för få för att visa timmar. Minst 30 behövs."]}
    assert "chart" in section(held(*[(FRIDAY, FRIDAY)] * 30))


@pytest.mark.parametrize(("events", "shown"), [(149, 1), (150, 2)])
def test_from_a_hundred_and_fifty_events_on_each_hour_has_its_dot(events: int, shown: int) -> None:
    times = [(FRIDAY, FRIDAY), (FRIDAY + HOUR, FRIDAY + HOUR)] * (events // 2) + [(FRIDAY, FRIDAY)] * (events % 2)
    assert dots(section(held(*times))["chart"]) == shown


def test_the_night_stands_on_the_evening_before() -> None:
    night = datetime(2026, 11, 21, 2)  # a Saturday
    found = section(held(*[(night, night)] * 30))
    assert found["parts"][3] == "00–06"
    assert dict(found["rows"])["Fredag"] == ["0,0", "0,0", "0,0", "30,0"]
    assert found["sentences"][0] == "Mest ligger på fredag 00–06, natten mot lördag: omkring 30 av 30."


def test_what_spans_a_week_is_left_out_and_what_is_uncertain_is_spread_and_both_are_said() -> None:
    times = [(FRIDAY, FRIDAY)] * 15 + [(FRIDAY, FRIDAY + 10 * HOUR)] * 15 + [(FRIDAY, FRIDAY + 170 * HOUR)]
    said = " ".join(section(held(*times))["sentences"])
    assert "50 % är kända på två timmar när" in said
    assert "1 sträcker sig över en vecka eller mer" in said


@settings(max_examples=30, phases=[Phase.explicit, Phase.generate])  # a smaller example says no more
@given(st.lists(st.tuples(st.integers(0, 167), st.integers(0, 167)), min_size=30, max_size=80))
def test_the_table_holds_each_event_once(hours: list[tuple[int, int]]) -> None:
    monday = datetime(2026, 11, 16)
    times = [(monday + start * HOUR, monday + (start + length) * HOUR) for start, length in hours]
    shown = section(held(*times))["rows"]
    total = sum(float(text.replace(",", ".")) for _day, counts in shown for text in counts)
    assert abs(total - len(hours)) < 0.06 * 28  # what rounding may add up to


def test_a_picture_frozen_without_hours_and_a_silent_one_show_none() -> None:
    assert when.section({"heard": True}) is None
    assert when.section({"heard": False, "when": clock([])}) is None


def test_only_shared_events_of_the_period_known_at_the_cut_off_have_an_hour(inside: Town) -> None:
    make_incident(inside)
    make_incident(inside, category=inside.categories["lighting"])  # lasts
    make_incident(inside, visibility="organisation")
    make_incident(inside, at=NOW - timedelta(days=8))
    make_incident(inside, recorded_at=NOW + HOUR)
    (one,) = rows.times(inside.periods[-1], inside.group, NOW)
    assert one[0].tzinfo == inside.group.zone


def test_the_frozen_and_the_live_page_show_the_hours(inside: Town, planned: Meeting, signed_in: SignIn) -> None:
    for n in range(30):
        make_incident(inside, at=NOW - (18 + n) * HOUR)
    frozen = freeze_picture(meeting=planned, now=NOW + HOUR)
    assert frozen.frozen["when"]["events"] == 30
    client = signed_in(inside.carin)
    for page in (f"/g/tarnsund/situation/meeting/{planned.pk}/", "/g/tarnsund/situation/2026-W47/"):
        text = words(client.get(page))
        assert "Händelser per veckodag och timme" in text
        assert "Mest ligger på" in text


def test_the_hours_are_taken_along_as_a_drawing_where_there_are_enough(
    inside: Town, planned: Meeting, signed_in: SignIn
) -> None:
    pontus = signed_in(inside.people["pontus"])
    address = "/g/tarnsund/situation/2026-W47/hours."
    assert [pontus.get(address + form).status_code for form in ("svg", "png", "csv")] == [404] * 3
    for _n in range(30):
        make_incident(inside, at=NOW - 18 * HOUR)
    freeze_picture(meeting=planned, now=NOW + HOUR)
    svg, png = (pontus.get(address + form) for form in ("svg", "png"))
    assert (svg["content-type"], png["content-type"]) == ("image/svg+xml", "image/png")
    assert dots(svg.content.decode()) == 1
    with Image.open(BytesIO(png.content)) as drawn:
        assert drawn.size[0] > 1000
        named = drawn.convert("L").crop((0, 0, 170, drawn.size[1]))  # where the days are written
    assert len(named.getcolors() or []) > 10
