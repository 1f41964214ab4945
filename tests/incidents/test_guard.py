"""The personal-data guard at the report form: what stops, what asks, what is kept about the choice."""

from __future__ import annotations

import json
import logging
import re

import pytest
from django.core import mail
from django.test import Client

from est_site import tenancy
from est_site.models import AccessEvent, AuditEvent, GuardOverride
from incidents.models import Incident
from tests import cast
from tests.conftest import SignIn
from tests.incidents.conftest import Fill

URL = "/g/tarnsund/report/"
CANARIES = ("19121212-1212", "070-174 06 05", "abc 12d", "kalle_canary", "canary@post.example")


@pytest.fixture
def rut(tarnsund: cast.Town, signed_in: SignIn) -> Client:
    return signed_in(tarnsund.rut)


def only(town: cast.Town) -> Incident:
    with tenancy.inside(town.group):
        return Incident.objects.get()


def overrides(town: cast.Town) -> list[GuardOverride]:
    with tenancy.inside(town.group):
        return list(GuardOverride.objects.visible_to(town.carin))


def seen(page: str, field: str = "text") -> str:
    found = re.search(rf'name="guard_{field}_seen" value="([0-9a-f]+)"', page)
    assert found
    return found[1]


def test_a_personal_identity_number_is_not_saved(tarnsund: cast.Town, rut: Client, filled: Fill) -> None:
    answer = rut.post(URL, filled(text="Klotter. Han sa 19121212-1212 till mig."))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "<mark>19121212-1212</mark>" in page
    assert "Klotter. Han sa 19121212-1212 till mig." in page  # nothing typed is lost
    assert "114 14" in page
    with tenancy.inside(tarnsund.group):
        assert not Incident.objects.exists()


def test_no_choice_lets_a_personal_identity_number_through(tarnsund: cast.Town, rut: Client, filled: Fill) -> None:
    form = filled(text="19121212-1212, ring 070-174 06 05")
    token = seen(rut.post(URL, form).content.decode())
    for choice in ("remove", "public"):
        answer = rut.post(URL, form | {"guard_text": choice, "guard_text_seen": token})
        assert answer.status_code == 422


