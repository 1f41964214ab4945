"""Taking in observations from a file."""

from __future__ import annotations

import csv
import os
import time
from collections import Counter
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from est_site import tenancy
from est_site.models import AuditEvent
from est_site.partners.models import Area, Category, Group, Organisation
from incidents.models import ImportBatch, Incident
from tests import cast

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("EST_DATA", ROOT.parent / "shared" / "data"))
MAPPING = """
name = "vakt"
id = "nr"
words = "text"
[time]
from = "start"
to = "slut"
[category]
column = "typ"
[category.codes]
"Klotter" = "graffiti"
"Lampa" = "lighting"
[where]
lon = "x"
lat = "y"
place = "plats"
area = "område"
"""
HEADER = "nr;start;slut;typ;x;y;plats;område;text"
GOOD = "1;2026-11-02T22:15;;Klotter;11.915;57.905;;;Färg på väggen"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "vakt.toml").write_text(MAPPING)
    return tmp_path


def run(files: Path, *lines: str, mapping: str | None = None, encoding: str = "utf-8", commit: bool = True) -> str:
    """Import these lines as Tärnsundsbostäder; what the command printed."""
    if mapping is not None:
        (files / "vakt.toml").write_text(mapping)
    (files / "vakt.csv").write_text("\n".join(lines), encoding=encoding)
    out = StringIO()
    flags = ["--commit"] if commit else []
    call_command(
        "import_incidents",
        str(files / "vakt.csv"),
        "--group=tarnsund",
        f"--mapping={files / 'vakt.toml'}",
        "--organisation=Tärnsundsbostäder",
        *flags,
        stdout=out,
        stderr=out,
    )
    return out.getvalue()


def refused(files: Path, capsys: pytest.CaptureFixture[str], *lines: str, mapping: str | None = None) -> str:
    """What the command says when it refuses."""
    (files / "vakt.toml").write_text(mapping if mapping is not None else MAPPING)
    (files / "vakt.csv").write_text("\n".join(lines))
    with pytest.raises(CommandError) as refusal:
        call_command(
            "import_incidents",
            str(files / "vakt.csv"),
            "--group=tarnsund",
            f"--mapping={files / 'vakt.toml'}",
            "--organisation=Tärnsundsbostäder",
            "--commit",
        )
    return capsys.readouterr().err + str(refusal.value)


def rows(town: cast.Town) -> list[Incident]:
    with tenancy.inside(town.group):
        return list(Incident.objects.select_related("category", "place", "area", "organisation").order_by("id"))


def test_a_row_becomes_an_observation_of_the_organisation(tarnsund: cast.Town, files: Path) -> None:
    run(files, HEADER, GOOD)
    (row,) = rows(tarnsund)
    assert (row.category.code, row.organisation.name, row.reporter_id) == ("graffiti", "Tärnsundsbostäder", None)
    assert (row.occurred_from, row.day) == (datetime(2026, 11, 2, 21, 15, tzinfo=UTC), date(2026, 11, 2))
    assert (row.area, row.lon, row.text) == (tarnsund.areas["Centrum"], 11.915, "Färg på väggen")
    assert (row.source, row.source_id) == ("import", "vakt:1")


def test_a_dry_run_counts_and_writes_nothing(tarnsund: cast.Town, files: Path) -> None:
    said = run(files, HEADER, GOOD, "2;2026-11-03T10:00;;Lampa;;;;;", commit=False)
    assert "New: 2, of them outside every area: 1." in said
    assert "graffiti: 1" in said
    assert rows(tarnsund) == []


def test_a_second_run_adds_nothing(tarnsund: cast.Town, files: Path) -> None:
    run(files, HEADER, GOOD)
    said = run(files, HEADER, GOOD)
    assert "There already: 1." in said
    assert len(rows(tarnsund)) == 1
    with tenancy.inside(tarnsund.group):
        assert ImportBatch.objects.count() == 1


