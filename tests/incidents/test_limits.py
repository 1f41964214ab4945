"""How often a person may do what costs, at the edge: the last that is taken and the first that waits."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from est_site import tenancy
from est_site.partners import limits
from incidents.models import ImportFile, Incident, Photo
from tests.cast import NOW, Town
from tests.conftest import SignIn
from tests.walls.world import LIST, jpeg

Fill = Any


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def use_up(what: str, town: Town, who: str, left: int) -> None:
    assert limits.spend(what, town.people[who], NOW, limits.allowed(what)[0] - left) == 0


def test_the_sixty_first_observation_of_a_minute_waits_with_everything_typed(
    tarnsund: Town, signed_in: SignIn, filled: Fill, clock: Any
) -> None:
    use_up("observation", tarnsund, "rut", left=1)
    client = signed_in(tarnsund.rut)
    assert client.post("/g/tarnsund/report/", filled()).status_code == 303
    clock.shift(timedelta(seconds=20))
    said = filled(text="Två lyktor vid bryggan")
    answer = client.post("/g/tarnsund/report/", said)
    words = answer.content.decode()
    assert (answer.status_code, answer["Retry-After"]) == (429, "40")
    assert "Vänta 40 sekunder" in words
    assert "Två lyktor vid bryggan" in words
    clock.shift(timedelta(seconds=40))
    assert client.post("/g/tarnsund/report/", said).status_code == 303
    with tenancy.inside(tarnsund.group):
        assert Incident.objects.count() == 2


def test_one_persons_haste_stops_nobody_else(tarnsund: Town, signed_in: SignIn, filled: Fill) -> None:
    use_up("observation", tarnsund, "rut", left=0)
    assert signed_in(tarnsund.viktor).post("/g/tarnsund/report/", filled()).status_code == 303


def test_the_thirty_first_photo_of_an_hour_waits(tarnsund: Town, signed_in: SignIn) -> None:
    use_up("photo", tarnsund, "rut", left=1)
    codes = []
    for _n in range(2):
        body = {"client_uuid": uuid.uuid4(), "photos": SimpleUploadedFile("bild.jpg", jpeg())}
        answer = signed_in(tarnsund.rut).post("/g/tarnsund/report/photos/", body)
        codes.append((answer.status_code, answer.get("Retry-After")))
    assert codes == [(200, None), (429, "3600")]
    with tenancy.inside(tarnsund.group):
        assert Photo.objects.count() == 1


def test_the_eleventh_file_of_an_hour_waits(tarnsund: Town, signed_in: SignIn) -> None:
    use_up("import", tarnsund, "hanna", left=1)
    codes = []
    for _n in range(2):
        body = {"file": SimpleUploadedFile("vakt.csv", LIST)}
        codes.append(signed_in(tarnsund.hanna).post("/g/tarnsund/imports/new/", body).status_code)
    assert codes == [302, 429]
    with tenancy.inside(tarnsund.group):
        assert ImportFile.objects.count() == 1


def test_the_twenty_first_export_of_an_hour_waits(tarnsund: Town, signed_in: SignIn) -> None:
    use_up("export", tarnsund, "maja", left=1)
    client, url = signed_in(tarnsund.maja), "/g/tarnsund/situation/2026-W47/matrix.csv"
    assert client.get(url).status_code == 200
    answer = client.get(url)
    assert (answer.status_code, answer["Retry-After"]) == (429, "3600")
    assert "Om 3600 sekunder" in answer.content.decode()


def test_nobody_waits_while_the_cache_is_gone(tarnsund: Town, settings: Any) -> None:
    gone = {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {"default": gone}
    assert [limits.spend("import", tarnsund.hanna, NOW) for _n in range(12)] == [0] * 12


def test_a_table_is_one_however_many_rows_it_has(tarnsund: Town, signed_in: SignIn) -> None:
    use_up("observation", tarnsund, "rut", left=1)
    client = signed_in(tarnsund.rut)

    def table(n: int) -> dict[str, Any]:
        said = {"what": "Klotter", "where": "Hamnplan, kiosken", "start": "2026-11-20 10:15"}
        return {"client_uuid": str(uuid.UUID(int=n))} | {f"r{k}-{name}": said[name] for k in (1, 2, 3) for name in said}

    assert client.post("/g/tarnsund/report/table/", table(1)).status_code == 303
    answer = client.post("/g/tarnsund/report/table/", table(2))
    assert answer.status_code == 429
    assert answer.content.decode().count('value="Klotter"') == 3
    with tenancy.inside(tarnsund.group):
        assert Incident.objects.count() == 3


@pytest.mark.parametrize(
    ("url", "said", "name", "content"),
    [
        ("places/addresses/", {}, "register.csv", b"street;number;lon;lat\nBrogatan;1;16.2;58.4\n"),
        ("areas/import/", {"layer": "est", "valid_from": "2026-11-16"}, "areas.geojson", b"{}"),
    ],
)
def test_areas_and_addresses_count_as_files_taken_in(
    tarnsund: Town, signed_in: SignIn, url: str, said: dict[str, str], name: str, content: bytes
) -> None:
    use_up("import", tarnsund, "carin", left=1)
    client = signed_in(tarnsund.carin)

    def send() -> Any:
        return client.post(f"/g/tarnsund/settings/{url}", {**said, "file": SimpleUploadedFile(name, content)})

    assert send().status_code != 429
    answer = send()
    assert (answer.status_code, answer["Retry-After"]) == (429, "3600")
    assert "Det var mycket på kort tid" in answer.content.decode()
