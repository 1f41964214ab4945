"""Partners' systems: what they may say, and what is answered to them."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import get_resolver

from est_site import tenancy
from est_site.access import TOKEN, _views, marks
from est_site.models import AuditEvent, Job
from incidents import token_actions
from incidents.api import gate
from incidents.models import ApiAnswer, ApiToken, CalmReport, Incident, Scope
from tests.cast import NOW, Town
from tests.conftest import SignIn

URL = "/api/v1/"
ONE = {"source_id": "4711", "category": "graffiti", "occurred_from": "2026-11-20T22:15:00+01:00", "place": "Kiosken"}
Ask = Callable[..., Any]


@pytest.fixture(autouse=True)
def _sunday() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def make(town: Town, *scopes: str, who: str = "guards") -> str:
    with tenancy.inside(town.group):
        by = next(iter(town.people.values()))
        organisation = town.organisations[who]
        return token_actions.make_token(
            by=by, organisation=organisation, name="Journalen", scopes=scopes or Scope.values, now=NOW
        )[1]


@pytest.fixture
def ask(tarnsund: Town) -> Ask:
    """`ask("observations", body)` is a POST by the guards' system; without a body a GET."""
    key = make(tarnsund)

    def send(path: str, body: Any = None, token: str = key, **headers: str) -> Any:
        client = Client(headers={"Authorization": f"Bearer {token}", **headers})
        if body is None:
            return client.get(URL + path)
        data = body if isinstance(body, str | bytes) else json.dumps(body)
        return client.post(URL + path, data, content_type="application/json")

    return send


def rows(town: Town) -> list[Incident]:
    with tenancy.inside(town.group):
        return list(Incident.objects.select_related("category", "place", "area", "organisation").order_by("pk"))


def test_an_observation_of_a_system_is_one_of_its_organisation(tarnsund: Town, ask: Ask) -> None:
    answer = ask("observations", ONE)
    assert (answer.status_code, answer.json()["state"]) == (201, "created")
    (row,) = rows(tarnsund)
    assert (row.organisation, row.reporter_id, row.source) == (tarnsund.organisations["guards"], None, "api")
    assert (row.place, row.area) == (tarnsund.places["kiosken"], tarnsund.areas["Hamnen"])
    with tenancy.inside(tarnsund.group):
        assert [e.body for e in AuditEvent.objects.all() if "incident.api" in e.body and '"by": "token:' in e.body]


def test_the_same_source_id_again_changes_nothing(tarnsund: Town, ask: Ask) -> None:
    first = ask("observations", ONE).json()
    again = ask("observations", {**ONE, "text": "Annat"})
    assert (again.status_code, again.json()["state"], again.json()["id"]) == (200, "known", first["id"])
    assert [row.text for row in rows(tarnsund)] == [""]


def test_a_batch_with_one_bad_row_saves_nothing(tarnsund: Town, ask: Ask) -> None:
    answer = ask("observations/batch", {"observations": [ONE, {**ONE, "source_id": "2", "category": "ufo"}]})
    assert answer.status_code == 422
    assert [row["state"] for row in answer.json()["rows"]] == ["not saved", "refused"]
    assert rows(tarnsund) == []


def test_a_batch_may_save_its_good_rows(tarnsund: Town, ask: Ask) -> None:
    bad = {**ONE, "source_id": "2", "category": "ufo"}
    answer = ask("observations/batch", {"observations": [ONE, bad], "all_or_nothing": False})
    assert (answer.status_code, answer.json()["created"], answer.json()["refused"]) == (200, 1, 1)
    assert len(rows(tarnsund)) == 1


def test_five_hundred_rows_are_taken_and_one_more_is_not(tarnsund: Town, ask: Ask) -> None:
    many = [{**ONE, "source_id": str(n)} for n in range(501)]
    assert ask("observations/batch", {"observations": many}).status_code == 422
    assert ask("observations/batch", {"observations": many[:500]}).json()["created"] == 500


def test_one_reads_back_ones_own_and_nothing_else(tarnsund: Town, ask: Ask) -> None:
    for n in range(3):
        ask("observations", {**ONE, "source_id": str(n)})
    others = make(tarnsund, who="housing")
    ask("observations", {**ONE, "source_id": "theirs"}, token=others)
    first = ask("observations?limit=2").json()
    second = ask(f"observations?limit=2&after={first['next']}").json()
    assert [row["source_id"] for row in first["observations"] + second["observations"]] == ["0", "1", "2"]
    assert second["next"] is None
    assert [row["source_id"] for row in ask("observations?source_id=1").json()["observations"]] == ["1"]


