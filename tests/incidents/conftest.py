"""The report form as a browser sends it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from est_site import tenancy
from est_site.partners.calendar import extend_periods
from est_site.partners.models import Period
from tests import cast


@pytest.fixture
def this_week(tarnsund: cast.Town) -> Period:
    """The period that holds today, on whatever day the tests are run."""
    group = tarnsund.group
    today = timezone.now().astimezone(group.zone).date()
    with tenancy.inside(group):
        extend_periods(group, today + timedelta(days=7))
        found: Period = Period.objects.filter(group=group).regular().containing(today).get()
    return found


Fill = Callable[..., dict[str, Any]]


@pytest.fixture
def filled(tarnsund: cast.Town) -> Fill:
    """`filled(text="…")` is a form filled in with a typical observation; say only what the test is about."""

    def fill(**changed: Any) -> dict[str, Any]:
        form = {
            "client_uuid": str(uuid.uuid4()),
            "top": tarnsund.categories["damage"].pk,
            "where": "place",
            "place_name": tarnsund.places["kiosken"].name,
            "when": "now",
        }
        return {name: value for name, value in (form | changed).items() if value is not None}

    return fill