def test_a_longer_file_adds_only_what_is_new(tarnsund: cast.Town, files: Path) -> None:
    run(files, HEADER, GOOD)
    run(files, HEADER, GOOD, "2;2026-11-03T10:00;;Lampa;;;;;")
    assert [row.source_id for row in rows(tarnsund)] == ["vakt:1", "vakt:2"]


def test_an_import_is_one_batch_and_one_audit_event_with_a_count(tarnsund: cast.Town, files: Path) -> None:
    run(files, HEADER, GOOD, "2;2026-11-03T10:00;;Lampa;;;;;")
    with tenancy.inside(tarnsund.group):
        batch = ImportBatch.objects.get()
        (event,) = AuditEvent.objects.all()
    assert (batch.rows, batch.added, batch.file_name) == (2, 2, "vakt.csv")
    assert '"count": 2' in event.body
    assert '"by": "system"' in event.body


FAULTS = [
    ("1;2026-11-02T22:15;;Klotter;abc;57.9;;;", "row 2, column x: “abc” is not a number"),
    ("1;2026-11-02T22:15;;Klotter;11.9;91;;;", "row 2, column y: “91” lies outside -90 to 90 degrees"),
    ("1;2026-11-02T22:15;;Klotter;11.9;;;;", "row 2, column y: “” is not a number"),
    ("1;2026-11-02T22:15;;Klotter;nan;57.9;;;", "row 2, column x: “nan” lies outside"),
    (";2026-11-02T22:15;;Klotter;;;;;", "row 2, column nr: the id is missing"),
    ("1;;;Klotter;;;;;", "row 2, column start: the time is missing"),
    ("1;i går;;Klotter;;;;;", "row 2, column start: “i går” is not a time"),
    ("1;2026-11-02T22:15;2026-11-02T22:14;Klotter;;;;;", "row 2, column slut: lies before"),
    ("1;2999-01-01T00:00;;Klotter;;;;;", "row 2, column start: the time has not come yet"),
    ("1;2026-03-29T02:30;;Klotter;;;;;", "row 2, column start: “2026-03-29T02:30” does not exist in Europe/Stockholm"),
    ("1;2026-11-02T22:15;;Rån;;;;;", "row 2, column typ: “Rån” has no category"),
    ("1;2026-11-02T22:15;;Klotter;;;Ingenstans;;", "row 2, column plats: no place is called “Ingenstans”"),
    ("1;2026-11-02T22:15;;Klotter;;;;Norr;", "row 2, column område: no area was called “Norr” on 2026-11-02"),
    (f"1;2026-11-02T22:15;;Klotter;;;;;{'x' * 501}", "row 2, column text: 501 characters, 500 are allowed"),
    ("1;2026-11-02T22:15;;Klotter", "row 2, column -: 4 cells where the header has 9"),
]


@pytest.mark.parametrize(("line", "reason"), FAULTS)
def test_a_fault_is_named_with_row_column_and_reason_and_nothing_is_taken_in(
    tarnsund: cast.Town, files: Path, capsys: pytest.CaptureFixture[str], line: str, reason: str
) -> None:
    said = refused(files, capsys, HEADER, line, GOOD.replace("1;", "9;", 1))
    assert reason in said
    assert "1 faults. Nothing was taken in." in said
    assert rows(tarnsund) == []


def test_words_of_500_characters_are_taken_in(tarnsund: cast.Town, files: Path) -> None:
    run(files, HEADER, f"1;2026-11-02T22:15;;Klotter;;;;;{'x' * 500}")
    assert len(rows(tarnsund)[0].text) == 500