def test_calm_is_said_once(tarnsund: Town, ask: Ask) -> None:
    assert ask("calm", {}).status_code == 201
    assert ask("calm", {}).status_code == 200
    with tenancy.inside(tarnsund.group):
        (calm,) = CalmReport.objects.all()
    assert (calm.organisation_id, calm.reporter_id) == (tarnsund.organisations["guards"].pk, None)


@pytest.mark.parametrize("token", ["", "x", "est_1_x", "est_99999999999999999_x", "est_x_y"])
def test_an_unknown_token_is_refused_in_words(tarnsund: Town, ask: Ask, token: str) -> None:
    answer = ask("observations", ONE, token=token)
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    assert answer.json()["error"]


def test_a_revoked_token_is_refused_at_once(tarnsund: Town, ask: Ask) -> None:
    key = make(tarnsund)
    assert ask("observations", token=key).status_code == 200
    with tenancy.inside(tarnsund.group):
        row = ApiToken.objects.order_by("-pk")[0]
        token_actions.revoke_token(by=tarnsund.carin, token=row, version=row.version, now=NOW)
    assert ask("observations", token=key).status_code == 401


def test_a_token_does_what_its_scopes_say(tarnsund: Town, ask: Ask) -> None:
    key = make(tarnsund, Scope.READ)
    assert [ask(*said, token=key).status_code for said in (["observations"], ["observations", ONE], ["calm", {}])] == [
        200,
        403,
        403,
    ]


def test_a_token_is_kept_as_a_hash_and_its_use_is_noted(tarnsund: Town, ask: Ask) -> None:
    key = make(tarnsund)
    ask("observations", token=key)
    with tenancy.inside(tarnsund.group):
        row = ApiToken.objects.order_by("-pk")[0]
    assert key not in str(vars(row))
    assert (row.digest, row.last_used_at) == (token_actions.digest_of(key), NOW)


def test_a_token_of_the_other_group_meets_the_wall(tarnsund: Town, bjorkvik: Town, ask: Ask) -> None:
    ask("observations", ONE)
    key = make(bjorkvik, who="housing")
    assert ask("observations", token=key).json()["observations"] == []
    forged = key.replace(f"est_{bjorkvik.group.pk}_", f"est_{tarnsund.group.pk}_")
    assert ask("observations", token=forged).status_code == 401


def test_the_same_key_and_body_get_the_same_answer(tarnsund: Town, ask: Ask) -> None:
    first, again = (ask("observations", ONE, **{"Idempotency-Key": "a"}) for _ in range(2))
    assert (first.status_code, first.content) == (again.status_code, again.content) == (201, first.content)
    assert ask("observations", {**ONE, "text": "x"}, **{"Idempotency-Key": "a"}).status_code == 422
    assert len(rows(tarnsund)) == 1


def test_what_a_system_that_asks_no_more_was_answered_is_forgotten_after_a_day(tarnsund: Town, ask: Ask) -> None:
    ask("observations", ONE, **{"Idempotency-Key": "a"})
    with tenancy.inside(tarnsund.group):
        job = Job.objects.get(kind=gate.SWEEP)
        gate.sweep(job, NOW + timedelta(hours=24))
        assert ApiAnswer.objects.exists()
        gate.sweep(job, job.due_at)
        assert not ApiAnswer.objects.exists()


def test_the_sixty_first_request_of_a_minute_waits(tarnsund: Town, ask: Ask) -> None:
    assert {ask("observations").status_code for _ in range(60)} == {200}
    answer = ask("observations")
    assert (answer.status_code, answer["Retry-After"]) == (429, "60")
    with time_machine.travel(NOW + timedelta(seconds=61), tick=False):
        assert ask("observations").status_code == 200


def test_a_body_that_is_too_large_is_refused_in_words(tarnsund: Town, ask: Ask) -> None:
    answer = ask("observations", "x" * 2_621_441)
    assert (answer.status_code, bool(answer.json()["error"])) == (413, True)


WRONG = [
    ({"category": "ufo"}, "category"),
    ({"occurred_from": "2026-11-20T22:15:00"}, "occurred_from"),
    ({"occurred_from": 1763673300}, "occurred_from"),
    ({"occurred_from": "0001-01-01T00:00:00+14:00"}, "occurred_from"),
    ({"occurred_from": "2026-12-24T15:00:00+01:00"}, "occurred_from"),
    ({"occurred_to": "2026-11-20T22:14:00+01:00"}, "occurred_to"),
    ({"place": "Ingenstans"}, "place"),
    ({"area": "Ingenstans"}, "area"),
    ({"lon": 11.9}, "lat"),
    ({"lon": 181.0, "lat": 1.0}, "lon"),
    ({"text": "x" * 501}, "text"),
    ({"text": "a\u0000b"}, "text"),
    ({"source_id": " "}, "source_id"),
    ({"reporter": 1}, "reporter"),
]


