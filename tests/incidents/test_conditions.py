"""Conditions last until they are put right; witnesses are noted and never counted."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

import pytest

from est_site import tenancy
from incidents import actions, followed
from incidents.forms import ReportForm
from incidents.models import Incident, IncidentChange, Sighting
from tests import cast
from tests.conftest import SignIn
from tests.incidents.conftest import Fill
from tests.incidents.test_record import form

DAY = timedelta(days=1)


def lamp(town: cast.Town, **fields: Any) -> Incident:
    return cast.make_incident(town, category=town.categories["lighting"], **fields)


def test_still_so_is_said_once_a_person_and_day(inside: cast.Town) -> None:
    incident = lamp(inside)
    for by, now in [
        (inside.maja, cast.NOW),
        (inside.maja, cast.NOW + timedelta(hours=2)),
        (inside.maja, cast.NOW + DAY),
        (inside.pontus, cast.NOW),
    ]:
        actions.see_still(by=by, incident=incident, now=now)
    assert [one.reporter for one in Sighting.objects.order_by("pk")] == [inside.maja, inside.maja, inside.pontus]


def test_who_reported_it_and_who_convenes_may_say_that_it_is_put_right(inside: cast.Town) -> None:
    for by in (inside.hanna, inside.carin):
        incident = lamp(inside)
        assert actions.end_condition(by=by, incident=incident, now=cast.NOW).ended_at == cast.NOW
    with pytest.raises(actions.NotAllowed):
        actions.end_condition(by=inside.maja, incident=lamp(inside), now=cast.NOW)
    assert [one.kind for one in IncidentChange.objects.all()] == ["ended", "ended"]


def test_what_was_not_put_right_after_all_is_open_again(inside: cast.Town) -> None:
    incident = actions.end_condition(by=inside.rut, incident=lamp(inside), now=cast.NOW)
    with pytest.raises(actions.NotAllowed):
        actions.see_still(by=inside.maja, incident=incident, now=cast.NOW)
    assert actions.reopen_condition(by=inside.rut, incident=incident, now=cast.NOW).ended_at is None
    assert [one.kind for one in IncidentChange.objects.all()] == ["ended", "reopened"]


def test_an_event_is_never_put_right(inside: cast.Town) -> None:
    for action in (actions.end_condition, actions.see_still):
        with pytest.raises(actions.NotAllowed):
            action(by=inside.rut, incident=cast.make_incident(inside), now=cast.NOW)


def test_a_witness_is_noted_once_and_counts_nothing(inside: cast.Town) -> None:
    incident = cast.make_incident(inside)
    for by in (inside.maja, inside.maja, inside.pontus, inside.rut):
        actions.see_same(by=by, incident=incident, now=cast.NOW)
    assert Sighting.objects.count() == 2
    assert Incident.objects.count() == 1
    assert followed.page(inside.rut, incident, cast.NOW)["witnesses"] == 3


def test_what_was_merged_is_a_witness_only_to_those_who_may_read_it(inside: cast.Town) -> None:
    incident = cast.make_incident(inside)
    cast.make_incident(
        inside,
        merged_into=incident,
        organisation=inside.organisations["police"],
        reporter=inside.pontus,
        visibility="police",
    )
    assert followed.page(inside.pontus, incident, cast.NOW)["witnesses"] == 2
    assert followed.page(inside.maja, incident, cast.NOW)["witnesses"] == 1


def test_the_list_of_open_conditions_holds_nothing_else(tarnsund: cast.Town, signed_in: SignIn) -> None:
    with tenancy.inside(tarnsund.group):
        still, gone, event = lamp(tarnsund), lamp(tarnsund, ended_at=cast.NOW), cast.make_incident(tarnsund)
    page = signed_in(tarnsund.maja).get("/g/tarnsund/incidents/?state=open")
    assert [one.pk for one in page.context["page"]] == [still.pk]
    assert "öppen sedan 21 november 2026" in page.content.decode()
    mended = signed_in(tarnsund.maja).get("/g/tarnsund/incidents/?state=ended").context["page"]
    assert (gone in mended, event in mended) == (True, False)


def test_the_buttons_are_for_those_who_may_press_them(tarnsund: cast.Town, signed_in: SignIn) -> None:
    with tenancy.inside(tarnsund.group):
        incident = lamp(tarnsund)
    url = f"/g/tarnsund/incidents/{incident.pk}/"
    for member, buttons in [
        (tarnsund.rut, {"correct", "still", "end"}),
        (tarnsund.hanna, {"still", "end"}),
        (tarnsund.carin, {"still", "end", "mask"}),
        (tarnsund.maja, {"still"}),
    ]:
        may = signed_in(member).get(url).context["may"]
        assert {name for name, shown in may.items() if shown} == buttons, member
    answer = signed_in(tarnsund.maja).post(url + "ended/", follow=True)
    assert "Det går inte längre" in answer.content.decode()
    assert (
        "Den är noterad som åtgärdad." in signed_in(tarnsund.carin).post(url + "ended/", follow=True).content.decode()
    )


# --- the short forms ---------------------------------------------------------------------------------------


def condition(town: cast.Town, **said: Any) -> ReportForm:
    filled = form(town, "unsafe", cast.NOW)
    return _with(filled, said)


def _with(filled: ReportForm, said: dict[str, Any]) -> ReportForm:
    filled.data = {**filled.data, **said}
    return filled


def test_a_condition_is_so_since_a_day_and_is_about_no_people(inside: cast.Town) -> None:
    said = {"since": "earlier", "since_day": "2026-11-02", "people": "6-15", "when": "", "occurred_from": "nonsense"}
    filled = condition(inside, **said)
    assert filled.is_valid(), filled.errors
    data = filled.cleaned_data
    zone = inside.group.zone
    assert (data["occurred_from"].astimezone(zone).date(), data["time_precision"]) == (date(2026, 11, 2), "day")
    assert data["people"] == ""


@pytest.mark.parametrize(
    "said",
    [
        {"since": "earlier"},
        {"since": "earlier", "since_day": "2026-11-23"},
        {"since": "earlier", "since_day": "1926-11-02"},
        {"since": "earlier", "since_day": "i går"},
    ],
)
def test_a_day_that_cannot_be_is_asked_for_again(inside: cast.Town, said: dict[str, Any]) -> None:
    assert list(condition(inside, **said).errors) == ["since_day"]


def test_the_day_of_a_condition_is_not_asked_of_an_event(inside: cast.Town) -> None:
    filled = _with(form(inside, "damage", cast.NOW), {"when": "now", "since": "earlier", "since_day": "i går"})
    assert filled.is_valid(), filled.errors
    assert filled.cleaned_data["time_precision"] == "exact"


def test_a_condition_is_saved_without_script(tarnsund: cast.Town, filled: Fill, signed_in: SignIn) -> None:
    """With every group of the form on the page, since nothing folds them away."""
    sent = filled(top=tarnsund.categories["unsafe"].pk, since="today", client_uuid=str(uuid.uuid4()))
    assert signed_in(tarnsund.rut).post("/g/tarnsund/report/", sent).status_code == 303
    with tenancy.inside(tarnsund.group):
        assert Incident.objects.get().time_precision == "day"
