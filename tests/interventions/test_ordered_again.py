"""A PDF that could not be made: whoever may read the document may ask for another try, from its own page."""

from __future__ import annotations

import json

import pytest

from est_site import filing, jobs, tenancy
from est_site.models import AuditEvent, Document, DocumentState, Job, JobState
from interventions.actions import order_document, prepare_meeting
from interventions.models import Edition
from situation.models import Meeting
from tests.cast import NOW, Town
from tests.conftest import SignIn

pytestmark = pytest.mark.django_db


@pytest.fixture
def failed(inside: Town, planned: Meeting) -> Edition:
    """The agenda, whose PDF was given up."""
    prepare_meeting(meeting=planned, now=NOW)
    edition = Edition.objects.get(meeting=planned)
    document = order_document(edition, now=NOW)
    job = Job.objects.get(dedupe_key=f"document.make:{document.pk}")
    Job.objects.filter(pk=job.pk).update(state=JobState.PARKED, attempts=10, reason="KeyError", done_at=NOW)
    filing.give_up(job, NOW)
    return edition


def states(town: Town) -> tuple[str, str]:
    with tenancy.inside(town.group):
        document = Document.objects.get()
        return document.state, Job.objects.get(dedupe_key=f"document.make:{document.pk}").state


@pytest.mark.parametrize("part", ["", "pdf/"])
def test_its_page_says_so_and_offers_another_try(failed: Edition, inside: Town, signed_in: SignIn, part: str) -> None:
    text = signed_in(inside.maja).get(f"/g/tarnsund/documents/{failed.pk}/{part}").content.decode()
    assert "PDF:en gick inte att göra" in text
    assert f'action="/g/tarnsund/documents/{failed.pk}/order/"' in text


def test_asked_for_again_it_is_due_again_and_the_chain_says_who_asked(
    failed: Edition, inside: Town, signed_in: SignIn
) -> None:
    browser = signed_in(inside.maja)
    assert states(inside) == (DocumentState.FAILED, JobState.PARKED)
    for _press in range(2):
        assert browser.post(f"/g/tarnsund/documents/{failed.pk}/order/").status_code == 302
    assert states(inside) == (DocumentState.DUE, JobState.DUE)
    with tenancy.inside(inside.group):
        bodies = [json.loads(body) for body in AuditEvent.objects.values_list("body", flat=True)]
    assert [b["by"] for b in bodies if b["what"] == "job.retry"] == [f"member:{inside.maja.pk}"]
    assert browser.get(f"/g/tarnsund/documents/{failed.pk}/pdf/").status_code == 202


def test_a_job_that_is_tried_again_by_the_administrator_shows_on_the_document(failed: Edition, inside: Town) -> None:
    assert jobs.retry(Job.objects.get(reason="KeyError"), NOW)
    assert states(inside) == (DocumentState.DUE, JobState.DUE)
