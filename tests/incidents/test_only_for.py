"""A category that only some organisations report: offered to them alone, seen by all."""

from __future__ import annotations

from typing import Any

import pytest

from est_site import tenancy
from est_site.partners.models import Category
from incidents import choices, importing, mapping
from incidents.models import Incident
from tests.cast import NOW, Town, make_incident
from tests.conftest import SignIn
from tests.incidents.test_api import ONE, _sunday, make  # noqa: F401  the clock stands still for both
from tests.partners.conftest import page
from tests.walls.world import LIST, MAPPING

Fill = Any


@pytest.fixture
def limited(tarnsund: Town) -> Town:
    """Damage and what lies under it is for the police alone."""
    with tenancy.inside(tarnsund.group):
        Category.objects.filter(code="damage").update(only_for=[tarnsund.organisations["police"].pk])
    return tarnsund


def test_only_they_are_offered_it_and_what_lies_under_it(limited: Town) -> None:
    with tenancy.inside(limited.group):
        offered = {
            who: [tile.category.code for tile in choices.tiles(limited.people[who])] for who in ("rut", "pontus")
        }
    assert ("damage" in offered["pontus"], "damage" in offered["rut"]) == (True, False)
    assert "gathering" in offered["rut"]


def test_the_form_refuses_it_to_the_others(limited: Town, signed_in: SignIn, filled: Fill) -> None:
    answer = signed_in(limited.rut).post("/g/tarnsund/report/", filled())
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["top"])
    with tenancy.inside(limited.group):
        assert not Incident.objects.exists()


def test_the_others_still_see_what_was_observed(limited: Town) -> None:
    with tenancy.inside(limited.group):
        row = make_incident(limited, organisation=limited.organisations["police"], reporter=limited.pontus)
        assert list(Incident.objects.visible_to(limited.rut)) == [row]


def test_a_partners_system_is_told_that_it_may_not(limited: Town, client: Any) -> None:
    headers = {"Authorization": f"Bearer {make(limited)}"}
    answer = client.post("/api/v1/observations", ONE, content_type="application/json", headers=headers)
    (fault,) = answer.json()["faults"]
    assert (answer.status_code, fault["field"]) == (422, "category")
    assert fault["reason"] == "er organisation får inte rapportera den här kategorin"
    police = {"Authorization": f"Bearer {make(limited, who='police')}"}
    assert client.post("/api/v1/observations", ONE, content_type="application/json", headers=police).status_code == 201


def test_a_file_of_the_others_is_refused_with_its_name(limited: Town) -> None:
    def faults(who: str) -> list[str]:
        with tenancy.inside(limited.group):
            said: dict[str, Any] = {
                "content": LIST,
                "file_name": "vakt.csv",
                "mapping": mapping.parse(MAPPING),
                "now": NOW,
            }
            plan = importing.plan_import(group=limited.group, organisation=limited.organisations[who], **said)
        return [fault.reason for fault in plan.faults if fault.row == 0]

    assert faults("housing") == ["kategorin Klotter är inte för Tärnsundsbostäder"]
    assert faults("police") == []


def test_the_coordinator_chooses_the_organisations(tarnsund: Town, signed_in: SignIn) -> None:
    carin, damage = signed_in(tarnsund.carin), tarnsund.categories["damage"]
    police = tarnsund.organisations["police"]
    body = {"version": 1, "name_sv": "Skadegörelse", "near_metres": 100, "near_hours": 24, "only_for": [police.pk]}
    assert carin.post(page(tarnsund.carin, f"categories/{damage.pk}/"), body).status_code == 302
    assert "Bara för Polisen" in carin.get(page(tarnsund.carin, "categories/")).content.decode()
    foreign = body | {"version": 2, "only_for": [police.pk + 10_000]}
    assert carin.post(page(tarnsund.carin, f"categories/{damage.pk}/"), foreign).status_code == 422
