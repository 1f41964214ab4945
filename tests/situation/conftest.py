from __future__ import annotations

from datetime import timedelta

import pytest

from est_site import tenancy
from incidents.models import CalmReport
from situation.models import Meeting
from situation.schedule import plan_meeting
from tests.cast import NOW, Town, make_incident


@pytest.fixture
def planned(inside: Town) -> Meeting:
    """The sitting that looks at 2026-W47."""
    return plan_meeting(group=inside.group, period=inside.periods[-1])


@pytest.fixture
def week47(inside: Town) -> Town:
    """Housing has logged three in Hamnen and one in Centrum, the police one outside; the guards say it was calm."""
    for hours in (18, 20, 22):
        make_incident(inside, at=NOW - timedelta(hours=hours))
    make_incident(inside, area=inside.areas["Centrum"], category=inside.categories["outdoors"])
    make_incident(inside, area=None, organisation=inside.organisations["police"], location_precision="none")
    CalmReport.objects.create(
        group=inside.group, organisation=inside.organisations["guards"], period=inside.periods[-1], reported_at=NOW
    )
    return inside


def log_a_surge(town: Town) -> None:
    """Everybody logs one a week in Centrum for twelve weeks; in the last of them housing logs twelve more in Hamnen."""
    with tenancy.inside(town.group):
        for week in range(12):
            for organisation in town.organisations.values():
                at = NOW - timedelta(weeks=week, hours=18)
                make_incident(town, at=at, organisation=organisation, area=town.areas["Centrum"])
        for hours in range(12):
            make_incident(town, at=NOW - timedelta(hours=18 + hours))
