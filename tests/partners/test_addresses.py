"""The municipality's register of addresses as places."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from est_site import tenancy
from est_site.partners.models import Place, PlaceKind
from incidents.forms import ReportForm
from tests.cast import Town

URL = "/g/tarnsund/settings/places/addresses/"
HEADER = "gata;nummer;lon;lat\n"


def send(client: Any, content: str) -> Any:
    return client.post(URL, {"file": SimpleUploadedFile("adresser.csv", content.encode())})


def addresses(town: Town) -> list[Place]:
    with tenancy.inside(town.group):
        return list(Place.objects.filter(kind=PlaceKind.ADDRESS).select_related("area").order_by("name"))


def test_an_address_is_a_place_in_the_area_it_lies_in(tarnsund: Town, signed_in: Any) -> None:
    send(signed_in(tarnsund.carin), HEADER + "Storgatan;12 B;11,905;57.905\n")
    (place,) = addresses(tarnsund)
    assert (place.name, place.area) == ("Storgatan 12 B", tarnsund.areas["Hamnen"])


def test_a_second_run_adds_nothing(tarnsund: Town, signed_in: Any) -> None:
    client = signed_in(tarnsund.carin)
    for _ in range(2):
        assert send(client, HEADER + "Storgatan;12;11.9;57.9\n").status_code == 302
    assert len(addresses(tarnsund)) == 1


FAULTS = [
    (";12;11.9;57.9", "gatan saknas"),
    ("Storgatan;12;abc;57.9", "abc"),
    ("Storgatan;12;181;57.9", "181"),
    ("Storgatan;12;11.9", "celler saknas"),
    ("Storgatan;12;11.9;57.9\nStorgatan;12;11.9;57.9", "rad 2"),
]


@pytest.mark.parametrize(("line", "reason"), FAULTS)
def test_one_fault_keeps_the_whole_file_out(tarnsund: Town, signed_in: Any, line: str, reason: str) -> None:
    answer = send(signed_in(tarnsund.carin), f"{HEADER}{line}\nLillgatan;1;11.9;57.9\n")
    assert (answer.status_code, reason in answer.content.decode()) == (422, True)
    assert addresses(tarnsund) == []


@pytest.mark.long
def test_ten_thousand_addresses_are_taken_and_one_more_is_not(tarnsund: Town, signed_in: Any) -> None:
    client = signed_in(tarnsund.carin)
    lines = [f"Gatan;{n};11.9{n % 30:02d};57.905\n" for n in range(10_001)]
    assert send(client, HEADER + "".join(lines)).status_code == 422
    assert send(client, HEADER + "".join(lines[:-1])).status_code == 302
    assert len(addresses(tarnsund)) == 10_000


def test_addresses_are_listed_only_when_they_are_searched_for(tarnsund: Town, signed_in: Any) -> None:
    client = signed_in(tarnsund.carin)
    send(client, HEADER + "Storgatan;12;11.905;57.905\n")
    places = "/g/tarnsund/settings/places/"
    assert "Storgatan 12" not in client.get(places).content.decode()
    assert "Storgatan 12" in client.get(places, {"q": "storg"}).content.decode()
    assert "Storgatan 12" not in client.get("/g/tarnsund/report/").content.decode()


def test_a_report_may_name_an_address(tarnsund: Town, signed_in: Any) -> None:
    send(signed_in(tarnsund.carin), HEADER + "Storgatan;12;11.905;57.905\n")
    with tenancy.inside(tarnsund.group):
        form = ReportForm({}, member=tarnsund.rut, now=timezone.now(), tiles=[], places=[])
        form.is_valid()
        assert form._named("storgatan  12").name == "Storgatan 12"
