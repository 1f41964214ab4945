"""A town in the middle of its meeting, so that every form of the site is on some page."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from est_site import tenancy
from est_site.partners.invitations import password_path
from est_site.partners.models import Period, Question
from incidents.saved_filters import save_filter
from interventions.actions import NewIntervention, start_intervention
from situation.models import Meeting, ReportingEvent, SourceSeries, WheelEntry
from situation.presence_actions import record_presence
from tests.cast import MONDAY, NOW, Town, make_incident, square
from tests.conftest import SignIn
from tests.interventions.test_meeting_in_a_browser import OPEN, hold
from tests.partners.test_importing import collection, feature
from tests.rough.pages import Site
from tests.walls.world import _from_elsewhere, _proposal, _told


@pytest.fixture(autouse=True)
def _during_the_meeting() -> Iterator[None]:
    with time_machine.travel(OPEN, tick=False):
        yield


@pytest.fixture(autouse=True)
def _plain_http(settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = False  # the test client speaks http
    settings.ACCOUNT_RATE_LIMITS = False  # who knocks a hundred times at one door is turned away before the form
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}  # nobody collected the files


@pytest.fixture
def meeting_town(tarnsund: Town) -> Town:
    """One of everything: last week closed with its minutes, this week's sitting open, the next one planned."""
    with tenancy.inside(tarnsund.group):
        for n in range(3):
            kiosk = tarnsund.places["kiosken"]
            make_incident(tarnsund, at=NOW.replace(hour=9 + n), text="Glas vid bryggan", place=kiosk)
        own = {"reporter": tarnsund.carin, "organisation": tarnsund.organisations["municipality"]}
        make_incident(tarnsund, at=NOW, category=tarnsund.categories["lighting"], **own)
        hold(tarnsund, 2, until="planned")
        closed, _intervention, _edition = hold(tarnsund, 1, until="closed")
        closed.attendances.filter(organisation=tarnsund.organisations["municipality"]).update(present=True)
        Meeting.objects.filter(pk=closed.pk).update(closed_at=OPEN - timedelta(hours=1))  # remarks are still taken
        meeting, _intervention, _edition = hold(tarnsund, 0, until="open")
        _proposal(tarnsund.carin)
        new = NewIntervention("Lampan lagas", tarnsund.organisations["municipality"], NOW.date())
        start_intervention(meeting=meeting, new=new, client_uuid=uuid.uuid4(), by=tarnsund.carin, now=OPEN)
        _told(meeting, tarnsund.organisations["municipality"], tarnsund.carin)
        save_filter(by=tarnsund.carin, name="Händelser", query="kind=event", now=NOW)
        tarnsund.places["tunneln"].is_active = False
        tarnsund.places["tunneln"].save()
        tarnsund.categories["glass"].is_active = False
        tarnsund.categories["glass"].save()
        for weeks in range(1, 4):
            first = MONDAY + timedelta(weeks=weeks)
            Period.objects.create(group=tarnsund.group, first_day=first, last_day=first + timedelta(days=6))
        asked = {"kind": "yes_no", "label_sv": "Lyser lampan?"}
        Question.objects.create(group=tarnsund.group, category=tarnsund.categories["damage"], **asked)
        asked = {"kind": "yes_no", "label_sv": "Hörs larmet?", "is_active": False}
        Question.objects.create(group=tarnsund.group, category=tarnsund.categories["damage"], **asked)
        was = {"kind": "field", "area": tarnsund.areas["Hamnen"], "spans": [(NOW - timedelta(hours=20), NOW)]}
        record_presence(by=tarnsund.carin, client_uuid=uuid.uuid4(), now=NOW, **was)
        days = {"first_day": MONDAY, "last_day": MONDAY}
        WheelEntry.objects.create(group=tarnsund.group, title="Julmarknad", kind="event", **days)
        noted = {"day": MONDAY, "what": "campaign", "text": "Kampanj i hamnen"}
        ReportingEvent.objects.create(group=tarnsund.group, **noted)
        SourceSeries.objects.create(group=tarnsund.group, name="Trygga", unit="andel", source="Mätningen")
        tarnsund.viktor.user.set_unusable_password()
        tarnsund.viktor.user.save()
    return tarnsund


@pytest.fixture
def carin(meeting_town: Town, signed_in: SignIn) -> Client:
    client = signed_in(meeting_town.carin)
    client.raise_request_exception = False
    return client


@pytest.fixture
def stranger(meeting_town: Town) -> Client:
    client = Client()
    client.raise_request_exception = False
    return client


@pytest.fixture
def site(meeting_town: Town, carin: Client, stranger: Client) -> tuple[Site, Site]:
    """What Carin finds, and what somebody finds who is not signed in."""
    file = SimpleUploadedFile("nya.geojson", collection(feature(square(11.95, 57.90), name="Nya hamnen")))
    upload = {"file": file, "layer": "est", "valid_from": "2026-11-24"}
    report = carin.post("/g/tarnsund/settings/areas/import/", upload)["Location"]
    with tenancy.inside(meeting_town.group):
        _from_elsewhere(meeting_town.organisations["municipality"], meeting_town.carin)
    narrowed = [f"/g/tarnsund/incidents/?{choice}" for choice in ("kind=event", "state=open")]  # saved, and not saved
    return (
        Site().crawl(carin, "/", "/g/tarnsund/", report, *narrowed),
        Site().crawl(stranger, reverse("account_login"), password_path(meeting_town.rut.user)),
    )
