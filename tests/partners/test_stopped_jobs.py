"""The administrator's page: what has stopped in which group and why, and the button that lets it begin anew."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from est_site import jobs, tenancy
from est_site.models import AuditEvent, Job, JobState
from est_site.partners.models import User
from tests.cast import NOW, PASSWORD, Town
from tests.conftest import SignIn

pytestmark = pytest.mark.django_db
PAGE = "/administration/jobs/"


@pytest.fixture
def ada(db: None) -> Client:
    """Ada keeps the installation and sits in no group."""
    browser = Client()
    browser.force_login(User.objects.create_user("ada@est.example", PASSWORD, name="Ada", is_administrator=True))
    return browser


@pytest.fixture
def stopped() -> Callable[..., Job]:
    def stop(town: Town, reason: str = "KeyError", **fields) -> Job:
        with tenancy.inside(town.group):
            job = jobs.due("mail.send", group_id=town.group.pk, key=reason, at=NOW, ids={"notification": 0})
            values = {"state": JobState.PARKED, "reason": reason, "attempts": 10, "done_at": NOW}
            Job.objects.filter(pk=job.pk).update(**(values | fields))
            return job

    return stop


def retry(job: Job, town: Town) -> str:
    return f"{PAGE}{town.group.pk}/{job.pk}/retry/"


def reloaded(job: Job) -> Job:
    with tenancy.inside(job.group_id):
        return Job.objects.get(pk=job.pk)


def events(town: Town) -> list[tuple[str, str]]:
    with tenancy.inside(town.group):
        return [
            (body["what"], body["by"]) for body in map(json.loads, AuditEvent.objects.values_list("body", flat=True))
        ]


def test_what_has_stopped_is_shown_by_group_with_its_reason(
    tarnsund: Town, bjorkvik: Town, ada: Client, stopped: Callable[..., Job]
) -> None:
    stopped(tarnsund, "the mail server refuses the recipient (550)")
    stopped(bjorkvik, "KeyError")
    page = ada.get(PAGE).content.decode()
    first, second = page.index("Björkvik</h2>"), page.index("Tärnsund</h2>")
    assert first < page.index("KeyError") < second < page.index("refuses the recipient (550)")
    assert page.count("Skicka ett brev") == page.count("efter 10 försök") == 2


def test_an_empty_page_says_why_it_is_empty(tarnsund: Town, ada: Client) -> None:
    page = ada.get(PAGE).content.decode()
    assert "Inget jobb har stannat" in page
    assert "10 gånger" in page


def test_a_retried_job_is_due_at_once_with_all_its_attempts_before_it(
    tarnsund: Town, ada: Client, stopped: Callable[..., Job]
) -> None:
    job = stopped(tarnsund)
    answer = ada.post(retry(job, tarnsund))
    assert (answer.status_code, answer["Location"]) == (302, PAGE)
    job = reloaded(job)
    assert (job.state, job.attempts, job.reason, job.done_at) == (JobState.DUE, 0, "", None)
    assert [ring.job_id for ring in jobs.find_due(timezone.now())] == [job.pk]


def test_a_retry_stands_in_the_chain_of_the_jobs_group_and_in_no_other(
    tarnsund: Town, bjorkvik: Town, ada: Client, stopped: Callable[..., Job]
) -> None:
    ada.post(retry(stopped(tarnsund), tarnsund))
    who = f"administrator:{User.objects.get(name='Ada').pk}"
    assert (events(tarnsund), events(bjorkvik)) == ([("job.retry", who)], [])


def test_pressed_twice_a_job_is_retried_once(tarnsund: Town, ada: Client, stopped: Callable[..., Job]) -> None:
    job = stopped(tarnsund)
    ada.post(retry(job, tarnsund))
    page = ada.post(retry(job, tarnsund), follow=True).content.decode()
    assert "inte stoppat längre" in page
    assert len(events(tarnsund)) == 1


def test_a_job_that_is_done_is_left_alone(tarnsund: Town, ada: Client, stopped: Callable[..., Job]) -> None:
    job = stopped(tarnsund, state=JobState.DONE)
    ada.post(retry(job, tarnsund))
    assert reloaded(job).state == JobState.DONE


def test_a_job_is_not_found_in_another_group(
    tarnsund: Town, bjorkvik: Town, ada: Client, stopped: Callable[..., Job]
) -> None:
    job = stopped(tarnsund)
    assert ada.post(retry(job, bjorkvik)).status_code == 404
    assert ada.post(f"{PAGE}999999/{job.pk}/retry/").status_code == 404
    assert reloaded(job).state == JobState.PARKED


@pytest.mark.parametrize("who", ["carin", "rut", "stina"])
def test_nobody_but_an_administrator_comes_in(
    tarnsund: Town, signed_in: SignIn, stopped: Callable[..., Job], who: str
) -> None:
    job, browser = stopped(tarnsund), signed_in(tarnsund.people[who])
    assert (browser.get(PAGE).status_code, browser.post(retry(job, tarnsund)).status_code) == (403, 403)
    assert reloaded(job).state == JobState.PARKED


def test_a_stranger_is_led_to_the_sign_in(tarnsund: Town) -> None:
    assert Client().get(PAGE)["Location"] == f"/account/sign-in/?next={PAGE}"


def test_an_administrator_without_a_group_finds_the_page_from_the_door(tarnsund: Town, ada: Client) -> None:
    assert PAGE in ada.get("/").content.decode()


def test_an_administrator_in_a_group_finds_it_at_the_foot_and_the_others_do_not(
    tarnsund: Town, signed_in: SignIn
) -> None:
    assert PAGE not in signed_in(tarnsund.carin).get("/g/tarnsund/").content.decode()
    User.objects.filter(pk=tarnsund.carin.user_id).update(is_administrator=True)
    assert PAGE in signed_in(tarnsund.carin).get("/g/tarnsund/").content.decode()


# --- when nobody works ---------------------------------------------------------------------------


def wait_for(town: Town, *, ticks: float) -> None:
    with tenancy.inside(town.group):
        jobs.due("mail.send", group_id=town.group.pk, key="late", at=timezone.now() - ticks * settings.JOB_TICK)


LATE = "Brev och dokument är försenade"


def test_a_coordinator_is_told_when_what_is_due_is_left_lying(tarnsund: Town, signed_in: SignIn) -> None:
    wait_for(tarnsund, ticks=4)
    assert LATE in signed_in(tarnsund.carin).get("/g/tarnsund/").content.decode()


def test_who_can_do_nothing_about_it_is_not_told(tarnsund: Town, signed_in: SignIn) -> None:
    wait_for(tarnsund, ticks=4)
    assert LATE not in signed_in(tarnsund.rut).get("/g/tarnsund/").content.decode()


def test_what_is_only_just_due_worries_nobody(tarnsund: Town, ada: Client, signed_in: SignIn) -> None:
    wait_for(tarnsund, ticks=2)
    assert LATE not in signed_in(tarnsund.carin).get("/g/tarnsund/").content.decode()
    assert "är försenat" not in ada.get(PAGE).content.decode()


def test_the_administrator_is_told_too(tarnsund: Town, ada: Client) -> None:
    wait_for(tarnsund, ticks=4)
    assert "Ett jobb är försenat" in ada.get(PAGE).content.decode()
