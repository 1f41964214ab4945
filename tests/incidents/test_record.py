"""The action that writes an observation, and the times people name."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client

from est_site import tenancy
from est_site.models import AuditEvent
from est_site.partners.models import Area
from incidents import actions, choices, times
from incidents.forms import ReportForm
from incidents.models import Incident
from tests import cast
from tests.incidents.conftest import Fill

STOCKHOLM = ZoneInfo("Europe/Stockholm")
HOUR = timedelta(hours=1)


def record(town: cast.Town, **changed: Any) -> Incident:
    said: dict[str, Any] = {
        "by": town.rut,
        "now": cast.NOW,
        "category": town.categories["graffiti"],
        "occurred_from": cast.NOW,
        "occurred_to": cast.NOW,
        "client_uuid": uuid.uuid4(),
    }
    return actions.record_incident(**(said | changed))


def test_the_day_is_the_groups_own(inside: cast.Town) -> None:
    late = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    assert record(inside, occurred_from=late, occurred_to=late).day == date(2026, 11, 21)


def test_it_is_known_from_the_moment_it_is_recorded(inside: cast.Town) -> None:
    row = record(inside, occurred_from=cast.NOW - 5 * HOUR, occurred_to=cast.NOW - HOUR)
    assert (row.recorded_at, row.reported_at, row.time_precision) == (cast.NOW, cast.NOW, "interval")


def test_the_point_outweighs_the_place_and_the_place_outweighs_the_chosen_area(inside: cast.Town) -> None:
    kiosk, station = inside.places["kiosken"], inside.areas["Stationsområdet"]
    assert record(inside, point=(11.915, 57.905), place=kiosk, area=station).area == inside.areas["Centrum"]
    assert record(inside, place=kiosk, area=station).area == inside.areas["Hamnen"]
    assert record(inside, area=station).area == station


def test_a_point_outside_every_area_falls_back_on_the_place(inside: cast.Town) -> None:
    assert record(inside, point=(12.9, 57.0), place=inside.places["kiosken"]).area == inside.areas["Hamnen"]


def test_nothing_known_of_where_is_kept_as_nothing(inside: cast.Town) -> None:
    row = record(inside)
    assert (row.area_id, row.place_id, row.lon, row.location_precision) == (None, None, None, "none")


def test_the_area_is_the_one_drawn_on_the_day(inside: cast.Town) -> None:
    old = inside.areas["Centrum"]
    Area.objects.filter(pk=old.pk).update(valid_to=date(2026, 11, 20))
    new = Area.objects.create(group=inside.group, name="City", geometry=old.geometry, valid_from=date(2026, 11, 21))
    before = datetime(2026, 11, 20, 12, tzinfo=UTC)
    assert record(inside, point=(11.915, 57.905), occurred_from=before, occurred_to=before).area == old
    assert record(inside, point=(11.915, 57.905)).area == new


def test_a_police_district_is_no_area_of_the_picture(inside: cast.Town) -> None:
    Area.objects.filter(pk=inside.areas["Centrum"].pk).update(layer="police")
    assert record(inside, point=(11.915, 57.905)).location_precision == "none"


@pytest.mark.parametrize("wrong", [{"text": "x" * 501}, {"severity": 4}, {"certainty": "sure"}, {"visibility": "all"}])
def test_what_the_model_forbids_is_not_written(inside: cast.Town, wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        record(inside, **wrong)
    assert not Incident.objects.exists()
    assert not AuditEvent.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_fifty_posts_of_one_form_at_once_are_one_row_and_one_address(tarnsund: cast.Town, filled: Fill) -> None:
    client = Client()
    client.force_login(tarnsund.rut.user)
    form = filled(text="En gång räcker.")

    def send(_n: int) -> tuple[int, str]:
        try:
            own = Client()
            own.cookies = client.cookies
            answer = own.post("/g/tarnsund/report/", form)
            return answer.status_code, answer["Location"]
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        answers = set(pool.map(send, range(50)))
    with tenancy.inside(tarnsund.group):
        row = Incident.objects.get()
        assert AuditEvent.objects.count() == 1
    assert answers == {(303, f"/g/tarnsund/report/?saved={row.pk}")}


# --- times ---------------------------------------------------------------------------------------


def local(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=STOCKHOLM)


def test_last_night_is_from_ten_to_six() -> None:
    assert times.last_night(local(22, 16), STOCKHOLM) == (local(21, 22), local(22, 6))


def test_a_night_that_is_going_on_ends_now() -> None:
    assert times.last_night(local(22, 2), STOCKHOLM) == (local(21, 22), local(22, 2))


def test_the_evening_ends_where_the_night_begins() -> None:
    assert times.yesterday_evening(local(22, 16), STOCKHOLM) == (local(21, 18), local(21, 22))


def test_a_wall_time_that_was_skipped_never_was() -> None:
    with pytest.raises(times.NoSuchTime):
        times.instant(datetime(2026, 3, 29, 2, 30), STOCKHOLM)


def form(town: cast.Town, code: str, start: datetime, end: datetime | None = None) -> ReportForm:
    """The form for this category and these times, at cast.NOW."""
    wall = "%Y-%m-%dT%H:%M"
    said = {
        "client_uuid": str(uuid.uuid4()),
        "top": town.categories[code].pk,
        "where": "unknown",
        "when": "between",
        "occurred_from": start.astimezone(STOCKHOLM).strftime(wall),
        "occurred_to": end.astimezone(STOCKHOLM).strftime(wall) if end else "",
    }
    return ReportForm(said, member=town.rut, now=cast.NOW, tiles=choices.tiles(town.rut), places=[])


MINUTE = timedelta(minutes=1)
YEAR = timedelta(days=366)


@pytest.mark.parametrize("code", ["damage", "unsafe"])
@pytest.mark.parametrize(
    ("start", "end", "errors"),
    [
        (timedelta(0), None, []),
        (MINUTE, None, ["occurred_from"]),
        (-HOUR, timedelta(0), []),
        (-HOUR, MINUTE, ["occurred_to"]),
        (-HOUR, -HOUR - MINUTE, ["occurred_to"]),
        (-YEAR, None, []),
        (-YEAR - MINUTE, None, ["occurred_from"]),
    ],
)
def test_events_and_conditions_lie_behind_and_not_more_than_a_year(
    inside: cast.Town, code: str, start: timedelta, end: timedelta | None, errors: list[str]
) -> None:
    filled = form(inside, code, cast.NOW + start, None if end is None else cast.NOW + end)
    assert list(filled.errors) == errors


@pytest.mark.parametrize(
    ("start", "end", "errors"),
    [
        (timedelta(0), None, ["occurred_from"]),
        (MINUTE, None, []),
        (-HOUR, HOUR, ["occurred_from"]),
        (HOUR, HOUR - MINUTE, ["occurred_to"]),
        (HOUR, YEAR, []),
        (HOUR, YEAR + MINUTE, ["occurred_to"]),
    ],
)
def test_what_is_coming_lies_ahead_and_not_more_than_a_year(
    inside: cast.Town, start: timedelta, end: timedelta | None, errors: list[str]
) -> None:
    unsafe = inside.categories["unsafe"]
    unsafe.kind = "upcoming"
    unsafe.save()
    filled = form(inside, "unsafe", cast.NOW + start, None if end is None else cast.NOW + end)
    assert list(filled.errors) == errors


def test_what_is_coming_is_not_now(inside: cast.Town) -> None:
    unsafe = inside.categories["unsafe"]
    unsafe.kind = "upcoming"
    unsafe.save()
    filled = form(inside, "unsafe", cast.NOW)
    filled.data = {**filled.data, "when": "now"}
    assert list(filled.errors) == ["occurred_from"]
