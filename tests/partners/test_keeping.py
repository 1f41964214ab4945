"""What every table of a group promises, and a whole group as one file."""

from __future__ import annotations

import hashlib
import json
import uuid
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.management import CommandError, call_command

from est_site import checks, tenancy
from est_site.models import AuditEvent
from est_site.partners import keeping
from incidents.photos import attach, keep
from incidents.photos.pixels import read
from tests import cast
from tests.walls.world import jpeg


def test_every_table_of_a_group_says_how_it_is_kept_how_it_forgets_and_what_leaves() -> None:
    assert keeping.faults() == []


def test_the_start_is_refused_for_a_table_that_nobody_spoke_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(keeping._PROMISES, "partners.door")
    assert [fault.id for fault in checks.every_table_says_how_it_is_kept()] == ["est.E005"]


@pytest.mark.parametrize(
    "promise",
    [
        keeping.Promise("", "no words"),
        keeping.Promise("a day", ""),
        keeping.Promise("a day", "no words", export=""),
        keeping.Promise("a day", "no words", export=False),
        keeping.Promise("a day", "no words", job="nobody.does"),
        keeping.Promise("a day", "no words", without={"shoes": "too large"}),
    ],
)
def test_half_a_promise_is_none(monkeypatch: pytest.MonkeyPatch, promise: keeping.Promise) -> None:
    monkeypatch.setitem(keeping._PROMISES, "partners.door", promise)
    assert len(keeping.faults()) == 1


def test_a_promise_for_a_table_that_is_gone_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(keeping._PROMISES, "partners.shoe", keeping.Promise("a day", "no words"))
    assert keeping.faults() == ["partners.shoe is promised for and is no table of a group"]


# --- a whole group as one file ---------------------------------------------------------------------------------------


@pytest.fixture
def exported(tarnsund: cast.Town, bjorkvik: cast.Town, tmp_path: Path, settings: Any) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    number = uuid.uuid4()
    with tenancy.inside(tarnsund.group):
        row = cast.make_incident(tarnsund, text="Klotter på bryggan", client_uuid=number)
        attach(row, keep(by=tarnsund.rut, client_uuid=number, photos=[read(jpeg())], now=cast.NOW), [])
    call_command("export_group", "tarnsund", str(tmp_path / "all.zip"))
    return tmp_path / "all.zip"


def lines(zipped: ZipFile, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in zipped.read(name).splitlines()]


def test_every_table_leaves_or_says_why_not(exported: Path) -> None:
    with ZipFile(exported) as zipped:
        about = json.loads(zipped.read("about.json"))
        names = set(zipped.namelist())
    for model in keeping.tables():
        name = model._meta.label_lower
        assert f"{name}.jsonl" in names or about["left_out"][name], name


def test_all_rows_of_the_group_leave_and_none_of_another(exported: Path, tarnsund: cast.Town) -> None:
    with ZipFile(exported) as zipped, tenancy.inside(tarnsund.group):
        for model, _said in keeping.leaving():
            rows = lines(zipped, f"{model._meta.label_lower}.jsonl")
            assert {row["group_id"] for row in rows} <= {tarnsund.group.pk}, model
            assert len(rows) == model._base_manager.filter(group_id=tarnsund.group.pk).count(), model
        assert "bjorkvik" not in " ".join(zipped.read(name).decode("latin-1").lower() for name in zipped.namelist())
        assert lines(zipped, "incidents.incident.jsonl")[0]["text"] == "Klotter på bryggan"
        assert "carin@tarnsund.example" in {row["user__email"] for row in lines(zipped, "partners.membership.jsonl")}


def test_the_files_leave_with_their_hashes(exported: Path) -> None:
    with ZipFile(exported) as zipped:
        [said] = lines(zipped, "files.jsonl")
        assert hashlib.sha256(zipped.read(said["file"])).hexdigest() == said["sha256"]
        assert lines(zipped, "incidents.photo.jsonl")[0]["id"] == said["id"]


def test_what_is_left_out_of_a_table_is_not_in_it(exported: Path, tarnsund: cast.Town) -> None:
    with ZipFile(exported) as zipped:
        assert json.loads(zipped.read("about.json"))["left_out"]["incidents.apitoken.digest"]
        assert not any("digest" in row for row in lines(zipped, "incidents.apitoken.jsonl"))


def test_the_log_says_that_the_group_was_exported(exported: Path, tarnsund: cast.Town) -> None:
    with tenancy.inside(tarnsund.group):
        assert '"group.export"' in AuditEvent.objects.order_by("-n")[0].body


def test_only_the_owner_reads_the_file(exported: Path) -> None:
    assert exported.stat().st_mode & 0o777 == 0o600


def test_a_file_that_is_there_is_not_written_over(tarnsund: cast.Town, tmp_path: Path) -> None:
    (tmp_path / "all.zip").write_text("mine")
    with pytest.raises(CommandError, match="is there already"):
        call_command("export_group", "tarnsund", str(tmp_path / "all.zip"))
    assert (tmp_path / "all.zip").read_text() == "mine"


def test_a_group_that_is_not_there_is_said(db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no group 'nowhere'"):
        call_command("export_group", "nowhere", str(tmp_path / "all.zip"))


def test_a_photo_that_is_gone_is_named_and_the_rest_leaves(exported: Path, tmp_path: Path) -> None:
    for photo in (tmp_path / "media").rglob("*.jpg"):
        photo.unlink()
    with pytest.raises(CommandError, match="Missing"):
        call_command("export_group", "tarnsund", str(tmp_path / "more.zip"))
    with ZipFile(tmp_path / "more.zip") as zipped:
        assert len(json.loads(zipped.read("about.json"))["files_missing_or_changed"]) == 1


@pytest.mark.django_db(transaction=True)
def test_the_export_is_one_moment_of_the_group(tarnsund: cast.Town, tmp_path: Path, capsys: Any) -> None:
    call_command("export_group", "tarnsund", str(tmp_path / "all.zip"))
    with ZipFile(tmp_path / "all.zip") as zipped:
        assert len(lines(zipped, "partners.organisation.jsonl")) == len(tarnsund.organisations)
    assert "rows of" in capsys.readouterr().out