@pytest.mark.parametrize(("change", "field"), WRONG)
def test_what_is_wrong_is_named_with_its_field(tarnsund: Town, ask: Ask, change: Any, field: str) -> None:
    answer = ask("observations", {**ONE, **change})
    assert (answer.status_code, [fault["field"] for fault in answer.json()["faults"]]) == (422, [field])
    assert rows(tarnsund) == []


@pytest.mark.parametrize("body", ["", "{", "[]", "null", '"x"', b"\xff\xfe"])
def test_what_is_no_request_is_refused_in_words(ask: Ask, body: Any) -> None:
    answer = ask("observations", body)
    assert (answer.status_code, bool(answer.json()["error"])) == (422, True)


def test_an_answer_to_a_system_sets_no_cookie(ask: Ask) -> None:
    assert not ask("observations", ONE).cookies


def test_the_document_describes_every_route_with_an_example(tarnsund: Town, signed_in: Any) -> None:
    made = signed_in(tarnsund.rut).get(f"{URL}openapi.json").json()
    assert set(made["paths"]) == {f"{URL}observations", f"{URL}observations/batch", f"{URL}calm"}
    schemas = made["components"]["schemas"]
    assert all(schemas[name]["examples"] for name in ("ObservationIn", "BatchIn", "CalmIn"))
    assert Client().get(f"{URL}openapi.json").status_code == 302


def test_what_the_guard_blocks_is_refused_by_kind_and_never_repeated(tarnsund: Town, ask: Ask) -> None:
    answer = ask("observations", {**ONE, "text": "Född 19121212-1212 enligt grannen"})
    (fault,) = answer.json()["faults"]
    assert (answer.status_code, fault["field"], fault["kind"]) == (422, "text", "personnummer")
    assert "1212" not in answer.content.decode()
    overridden = {**ONE, "text": "19121212-1212", "override": "none"}
    assert ask("observations", overridden).status_code == 422


def test_what_the_guard_warns_of_takes_a_reason(tarnsund: Town, ask: Ask) -> None:
    said = {**ONE, "text": "Ring 070-174 06 05"}
    assert ask("observations", said).json()["faults"][0]["kind"] == "phone"
    assert ask("observations", {**said, "override": "public"}).status_code == 201
    with tenancy.inside(tarnsund.group):
        assert any("override:public" in event.body for event in AuditEvent.objects.all())


def test_what_a_system_kept_against_a_warning_is_shown_in_the_intake(
    tarnsund: Town, ask: Ask, signed_in: SignIn
) -> None:
    calm = {**ONE, "source_id": "2", "text": "Klotter", "override": "public"}
    said = {**ONE, "text": "Ring 070-174 06 05", "override": "public"}
    assert ask("observations/batch", {"observations": [said, calm]}).json()["created"] == 2
    page = signed_in(tarnsund.carin).get("/g/tarnsund/incidents/intake/")
    (kept,) = page.context["kept"]
    assert (kept.incident.source_id, kept.kinds, kept.override.reason) == ("api:4711", "telefonnummer", "public")
    assert "Ett system hos organisationen skickade den." in page.content.decode()


def test_a_failure_of_ours_is_logged_rolled_back_and_answered_as_json(
    tarnsund: Town, ask: Ask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(gate, "remember", _no_disk)  # after the observation was written
    answer = ask("observations", ONE, **{"Idempotency-Key": "a"})
    assert (answer.status_code, answer["Content-Type"]) == (500, "application/json")
    assert set(answer.json()) == {"error", "faults"}
    assert rows(tarnsund) == []
    assert [record.exc_info is not None for record in caplog.records if record.name == gate.__name__] == [True]


def _no_disk(*_said: Any) -> None:
    raise OSError("no space left on device")


def test_only_tokens_go_without_the_key_of_a_form() -> None:
    free = {route for route, view in _views(get_resolver().url_patterns, "") if getattr(view, "csrf_exempt", False)}
    assert {route for route in free if marks()[route] != TOKEN} == {"-/csp"}
    assert "api/v1/observations" in free


@pytest.mark.django_db(transaction=True)
def test_the_same_key_while_it_is_being_answered_is_told_to_wait(tarnsund: Town, ask: Ask) -> None:
    ask("observations", ONE, **{"Idempotency-Key": "a"})
    with tenancy.inside(tarnsund.group):
        token = ApiToken.objects.get()
        gate._before(token, "b", "", NOW)  # another request holds the key until its transaction ends
        with ThreadPoolExecutor(1) as thread:

            def elsewhere() -> int:
                try:
                    return int(ask("observations", {**ONE, "source_id": "2"}, **{"Idempotency-Key": "b"}).status_code)
                finally:
                    connection.close()

            assert thread.submit(elsewhere).result() == 409
    assert len(rows(tarnsund)) == 1
