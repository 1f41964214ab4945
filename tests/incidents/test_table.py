"""Several observations in one form."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from est_site import tenancy
from est_site.models import AuditEvent, GuardOverride
from incidents.models import Draft, Incident
from tests import cast
from tests.conftest import SignIn

REPORT = "/g/tarnsund/report/"
URL = f"{REPORT}table/"
PASTE = f"{URL}paste/"


@pytest.fixture
def rut(tarnsund: cast.Town, signed_in: SignIn) -> Client:
    return signed_in(tarnsund.rut)


def local(town: cast.Town, **ago: int) -> datetime:
    return (timezone.now() - timedelta(**ago)).astimezone(town.group.zone)


def row(town: cast.Town, **said: str) -> dict[str, str]:
    yesterday = local(town, days=1).date().isoformat()
    return {"what": "Klotter", "where": "Kiosken", "start": f"{yesterday} 10:15", "end": "", "words": ""} | said


def table(*rows: dict[str, str], **more: Any) -> dict[str, Any]:
    sent = {f"r{n}-{name}": value for n, said in enumerate(rows, start=1) for name, value in said.items()}
    return {"client_uuid": str(uuid.uuid4()), "pasted": "", **sent, **more}


def saved(town: cast.Town) -> list[Incident]:
    with tenancy.inside(town.group):
        return list(Incident.objects.select_related("category", "place", "area").order_by("id"))


def test_three_rows_are_saved_together_as_what_they_say(tarnsund: cast.Town, rut: Client) -> None:
    rows = (
        row(tarnsund, words="Färg på gaveln."),
        row(tarnsund, what="Skadegörelse: Glaskross", where="centrum"),
        row(tarnsund, what="Samling av personer", where="Gångtunneln"),
    )
    answer = rut.post(URL, table(*rows))
    assert (answer.status_code, answer["Location"]) == (303, REPORT)
    found = saved(tarnsund)
    assert [one.category.code for one in found] == ["graffiti", "glass", "gathering"]
    assert [str(one.place or one.area) for one in found] == ["Hamnplan, kiosken", "Centrum", "Gångtunneln"]
    assert [one.area.name for one in found if one.area] == ["Hamnen", "Centrum", "Stationsområdet"]
    assert {one.reporter_id for one in found} == {tarnsund.rut.pk}
    assert len({one.sending for one in found}) == 1
    assert found[0].text == "Färg på gaveln."
