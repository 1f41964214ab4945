"""What is offered before saving: the nearest of the same kind, and a way to say that it is the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from est_site import tenancy
from incidents.models import Draft, Incident, Sighting
from tests import cast
from tests.conftest import SignIn
from tests.incidents.conftest import Fill

URL = "/g/tarnsund/report/nearby/"
Log = Callable[..., Incident]


@pytest.fixture
def log(tarnsund: cast.Town) -> Log:
    def make(**fields: Any) -> Incident:
        with tenancy.inside(tarnsund.group):
            return cast.make_incident(
                tarnsund, **({"at": timezone.now() - timedelta(hours=2), "place": tarnsund.places["kiosken"]} | fields)
            )

    return make


@pytest.fixture
def viktor(tarnsund: cast.Town, signed_in: SignIn) -> Client:
    return signed_in(tarnsund.viktor)


@pytest.fixture
def kiosk(tarnsund: cast.Town, filled: Fill) -> Callable[..., dict[str, Any]]:
    def fill(**changed: Any) -> dict[str, Any]:
        return filled(**({"where": f"place-{tarnsund.places['kiosken'].pk}", "when": "now"} | changed))

    return fill


Kiosk = Callable[..., dict[str, Any]]


def offered(client: Client, form: dict[str, Any]) -> list[int]:
    return [one.incident.pk for one in client.post(URL, form).context["found"]]


def test_the_same_kind_at_the_same_place_the_same_day_is_offered(viktor: Client, log: Log, kiosk: Kiosk) -> None:
    row = log()
    assert offered(viktor, kiosk()) == [row.pk]


def test_the_nearest_three_are_offered(viktor: Client, log: Log, kiosk: Kiosk) -> None:
    far = [log(place=None, lon=11.905, lat=57.905 + n * 0.0002) for n in range(4)]
    assert offered(viktor, kiosk()) == [row.pk for row in far[:3]]


def test_another_kind_another_place_and_another_day_are_not(
    tarnsund: cast.Town, viktor: Client, log: Log, kiosk: Kiosk
) -> None:
    log(category=tarnsund.categories["outdoors"])
    log(place=tarnsund.places["tunneln"])
    log(at=timezone.now() - timedelta(hours=27))
    log(withdrawn_at=timezone.now())
    assert offered(viktor, kiosk()) == []


def test_an_open_condition_is_offered_however_old_and_a_mended_one_is_not(
    tarnsund: cast.Town, viktor: Client, log: Log, kiosk: Kiosk
) -> None:
    lamp = tarnsund.categories["lighting"]
    old = log(category=lamp, at=timezone.now() - timedelta(days=90))
    log(category=lamp, ended_at=timezone.now())
    unsafe = tarnsund.categories["unsafe"]
    form = kiosk(top=unsafe.pk, since="today") | {f"sub_{unsafe.pk}": lamp.pk}
    assert offered(viktor, form) == [old.pk]


def test_what_fewer_may_see_is_not_offered_to_others(viktor: Client, log: Log, kiosk: Kiosk) -> None:
    log(visibility="organisation")
    assert offered(viktor, kiosk()) == []


@pytest.mark.parametrize("missing", ["top", "where", "when"])
def test_a_form_that_does_not_say_enough_yet_is_answered_with_nothing(
    viktor: Client, log: Log, kiosk: Kiosk, missing: str
) -> None:
    log()
    answer = viktor.post(URL, kiosk(**{missing: ""}))
    assert (answer.status_code, answer.content.strip()) == (200, b"")


def test_saying_that_it_is_the_same_adds_a_witness_and_no_observation(
    tarnsund: cast.Town, viktor: Client, log: Log, kiosk: Kiosk
) -> None:
    row, form = log(), kiosk()
    viktor.post("/g/tarnsund/report/draft/", form)
    answer = viktor.post(f"/g/tarnsund/incidents/{row.pk}/same/", form | {"back": "report"})
    assert answer["Location"] == "/g/tarnsund/report/"
    with tenancy.inside(tarnsund.group):
        assert (Incident.objects.count(), Sighting.objects.count(), Draft.objects.count()) == (1, 1, 0)


def test_one_and_many_cost_as_many_questions(viktor: Client, log: Log, kiosk: Kiosk) -> None:
    asked = []
    for many in (1, 20):
        for _ in range(many):
            log()
        with CaptureQueriesContext(connection) as queries:
            viktor.post(URL, kiosk())
        asked.append(len(queries))
    assert len(set(asked)) == 1, asked
