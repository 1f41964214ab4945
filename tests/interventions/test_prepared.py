"""What the organisations bring: the word round the table, what was done, and proposals the meeting says yes or no to."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from est_site import tenancy
from est_site.partners.models import Membership
from incidents.models import Visibility
from interventions import live
from interventions.actions import (
    NewIntervention,
    Stale,
    close_meeting,
    follow_up,
    prepare_meeting,
    propose,
    say_delivered,
    start_intervention,
    take_up,
    withdraw_proposal,
    write_round_note,
)
from interventions.models import (
    TRANSITIONS,
    AgendaItem,
    Decision,
    DecisionKind,
    DeliverySaid,
    Intervention,
    InterventionStatus,
    RoundNote,
)
from situation.actions import NotAllowed, open_meeting
from situation.models import Meeting
from situation.schedule import plan_meeting
from tests.cast import NOW, Town
from tests.conftest import SignIn
from tests.interventions.conftest import following

pytestmark = pytest.mark.django_db
TUESDAY = NOW + timedelta(days=1, hours=17)


@pytest.fixture
def prepared(inside: Town) -> Meeting:
    return prepare_meeting(meeting=plan_meeting(group=inside.group, period=inside.periods[-1]), now=NOW)


def opened(town: Town, meeting: Meeting) -> Meeting:
    return open_meeting(meeting=meeting, by=town.carin, now=TUESDAY)


def something(town: Town, **fields: Any) -> NewIntervention:
    return NewIntervention(
        **{
            "what": "Klipp häcken vid tunneln",
            "responsible": town.organisations["housing"],
            "area": town.areas["Stationsområdet"],
            "first_day": date(2026, 11, 25),
        }
        | fields
    )


def proposed(town: Town, by: Membership | None = None, **fields: Any) -> Intervention:
    return propose(new=something(town, **fields), client_uuid=uuid.uuid4(), by=by or town.hanna, now=NOW)


def running(town: Town, meeting: Meeting) -> Intervention:
    new = something(town, follow_up_on=date(2026, 11, 24))
    return start_intervention(
        meeting=meeting, new=new, client_uuid=uuid.uuid4(), by=town.carin, now=TUESDAY
    ).intervention


def reasons(meeting: Meeting, kind: str) -> list[dict[str, Any]]:
    return AgendaItem.objects.get(meeting=meeting, kind=kind).reasons


def note(town: Town, meeting: Meeting, text: str, version: int = 0) -> RoundNote:
    return write_round_note(meeting=meeting, text=text, version=version, by=town.hanna, now=NOW)


def test_a_note_round_the_table_stands_in_the_minutes_under_the_organisations_name(
    inside: Town, prepared: Meeting, signed_in: SignIn
) -> None:
    note(inside, prepared, "Trasig lampa vid tunneln.")
    opened(inside, prepared)
    edition = close_meeting(meeting=prepared, by=inside.carin, now=TUESDAY)
    page = signed_in(inside.carin).get(f"/g/tarnsund/documents/{edition.pk}/").text
    assert "<b>Tärnsundsbostäder</b>: Trasig lampa vid tunneln." in page
    assert "Hanna" not in page


def test_two_colleagues_who_write_at_once_lose_nothing(inside: Town, prepared: Meeting, signed_in: SignIn) -> None:
    note(inside, prepared, "Först")
    with pytest.raises(Stale):
        note(inside, prepared, "Sedan", version=0)
    address = f"/g/tarnsund/meetings/{prepared.pk}/own/note/"
    answer = signed_in(inside.hanna).post(address, {"text": "Sedan", "version": 0})
    assert answer.status_code == 409
    assert "Först" in answer.text
    assert "Sedan" in answer.text


def test_the_room_sees_who_brought_what_with_the_silent_ones_last(inside: Town, prepared: Meeting) -> None:
    note(inside, prepared, "Trasig lampa.")
    opened(inside, prepared)
    take_up(item=AgendaItem.objects.get(meeting=prepared, kind="round"), by=inside.carin, now=TUESDAY)
    rows = live.stage(prepared).rows
    assert (rows[0].lead, rows[0].text) == ("Tärnsundsbostäder", "Trasig lampa.")
    assert rows[-1].lead == "Har inte sagt något"


def test_calm_said_on_the_page_counts_for_the_period_of_the_meeting(
    inside: Town, prepared: Meeting, signed_in: SignIn
) -> None:
    page = signed_in(inside.hanna)
    page.post(f"/g/tarnsund/meetings/{prepared.pk}/own/calm/")
    assert "Lugnt hos Tärnsundsbostäder vecka" in page.get(f"/g/tarnsund/meetings/{prepared.pk}/own/").text


def test_what_was_done_is_said_again_and_replaces_what_was_said(inside: Town, prepared: Meeting) -> None:
    opened(inside, prepared)
    pk = running(inside, prepared).pk
    for said in (("partly", "Regn"), ("done", "")):
        say_delivered(meeting=prepared, said={pk: said}, by=inside.hanna, now=TUESDAY)
    assert [(one.delivered, one.why) for one in DeliverySaid.objects.all()] == [("done", "")]


def test_not_done_needs_a_reason_and_changes_nothing_without(inside: Town, prepared: Meeting) -> None:
    opened(inside, prepared)
    pk = running(inside, prepared).pk
    with pytest.raises(ValidationError):
        say_delivered(meeting=prepared, said={pk: ("not", " ")}, by=inside.hanna, now=TUESDAY)
    assert not DeliverySaid.objects.exists()


def test_nobody_says_what_anothers_intervention_did(inside: Town, prepared: Meeting) -> None:
    opened(inside, prepared)
    pk = running(inside, prepared).pk
    with pytest.raises(NotAllowed):
        say_delivered(meeting=prepared, said={pk: ("done", "")}, by=inside.pontus, now=TUESDAY)


def test_the_minutes_say_what_was_said_to_be_done_where_the_meeting_said_nothing_else(
    inside: Town, prepared: Meeting
) -> None:
    opened(inside, prepared)
    one = running(inside, prepared)
    say_delivered(meeting=prepared, said={one.pk: ("partly", "Regn")}, by=inside.hanna, now=TUESDAY)
    follow_up(
        meeting=prepared, intervention=one, kind="continue", client_uuid=uuid.uuid4(), by=inside.carin, now=TUESDAY
    )
    edition = close_meeting(meeting=prepared, by=inside.carin, now=TUESDAY)
    assert [(line["delivered"], line["why"]) for line in edition.frozen["follow_up"]] == [("partly", "Regn")]


def test_a_proposal_stands_on_the_agenda_with_who_proposed_it(inside: Town) -> None:
    proposed(inside)
    meeting = prepare_meeting(meeting=plan_meeting(group=inside.group, period=inside.periods[-1]), now=NOW)
    assert [(one["by"], one["carried"]) for one in reasons(meeting, "decisions")] == [("Tärnsundsbostäder", False)]


def test_a_proposal_nobody_decided_on_comes_back_and_says_so(inside: Town, prepared: Meeting) -> None:
    proposed(inside)
    opened(inside, prepared)
    close_meeting(meeting=prepared, by=inside.carin, now=TUESDAY)
    later = plan_meeting(group=inside.group, period=following(inside))
    prepare_meeting(meeting=later, now=TUESDAY + timedelta(days=6))
    assert [one["carried"] for one in reasons(later, "decisions")] == [True]


def test_a_limited_proposal_reaches_neither_the_agenda_nor_the_wall(inside: Town) -> None:
    proposed(inside, visibility=Visibility.ORGANISATION)
    meeting = prepare_meeting(meeting=plan_meeting(group=inside.group, period=inside.periods[-1]), now=NOW)
    opened(inside, meeting)
    take_up(item=AgendaItem.objects.get(meeting=meeting, kind="decisions"), by=inside.carin, now=TUESDAY)
    assert reasons(meeting, "decisions") == []
    assert live.stage(meeting).rows == []


def test_a_proposal_that_is_started_runs_and_is_followed_up(inside: Town, prepared: Meeting, signed_in: SignIn) -> None:
    row = proposed(inside)
    opened(inside, prepared)
    address = f"/g/tarnsund/meetings/{prepared.pk}/proposal/{row.pk}/"
    sent = {"kind": "start", "client_uuid": uuid.uuid4(), "follow_up_on": "2026-12-01"}
    for _twice in range(2):
        assert signed_in(inside.carin).post(address, sent).status_code == 302
    with tenancy.inside(inside.group):
        row.refresh_from_db()
        assert (row.status, row.follow_up_on) == ("running", date(2026, 12, 1))
        assert Decision.objects.filter(intervention=row).count() == 1


def test_a_proposal_is_not_dropped_without_a_reason(inside: Town, prepared: Meeting, signed_in: SignIn) -> None:
    row = proposed(inside)
    opened(inside, prepared)
    address = f"/g/tarnsund/meetings/{prepared.pk}/proposal/{row.pk}/"
    answer = signed_in(inside.carin).post(address, {"kind": "drop", "client_uuid": uuid.uuid4()})
    assert answer.status_code == 422
    with tenancy.inside(inside.group):
        row.refresh_from_db()
        assert row.status == "proposed"


def test_a_dropped_proposal_is_never_followed_up_and_the_minutes_say_why(inside: Town, prepared: Meeting) -> None:
    row = proposed(inside)
    opened(inside, prepared)
    said = {"kind": "drop", "reason": "Görs redan", "follow_up_on": date(2026, 12, 1), "client_uuid": uuid.uuid4()}
    follow_up(meeting=prepared, intervention=row, by=inside.carin, now=TUESDAY, **said)
    row.refresh_from_db()
    assert (row.status, row.follow_up_on) == ("dropped", None)
    edition = close_meeting(meeting=prepared, by=inside.carin, now=TUESDAY)
    assert [(line["kind"], line["reason"]) for line in edition.frozen["decisions"]] == [("drop", "Görs redan")]


def test_only_the_organisation_that_proposed_it_takes_it_back(inside: Town) -> None:
    row = proposed(inside)
    with pytest.raises(NotAllowed):
        withdraw_proposal(intervention=row, by=inside.pontus, now=NOW)
    for _twice in range(2):
        assert withdraw_proposal(intervention=row, by=inside.hanna, now=NOW).status == "dropped"


def test_what_is_decided_on_is_not_taken_back(inside: Town, prepared: Meeting) -> None:
    row = proposed(inside)
    opened(inside, prepared)
    follow_up(meeting=prepared, intervention=row, kind="start", client_uuid=uuid.uuid4(), by=inside.carin, now=TUESDAY)
    with pytest.raises(NotAllowed):
        withdraw_proposal(intervention=row, by=inside.hanna, now=TUESDAY)


@pytest.mark.parametrize(
    ("status", "kind"),
    [pair for pair in product(InterventionStatus.values, DecisionKind.values) if pair not in TRANSITIONS],
)
def test_what_the_table_does_not_allow_is_refused_and_writes_nothing(
    inside: Town, prepared: Meeting, status: str, kind: str
) -> None:
    row = proposed(inside)
    Intervention.objects.filter(pk=row.pk).update(status=status)
    opened(inside, prepared)
    successor = something(inside) if kind == "replace" else None
    with pytest.raises(NotAllowed):
        follow_up(
            meeting=prepared,
            intervention=row,
            kind=kind,
            reason="Därför",
            successor=successor,
            client_uuid=uuid.uuid4(),
            by=inside.carin,
            now=TUESDAY,
        )
    row.refresh_from_db()
    assert (row.status, Decision.objects.count(), Intervention.objects.count()) == (status, 0, 1)


def test_the_own_page_asks_as_often_for_many_interventions_as_for_one(
    inside: Town, prepared: Meeting, signed_in: SignIn, django_assert_num_queries: Callable[..., Any]
) -> None:
    opened(inside, prepared)
    running(inside, prepared)
    proposed(inside)
    page, address = signed_in(inside.hanna), f"/g/tarnsund/meetings/{prepared.pk}/own/"
    with CaptureQueriesContext(connection) as few:
        page.get(address)
    with tenancy.inside(inside.group):
        for _n in range(8):
            running(inside, prepared)
            proposed(inside)
    with django_assert_num_queries(len(few)):
        page.get(address)


def test_a_meeting_that_is_over_shows_what_was_brought_and_takes_no_more(
    inside: Town, prepared: Meeting, signed_in: SignIn
) -> None:
    note(inside, prepared, "Trasig lampa.")
    opened(inside, prepared)
    close_meeting(meeting=prepared, by=inside.carin, now=TUESDAY)
    page, address = signed_in(inside.hanna), f"/g/tarnsund/meetings/{prepared.pk}/own/"
    assert "Trasig lampa." in page.get(address).text
    assert "Spara anteckningen" not in page.get(address).text
    page.post(f"{address}note/", {"text": "För sent", "version": 1})
    with tenancy.inside(inside.group):
        assert RoundNote.objects.get().text == "Trasig lampa."