def test_every_fault_of_a_row_is_named(tarnsund: cast.Town, files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = refused(files, capsys, HEADER, "1;2026-11-02T22:15;;Rån;abc;1;;;")
    assert "column typ" in said
    assert "column x" in said


def test_the_row_number_is_the_line_of_the_file_also_after_a_cell_with_a_line_break(
    tarnsund: cast.Town, files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    two_lines = '1;2026-11-02T22:15;;Klotter;;;;;"en rad\nen till"'
    assert "row 5, column nr" in refused(files, capsys, HEADER, two_lines, "", ";2026-11-02T22:15;;Klotter;;;;;")


def test_the_same_id_twice_in_a_file_is_a_fault(
    tarnsund: cast.Town, files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "row 3, column nr: the same id as in row 2" in refused(files, capsys, HEADER, GOOD, GOOD)


def test_a_missing_column_is_named(tarnsund: cast.Town, files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = refused(files, capsys, HEADER.replace("område", "zon"), GOOD)
    assert "row 1, column område: there is no such column" in said


def test_a_category_the_group_does_not_have_is_named(
    tarnsund: cast.Town, files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = refused(files, capsys, HEADER, GOOD, mapping=MAPPING.replace('"lighting"', '"ufo"'))
    assert "no category with the code ufo" in said


@pytest.mark.parametrize(
    ("mapping", "reason"),
    [
        ("name = ", "vakt.toml"),
        ('id = "a"\n[time]\nfrom = "b"\n[category]\ncode = "graffiti"', "name: is missing"),
        (MAPPING.replace('id = "nr"', "id = 3"), "id: a text in quotes"),
        (MAPPING + 'lattitude = "y"', "where.lattitude: no such key"),
        (MAPPING.replace('lon = "x"', ""), "where: lon and lat go together"),
        (MAPPING.replace("[time]", '[time]\nzone = "Mars"'), "time.zone: no zone is called 'Mars'"),
        (MAPPING.replace('column = "typ"', 'column = "typ"\ncode = "graffiti"'), "category: give either code"),
    ],
)
def test_a_mapping_that_cannot_be_used_is_refused_with_its_key(
    tarnsund: cast.Town, files: Path, capsys: pytest.CaptureFixture[str], mapping: str, reason: str
) -> None:
    assert reason in refused(files, capsys, HEADER, GOOD, mapping=mapping)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_swedish_letters_survive_every_usual_encoding(tarnsund: cast.Town, files: Path, encoding: str) -> None:
    run(files, HEADER, GOOD, encoding=encoding)
    assert rows(tarnsund)[0].text == "Färg på väggen"


def test_commas_part_cells_as_well(tarnsund: cast.Town, files: Path) -> None:
    run(files, HEADER.replace(";", ","), GOOD.replace(";", ","))
    assert len(rows(tarnsund)) == 1


def test_a_decimal_comma_is_a_number(tarnsund: cast.Town, files: Path) -> None:
    run(files, HEADER, GOOD.replace("11.915", "11,915"))
    assert rows(tarnsund)[0].lon == 11.915


def test_the_hour_that_comes_twice_means_the_first(tarnsund: cast.Town, files: Path) -> None:
    run(files, HEADER, "1;2026-10-25T02:30;;Klotter;;;;;")
    assert rows(tarnsund)[0].occurred_from == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_mapping_may_say_that_times_are_utc(tarnsund: cast.Town, files: Path) -> None:
    run(files, HEADER, "1;2026-11-02T23:15;;Klotter;;;;;", mapping=MAPPING.replace("[time]", '[time]\nzone = "UTC"'))
    (row,) = rows(tarnsund)
    assert (row.occurred_from, row.day) == (datetime(2026, 11, 2, 23, 15, tzinfo=UTC), date(2026, 11, 3))


def test_a_time_may_have_a_form_of_its_own(tarnsund: cast.Town, files: Path) -> None:
    mapping = MAPPING.replace("[time]", '[time]\nformat = "%d/%m %Y %H.%M"')
    run(files, HEADER, "1;2/11 2026 22.15;;Klotter;;;;;", mapping=mapping)
    assert rows(tarnsund)[0].occurred_from == datetime(2026, 11, 2, 21, 15, tzinfo=UTC)


def test_a_day_without_a_time_is_some_time_that_day(tarnsund: cast.Town, files: Path) -> None:
    run(files, HEADER, "1;2026-11-02;;Klotter;;;;;")
    (row,) = rows(tarnsund)
    assert (row.time_precision, row.day) == ("day", date(2026, 11, 2))
    assert row.occurred_to == datetime(2026, 11, 2, 22, 59, tzinfo=UTC)


def test_from_and_to_are_an_interval(tarnsund: cast.Town, files: Path) -> None:
    run(files, HEADER, "1;2026-11-02T22:15;2026-11-03T06:00;Klotter;;;;;")
    assert rows(tarnsund)[0].time_precision == "interval"


def test_a_place_gives_its_area_and_a_named_area_is_the_last_resort(tarnsund: cast.Town, files: Path) -> None:
    run(
        files,
        HEADER,
        "1;2026-11-02T22:15;;Klotter;;;kiosken;Centrum;",
        "2;2026-11-02T22:15;;Klotter;;;;centrum;",
        "3;2026-11-02T22:15;;Klotter;;;;;",
    )
    found = [(row.area and row.area.name, row.location_precision) for row in rows(tarnsund)]
    assert found == [("Hamnen", "exact"), ("Centrum", "area"), (None, "none")]


def test_a_point_lies_in_the_area_as_it_was_drawn_that_day(tarnsund: cast.Town, files: Path) -> None:
    with tenancy.inside(tarnsund.group):
        old = tarnsund.areas["Centrum"]
        Area.objects.filter(pk=old.pk).update(valid_to=date(2026, 10, 31))
        new = Area.objects.create(
            group=tarnsund.group, name="Centrum", geometry=old.geometry, valid_from=date(2026, 11, 1)
        )
    run(files, HEADER, "1;2026-10-31T12:00;;Klotter;11.915;57.905;;;", "2;2026-11-01T12:00;;Klotter;11.915;57.905;;;")
    assert [row.area_id for row in rows(tarnsund)] == [old.pk, new.pk]


def test_the_other_group_is_not_touched(tarnsund: cast.Town, bjorkvik: cast.Town, files: Path) -> None:
    run(files, HEADER, GOOD)
    assert rows(bjorkvik) == []


def test_the_organisation_must_be_named_when_there_are_several(tarnsund: cast.Town, files: Path) -> None:
    (files / "vakt.csv").write_text(HEADER)
    arguments = [str(files / "vakt.csv"), "--group=tarnsund", f"--mapping={files / 'vakt.toml'}"]
    with pytest.raises(CommandError, match="Tärnsunds kommun, Tärnsundsbostäder"):
        call_command("import_incidents", *arguments)


@pytest.mark.long
def test_ten_thousand_rows_take_seconds(tarnsund: cast.Town, files: Path) -> None:
    lines = [f"{n};2026-{n % 9 + 1:02d}-0{n % 9 + 1}T12:00;;Klotter;11.9{n % 30:02d};57.905;;;x" for n in range(10_000)]
    begun = time.perf_counter()
    run(files, HEADER, *lines)
    assert len(rows(tarnsund)) == 10_000
    assert time.perf_counter() - begun < 60


@pytest.mark.skipif(not (DATA / "memphis_robberies_2019.csv").exists(), reason=f"no real data in {DATA}; see EST_DATA")
def test_a_real_file_comes_in_as_it_is(db: None) -> None:
    group = Group.objects.create(
        slug="memphis",
        name="Memphis",
        municipality="Memphis",
        time_zone="America/Chicago",
        first_period=date(2019, 1, 7),
    )
    with tenancy.inside(group):
        Organisation.objects.create(group=group, name="Memphis Police", kind="police")
        Category.objects.create(group=group, code="robbery", name_sv="Rån")
    source = DATA / "memphis_robberies_2019.csv"
    mapping = ROOT / "docs" / "mappings" / "memphis_robberies.toml"
    call_command(
        "import_incidents", str(source), "--group=memphis", f"--mapping={mapping}", "--commit", stdout=StringIO()
    )
    with source.open() as file:
        expected = Counter(row["date"][:10] for row in csv.DictReader(file))
    with tenancy.inside(group):
        assert Counter(str(day) for day in Incident.objects.values_list("day", flat=True)) == expected
