"""The meeting, its documents and the interventions in a browser: each page once, in all four combinations together."""

from __future__ import annotations

import re
import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from est_site import tenancy
from interventions.actions import NewIntervention, close_meeting, prepare_meeting, start_intervention
from situation.actions import open_meeting
from situation.models import Meeting
from situation.schedule import plan_meeting
from tests.browser import COMBINATIONS, Browse, assert_accessible, assert_no_sideways_scroll
from tests.cast import MONDAY, NOW, Town, make_incident

pytestmark = pytest.mark.django_db(transaction=True)
OPEN = NOW + timedelta(days=1, hours=17)
# figures on a map lie on more than one ground; their colours are tested with the look
REVIEWED = ("color-contrast",)


def hold(town: Town, back: int, *, until: str) -> tuple[Meeting, int, int]:
    """A sitting `back` weeks ago with one decision, taken as far as `until`; its id, the intervention's, the edition's."""
    meeting = plan_meeting(group=town.group, period=town.periods[-1 - back])
    now = OPEN - timedelta(weeks=back)
    if until == "planned":
        return meeting, 0, 0
    meeting = prepare_meeting(meeting=meeting, now=now)
    meeting = open_meeting(meeting=meeting, by=town.carin, now=now)
    new = NewIntervention(
        what="Väktarna går Hamnplan till 02",
        responsible=town.organisations["guards"],
        area=town.areas["Hamnen"],
        first_day=MONDAY - timedelta(weeks=back),
        follow_up_on=date(2026, 11, 24),
        why="Fler samlingar än vanligt.",
    )
    form = uuid.uuid5(uuid.NAMESPACE_URL, f"week-{back}")
    decision = start_intervention(meeting=meeting, new=new, client_uuid=form, by=town.carin, now=now)
    edition = close_meeting(meeting=meeting, by=town.carin, now=now).pk if until == "closed" else 0
    return meeting, decision.intervention_id, edition


@pytest.fixture
def paths(tarnsund: Town) -> dict[str, str]:
    """Last week's meeting is closed, this week's is open with a follow-up to decide on."""
    with tenancy.inside(tarnsund.group):
        for n in range(6):
            make_incident(tarnsund, at=NOW - timedelta(days=3 * n))
        closed, intervention, edition = hold(tarnsund, 1, until="closed")
        going_on, _new, _none = hold(tarnsund, 0, until="open")
    return {
        "meetings": "meetings/",
        "going on": f"meetings/{going_on.pk}/",
        "closed": f"meetings/{closed.pk}/",
        "replace": f"meetings/{going_on.pk}/replace/{intervention}/",
        "interventions": "interventions/",
        "intervention": f"interventions/{intervention}/",
        "documents": "documents/",
        "minutes": f"documents/{edition}/",
        "being made": f"documents/{edition}/pdf/",
    }


SHORT = [("going on", 3), ("closed", 2), ("minutes", 0)]  # the others are opened by tests/look for every commit
LONG = [
    ("going on", 0), ("meetings", 1), ("replace", 3), ("interventions", 0), ("intervention", 1), ("documents", 2),
    ("minutes", 3), ("being made", 1),
]  # fmt: skip
NAMES = [*SHORT, *(pytest.param(*one, marks=pytest.mark.long) for one in LONG)]


@pytest.mark.parametrize(("name", "combination"), NAMES)
def test_the_meetings_pages_can_be_used_by_everyone(
    name: str, combination: int, tarnsund: Town, paths: dict[str, str], browse: Browse
) -> None:
    page = browse(tarnsund.carin, **COMBINATIONS[combination])
    page.goto(f"/g/tarnsund/{paths[name]}")
    assert_accessible(page, reviewed=REVIEWED)
    assert_no_sideways_scroll(page)


@pytest.mark.long
@pytest.mark.parametrize(("path", "combination"), [("meetings/", 0), ("interventions/", 1), ("documents/", 3)])
def test_the_empty_pages_can_be_used_by_everyone(path: str, combination: int, tarnsund: Town, browse: Browse) -> None:
    page = browse(tarnsund.carin, **COMBINATIONS[combination])
    page.goto(f"/g/tarnsund/{path}")
    assert_accessible(page)
    assert_no_sideways_scroll(page)


def test_a_decision_with_faults_comes_back_with_all_that_was_typed(
    tarnsund: Town, paths: dict[str, str], browse: Browse
) -> None:
    page: Any = browse(tarnsund.carin, **COMBINATIONS[1])
    page.goto(f"/g/tarnsund/{paths['going on']}")
    page.locator("#decisions input[name=what]").fill("Ny belysning")
    page.locator("#decisions button", has_text="Save the decision").first.click()
    expect(page).to_have_title(re.compile("^Error:"))
    expect(page.locator("#decisions input[name=what]")).to_have_value("Ny belysning")
    assert_accessible(page, reviewed=REVIEWED)
