"""What became of an observation: which picture it was in, what was decided about the same place, how far that has come."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from est_site import jobs, slots, tenancy
from est_site.models import Notification
from est_site.partners.actions import choose_weekly_mail
from est_site.partners.models import Membership, User
from incidents import actions as incident_actions
from incidents.models import Incident, Visibility
from interventions.actions import NewIntervention, close_meeting, follow_up, prepare_meeting, start_intervention
from interventions.models import Decision, Intervention
from situation.actions import open_meeting
from situation.models import Meeting
from situation.schedule import plan_meeting
from tests import cast
from tests.conftest import SignIn

MEETING = cast.NOW + timedelta(days=1, hours=17)  # Tuesday
LATER = MEETING + timedelta(days=3)


def planned(town: cast.Town) -> Meeting:
    return plan_meeting(group=town.group, period=town.periods[-1])


def prepared(town: cast.Town) -> Meeting:
    meeting = planned(town)
    prepare_meeting(meeting=meeting, now=MEETING - timedelta(hours=2))
    return Meeting.objects.get(pk=meeting.pk)


def opened(town: cast.Town) -> Meeting:
    return open_meeting(meeting=prepared(town), by=town.carin, now=MEETING)


def decide(town: cast.Town, meeting: Meeting, **said: Any) -> Decision:
    new = NewIntervention("Fler lampor", town.organisations["municipality"], cast.NOW.date(), **said)
    return start_intervention(meeting=meeting, new=new, client_uuid=uuid.uuid4(), by=town.carin, now=MEETING)


def close(town: cast.Town, meeting: Meeting) -> None:
    close_meeting(meeting=meeting, by=town.carin, now=MEETING + timedelta(minutes=45))


def said(town: cast.Town, incident: Incident, member: Membership | None = None) -> list[str]:
    """The sentences about the picture."""
    cards = slots.cards("incident.became", member or town.rut, [Incident.objects.get(pk=incident.pk)], LATER)
    return [card.context["said"] for card in cards if card.template == "situation/became.html"]


def decided(town: cast.Town, incident: Incident, member: Membership | None = None) -> list[str]:
    cards = slots.cards("incident.became", member or town.rut, [Incident.objects.get(pk=incident.pk)], LATER)
    (card,) = [card for card in cards if card.template == "interventions/became.html"]
    return [line.decision.what for line in card.context["lines"]]


# --- the picture -------------------------------------------------------------------------------------------


def test_before_the_freezing_it_is_said_which_picture_it_comes_into(inside: cast.Town) -> None:
    incident = cast.make_incident(inside)
    assert said(inside, incident) == ["Inget möte är planerat än som tittar på dess period."]
    planned(inside)
    assert said(inside, incident) == ["Kommer med i lägesbilden för vecka 47, mötet är 24 november."]


def test_after_the_meeting_it_is_said_which_picture_it_was_in(inside: cast.Town) -> None:
    incident, meeting = cast.make_incident(inside), opened(inside)
    assert said(inside, incident) == ["Är med i lägesbilden för vecka 47, mötet är 24 november."]
    close(inside, meeting)
    assert said(inside, incident) == ["Var med i lägesbilden för vecka 47, möte 24 november."]


def test_what_came_late_was_not_in_the_frozen_picture(inside: cast.Town) -> None:
    close(inside, opened(inside))
    late = cast.make_incident(inside, recorded_at=LATER)
    assert said(inside, late) == ["Kom efter att lägesbilden för vecka 47 frystes; den aktuella bilden har med den."]


def test_what_was_withdrawn_afterwards_was_in_it_all_the_same(inside: cast.Town) -> None:
    before, after = cast.make_incident(inside), cast.make_incident(inside)
    take_back: Any = {"by": inside.rut, "reason": "double"}
    incident_actions.withdraw_incident(incident=before, now=cast.NOW, **take_back)
    close(inside, opened(inside))
    incident_actions.withdraw_incident(incident=after, now=LATER, **take_back)
    assert said(inside, before) == []
    assert said(inside, after) == ["Var med i lägesbilden för vecka 47, möte 24 november."]


def test_what_was_moved_to_another_week_afterwards_was_in_the_picture_of_the_first(inside: cast.Town) -> None:
    row = cast.make_incident(inside)
    close(inside, opened(inside))
    then = row.occurred_from - timedelta(days=7)
    times = {"occurred_from": then, "occurred_to": then}
    what = {"category": row.category, "area": row.area}
    incident_actions.correct_incident(by=inside.rut, incident=row, version=1, now=LATER, **what, **times)
    assert said(inside, row) == [
        "Var med i lägesbilden för vecka 47, möte 24 november.",
        "Inget möte är planerat än som tittar på dess period.",
    ]


@pytest.mark.parametrize("visibility", [Visibility.ORGANISATION, Visibility.POLICE])
def test_a_limited_observation_was_in_no_picture(inside: cast.Town, visibility: str) -> None:
    incident = cast.make_incident(inside, visibility=visibility)
    close(inside, opened(inside))
    assert said(inside, incident) == [
        "Den är begränsad till dem som får se den, så ingen gemensam lägesbild räknar den."
    ]


def test_a_reporter_follows_the_observations_of_their_own_organisation_alone(inside: cast.Town) -> None:
    incident = cast.make_incident(inside)
    close(inside, opened(inside))
    cards = slots.cards("incident.became", inside.viktor, [incident], LATER)
    assert cards == []
    assert said(inside, incident, inside.maja) != []


# --- the decisions -----------------------------------------------------------------------------------------


def test_a_decision_about_the_same_place_is_named_once_the_meeting_is_over(inside: cast.Town) -> None:
    kiosk = inside.places["kiosken"]
    incident, meeting = cast.make_incident(inside, place=kiosk), opened(inside)
    decide(inside, meeting, place=kiosk)
    assert decided(inside, incident) == []
    close(inside, meeting)
    assert decided(inside, incident) == ["Fler lampor"]


@pytest.mark.parametrize(
    ("category", "area", "named"),
    [
        ("graffiti", "Hamnen", True),
        ("damage", "Hamnen", True),
        ("damage", None, True),
        ("damage", "Centrum", False),
        ("gathering", "Hamnen", False),
        (None, "Hamnen", False),
    ],
)
def test_without_a_place_the_kind_and_the_area_must_be_the_same(
    inside: cast.Town, category: str | None, area: str | None, named: bool
) -> None:
    incident, meeting = cast.make_incident(inside), opened(inside)
    chosen: dict[str, Any] = {"category": inside.categories[category] if category else None}
    decide(inside, meeting, area=inside.areas[area] if area else None, **chosen)
    close(inside, meeting)
    assert bool(decided(inside, incident)) == named


def test_another_place_is_another_matter(inside: cast.Town) -> None:
    incident, meeting = cast.make_incident(inside, place=inside.places["kiosken"]), opened(inside)
    decide(inside, meeting, place=inside.places["tunneln"], category=inside.categories["damage"])
    close(inside, meeting)
    assert decided(inside, incident) == []


def test_a_limited_intervention_is_named_to_its_own_organisation_alone(inside: cast.Town) -> None:
    incident, meeting = cast.make_incident(inside, place=inside.places["kiosken"]), opened(inside)
    decide(inside, meeting, place=inside.places["kiosken"], visibility=Visibility.ORGANISATION)
    close(inside, meeting)
    assert decided(inside, incident) == []
    assert decided(inside, incident, inside.hanna) == []
    assert decided(inside, incident, inside.maja) == ["Fler lampor"]


def test_how_far_it_has_come_is_said_on_the_page(tarnsund: cast.Town, signed_in: SignIn) -> None:
    with tenancy.inside(tarnsund.group):
        kiosk = tarnsund.places["kiosken"]
        incident, meeting = cast.make_incident(tarnsund, place=kiosk), opened(tarnsund)
        decision = decide(tarnsund, meeting, place=kiosk)
        close(tarnsund, meeting)
        url = f"/g/tarnsund/incidents/{incident.pk}/"
    assert "Inte uppföljt än." in signed_in(tarnsund.rut).get(url).content.decode()
    with tenancy.inside(tarnsund.group):
        period = tarnsund.periods[-1]
        following = type(period).objects.create(
            group=tarnsund.group,
            first_day=period.first_day + timedelta(days=7),
            last_day=period.last_day + timedelta(days=7),
        )
        second = plan_meeting(group=tarnsund.group, period=following)
        second = open_meeting(meeting=second, by=tarnsund.carin, now=LATER)
        intervention = Intervention.objects.get(pk=decision.intervention_id)
        answer: dict[str, Any] = {"kind": "end", "delivered": "done", "reason": "Klart"}
        follow_up(
            meeting=second, intervention=intervention, client_uuid=uuid.uuid4(), by=tarnsund.carin, now=LATER, **answer
        )
        close_meeting(meeting=second, by=tarnsund.carin, now=LATER)
    page = signed_in(tarnsund.rut).get(url).content.decode()
    assert "Fler lampor (starta). Hittills, 1 december: avsluta, gjort." in page


def test_nothing_is_claimed_where_nothing_is_linked(tarnsund: cast.Town, signed_in: SignIn) -> None:
    with tenancy.inside(tarnsund.group):
        incident = cast.make_incident(tarnsund)
    page = signed_in(tarnsund.rut).get(f"/g/tarnsund/incidents/{incident.pk}/").content.decode()
    assert "Inget beslut nämner den än." in page


def test_the_slot_asks_as_often_for_many_as_for_one(inside: cast.Town) -> None:
    many = [cast.make_incident(inside, place=inside.places["kiosken"]) for _n in range(12)]
    meeting = opened(inside)
    decide(inside, meeting, place=inside.places["kiosken"])
    close(inside, meeting)
    rows = list(Incident.objects.select_related("category", "group"))
    asked = []
    for few in (rows[:1], rows):
        with CaptureQueriesContext(connection) as queries:
            slots.cards("incident.became", inside.rut, few, LATER)
        asked.append(len(queries))
    assert len(many) == 12
    assert asked[0] == asked[1] <= 5  # small questions: one that joins nine tables takes longer to plan than to answer


# --- letters -----------------------------------------------------------------------------------------------


@pytest.fixture
def letters(settings: Any) -> Any:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    return mail.outbox


def meet(town: cast.Town) -> None:
    """The meeting is closed and everything that is due is done."""
    with tenancy.inside(town.group):
        close(town, opened(town))
    with time_machine.travel(LATER, tick=False):
        jobs.work_off(LATER)


def to(letters: Any, member: Membership) -> list[Any]:
    return [one for one in letters if one.to == [member.user.email] and "Vad det blev" in one.subject]


def test_who_asked_for_it_gets_one_letter_with_a_link_and_no_words_of_theirs(tarnsund: cast.Town, letters: Any) -> None:
    with tenancy.inside(tarnsund.group):
        cast.make_incident(tarnsund, text="Sprejat på muren")
        cast.make_incident(tarnsund, reporter=tarnsund.hanna)
        choose_weekly_mail(by=tarnsund.rut, wanted=True, now=cast.NOW)
    meet(tarnsund)
    (letter,) = to(letters, tarnsund.rut)
    assert "Du loggade 1 observation vecka 47." in letter.body
    assert "/g/tarnsund/report/mine/" in letter.body
    assert "Sprejat" not in letter.body
    assert to(letters, tarnsund.hanna) == []


def test_who_logged_nothing_of_that_week_gets_none(tarnsund: cast.Town, letters: Any) -> None:
    with tenancy.inside(tarnsund.group):
        cast.make_incident(tarnsund, at=cast.NOW - timedelta(days=14))
        choose_weekly_mail(by=tarnsund.rut, wanted=True, now=cast.NOW)
    meet(tarnsund)
    assert to(letters, tarnsund.rut) == []


def test_a_closed_account_gets_none(tarnsund: cast.Town, letters: Any) -> None:
    with tenancy.inside(tarnsund.group):
        cast.make_incident(tarnsund)
        choose_weekly_mail(by=tarnsund.rut, wanted=True, now=cast.NOW)
        close(tarnsund, opened(tarnsund))
    User.objects.filter(pk=tarnsund.rut.user_id).update(is_active=False)
    jobs.work_off(LATER)
    assert to(letters, tarnsund.rut) == []
    with tenancy.inside(tarnsund.group):
        assert not Notification.objects.filter(kind="incident.became", sent_at__isnull=False).exists()


def test_an_account_closed_after_the_letter_was_decided_gets_none_either(tarnsund: cast.Town, letters: Any) -> None:
    with tenancy.inside(tarnsund.group):
        cast.make_incident(tarnsund)
        choose_weekly_mail(by=tarnsund.rut, wanted=True, now=cast.NOW)
        close(tarnsund, opened(tarnsund))
        ring = next(ring for ring in jobs.find_due(LATER) if ring.kind == "meeting.tell_reporters")
    jobs.run(ring, LATER)
    User.objects.filter(pk=tarnsund.rut.user_id).update(is_active=False)
    jobs.work_off(LATER)
    assert to(letters, tarnsund.rut) == []
