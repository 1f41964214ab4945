"""An area drawn anew in the middle of a quarter: what happened before keeps its map, what comes after has the new one."""

from __future__ import annotations

import re
import uuid
from datetime import date, datetime, timedelta

import pytest
from django.test import Client

from est_site import tenancy
from est_site.partners import actions
from incidents.actions import record_incident
from incidents.models import Incident
from situation.actions import freeze_picture
from situation.schedule import plan_meeting
from tests.cast import MONDAY, NOW, Town, square
from tests.conftest import SignIn

pytestmark = pytest.mark.django_db

CHANGE = MONDAY  # a Monday in the middle of the year's last quarter
OLD_GROUND, NEW_GROUND = (11.905, 57.905), (11.895, 57.905)  # the new border moves Hamnen to the west
NEW_BORDER = square(11.89, 57.90)


def seen(town: Town, point: tuple[float, float], at: datetime) -> Incident:
    return record_incident(
        by=town.rut,
        now=NOW,
        category=town.categories["graffiti"],
        occurred_from=at,
        occurred_to=at,
        client_uuid=uuid.uuid4(),
        point=point,
    )


def redraw(town: Town, first_day: date = CHANGE) -> None:
    with tenancy.inside(town.group):
        area = town.areas["Hamnen"]
        area.refresh_from_db()
        actions.redraw_area(
            by=town.carin, area=area, version=area.version, geometry=NEW_BORDER, first_day=first_day, now=NOW
        )


def chart(page: str) -> str:
    found = re.search(r'<figure class="map">.*?</svg>', page, re.DOTALL)
    assert found
    return found[0]


def text(page: str) -> str:
    main = page[page.index("<main") : page.index("</main")]
    return re.sub(r"\d\d[.:]\d\d", "", main)  # a live picture says at what minute it was looked at


@pytest.fixture
def carin(tarnsund: Town, signed_in: SignIn) -> Client:
    """Carin, with five weeks of two observations each on the ground that will be given up."""
    with tenancy.inside(tarnsund.group):
        for weeks in range(1, 6):
            for hours in (0, 30):
                seen(tarnsund, OLD_GROUND, NOW - timedelta(weeks=weeks, hours=hours))
    return signed_in(tarnsund.carin)


def test_each_observation_belongs_to_the_area_as_it_was_drawn_on_its_day(carin: Client, tarnsund: Town) -> None:
    hamnen = tarnsund.areas["Hamnen"].pk
    redraw(tarnsund)
    with tenancy.inside(tarnsund.group):
        assert set(Incident.objects.values_list("area_id", flat=True)) == {hamnen}
        late = seen(tarnsund, OLD_GROUND, NOW - timedelta(weeks=2))  # reported after the change, seen before it
        old, new = seen(tarnsund, OLD_GROUND, NOW), seen(tarnsund, NEW_GROUND, NOW)
    assert late.area_id == hamnen
    assert old.area_id is None
    assert new.area_id not in (None, hamnen)


@pytest.mark.parametrize("label", ["2026-W46", "2026-W44"])
def test_a_live_picture_of_an_earlier_period_keeps_its_border_and_its_counts(
    label: str, carin: Client, tarnsund: Town
) -> None:
    address = f"/g/tarnsund/situation/{label}/"
    before = carin.get(address).content.decode()
    redraw(tarnsund)
    after = carin.get(address).content.decode()
    assert chart(after) == chart(before)
    assert text(after) == text(before)


def test_a_frozen_picture_is_the_same_to_the_letter(carin: Client, tarnsund: Town) -> None:
    with tenancy.inside(tarnsund.group):
        meeting = plan_meeting(group=tarnsund.group, period=tarnsund.periods[-2])
        frozen = freeze_picture(meeting=meeting, now=NOW).frozen
    address = f"/g/tarnsund/situation/meeting/{meeting.pk}/"
    before = carin.get(address).content.decode()
    redraw(tarnsund)
    after = carin.get(address).content.decode()
    assert text(after) == text(before)
    assert chart(after) == chart(before)
    with tenancy.inside(tarnsund.group):
        assert freeze_picture(meeting=meeting, now=NOW).frozen == frozen


def test_a_picture_from_the_change_on_has_the_new_border_and_says_so(carin: Client, tarnsund: Town) -> None:
    address = "/g/tarnsund/situation/2026-W47/"
    before = carin.get(address).content.decode()
    redraw(tarnsund)
    with tenancy.inside(tarnsund.group):
        for hours in range(3):
            seen(tarnsund, NEW_GROUND, NOW - timedelta(hours=hours))
        seen(tarnsund, OLD_GROUND, NOW)
    after = carin.get(address).content.decode()
    assert chart(after) != chart(before)
    assert "Nyritat" in text(after) or "Ritat om" in text(after) or "2026-11-16" in text(after)
    rows = carin.get("/g/tarnsund/situation/2026-W47/matrix.csv").content.decode()
    assert re.search(r"Hamnen\D+3\b", rows)
    assert re.search(r"Utanför\D+1\b", rows)


def test_a_change_in_the_middle_of_a_week_splits_the_week_and_loses_nothing(carin: Client, tarnsund: Town) -> None:
    wednesday = CHANGE + timedelta(days=2)
    with tenancy.inside(tarnsund.group):
        seen(tarnsund, OLD_GROUND, NOW - timedelta(days=5))  # the Tuesday before
    redraw(tarnsund, wednesday)
    with tenancy.inside(tarnsund.group):
        seen(tarnsund, NEW_GROUND, NOW)
    rows = carin.get("/g/tarnsund/situation/2026-W47/matrix.csv").content.decode()
    assert re.search(r"Hamnen\D+2\b", rows)
