"""What somebody had begun to write is still there."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.test import Client

from est_site import tenancy
from est_site.models import Job
from incidents import drafts
from incidents.models import Draft, Incident
from tests import cast
from tests.conftest import SignIn
from tests.incidents.conftest import Fill

URL = "/g/tarnsund/report/"
KEEP = f"{URL}draft/"


@pytest.fixture
def rut(tarnsund: cast.Town, signed_in: SignIn) -> Client:
    return signed_in(tarnsund.rut)


def kept(town: cast.Town) -> list[Draft]:
    with tenancy.inside(town.group):
        return list(Draft.objects.all())


def test_every_field_is_there_again(tarnsund: cast.Town, rut: Client, filled: Fill) -> None:
    form = filled(text="Två lyktor", people="2-5", where="area", area=tarnsund.areas["Centrum"].pk, severity="2")
    assert rut.post(KEEP, form).status_code == 204
    shown = rut.get(URL).context["form"]
    for name in ("client_uuid", "top", "text", "people", "where", "area", "severity", "when"):
        assert str(shown[name].value()) == str(form[name]), name


def test_a_time_is_there_again(tarnsund: cast.Town, rut: Client, filled: Fill) -> None:
    rut.post(KEEP, filled(when="between", occurred_from="2026-11-20T21:00"))
    assert 'value="2026-11-20T21:00"' in rut.get(URL).content.decode()


def test_a_place_that_is_none_of_the_latest_is_there_again(tarnsund: cast.Town, rut: Client, filled: Fill) -> None:
    answer = f"place-{tarnsund.places['tunneln'].pk}"
    rut.post(KEEP, filled(where=answer))
    assert rut.get(URL).context["form"]["where"].value() == answer


def test_the_page_says_that_it_is_not_saved_and_lets_one_begin_anew(
    tarnsund: cast.Town, rut: Client, filled: Fill
) -> None:
    rut.post(KEEP, filled(text="Två lyktor"))
    assert "Det är inte sparat än." in rut.get(URL).content.decode()
    assert rut.post(f"{KEEP}forget/")["Location"] == URL
    page = rut.get(URL).content.decode()
    assert "Två lyktor" not in page
    assert kept(tarnsund) == []


def test_saving_the_report_ends_the_draft_also_when_its_last_word_comes_late(
    tarnsund: cast.Town, rut: Client, filled: Fill
) -> None:
    form = filled(text="Två lyktor")
    rut.post(KEEP, form)
    rut.post(URL, form)
    assert kept(tarnsund) == []
    rut.post(KEEP, form)
    assert kept(tarnsund) == []


def test_a_form_in_which_nothing_was_chosen_is_no_draft(tarnsund: cast.Town, rut: Client) -> None:
    rut.post(KEEP, {"client_uuid": str(uuid.uuid4()), "when": "now", "text": ""})
    assert kept(tarnsund) == []


def test_a_draft_is_its_writers_alone(tarnsund: cast.Town, rut: Client, signed_in: SignIn, filled: Fill) -> None:
    rut.post(KEEP, filled(text="Två lyktor"))
    assert "Två lyktor" not in signed_in(tarnsund.hanna).get(URL).content.decode()
    assert len(kept(tarnsund)) == 1


def test_one_person_has_one_draft_the_latest(tarnsund: cast.Town, rut: Client, filled: Fill) -> None:
    rut.post(KEEP, filled(text="Ett"))
    rut.post(KEEP, filled(text="Två"))
    (draft,) = kept(tarnsund)
    assert draft.fields["text"] == ["Två"]


def test_no_draft_is_an_observation(tarnsund: cast.Town, rut: Client, filled: Fill) -> None:
    rut.post(KEEP, filled())
    with tenancy.inside(tarnsund.group):
        assert not Incident.objects.exists()


def test_fields_that_the_form_does_not_have_are_not_kept(tarnsund: cast.Town, rut: Client, filled: Fill) -> None:
    rut.post(KEEP, filled(text="Två", status="x", organisation="3"))
    assert {"status", "organisation", "csrfmiddlewaretoken"} & set(kept(tarnsund)[0].fields) == set()


def test_a_draft_is_a_day_old_at_most(tarnsund: cast.Town, rut: Client, filled: Fill) -> None:
    rut.post(KEEP, filled(text="Två lyktor"))
    (draft,) = kept(tarnsund)
    with tenancy.inside(tarnsund.group):
        assert drafts.of(tarnsund.rut, draft.at + timedelta(hours=23, minutes=59)) is not None
        assert drafts.of(tarnsund.rut, draft.at + timedelta(hours=24)) is None
        job = Job.objects.get(kind="drafts.sweep")
        drafts.sweep(job, draft.at + timedelta(hours=25))
    assert kept(tarnsund) == []


def test_what_may_not_be_saved_is_not_kept_either(tarnsund: cast.Town, rut: Client, filled: Fill) -> None:
    rut.post(KEEP, filled(text="Pratade med 19121212-1212", done_at_once="Sopade"))
    (draft,) = kept(tarnsund)
    assert "text" not in draft.fields
    assert draft.fields["done_at_once"] == ["Sopade"]
