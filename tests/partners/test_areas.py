"""Areas: imported with a report first, redrawn without rewriting history, ended."""

from __future__ import annotations

from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from est_site import tenancy
from est_site.models import AuditEvent
from est_site.partners import actions, importing
from est_site.partners.actions.areas import area_at
from est_site.partners.editing import Stale
from est_site.partners.models import Area, Group
from tests.cast import NOW, Town, make_group, square
from tests.conftest import SignIn
from tests.partners.conftest import DATA, page, real
from tests.partners.test_importing import collection, feature

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)
VIKEN = feature(square(11.93, 57.90), name="Viken", folk=700)


def last_event() -> str:
    return str(AuditEvent.objects.order_by("-n").values_list("body", flat=True)[0])


def add(town: Town, *features: Any, **options: Any) -> list[Area]:
    source = importing.read(collection(*features), file="omr.geojson")
    made = importing.plan(source, name_field="name", population_field="folk")
    values: dict[str, Any] = {"layer": "est", "valid_from": TODAY, "now": NOW}
    return actions.add_areas(by=town.carin, group=town.group, plan=made, **(values | options))


# --- actions ---------------------------------------------------------------------------------------


def test_imported_areas_are_one_event_with_a_count(inside: Town) -> None:
    add(inside, VIKEN, feature(square(11.94, 57.90), name="Udden", folk=1))
    assert '"count": 2' in last_event()
    assert '"what": "area.import"' in last_event()


def test_a_new_area_takes_in_the_places_that_lie_in_it(inside: Town) -> None:
    place = actions.add_place(by=inside.carin, name="Bryggan", lon=11.935, lat=57.905, now=NOW)
    (viken,) = add(inside, VIKEN)
    place.refresh_from_db()
    assert place.area == viken


def test_other_layers_take_in_no_places(inside: Town) -> None:
    place = actions.add_place(by=inside.carin, name="Bryggan", lon=11.935, lat=57.905, now=NOW)
    add(inside, VIKEN, layer="police")
    place.refresh_from_db()
    assert place.area is None


def test_a_group_measures_where_its_areas_lie(db: None) -> None:
    memphis = make_group("memphis", "Memphis")
    with tenancy.inside(memphis):
        Area.objects.create(group=memphis, name="A", geometry=square(-90.0, 35.1), valid_from=TODAY)
        actions.set_metric(memphis)
    assert Group.objects.get(pk=memphis.pk).metric_epsg == 32616


def test_a_group_without_areas_keeps_its_projection(bjorkvik: Town) -> None:
    with tenancy.inside(bjorkvik.group):
        Area.objects.all().delete() if not Area.objects.filter(places__isnull=False) else None
        empty = make_group("tomt", "Tomt", metric_epsg=32616)
    with tenancy.inside(empty):
        actions.set_metric(empty)
    assert Group.objects.get(pk=empty.pk).metric_epsg == 32616


def test_an_area_is_renamed_and_nothing_else(inside: Town) -> None:
    hamnen = inside.areas["Hamnen"]
    actions.change_area(by=inside.carin, area=hamnen, version=1, name="Hamn", code="H1", population=5, now=NOW)
    hamnen.refresh_from_db()
    assert (hamnen.name, hamnen.code, hamnen.population) == ("Hamn", "H1", 5)
    assert '"fields": ["code", "name", "population"]' in last_event()


def test_two_areas_of_a_layer_cannot_have_one_name(inside: Town) -> None:
    with pytest.raises(ValidationError):
        actions.change_area(
            by=inside.carin, area=inside.areas["Hamnen"], version=1, name="CENTRUM", code="", population=1, now=NOW
        )


def test_a_redrawn_area_leaves_history_its_border(inside: Town) -> None:
    hamnen = inside.areas["Hamnen"]
    drawn = actions.redraw_area(
        by=inside.carin, area=hamnen, version=1, geometry=square(11.89, 57.90), first_day=TODAY, now=NOW
    )
    yesterday = TODAY - timedelta(days=1)
    assert area_at(inside.group, 11.905, 57.905, yesterday) == hamnen.pk
    assert area_at(inside.group, 11.905, 57.905, TODAY) is None
    assert area_at(inside.group, 11.895, 57.905, TODAY) == drawn.pk


def test_a_redrawn_area_keeps_its_name_and_people(inside: Town) -> None:
    drawn = actions.redraw_area(
        by=inside.carin,
        area=inside.areas["Hamnen"],
        version=1,
        geometry=square(11.89, 57.90),
        first_day=TODAY,
        now=NOW,
    )
    assert (drawn.name, drawn.population, drawn.valid_from) == ("Hamnen", 1000, TODAY)


