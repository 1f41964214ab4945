"""Two cities' areas as the cities hand them out: borders that cross themselves, slivers, ground where nobody lives."""

from __future__ import annotations

import gzip
import re
from io import StringIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client

from est_site import maps, tenancy
from est_site.partners.models import Area
from tests.cast import Town
from tests.conftest import SignIn
from tests.partners.conftest import real

pytestmark = pytest.mark.django_db

CITIES = {
    "goteborg_basomraden.geojson": (1012, ["--name-field", "basomrade"]),
    "stockholm_basomraden_pop2016.geojson": (419, ["--name-field", "name", "--population-field", "population_2016"]),
}
WEIGHT = 250_000  # bytes of a page with a map, as it travels


def imported(file: str, tmp_path: Any, *more: str) -> list[str]:
    path = tmp_path / file
    path.write_bytes(real(file))
    out = StringIO()
    call_command("import_areas", str(path), "--group", "bjorkvik", *CITIES[file][1], *more, stdout=out)
    return out.getvalue().splitlines()


@pytest.mark.parametrize("file", CITIES)
def test_a_citys_areas_come_in_whole_and_valid(file: str, tmp_path: Any, bjorkvik: Town) -> None:
    count = CITIES[file][0]
    assert imported(file, tmp_path)[-1] == f"{count} areas added, 0 unchanged, 0 counted anew."
    with tenancy.inside(bjorkvik.group):
        shapes = [maps.read_geometry(row) for row in Area.objects.values_list("geometry", flat=True)]
    assert len(shapes) == count + 1  # Björkvik had one
    assert all(shape.is_valid and shape.area > 0 for shape in shapes)


def test_goteborgs_report_names_what_was_repaired(tmp_path: Any, bjorkvik: Town) -> None:
    lines = imported("goteborg_basomraden.geojson", tmp_path, "--dry-run")
    assert lines[0] == "6 repaired: 51006, 30508, 10206, 51602, 52314, 20453"
    assert lines[-1] == "1012 areas would be added; nothing was written."


def test_stockholms_report_counts_the_areas_without_inhabitants(tmp_path: Any, bjorkvik: Town) -> None:
    lines = imported("stockholm_basomraden_pop2016.geojson", tmp_path, "--dry-run")
    (said,) = [line for line in lines if "population 0" in line]
    by_the_file = re.findall(r'"population_2016": ?0\.0', real("stockholm_basomraden_pop2016.geojson").decode())
    assert said.startswith(f"{len(by_the_file)} with population 0: ")
    assert len(by_the_file) > 0


@pytest.mark.parametrize("file", CITIES)
def test_a_citys_report_gives_each_overlap_in_square_metres_and_ends(file: str, tmp_path: Any, bjorkvik: Town) -> None:
    lines = imported(file, tmp_path, "--dry-run")
    pairs = [line for line in lines if line.startswith("  ") and line.endswith(" m²")]
    metres = [int(line.rsplit(" ", 2)[1]) for line in pairs]
    assert metres == sorted(metres, reverse=True)
    assert 0 < len(pairs) <= 20
    assert any(re.fullmatch(r"  and \d+ smaller ones", line) for line in lines)
    assert len(lines) <= 30
    assert max(map(len, lines)) <= 500


@pytest.mark.parametrize("file", ["stockholm_basomraden_pop2016.geojson"])
def test_a_second_run_of_a_city_adds_nothing(file: str, tmp_path: Any, bjorkvik: Town) -> None:
    imported(file, tmp_path)
    assert imported(file, tmp_path)[-1] == f"0 areas added, {CITIES[file][0]} unchanged, 0 counted anew."


def uploaded(browser: Client, file: str, name_field: str) -> Any:
    """Through the screens: choose the file, read the report, say yes; the report's page."""
    sent = {"file": SimpleUploadedFile(file, real(file)), "layer": "est", "valid_from": "2026-11-24"}
    address = browser.post("/g/bjorkvik/settings/areas/import/", sent)["Location"]
    address = re.sub(r"name_field=\w*", f"name_field={name_field}", address)
    report = browser.get(address)
    values = {"name_field": name_field, "population_field": "", "layer": "est", "valid_from": "2026-11-24"}
    if report.status_code == 200:
        browser.post(address.split("?")[0] + "add/", values)
    return report


@pytest.mark.long
def test_a_thousand_areas_are_imported_on_screen_and_the_page_stays_light(bjorkvik: Town, signed_in: SignIn) -> None:
    olle = signed_in(bjorkvik.olle)
    report = uploaded(olle, "goteborg_basomraden.geojson", "basomrade")
    assert "Gränserna för 6 områden korsade sig själva" in report.content.decode()
    assert len(report.content) < 60_000
    page = olle.get("/g/bjorkvik/settings/areas/").content
    assert page.decode().count("<tr data-area=") == 200
    assert olle.get("/g/bjorkvik/settings/areas/?page=6").content.decode().count("<tr data-area=") == 13
    assert len(gzip.compress(page)) < WEIGHT
    drawing = page[page.index(b"<svg") : page.index(b"</svg>")]
    assert len(drawing) <= maps.drawing.MAX_BYTES


def test_the_wrong_property_is_refused_on_screen_with_reasons_that_end(bjorkvik: Town, signed_in: SignIn) -> None:
    report = uploaded(signed_in(bjorkvik.olle), "goteborg_basomraden.geojson", "ajour_datu")
    assert report.status_code == 422
    assert len(report.content) < 60_000
    with tenancy.inside(bjorkvik.group):
        assert Area.objects.count() == 1
