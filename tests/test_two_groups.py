"""Two groups in one installation: nothing of one is reached from the other, also when the first wall has fallen."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from est_site import tenancy
from est_site.partners import models as partners
from incidents.models import Incident, IncidentQuerySet
from interventions.actions import close_meeting, order_document, prepare_meeting
from interventions.models import Edition, EditionQuerySet, Intervention, InterventionQuerySet
from situation.actions import open_meeting
from situation.models import Meeting, MeetingQuerySet
from situation.schedule import plan_meeting
from tests.cast import NOW, Town, make_incident

OPEN = NOW + timedelta(days=1, hours=17)


@pytest.fixture
def rows(tarnsund: Town) -> dict[str, int]:
    """One of everything in Tärnsund: an observation, a meeting that is closed, its minutes and their file."""
    with tenancy.inside(tarnsund.group):
        incident = make_incident(tarnsund, text="Glas vid bryggan")
        meeting = plan_meeting(group=tarnsund.group, period=tarnsund.periods[-1])
        meeting = prepare_meeting(meeting=meeting, now=OPEN)
        meeting = open_meeting(meeting=meeting, by=tarnsund.carin, now=OPEN)
        minutes = close_meeting(meeting=meeting, by=tarnsund.carin, now=OPEN)
        document = order_document(minutes, now=OPEN)
        return {"incident": incident.pk, "meeting": meeting.pk, "edition": minutes.pk, "document": document.pk}


@pytest.fixture(params=["both walls", "the second alone"])
def walls(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the second alone, every `visible_to` returns everything the database lets through."""
    if request.param == "the second alone":
        everything: Any = lambda self, member: self.all()  # noqa: E731
        for queryset in (
            partners.WalledQuerySet,
            IncidentQuerySet,
            InterventionQuerySet,
            EditionQuerySet,
            MeetingQuerySet,
        ):
            monkeypatch.setattr(queryset, "visible_to", everything)


PATHS = [
    "incidents/{incident}/",
    "meetings/{meeting}/",
    "situation/meeting/{meeting}/",
    "documents/{edition}/",
    "documents/{edition}/pdf/",
]


@pytest.mark.parametrize("path", PATHS)
def test_another_groups_row_is_not_there(
    path: str, walls: None, tarnsund: Town, bjorkvik: Town, rows: dict[str, int], signed_in: Any
) -> None:
    carin, olle = signed_in(tarnsund.carin), signed_in(bjorkvik.olle)
    found = carin.get(f"/g/tarnsund/{path.format(**rows)}")
    assert found.status_code in (200, 202)  # there is something to find; the PDF may still be on its way
    assert olle.get(f"/g/bjorkvik/{path.format(**rows)}").status_code == 404
    assert olle.get(f"/g/tarnsund/{path.format(**rows)}").status_code == 404


@pytest.mark.parametrize("path", ["incidents/", "situation/", "meetings/", "documents/", "interventions/"])
def test_a_list_holds_nothing_of_another_group(
    path: str, walls: None, tarnsund: Town, bjorkvik: Town, rows: dict[str, int], signed_in: Any
) -> None:
    page = signed_in(bjorkvik.olle).get(f"/g/bjorkvik/{path}")
    assert page.status_code == 200
    text = page.content.decode()
    assert [word for word in ("Glas vid bryggan", "Hamnplan", "2026:48", "Tärnsund") if word in text] == []


def test_rows_of_another_group_are_not_counted_either(
    walls: None, tarnsund: Town, bjorkvik: Town, rows: dict[str, int]
) -> None:
    with tenancy.inside(bjorkvik.group):
        seen = [model.objects.visible_to(bjorkvik.olle).count() for model in (Incident, Meeting, Edition, Intervention)]
    assert seen == [0, 0, 0, 0]
