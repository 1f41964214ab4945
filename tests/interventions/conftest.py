from __future__ import annotations

from datetime import timedelta

import pytest

from est_site.partners.models import Period
from situation.actions import open_meeting
from situation.models import Meeting
from situation.schedule import plan_meeting
from tests.cast import NOW, Town


@pytest.fixture
def planned(inside: Town) -> Meeting:
    """The sitting of Tuesday 24 November 2026 that looks at 2026-W47; nothing is prepared yet."""
    return plan_meeting(group=inside.group, period=inside.periods[-1])


@pytest.fixture
def opened(inside: Town, planned: Meeting) -> Meeting:
    return open_meeting(meeting=planned, by=inside.carin, now=NOW + timedelta(days=1, hours=17))


def following(town: Town) -> Period:
    """The week after the last one the town has."""
    first = town.periods[-1].last_day + timedelta(days=1)
    return Period.objects.create(group=town.group, first_day=first, last_day=first + timedelta(days=6))
