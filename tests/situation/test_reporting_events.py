"""What changed in the reporting itself: noted by the coordinator, drawn in the picture, named beside a verdict."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import translation

from est_site import tenancy
from est_site.partners.models import Organisation
from situation import reporting
from situation.actions import freeze_picture, frozen_figures
from situation.models import Meeting, ReportingEvent
from tests.cast import MONDAY, NOW, Town
from tests.conftest import SignIn
from tests.situation.conftest import log_a_surge
from tests.situation.test_situation_page import words

FROZEN_AT = NOW + timedelta(hours=15)
WHEEL = "/g/tarnsund/situation/year/"
APP: dict[str, Any] = {"day": str(MONDAY - timedelta(weeks=3)), "what": "app", "text": "Knappen Lugnt"}


def noted(town: Town, **said: Any) -> ReportingEvent:
    return ReportingEvent.objects.create(group=town.group, **(APP | said))


def events(town: Town) -> list[dict[str, Any]]:
    found = frozen_figures(town.periods[-1], group=town.group, cut_off=FROZEN_AT)["events"]
    assert isinstance(found, list)
    return found


def test_the_coordinator_notes_changes_and_takes_away(tarnsund: Town, signed_in: SignIn) -> None:
    carin = signed_in(tarnsund.carin)
    assert carin.post(f"{WHEEL}reporting/add/", APP).status_code == 302
    assert carin.post(f"{WHEEL}reporting/add/", APP).status_code == 422  # the same form twice
    with tenancy.inside(tarnsund.group):
        row = ReportingEvent.objects.get()
    assert carin.post(f"{WHEEL}reporting/{row.pk}/", APP | {"text": "Ny app", "version": 1}).status_code == 302
    assert "Ny app" in words(carin.get(WHEEL))
    assert carin.post(f"{WHEEL}reporting/{row.pk}/end/", {"version": 2}).status_code == 302
    carin.get(WHEEL)  # where it is said
    assert "Ny app" not in words(carin.get(WHEEL))


def test_members_read_it_and_do_not_write_it(tarnsund: Town, signed_in: SignIn) -> None:
    with tenancy.inside(tarnsund.group):
        noted(tarnsund)
    maja = signed_in(tarnsund.maja)
    assert "Knappen Lugnt" in words(maja.get(WHEEL))
    assert maja.post(f"{WHEEL}reporting/add/", APP).status_code == 403


@pytest.mark.parametrize("said", [{"day": "2099-01-01"}, {"text": "Ring 19121212-1212"}, {"text": ""}])
def test_what_has_not_come_and_what_is_of_a_person_is_refused(
    tarnsund: Town, signed_in: SignIn, said: dict[str, str]
) -> None:
    assert signed_in(tarnsund.carin).post(f"{WHEEL}reporting/add/", APP | said).status_code == 422


def test_it_is_drawn_in_the_period_of_its_day_and_said_beside_a_verdict(inside: Town, planned: Meeting) -> None:
    log_a_surge(inside)
    noted(inside)
    noted(inside, day=MONDAY - timedelta(weeks=30), text="Länge sedan")
    noted(inside, text="Borttagen", ended_at=NOW)
    found = freeze_picture(meeting=planned, now=FROZEN_AT).frozen
    assert [(one["text"], one["at"], one["compared"]) for one in found["events"]] == [("Knappen Lugnt", 8, True)]
    with translation.override("sv"):
        assert reporting.changes(found) == ["26 oktober: Knappen Lugnt (ny eller ändrad app eller blankett)"]


def test_the_day_an_organisation_joined_is_there_by_itself(inside: Town) -> None:
    Organisation.objects.filter(pk=inside.organisations["guards"].pk).update(joined_on=MONDAY - timedelta(days=1))
    assert [(one["what"], one["text"], one["at"]) for one in events(inside)] == [("joined", "Väktarna", 10)]


def test_what_is_of_one_kind_is_said_only_where_that_kind_is_compared(inside: Town) -> None:
    kind = inside.categories["damage"]
    found = {"events": [APP | {"organisation": None, "category": kind.pk, "at": 3, "compared": True}]}
    assert len(reporting.changes(found, kind.pk, compared=True)) == 1
    assert len(reporting.changes(found, "*", compared=True)) == 1
    assert reporting.changes(found, kind.pk + 1, compared=True) == []


def test_the_page_of_a_frozen_picture_draws_a_tick_and_names_it(
    inside: Town, planned: Meeting, signed_in: SignIn
) -> None:
    log_a_surge(inside)
    noted(inside)
    freeze_picture(meeting=planned, now=FROZEN_AT)
    page = signed_in(inside.carin).get(f"/g/tarnsund/situation/meeting/{planned.pk}/")
    assert "Streck ovanför linjen: rapporteringen själv ändrades. 26 oktober: Knappen Lugnt" in words(page)
    assert (
        "Rapporteringen själv har ändrats sedan den första av veckorna som jämförs: 26 oktober: Knappen Lugnt"
        in words(page)
    )
    assert " 0v5" in page.content.decode()