def test_places_follow_a_redrawn_border(inside: Town) -> None:
    actions.redraw_area(
        by=inside.carin,
        area=inside.areas["Hamnen"],
        version=1,
        geometry=square(11.89, 57.90),
        first_day=TODAY,
        now=NOW,
    )
    kiosken = inside.places["kiosken"]
    kiosken.refresh_from_db()
    assert kiosken.area is None


def test_a_border_cannot_be_redrawn_from_before_it_began(inside: Town) -> None:
    with pytest.raises(ValidationError):
        actions.redraw_area(
            by=inside.carin,
            area=inside.areas["Hamnen"],
            version=1,
            geometry=square(11.89, 57.90),
            first_day=date(2020, 1, 1),
            now=NOW,
        )


def test_an_ended_border_is_not_redrawn(inside: Town) -> None:
    hamnen = actions.end_area(by=inside.carin, area=inside.areas["Hamnen"], version=1, last_day=TODAY, now=NOW)
    with pytest.raises(ValidationError):
        actions.redraw_area(by=inside.carin, area=hamnen, version=2, geometry=square(11, 57), first_day=TODAY, now=NOW)


def test_an_ended_area_holds_through_its_last_day(inside: Town) -> None:
    actions.end_area(by=inside.carin, area=inside.areas["Hamnen"], version=1, last_day=TODAY, now=NOW)
    assert area_at(inside.group, 11.905, 57.905, TODAY) == inside.areas["Hamnen"].pk
    assert area_at(inside.group, 11.905, 57.905, TODAY + timedelta(days=1)) is None


def test_an_area_cannot_end_before_it_began(inside: Town) -> None:
    with pytest.raises(ValidationError):
        actions.end_area(by=inside.carin, area=inside.areas["Hamnen"], version=1, last_day=date(2019, 1, 1), now=NOW)


def test_an_area_saved_meanwhile_is_not_ended(inside: Town) -> None:
    with pytest.raises(Stale):
        actions.end_area(by=inside.carin, area=inside.areas["Hamnen"], version=7, last_day=TODAY, now=NOW)


# --- the upload ------------------------------------------------------------------------------------


def upload(*features: Any) -> SimpleUploadedFile:
    return SimpleUploadedFile("omr.geojson", collection(*features), "application/geo+json")


def look(town: Town, signed_in: SignIn, *features: Any) -> tuple[Any, Any]:
    client = signed_in(town.carin)
    client.cookies["est-language"] = "en"
    values = {"file": upload(*features), "layer": "est", "valid_from": "2026-11-22"}
    return client, client.post(page(town.carin, "areas/import/"), values)


def test_nothing_is_saved_before_the_report_was_read(tarnsund: Town, signed_in: SignIn) -> None:
    client, response = look(tarnsund, signed_in, VIKEN)
    report = client.get(response["Location"])
    assert report.status_code == 200
    assert "would add one area" in report.content.decode()
    with tenancy.inside(tarnsund.group):
        assert Area.objects.count() == 3


def test_after_the_yes_the_areas_are_there(tarnsund: Town, signed_in: SignIn) -> None:
    client, response = look(tarnsund, signed_in, VIKEN)
    report = client.get(response["Location"])
    values = report.context["form"].data.dict() | {"population_field": "folk"}
    done = client.post(response["Location"].split("?")[0] + "add/", values)
    assert done["Location"] == page(tarnsund.carin, "areas/")
    with tenancy.inside(tarnsund.group):
        assert Area.objects.get(name="Viken").population == 700


def test_a_file_is_taken_once(tarnsund: Town, signed_in: SignIn) -> None:
    client, response = look(tarnsund, signed_in, VIKEN)
    values = client.get(response["Location"]).context["form"].data.dict()
    url = response["Location"].split("?")[0] + "add/"
    client.post(url, values)
    assert client.post(url, values)["Location"] == page(tarnsund.carin, "areas/import/")


def test_what_is_refused_says_where_and_why(tarnsund: Town, signed_in: SignIn) -> None:
    client, response = look(tarnsund, signed_in, VIKEN, feature(square(11.90, 57.90), name="Hamnen 2"))
    report = client.get(response["Location"])
    assert report.status_code == 422
    assert "feature 2" in report.content.decode()


def test_a_file_that_is_no_geojson_is_refused_in_the_form(tarnsund: Town, signed_in: SignIn) -> None:
    values = {"file": SimpleUploadedFile("a.txt", b"hej"), "layer": "est", "valid_from": "2026-11-22"}
    response = signed_in(tarnsund.carin).post(page(tarnsund.carin, "areas/import/"), values)
    assert response.status_code == 422
    assert 'href="#id_file"' in response.content.decode()


