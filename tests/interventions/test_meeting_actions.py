"""What a meeting decides: numbered, linked, append-only, and never twice for one form."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from est_site.models import AuditEvent, Document, Job, JobState, Notification
from interventions.actions import (
    NewIntervention,
    Stale,
    close_meeting,
    follow_up,
    order_preparation,
    prepare_meeting,
    start_intervention,
    write_note,
)
from interventions.models import AgendaItem, Decision, Edition, Intervention
from situation.actions import NotAllowed, open_meeting
from situation.models import Meeting, Picture
from situation.schedule import plan_meeting
from tests.cast import NOW, Town, make_incident

TUESDAY = NOW + timedelta(days=1, hours=17)


def patrol(town: Town, **fields) -> NewIntervention:
    return NewIntervention(
        what="Väktarna går Hamnplan till 02",
        responsible=town.organisations["guards"],
        area=town.areas["Hamnen"],
        first_day=date(2026, 11, 27),
        last_day=date(2026, 11, 28),
        **fields,
    )


def started(town: Town, meeting: Meeting, **fields) -> Decision:
    return start_intervention(
        meeting=meeting, new=patrol(town, **fields), client_uuid=uuid.uuid4(), by=town.carin, now=TUESDAY
    )


def test_a_new_intervention_is_running_and_its_decision_is_numbered_by_the_week(inside: Town, opened: Meeting) -> None:
    decision = started(inside, opened)
    assert decision.reference == "48:1"
    assert decision.intervention.status == "running"


def test_numbers_run_on_within_the_meeting(inside: Town, opened: Meeting) -> None:
    assert [started(inside, opened).number for _ in range(3)] == [1, 2, 3]


def test_the_same_form_twice_is_one_decision(inside: Town, opened: Meeting) -> None:
    form = uuid.uuid4()
    for _ in range(2):
        start_intervention(meeting=opened, new=patrol(inside), client_uuid=form, by=inside.carin, now=TUESDAY)
    assert Decision.objects.count() == 1
    assert Intervention.objects.count() == 1


@pytest.mark.parametrize(("kind", "status"), [("continue", "running"), ("expand", "running"), ("end", "ended")])
def test_a_follow_up_leads_where_the_table_says(inside: Town, opened: Meeting, kind: str, status: str) -> None:
    intervention = started(inside, opened).intervention
    follow_up(
        meeting=opened, intervention=intervention, kind=kind, client_uuid=uuid.uuid4(), by=inside.carin, now=TUESDAY
    )
    intervention.refresh_from_db()
    assert intervention.status == status


def test_replacing_links_the_successor_and_decides_on_it_too(inside: Town, opened: Meeting) -> None:
    intervention = started(inside, opened).intervention
    follow_up(
        meeting=opened,
        intervention=intervention,
        kind="replace",
        reason="Ronden gick inte förbi kiosken",
        successor=patrol(inside),
        client_uuid=uuid.uuid4(),
        by=inside.carin,
        now=TUESDAY,
    )
    heir = Intervention.objects.get(replaces=intervention)
    assert [d.kind for d in opened.decisions.all()] == ["start", "replace", "start"]
    assert heir.status == "running"


def test_replacing_without_a_successor_is_refused(inside: Town, opened: Meeting) -> None:
    intervention = started(inside, opened).intervention
    with pytest.raises(ValidationError):
        follow_up(
            meeting=opened,
            intervention=intervention,
            kind="replace",
            client_uuid=uuid.uuid4(),
            by=inside.carin,
            now=NOW,
        )


def test_an_ended_intervention_cannot_be_continued(inside: Town, opened: Meeting) -> None:
    intervention = started(inside, opened).intervention
    follow_up(
        meeting=opened, intervention=intervention, kind="end", client_uuid=uuid.uuid4(), by=inside.carin, now=TUESDAY
    )
    with pytest.raises(NotAllowed):
        follow_up(
            meeting=opened,
            intervention=intervention,
            kind="continue",
            client_uuid=uuid.uuid4(),
            by=inside.carin,
            now=NOW,
        )


def test_nothing_is_decided_in_a_meeting_that_is_not_open(inside: Town, planned: Meeting) -> None:
    with pytest.raises(NotAllowed):
        started(inside, planned)
    assert Decision.objects.count() == 0


def test_preparing_freezes_orders_and_tells_once_however_often_it_runs(inside: Town, planned: Meeting) -> None:
    make_incident(inside)
    for _ in range(2):
        prepare_meeting(meeting=planned, now=TUESDAY)
    assert Picture.objects.count() == 1
    assert AgendaItem.objects.count() == 10
    assert [d.kind for d in Document.objects.all()] == ["agenda"]
    assert {n.member_id for n in Notification.objects.all()} == {
        inside.carin.pk,
        inside.maja.pk,
        inside.pontus.pk,
        inside.hanna.pk,
    }


@pytest.mark.parametrize("before", [JobState.DUE, JobState.PARKED])
def test_an_agenda_that_is_ordered_is_due_now_also_when_its_job_had_stopped(
    inside: Town, planned: Meeting, before: str
) -> None:
    tomorrow = TUESDAY + timedelta(days=1)
    Job.objects.filter(kind="meeting.prepare").update(state=before, attempts=10, due_at=tomorrow)
    job = order_preparation(meeting=planned, by=inside.carin, now=TUESDAY)
    job.refresh_from_db()
    assert (job.state, job.due_at) == (JobState.DUE, TUESDAY)
    assert '"what": "meeting.order"' in AuditEvent.objects.latest("n").body


def test_a_sitting_that_is_over_invites_nobody(inside: Town, planned: Meeting) -> None:
    prepare_meeting(meeting=planned, now=planned.ends_at)
    assert not Notification.objects.exists()


def test_an_invitation_makes_no_sense_after_the_sitting(inside: Town, planned: Meeting) -> None:
    prepare_meeting(meeting=planned, now=TUESDAY)
    assert {job.last_sensible_at for job in Job.objects.filter(kind="mail.send")} == {planned.ends_at}


def test_a_follow_up_nobody_decided_on_comes_back_and_says_so(inside: Town, opened: Meeting) -> None:
    started(inside, opened, follow_up_on=date(2026, 12, 1))
    close_meeting(meeting=opened, by=inside.carin, now=TUESDAY)
    silent = _next_meeting(inside, opened)
    prepare_meeting(meeting=silent, now=TUESDAY + timedelta(weeks=1))
    open_meeting(meeting=silent, by=inside.carin, now=TUESDAY + timedelta(weeks=1))
    minutes = close_meeting(meeting=silent, by=inside.carin, now=TUESDAY + timedelta(weeks=1))
    assert [line["what"] for line in minutes.frozen["undecided"]] == ["Väktarna går Hamnplan till 02"]
    after = _next_meeting(inside, silent)
    prepare_meeting(meeting=after, now=TUESDAY + timedelta(weeks=2))
    [line] = AgendaItem.objects.get(meeting=after, kind="follow_up").reasons
    assert line["kind"] == "carried"


def _next_meeting(town: Town, meeting: Meeting) -> Meeting:
    from est_site.partners.models import Period

    first = meeting.period.last_day + timedelta(days=1)
    period = Period.objects.create(group=town.group, first_day=first, last_day=first + timedelta(days=6))
    return plan_meeting(group=town.group, period=period)


def test_closing_freezes_the_minutes_and_orders_their_document(inside: Town, opened: Meeting) -> None:
    started(inside, opened)
    edition = close_meeting(meeting=opened, by=inside.carin, now=TUESDAY)
    assert [line["number"] for line in edition.frozen["decisions"]] == ["48:1"]
    assert Document.objects.get(kind="minutes").subject_id == edition.pk
    assert Job.objects.filter(kind="document.make").count() == 1


def test_closing_twice_is_closing_once(inside: Town, opened: Meeting) -> None:
    editions = [close_meeting(meeting=opened, by=inside.carin, now=TUESDAY) for _ in range(2)]
    assert editions[0] == editions[1]
    assert Edition.objects.count() == 1


def test_a_note_somebody_else_changed_meanwhile_is_not_overwritten(inside: Town, planned: Meeting) -> None:
    prepare_meeting(meeting=planned, now=TUESDAY)
    meeting = open_meeting(meeting=planned, by=inside.carin, now=TUESDAY)
    item = AgendaItem.objects.get(meeting=meeting, kind="round")
    write_note(item=item, note="Alla har svarat", version=1, by=inside.carin, now=TUESDAY)
    with pytest.raises(Stale):
        write_note(item=item, note="Väktarna tysta", version=1, by=inside.carin, now=TUESDAY)
    item.refresh_from_db()
    assert item.note == "Alla har svarat"


def test_a_limited_intervention_never_stands_in_the_minutes(inside: Town, opened: Meeting) -> None:
    started(inside, opened, visibility="police")
    edition = close_meeting(meeting=opened, by=inside.carin, now=TUESDAY)
    assert edition.frozen["decisions"] == []


def test_every_action_leaves_one_event_in_the_chain(inside: Town, opened: Meeting) -> None:
    before = AuditEvent.objects.count()
    started(inside, opened)
    assert AuditEvent.objects.count() == before + 1
