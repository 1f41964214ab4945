"""The coordinator's queue: what is new, late, nowhere or perhaps the same; merging, parting and masking."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from est_site import tenancy
from est_site.guarding import note_override
from est_site.models import AuditEvent
from incidents import actions, forgetting, intake, reading
from incidents.models import HeldRow, ImportBatch, ImportFile, Incident, IncidentChange, Photo
from incidents.photos import attach, keep, where
from incidents.photos.pixels import read
from situation import rows as figures
from situation.material import Stretch
from tests import cast
from tests.conftest import SignIn
from tests.walls.world import jpeg

URL = "/g/tarnsund/incidents/intake/"
Log = Callable[..., Incident]
NOW = cast.NOW


@pytest.fixture(autouse=True)
def today() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def log(tarnsund: cast.Town) -> Log:
    def make(**fields: Any) -> Incident:
        with tenancy.inside(tarnsund.group):
            return cast.make_incident(tarnsund, **fields)

    return make


@pytest.fixture
def carin(tarnsund: cast.Town, signed_in: SignIn) -> Client:
    return signed_in(tarnsund.carin)


def new(client: Client, **chosen: Any) -> list[int]:
    return [row.pk for row in client.get(URL, chosen).context["page"]]


def again(town: cast.Town, row: Incident) -> Incident:
    with tenancy.inside(town.group):
        return Incident.objects.get(pk=row.pk)


def count(town: cast.Town) -> int:
    with tenancy.inside(town.group):
        days = Stretch(0, "", "", NOW.date() - timedelta(days=40), NOW.date())
        found = figures.period_counts(town.group.pk, [days], NOW, figures.categories(town.group.pk))
    return sum(one.count for one in found)


def test_an_empty_queue_says_why(carin: Client) -> None:
    assert "Inget nytt" in carin.get(URL).content.decode()


def test_what_came_first_stands_first_and_leaves_when_it_was_looked_at(
    tarnsund: cast.Town, carin: Client, log: Log
) -> None:
    late, early = log(recorded_at=NOW - timedelta(hours=1)), log(recorded_at=NOW - timedelta(hours=9))
    assert new(carin) == [early.pk, late.pk]
    carin.post(f"{URL}looked-at/", {"pk": [early.pk]})
    assert new(carin) == [late.pk]
    assert again(tarnsund, early).reviewed_at == NOW


def test_what_is_older_than_a_month_is_not_in_the_queue(carin: Client, log: Log) -> None:
    log(recorded_at=NOW - timedelta(days=31))
    kept = log(recorded_at=NOW - timedelta(days=29))
    assert new(carin) == [kept.pk]


def test_late_and_nowhere_narrow_the_queue(tarnsund: cast.Town, carin: Client, log: Log) -> None:
    nowhere = log(area=None, location_precision="none")
    late = log(at=NOW - timedelta(days=8), recorded_at=NOW - timedelta(hours=2))
    with tenancy.inside(tarnsund.group):
        type(tarnsund.periods[-2]).objects.filter(pk=tarnsund.periods[-2].pk).update(frozen_at=NOW - timedelta(hours=5))
    assert new(carin, show="late") == [late.pk]
    assert new(carin, show="nowhere") == [nowhere.pk]


def test_two_reports_of_one_kind_at_one_place_are_shown_as_perhaps_one(
    tarnsund: cast.Town, carin: Client, log: Log
) -> None:
    kiosk = tarnsund.places["kiosken"]
    first = log(place=kiosk)
    second = log(place=kiosk, organisation=tarnsund.organisations["guards"], category=tarnsund.categories["glass"])
    log(place=tarnsund.places["tunneln"])
    (one,) = carin.get(URL).context["doubles"]
    assert (one.first.pk, one.second.pk) == (first.pk, second.pk)


def test_the_limits_are_the_categorys(tarnsund: cast.Town, carin: Client, log: Log) -> None:
    log(lon=11.9050, lat=57.9050), log(lon=11.9050, lat=57.9068)
    assert carin.get(URL).context["doubles"] == []
    with tenancy.inside(tarnsund.group):
        type(tarnsund.categories["damage"]).objects.filter(code="damage").update(near_metres=250)
    assert len(carin.get(URL).context["doubles"]) == 1


def test_merged_they_count_once_and_both_are_sources(tarnsund: cast.Town, carin: Client, log: Log) -> None:
    kiosk = tarnsund.places["kiosken"]
    first, second = log(place=kiosk), log(place=kiosk, organisation=tarnsund.organisations["guards"])
    assert count(tarnsund) == 2
    carin.post(f"/g/tarnsund/incidents/{first.pk}/merge/{second.pk}/")
    assert count(tarnsund) == 1
    assert again(tarnsund, second).merged_into_id == first.pk
    page = carin.get(f"/g/tarnsund/incidents/{first.pk}/").content.decode()
    assert "2 organisationer såg detta" in page
    carin.post(f"/g/tarnsund/incidents/{second.pk}/part/")
    assert count(tarnsund) == 2


def test_parted_again_it_has_what_it_had_brought_along(tarnsund: cast.Town, log: Log) -> None:
    a, b, c = log(), log(), log()
    with tenancy.inside(tarnsund.group):
        told = {"by": tarnsund.carin, "now": NOW}
        actions.merge_incidents(into=b, incident=c, **told)
        actions.merge_incidents(into=a, incident=b, **told)
        assert again(tarnsund, c).merged_into_id == a.pk
        actions.part_incident(incident=b, **told)
    assert (again(tarnsund, b).merged_into_id, again(tarnsund, c).merged_into_id) == (None, b.pk)


def test_merged_twice_is_merged_once(tarnsund: cast.Town, carin: Client, log: Log) -> None:
    a, b = log(), log()
    for _ in range(2):
        carin.post(f"/g/tarnsund/incidents/{a.pk}/merge/{b.pk}/")
    with tenancy.inside(tarnsund.group):
        assert IncidentChange.objects.filter(incident=b).count() == 1


def test_what_fewer_may_see_is_not_merged_with_what_all_may(tarnsund: cast.Town, log: Log) -> None:
    shared, limited = log(), log(visibility="organisation", organisation=tarnsund.organisations["municipality"])
    with tenancy.inside(tarnsund.group), pytest.raises(actions.NotAllowed):
        actions.merge_incidents(into=shared, incident=limited, by=tarnsund.carin, now=NOW)


@pytest.mark.parametrize("field", ["withdrawn_at", "merged_into"])
def test_what_does_not_stand_is_not_merged(tarnsund: cast.Town, log: Log, field: str) -> None:
    a, b, c = log(), log(), log()
    with tenancy.inside(tarnsund.group):
        Incident.objects.filter(pk=a.pk).update(**{field: NOW if field == "withdrawn_at" else c})
        with pytest.raises(actions.NotAllowed):
            actions.merge_incidents(into=a, incident=b, by=tarnsund.carin, now=NOW)


def test_two_that_are_two_are_not_shown_again(tarnsund: cast.Town, carin: Client, log: Log) -> None:
    kiosk = tarnsund.places["kiosken"]
    first, second = log(place=kiosk), log(place=kiosk)
    carin.post(f"/g/tarnsund/incidents/{second.pk}/not-same/{first.pk}/")
    assert carin.get(URL).context["doubles"] == []


def test_only_the_coordinator_reviews(tarnsund: cast.Town, signed_in: SignIn, log: Log) -> None:
    row = log()
    for person in ("rut", "maja", "anders", "stina"):
        client = signed_in(tarnsund.people[person])
        assert client.get(URL).status_code == 403
        assert client.post(f"/g/tarnsund/incidents/{row.pk}/mask/").status_code == 403


def test_the_queue_asks_as_often_for_one_as_for_thirty(tarnsund: cast.Town, carin: Client, log: Log) -> None:
    asked = []
    for many in (2, 30):
        for _ in range(many):
            log(place=tarnsund.places["kiosken"])
        with CaptureQueriesContext(connection) as queries:
            carin.get(URL)
        asked.append(len(queries))
    assert len(set(asked)) == 1, asked


MASK = {"words": "on", "pictures": "on", "reason": "person"}


def test_what_is_masked_is_gone_from_row_history_search_and_disk(
    tarnsund: cast.Town, carin: Client, log: Log, tmp_path: Any, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    number = uuid.uuid4()
    row = log(text="Kanariefågeln bor här", done_at_once="Ringde kanariefågeln", client_uuid=number)
    with tenancy.inside(tarnsund.group):
        IncidentChange.objects.create(
            group=tarnsund.group,
            incident=row,
            kind="corrected",
            at=NOW,
            fields={"text": ["Kanariefågel", "Kanariefågeln bor här"]},
        )
        attach(row, keep(by=tarnsund.rut, client_uuid=number, photos=[read(jpeg())], now=NOW), [])
        path = where(Photo.objects.get())
    with django_capture_on_commit_callbacks(execute=True):
        assert carin.post(f"/g/tarnsund/incidents/{row.pk}/mask/", MASK).status_code == 302
    assert not path.exists()
    with tenancy.inside(tarnsund.group), connection.cursor() as cursor:
        for table in ("incidents_incident", "incidents_incidentchange", "incidents_photo", "est_site_auditevent"):
            cursor.execute(f"SELECT string_agg(t::text, ' ') FROM {table} t")
            assert "anarief" not in (cursor.fetchone()[0] or "").lower(), table
        assert not Photo.objects.exists()
    assert carin.get("/g/tarnsund/incidents/", {"q": "kanariefågeln"}).context["found"].rows == 0


def test_the_log_keeps_that_it_was_masked_by_whom_when_and_why(tarnsund: cast.Town, carin: Client, log: Log) -> None:
    row = log(text="Kanariefågeln bor här")
    carin.post(f"/g/tarnsund/incidents/{row.pk}/mask/", MASK)
    with tenancy.inside(tarnsund.group):
        change = IncidentChange.objects.get(kind="masked")
        event = AuditEvent.objects.order_by("-n")[0].body
    assert (change.by_id, change.at) == (tarnsund.carin.pk, NOW)
    assert '"incident.mask"' in event
    assert "person" in event
    page = carin.get(f"/g/tarnsund/incidents/{row.pk}/").content.decode()
    assert "orden, bilderna, Den nämner eller pekar ut en person" in page


def test_a_masked_observation_counts_as_before(tarnsund: cast.Town, carin: Client, log: Log) -> None:
    row = log(text="Kanariefågeln bor här")
    carin.post(f"/g/tarnsund/incidents/{row.pk}/mask/", MASK)
    assert count(tarnsund) == 1


@pytest.mark.parametrize("missing", ["words", "reason"])
def test_masking_asks_what_and_why(tarnsund: cast.Town, carin: Client, log: Log, missing: str) -> None:
    row = log(text="Kanariefågeln bor här")
    said = {"words": {"reason": "person"}, "reason": {"words": "on"}}[missing]
    assert carin.post(f"/g/tarnsund/incidents/{row.pk}/mask/", said).status_code == 422
    assert again(tarnsund, row).text == "Kanariefågeln bor här"


def test_home_says_how_many_wait(tarnsund: cast.Town, carin: Client, signed_in: SignIn, log: Log) -> None:
    log()
    assert "1 ny observation är inte granskad." in carin.get("/g/tarnsund/").content.decode()
    assert "granskad" not in signed_in(tarnsund.maja).get("/g/tarnsund/").content.decode()


def test_the_pairs_compared_are_capped(tarnsund: cast.Town, log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "MOST", 2)
    for _ in range(3):
        log()
    with tenancy.inside(tarnsund.group):
        assert len(intake.spots(intake.recent(tarnsund.carin, NOW))) == 2


def test_what_was_kept_against_a_warning_is_shown_with_its_kind_and_reason(
    tarnsund: cast.Town, carin: Client, log: Log
) -> None:
    row = log(text="Ring 070-174 06 35")
    with tenancy.inside(tarnsund.group):
        note_override(on=row, field="text", kinds={"phone": 1}, reason="place", by=tarnsund.rut, now=NOW)
    (kept,) = carin.get(URL).context["kept"]
    assert (kept.incident.pk, kept.kinds) == (row.pk, "telefonnummer")
    carin.post(f"{URL}looked-at/", {"pk": [row.pk]})
    assert carin.get(URL).context["kept"] == []


@pytest.fixture
def brought(tarnsund: cast.Town, log: Log) -> Incident:
    """From a file, whose row waits in the quarantine and in a file that was sent again."""
    row = log(text="Kanariefågeln bor här", source="import", source_id="larm:A-7")
    own = {"group": tarnsund.group, "organisation": row.organisation}
    batch_of = {"file_name": "larm.csv", "sha256": "", "rows": 1, "added": 1, "imported_at": NOW}
    with tenancy.inside(tarnsund.group):
        batch = ImportBatch.objects.create(**own, **batch_of)
        for source_id in ("larm:A-7", "larm:A-8"):
            HeldRow.objects.create(
                **own, batch=batch, line=2, source_id=source_id, kinds=["name"], words="Kanariefågel", held_at=NOW
            )
        for ids in (b"A-7", b"A-8"):
            ImportFile.objects.create(
                **own,
                uploaded_by=tarnsund.carin,
                uploaded_at=NOW,
                file_name=ids.decode(),
                content=b"id;ord\n" + ids + b";Kanarief\n",
            )
    return row


def test_masked_words_are_gone_from_the_quarantine_and_from_waiting_files(
    tarnsund: cast.Town, carin: Client, brought: Incident
) -> None:
    carin.post(f"/g/tarnsund/incidents/{brought.pk}/mask/", MASK)
    with tenancy.inside(tarnsund.group):
        held = dict(HeldRow.objects.values_list("source_id", "words"))
        files = list(ImportFile.objects.values_list("file_name", flat=True))
    assert held == {"larm:A-7": "", "larm:A-8": "Kanariefågel"}
    assert files == ["A-8"]


def test_masked_pictures_leave_the_quarantine_alone(tarnsund: cast.Town, carin: Client, brought: Incident) -> None:
    carin.post(f"/g/tarnsund/incidents/{brought.pk}/mask/", {"pictures": "on", "reason": "person"})
    with tenancy.inside(tarnsund.group):
        assert HeldRow.objects.filter(words="").count() == 0
        assert ImportFile.objects.count() == 2


def test_a_row_without_an_id_of_its_own_is_found_by_what_it_says() -> None:
    cells = {"när": "2026-11-20", "ord": "Kanariefågel"}
    content = "när;ord\n2026-11-20;Kanariefågel\n".encode()
    assert forgetting.holds(content, reading.content_digest(cells))
    assert not forgetting.holds(content, "0" * 32)