def test_another_coordinator_does_not_see_the_file(tarnsund: Town, bjorkvik: Town, signed_in: SignIn) -> None:
    _client, response = look(tarnsund, signed_in, VIKEN)
    other = response["Location"].replace("/g/tarnsund/", "/g/bjorkvik/")
    assert signed_in(bjorkvik.olle).get(other)["Location"] == page(bjorkvik.olle, "areas/import/")


def test_a_border_is_redrawn_from_a_file(tarnsund: Town, signed_in: SignIn) -> None:
    hamnen = tarnsund.areas["Hamnen"]
    values = {"file": upload(feature(square(11.89, 57.90))), "first_day": "2026-12-01", "version": 1}
    response = signed_in(tarnsund.carin).post(page(tarnsund.carin, f"areas/{hamnen.pk}/redraw/"), values)
    assert response.status_code == 302
    with tenancy.inside(tarnsund.group):
        hamnen.refresh_from_db()
    assert hamnen.valid_to == date(2026, 11, 30)


def test_the_map_and_the_list_point_at_each_other(tarnsund: Town, signed_in: SignIn) -> None:
    text = signed_in(tarnsund.carin).get(page(tarnsund.carin, "areas/")).content.decode()
    for area in tarnsund.areas.values():
        assert text.count(f'data-area="{area.pk}"') == 2


def test_a_group_without_areas_is_told_why_and_what_next(tarnsund: Town, signed_in: SignIn) -> None:
    with tenancy.inside(tarnsund.group):
        from est_site.partners.models import Place

        Place.objects.update(area=None)
        Area.objects.all().delete()
    text = signed_in(tarnsund.carin).get(page(tarnsund.carin, "areas/")).content.decode()
    assert 'class="empty"' in text
    assert "/settings/areas/import/" in text


# --- the command -----------------------------------------------------------------------------------


def command(*arguments: str) -> str:
    out = StringIO()
    call_command("import_areas", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_imports_once(tarnsund: Town, tmp_path: Path) -> None:
    file = tmp_path / "omr.geojson"
    file.write_bytes(collection(VIKEN))
    arguments = [str(file), "--group", "tarnsund", "--name-field", "name", "--population-field", "folk"]
    assert "1 areas added, 0 unchanged" in command(*arguments)
    assert "0 areas added, 1 unchanged" in command(*arguments)


def test_the_command_writes_nothing_of_a_file_it_refuses(tarnsund: Town, tmp_path: Path) -> None:
    file = tmp_path / "omr.geojson"
    file.write_bytes(collection(VIKEN, feature(None, name="Ingenstans")))
    with pytest.raises(CommandError, match=r"omr\.geojson: feature 2"):
        command(str(file), "--group", "tarnsund", "--name-field", "name")
    with tenancy.inside(tarnsund.group):
        assert Area.objects.count() == 3


def test_a_dry_run_writes_nothing(tarnsund: Town, tmp_path: Path) -> None:
    file = tmp_path / "omr.geojson"
    file.write_bytes(collection(VIKEN))
    assert "1 areas would be added" in command(str(file), "--group", "tarnsund", "--name-field", "name", "--dry-run")
    with tenancy.inside(tarnsund.group):
        assert Area.objects.count() == 3


@pytest.mark.parametrize("arguments", [["nope.geojson", "--group", "tarnsund"], ["nope.geojson", "--group", "ingen"]])
def test_the_command_names_what_it_does_not_find(arguments: list[str], tarnsund: Town) -> None:
    with pytest.raises(CommandError, match=r"nope\.geojson|there is no group ingen"):
        command(*arguments, "--name-field", "name")


def test_three_commands_set_up_memphis(db: None) -> None:
    real("memphis_precincts.geojson")
    call_command(
        "create_group",
        *("memphis", "Memphis", "--municipality", "City of Memphis", "--first-period", "2018-12-31"),
        *("--time-zone", "America/Chicago", "--language", "en"),
        *("--coordinator-email", "chris@memphis.example", "--coordinator-name", "Chris"),
        stdout=StringIO(),
    )
    call_command("create_administrator", "ada@memphis.example", "Ada", stdout=StringIO())
    text = command(str(DATA / "memphis_precincts.geojson"), "--group", "memphis", "--name-field", "precinct")
    assert "9 areas added" in text
    assert "Raines – Ridgeway: 18330 m²" in text  # 18,332 before borders are rounded to a centimetre
    assert "Sweden" not in text
    memphis = Group.objects.get(slug="memphis")
    assert (memphis.metric_epsg, memphis.time_zone) == (32616, "America/Chicago")
    with tenancy.inside(memphis):
        assert set(Area.objects.values_list("valid_from", flat=True)) == {date(2018, 12, 31)}
