"""The one reminder before a meeting: to those who have said nothing, kindly, once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from est_site import jobs
from est_site.models import Job, Notification
from incidents.actions import report_calm
from incidents.models import Visibility
from interventions.letters import meeting_reminder
from interventions.reminding import remind_silent, silent
from situation.models import Meeting
from situation.schedule import move_meeting, plan_ahead
from tests.cast import NOW, Town, make_incident

pytestmark = pytest.mark.django_db


def names(town: Town, meeting: Meeting) -> set[str]:
    return {key for key, one in town.organisations.items() if one in silent(meeting)}


def test_who_reported_or_said_calm_is_not_silent(inside: Town, planned: Meeting) -> None:
    make_incident(inside, at=NOW, visibility=Visibility.ORGANISATION)  # by the housing company, for itself
    report_calm(by=inside.pontus, period=planned.period, now=NOW)
    assert names(inside, planned) == {"municipality", "guards"}


def test_who_is_not_expected_to_report_is_not_asked(inside: Town, planned: Meeting) -> None:
    guards = inside.organisations["guards"]
    guards.reports = False
    guards.save()
    assert "guards" not in names(inside, planned)


def test_those_who_speak_for_it_are_asked_once(inside: Town, planned: Meeting) -> None:
    for _twice in range(2):
        remind_silent(meeting=planned, now=NOW)
    asked = Notification.objects.filter(kind="meeting.reminder").values_list("member__user__name", flat=True)
    assert sorted(name.split()[0] for name in asked) == ["Carin", "Hanna", "Maja", "Pontus"]


def test_nobody_is_asked_when_the_meeting_has_begun(inside: Town, planned: Meeting) -> None:
    remind_silent(meeting=planned, now=planned.starts_at)
    assert not Notification.objects.exists()


def test_the_reminder_is_due_at_the_deadline_and_moves_with_the_meeting(inside: Town, planned: Meeting) -> None:
    job = Job.objects.get(kind="meeting.remind")
    assert (job.due_at, job.last_sensible_at) == (planned.starts_at - timedelta(hours=24), planned.starts_at)
    move_meeting(meeting=planned, starts_at=planned.starts_at + timedelta(days=1))
    job.refresh_from_db()
    planned.refresh_from_db()
    assert job.due_at == planned.starts_at - timedelta(hours=24)


def test_a_meeting_planned_before_there_were_reminders_gets_one(inside: Town, planned: Meeting) -> None:
    Job.objects.filter(kind="meeting.remind").delete()
    plan_ahead(group=inside.group, now=NOW - timedelta(days=1))
    assert Job.objects.filter(kind="meeting.remind", ids__meeting=planned.pk).count() == 1


def test_the_letter_is_friendly_and_leads_to_one_tap(inside: Town, planned: Meeting) -> None:
    remind_silent(meeting=planned, now=NOW)
    letter = meeting_reminder(Notification.objects.order_by("pk")[0])
    assert "lugnt" in letter.subject.lower() or "calm" in letter.subject.lower()
    assert f"/g/tarnsund/meetings/{planned.pk}/own/" in letter.body


def test_the_job_asks_at_its_hour(inside: Town, planned: Meeting) -> None:
    due = Job.objects.get(kind="meeting.remind").due_at
    for ring in jobs.find_due(due):
        if ring.kind == "meeting.remind":
            jobs.run(ring, due)
    assert Notification.objects.filter(kind="meeting.reminder").exists()