def test_a_telephone_number_is_asked_about_with_taking_it_out_chosen(rut: Client, filled: Fill) -> None:
    answer = rut.post(URL, filled(text="Ring 070-174 06 05"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert re.search(r'name="guard_text" value="remove"[^>]* checked', page)
    assert "<mark>070-174 06 05</mark>" in page


def test_what_is_taken_out_is_never_saved(tarnsund: cast.Town, rut: Client, filled: Fill) -> None:
    form = filled(text="Ring 070-174 06 05 om glaset")
    token = seen(rut.post(URL, form).content.decode())
    answer = rut.post(URL, form | {"guard_text": "remove", "guard_text_seen": token})
    assert answer.status_code == 303
    assert only(tarnsund).text == "Ring [borttaget] om glaset"
    assert overrides(tarnsund) == []


def test_what_is_kept_is_noted_with_its_reason_and_without_its_text(
    tarnsund: cast.Town, rut: Client, filled: Fill
) -> None:
    form = filled(text="Växeln 08-465 004 02 svarar")
    token = seen(rut.post(URL, form).content.decode())
    rut.post(URL, form | {"guard_text": "public", "guard_text_seen": token})
    (row,) = overrides(tarnsund)
    assert only(tarnsund).text == "Växeln 08-465 004 02 svarar"
    assert (row.model, row.row_id, row.field) == ("incidents.incident", only(tarnsund).pk, "text")
    assert (row.kinds, row.reason, row.by_id) == ({"phone": 1}, "public", tarnsund.rut.pk)
    with tenancy.inside(tarnsund.group):
        events = [json.loads(event.body) for event in AuditEvent.objects.order_by("n")]
    assert [event["what"] for event in events] == ["incident.record", "guard.override"]
    assert (events[1]["fields"], events[1]["count"]) == (["text"], 1)


def test_the_same_form_twice_is_one_override(tarnsund: cast.Town, rut: Client, filled: Fill) -> None:
    form = filled(text="Växeln 08-465 004 02 svarar")
    form |= {"guard_text": "public", "guard_text_seen": seen(rut.post(URL, form).content.decode())}
    assert [rut.post(URL, form).status_code for _ in range(2)] == [303, 303]
    assert len(overrides(tarnsund)) == 1


def test_a_choice_holds_only_for_what_was_seen(rut: Client, filled: Fill) -> None:
    form = filled(text="Växeln 08-465 004 02 svarar")
    token = seen(rut.post(URL, form).content.decode())
    changed = form | {"text": "Växeln 08-465 004 03 svarar", "guard_text": "public", "guard_text_seen": token}
    assert rut.post(URL, changed).status_code == 422


def test_a_reason_that_is_not_on_the_list_is_no_reason(rut: Client, filled: Fill) -> None:
    form = filled(text="Växeln 08-465 004 02 svarar")
    token = seen(rut.post(URL, form).content.decode())
    assert rut.post(URL, form | {"guard_text": "därför", "guard_text_seen": token}).status_code == 422


def test_advice_does_not_stop(tarnsund: cast.Town, rut: Client, filled: Fill) -> None:
    assert rut.post(URL, filled(text="Anna Karlsson såg det")).status_code == 303
    assert only(tarnsund).text == "Anna Karlsson såg det"


def test_every_free_text_of_the_report_is_guarded(rut: Client, filled: Fill) -> None:
    page = rut.post(URL, filled(done_at_once="Mejlade canary@post.example")).content.decode()
    assert "<mark>canary@post.example</mark>" in page


def test_the_guard_answers_while_one_writes_and_keeps_nothing(tarnsund: cast.Town, rut: Client) -> None:
    url = "/g/tarnsund/guard/"
    answer = rut.post(url, {"field": "text", "place": "id_text_guard", "text": "Ring 070-174 06 05"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "<mark>070-174 06 05</mark>" in page
    assert 'id="id_text_guard_remove"' in page
    assert rut.post(url, {"field": "text", "text": "Glas på marken"}).content.decode().strip() == ""
    with tenancy.inside(tarnsund.group):
        assert not AuditEvent.objects.exists()


def test_what_was_chosen_while_writing_is_good_enough_to_save(tarnsund: cast.Town, rut: Client, filled: Fill) -> None:
    text = "Ring\n070-174 06\n05 om glaset"
    token = seen(rut.post("/g/tarnsund/guard/", {"field": "text", "text": text}).content.decode())
    form = filled(text=text.replace("\n", "\r\n"), guard_text="remove", guard_text_seen=token)
    assert rut.post(URL, form).status_code == 303


def test_nothing_of_what_was_found_is_in_logs_chain_notes_or_letters(
    tarnsund: cast.Town, rut: Client, filled: Fill, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    text = " ".join(["Bilen", *CANARIES, "@kalle_canary"])
    rut.post("/g/tarnsund/guard/", {"field": "text", "text": text})
    rut.post(URL, filled(text=text))
    form = filled(text=text.replace("19121212-1212", ""))
    form |= {"guard_text": "none", "guard_text_seen": seen(rut.post(URL, form).content.decode())}
    assert rut.post(URL, form).status_code == 303
    with tenancy.inside(tarnsund.group):
        told = [event.body for event in AuditEvent.objects.all()]
        told += [f"{event.what} {event.subject}" for event in AccessEvent.objects.all()]
    told += [
        f"{record.getMessage()} {record.__dict__}" for record in caplog.records if record.name != "django.db.backends"
    ]
    told += [str(letter.message()) for letter in mail.outbox]
    told += [str(row.kinds) for row in overrides(tarnsund)]
    assert [(canary, line) for canary in CANARIES for line in told if canary in line] == []
    counted = {(r.__dict__["kind"], r.__dict__["count"]) for r in caplog.records if r.getMessage() == "guard"}
    assert {("personnummer", 1), ("phone", 1), ("email", 1)} <= counted
