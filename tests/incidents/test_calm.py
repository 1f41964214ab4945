"""One tap: calm with us."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from est_site import tenancy
from est_site.models import AuditEvent
from est_site.partners.models import Membership, Period
from incidents import actions
from incidents.models import CalmReport
from tests import cast
from tests.conftest import SignIn

URL = "/g/tarnsund/report/calm/"


def said(town: cast.Town) -> list[CalmReport]:
    with tenancy.inside(town.group):
        return list(CalmReport.objects.all())


def test_one_tap_says_that_it_is_calm_this_week(tarnsund: cast.Town, this_week: Period, signed_in: SignIn) -> None:
    answer = signed_in(tarnsund.rut).post(URL, follow=True)
    (calm,) = said(tarnsund)
    assert (calm.period_id, calm.reporter_id) == (this_week.pk, tarnsund.rut.pk)
    assert calm.organisation_id == tarnsund.organisations["housing"].pk
    assert answer.redirect_chain == [("/g/tarnsund/report/", 303)]
    assert f"Lugnt hos Tärnsundsbostäder, vecka {this_week.weeks_text}" in answer.content.decode()


def test_said_by_two_colleagues_it_is_said_once(tarnsund: cast.Town, this_week: Period, signed_in: SignIn) -> None:
    signed_in(tarnsund.rut).post(URL)
    signed_in(tarnsund.hanna).post(URL)
    assert [calm.reporter_id for calm in said(tarnsund)] == [tarnsund.rut.pk]
    with tenancy.inside(tarnsund.group):
        assert AuditEvent.objects.count() == 1


def test_each_organisation_speaks_for_itself(tarnsund: cast.Town, this_week: Period, signed_in: SignIn) -> None:
    signed_in(tarnsund.rut).post(URL)
    signed_in(tarnsund.viktor).post(URL)
    assert len(said(tarnsund)) == 2


def test_an_observation_later_leaves_the_calm_report_standing(
    tarnsund: cast.Town, this_week: Period, signed_in: SignIn
) -> None:
    signed_in(tarnsund.rut).post(URL)
    with tenancy.inside(tarnsund.group):
        cast.make_incident(tarnsund, at=timezone.now())
    assert len(said(tarnsund)) == 1


def test_what_has_been_said_is_shown_instead_of_the_button(
    tarnsund: cast.Town, this_week: Period, signed_in: SignIn
) -> None:
    rut = signed_in(tarnsund.rut)
    assert URL in rut.get("/g/tarnsund/report/").content.decode()
    rut.post(URL)
    assert URL not in rut.get("/g/tarnsund/report/").content.decode()


def test_without_a_period_for_today_nothing_is_saved_and_it_is_said(tarnsund: cast.Town, signed_in: SignIn) -> None:
    with tenancy.inside(tarnsund.group):
        Period.objects.all().delete()
    answer = signed_in(tarnsund.rut).post(URL, follow=True)
    assert "Fråga er samordnare" in answer.content.decode()
    assert said(tarnsund) == []


def test_it_takes_a_press_not_a_visit(tarnsund: cast.Town, this_week: Period, signed_in: SignIn) -> None:
    assert signed_in(tarnsund.rut).get(URL).status_code == 405
    assert said(tarnsund) == []


def test_a_press_from_elsewhere_is_refused(tarnsund: cast.Town, this_week: Period) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(tarnsund.rut.user)
    assert client.post(URL).status_code == 403
    assert said(tarnsund) == []


@pytest.mark.django_db(transaction=True)
def test_said_by_everyone_at_once_it_is_said_once(tarnsund: cast.Town, this_week: Period) -> None:
    def say(member: Membership) -> None:
        try:
            with tenancy.inside(tarnsund.group):
                actions.report_calm(by=member, period=this_week, now=cast.NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(say, [tarnsund.rut, tarnsund.hanna] * 10))
    assert len(said(tarnsund)) == 1
