"""Twenty press at the same time."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from django.db import connection

from est_site import tenancy
from interventions.actions import NewIntervention, start_intervention
from interventions.models import Decision
from situation.actions import open_meeting
from situation.models import Meeting
from situation.schedule import plan_meeting
from tests.cast import NOW, Town

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]
TUESDAY = NOW + timedelta(days=1, hours=17)
AT_ONCE = 20


def test_twenty_decisions_at_once_get_twenty_numbers_without_a_gap(tarnsund: Town) -> None:
    with tenancy.inside(tarnsund.group):
        meeting = plan_meeting(group=tarnsund.group, period=tarnsund.periods[-1])
        open_meeting(meeting=meeting, by=tarnsund.carin, now=TUESDAY)
        before = Meeting.objects.get(pk=meeting.pk).version
    together = Barrier(AT_ONCE)

    def decide(n: int) -> int:
        new = NewIntervention(
            what=f"Nummer {n}", responsible=tarnsund.organisations["guards"], first_day=date(2026, 11, 27)
        )
        try:
            with tenancy.inside(tarnsund.group):
                together.wait(30)
                return start_intervention(
                    meeting=meeting, new=new, client_uuid=uuid.uuid4(), by=tarnsund.carin, now=TUESDAY
                ).number
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as threads:
        numbers = list(threads.map(decide, range(AT_ONCE)))
    assert sorted(numbers) == list(range(1, AT_ONCE + 1))
    with tenancy.inside(tarnsund.group):
        assert Decision.objects.filter(meeting=meeting).count() == AT_ONCE
        assert Meeting.objects.get(pk=meeting.pk).version == before + AT_ONCE
