"""What was taken back counts nowhere, and comes back while nobody has counted without it."""

from __future__ import annotations

import pytest
from django.utils import timezone

from est_site import tenancy
from incidents import actions
from incidents.models import Incident, IncidentChange
from situation import rows
from tests import cast
from tests.conftest import SignIn
from tests.incidents.test_correct import freeze


def withdraw(town: cast.Town, incident: Incident, reason: str = "double") -> Incident:
    return actions.withdraw_incident(by=town.rut, incident=incident, reason=reason, now=cast.NOW)


def test_what_is_withdrawn_stands_in_no_list_and_no_figure(inside: cast.Town) -> None:
    incident = cast.make_incident(inside)
    period = inside.periods[-1]
    before = rows.gather(period, group=inside.group, cut_off=timezone.now())
    withdraw(inside, incident)
    after = rows.gather(period, group=inside.group, cut_off=timezone.now())
    assert not Incident.objects.standing().exists()
    assert (len(before.counts), len(after.counts)) == (1, 0)
    assert ([len(one.reports) for one in before.voices].count(1), any(one.reports for one in after.voices)) == (
        1,
        False,
    )


def test_the_reason_is_one_of_a_few_and_stands_in_the_history(inside: cast.Town) -> None:
    withdraw(inside, cast.make_incident(inside))
    change = IncidentChange.objects.get()
    assert (change.kind, change.fields) == ("withdrawn", {"reason": ["", "double"]})


def test_withdrawn_twice_is_withdrawn_once(inside: cast.Town) -> None:
    incident = cast.make_incident(inside)
    withdraw(inside, incident)
    withdraw(inside, incident)
    assert IncidentChange.objects.count() == 1


def test_only_who_logged_it_may_take_it_back(inside: cast.Town) -> None:
    incident = cast.make_incident(inside)
    with pytest.raises(actions.NotAllowed):
        actions.withdraw_incident(by=inside.carin, incident=incident, reason="double", now=cast.NOW)


def test_it_comes_back_until_the_picture_is_frozen(inside: cast.Town) -> None:
    incident = withdraw(inside, cast.make_incident(inside))
    actions.restore_incident(by=inside.rut, incident=incident, now=cast.NOW)
    assert Incident.objects.standing().exists()
    withdraw(inside, incident)
    freeze(incident.day)
    with pytest.raises(actions.NotAllowed):
        actions.restore_incident(by=inside.rut, incident=incident, now=cast.NOW)
    assert not Incident.objects.standing().exists()


def test_what_others_saw_of_it_is_not_taken_back_with_it(inside: cast.Town) -> None:
    head = cast.make_incident(inside)
    first, second = (cast.make_incident(inside, merged_into=head, reporter=inside.maja) for _n in range(2))
    withdraw(inside, head)
    assert list(Incident.objects.standing()) == [first]
    second.refresh_from_db()
    assert second.merged_into == first


def test_what_is_withdrawn_cannot_be_corrected(tarnsund: cast.Town, signed_in: SignIn) -> None:
    with tenancy.inside(tarnsund.group):
        incident = withdraw(tarnsund, cast.make_incident(tarnsund))
    answer = signed_in(tarnsund.rut).get(f"/g/tarnsund/incidents/{incident.pk}/correct/", follow=True)
    assert "Det går inte längre" in answer.content.decode()


def test_the_page_asks_why_and_the_reports_say_that_it_is_gone(tarnsund: cast.Town, signed_in: SignIn) -> None:
    with tenancy.inside(tarnsund.group):
        incident = cast.make_incident(tarnsund)
    client, url = signed_in(tarnsund.rut), f"/g/tarnsund/incidents/{incident.pk}/withdraw/"
    assert client.post(url).status_code == 422
    page = client.post(url, {"reason": "mistake"}, follow=True).content.decode()
    assert f"Observation {incident.number} är återtagen." in page
    assert '<span class="tag">återtagen ' in page
    listed = client.get("/g/tarnsund/incidents/").content.decode()
    assert f"/incidents/{incident.pk}/" not in listed
    assert "Ångra återtagandet" in client.get(f"/g/tarnsund/incidents/{incident.pk}/").content.decode()
