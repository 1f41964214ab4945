"""The group's rhythm and its calendar: whatever is edited, each day lies in exactly one period."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from io import StringIO
from itertools import pairwise
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from est_site import tenancy
from est_site.models import AuditEvent, Job, JobState, Notification
from est_site.partners import actions
from est_site.partners.calendar import extend_periods
from est_site.partners.editing import Stale
from est_site.partners.models import Category, Group, Membership, Period, User
from situation.models import Meeting
from situation.schedule import plan_ahead
from tests.cast import NOW, Town
from tests.conftest import SignIn
from tests.partners.conftest import page

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


def last_event() -> str:
    return str(AuditEvent.objects.order_by("-n").values_list("body", flat=True)[0])


def rows(town: Town) -> list[Period]:
    return list(Period.objects.filter(group=town.group).regular())


def labels(town: Town) -> list[str]:
    return [period.label for period in rows(town) if period.last_day >= TODAY]


def assert_whole(periods: list[Period]) -> None:
    for before, after in pairwise(periods):
        assert after.first_day == before.last_day + timedelta(days=1)


@pytest.fixture
def ahead(inside: Town) -> Town:
    """Tärnsund with its periods and sittings up to 2027-W02, over a year of 53 weeks."""
    plan_ahead(group=inside.group, now=NOW)
    return inside


def at(town: Town, label: str) -> Period:
    return next(period for period in rows(town) if period.label == label)


def merge(town: Town, first: str, last: str) -> Period:
    return actions.merge_periods(by=town.carin, first=at(town, first), last=at(town, last), now=NOW)


# --- edits of the calendar -------------------------------------------------------------------------


def test_two_periods_are_looked_at_together(ahead: Town) -> None:
    merge(ahead, "2026-W52", "2026-W53")
    assert labels(ahead) == [
        *("2026-W47", "2026-W48", "2026-W49", "2026-W50", "2026-W51", "2026-W52–53", "2027-W01", "2027-W02"),
    ]
    assert '"what": "period.merge"' in last_event()


def test_merged_periods_have_one_sitting_after_the_last_day(ahead: Town) -> None:
    kept = merge(ahead, "2026-W52", "2026-W53")
    (meeting,) = Meeting.objects.filter(period=kept)
    assert meeting.starts_at == datetime(2027, 1, 5, 8, 0, tzinfo=UTC)
    assert Meeting.objects.filter(starts_at__gt=NOW).count() == len(labels(ahead))


def test_the_sitting_that_is_not_held_is_not_prepared(ahead: Town) -> None:
    gone = Meeting.objects.get(period=at(ahead, "2026-W53"))
    merge(ahead, "2026-W52", "2026-W53")
    assert Job.objects.get(dedupe_key=f"meeting.prepare:{gone.pk}").state == JobState.CANCELLED


def test_the_deadline_moves_with_the_sitting(ahead: Town) -> None:
    kept = merge(ahead, "2026-W52", "2026-W53")
    kept.refresh_from_db()
    assert kept.deadline == datetime(2027, 1, 4, 8, 0, tzinfo=UTC)


def test_a_cancelled_periods_days_are_looked_at_with_the_next(ahead: Town) -> None:
    actions.cancel_period(by=ahead.carin, period=at(ahead, "2026-W51"), now=NOW)
    assert "2026-W51–52" in labels(ahead)
    assert_whole(rows(ahead))


def test_the_last_period_there_is_can_be_cancelled_too(ahead: Town) -> None:
    actions.cancel_period(by=ahead.carin, period=rows(ahead)[-1], now=NOW)
    assert labels(ahead)[-1] == "2027-W02–03"


@pytest.mark.parametrize("days", [-2, 3])
def test_a_period_ends_on_another_day_and_the_next_begins_after_it(days: int, ahead: Town) -> None:
    period = at(ahead, "2026-W50")
    last_day = period.last_day + timedelta(days=days)
    assert actions.move_period(by=ahead.carin, period=period, last_day=last_day, now=NOW).last_day == last_day
    assert_whole(rows(ahead))


def test_the_next_period_keeps_a_day(ahead: Town) -> None:
    period = at(ahead, "2026-W50")
    with pytest.raises(ValidationError):
        actions.move_period(by=ahead.carin, period=period, last_day=period.last_day + timedelta(days=7), now=NOW)


def test_a_period_cannot_end_before_it_begins(ahead: Town) -> None:
    period = at(ahead, "2026-W50")
    with pytest.raises(ValidationError):
        actions.move_period(by=ahead.carin, period=period, last_day=period.first_day - timedelta(days=1), now=NOW)


def test_what_has_been_is_not_changed(ahead: Town) -> None:
    with pytest.raises(ValidationError):
        merge(ahead, "2026-W45", "2026-W46")


def test_the_period_that_is_going_on_may_take_in_the_next(ahead: Town) -> None:
    assert merge(ahead, "2026-W47", "2026-W48").label == "2026-W47–48"


def test_a_frozen_period_is_not_changed(ahead: Town) -> None:
    Period.objects.filter(pk=at(ahead, "2026-W50").pk).update(frozen_at=NOW)
    with pytest.raises(ValidationError):
        merge(ahead, "2026-W50", "2026-W51")


def test_one_period_alone_cannot_be_merged(ahead: Town) -> None:
    with pytest.raises(ValidationError):
        merge(ahead, "2026-W50", "2026-W50")


EDITS = st.lists(
    st.tuples(st.sampled_from(["merge", "cancel", "move"]), st.integers(0, 9), st.integers(-9, 15)), max_size=8
)


@given(EDITS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_after_any_edits_each_day_lies_in_exactly_one_period(ahead: Town, edits: list[tuple[str, int, int]]) -> None:
    with transaction.atomic():
        first, last = rows(ahead)[0].first_day, rows(ahead)[-1].last_day
        for edit, n, by in edits:
            coming = [period for period in rows(ahead) if period.last_day >= TODAY]
            period = coming[n % len(coming)]
            try:
                with transaction.atomic():
                    if edit == "merge":
                        later = coming[min(n % len(coming) + abs(by) % 4, len(coming) - 1)]
                        actions.merge_periods(by=ahead.carin, first=period, last=later, now=NOW)
                    elif edit == "cancel":
                        actions.cancel_period(by=ahead.carin, period=period, now=NOW)
                    else:
                        last_day = period.last_day + timedelta(days=by)
                        actions.move_period(by=ahead.carin, period=period, last_day=last_day, now=NOW)
            except ValidationError:
                pass
        after = rows(ahead)
        assert_whole(after)
        assert after[0].first_day == first
        assert after[-1].last_day >= last
        held = Meeting.objects.filter(period__last_day__gte=TODAY).values_list("period", flat=True)
        assert len(held) == len(set(held))
        transaction.set_rollback(True)


# --- the schedule ----------------------------------------------------------------------------------


def test_planned_sittings_move_to_the_new_weekday(ahead: Town) -> None:
    actions.change_schedule(by=ahead.carin, version=1, weekday=4, meeting_time=time(13, 30), now=NOW)
    meeting = Meeting.objects.get(period=at(ahead, "2026-W48"))
    assert meeting.starts_at == datetime(2026, 12, 3, 12, 30, tzinfo=UTC)
    assert '"fields": ["meeting_time", "weekday"]' in last_event()


def test_a_new_rhythm_begins_after_the_periods_already_made(ahead: Town) -> None:
    before = labels(ahead)
    actions.change_schedule(by=ahead.carin, version=1, cadence=2, now=NOW)
    ahead.group.refresh_from_db()
    extend_periods(ahead.group, date(2027, 2, 14))
    assert labels(ahead)[: len(before)] == before
    assert labels(ahead)[len(before) :] == ["2027-W03–04", "2027-W05–06"]
    assert_whole(rows(ahead))


def test_a_schedule_saved_meanwhile_is_not_overwritten(ahead: Town) -> None:
    actions.change_schedule(by=ahead.carin, version=1, weekday=4, now=NOW)
    with pytest.raises(Stale):
        actions.change_schedule(by=ahead.carin, version=1, weekday=5, now=NOW)


def form(**changes: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "version": 1,
        "cadence": 1,
        "weekday": 2,
        "meeting_time": "09:00",
        "meeting_minutes": 45,
        "meeting_place": "",
        "deadline_lead_hours": 24,
        "prepare_lead_hours": 2,
        "review_cadence": "quarter",
        "language": "sv",
        "small_number": 5,
        "correction_hours": 48,
    }
    return values | changes


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, 302),
        ({"meeting_minutes": 5}, 302),
        ({"meeting_minutes": 4}, 422),
        ({"meeting_minutes": 480}, 302),
        ({"meeting_minutes": 481}, 422),
        ({"deadline_lead_hours": 168}, 302),
        ({"deadline_lead_hours": 169}, 422),
        ({"prepare_lead_hours": 24}, 302),
        ({"prepare_lead_hours": 25}, 422),
        ({"prepare_lead_hours": 0}, 422),
        ({"correction_hours": 0}, 302),
        ({"correction_hours": 168}, 302),
        ({"correction_hours": 169}, 422),
        ({"small_number": 3}, 302),
        ({"small_number": 2}, 422),
        ({"small_number": 10}, 302),
        ({"small_number": 11}, 422),
        ({"weekday": 8}, 422),
        ({"meeting_time": "25:00"}, 422),
        ({"meeting_place": "p" * 121}, 422),
    ],
)
def test_the_schedules_limits(changes: dict[str, Any], status: int, tarnsund: Town, signed_in: SignIn) -> None:
    url = page(tarnsund.carin, "schedule/change/")
    assert signed_in(tarnsund.carin).post(url, form(**changes)).status_code == status


def test_two_who_change_the_schedule_are_told(tarnsund: Town, signed_in: SignIn) -> None:
    client, url = signed_in(tarnsund.carin), page(tarnsund.carin, "schedule/change/")
    client.post(url, form(weekday=3))
    response = client.post(url, form(weekday=4))
    text = response.content.decode()
    assert response.status_code == 409
    assert "onsdag" in text
    assert "torsdag" in text


def test_the_page_shows_week_53_with_its_deadline(tarnsund: Town, signed_in: SignIn) -> None:
    with tenancy.inside(tarnsund.group):
        plan_ahead(group=tarnsund.group, now=NOW)
    text = signed_in(tarnsund.carin).get(page(tarnsund.carin, "schedule/")).content.decode()
    assert "2026-W53" in text
    assert "2027-W01" in text


def test_periods_are_edited_without_a_script(tarnsund: Town, signed_in: SignIn) -> None:
    with tenancy.inside(tarnsund.group):
        plan_ahead(group=tarnsund.group, now=NOW)
    client = signed_in(tarnsund.carin)
    first, last = at_labels(tarnsund, "2026-W52"), at_labels(tarnsund, "2026-W53")
    client.post(page(tarnsund.carin, "schedule/merge/"), {"first": first.pk, "last": last.pk})
    moved = at_labels(tarnsund, "2026-W49")
    client.post(page(tarnsund.carin, f"schedule/{moved.pk}/move/"), {"last_day": "2026-12-07"})
    cancelled = at_labels(tarnsund, "2027-W01")
    client.post(page(tarnsund.carin, f"schedule/{cancelled.pk}/cancel/"))
    with tenancy.inside(tarnsund.group):
        assert "2026-W52–53" in labels(tarnsund)
        assert at_date(tarnsund, date(2026, 12, 7)) == moved.pk
        assert_whole(rows(tarnsund))


def at_labels(town: Town, label: str) -> Period:
    with tenancy.inside(town.group):
        return at(town, label)


def at_date(town: Town, day: date) -> int:
    return int(Period.objects.filter(group=town.group).regular().containing(day).get().pk)


def test_merging_past_periods_is_refused_in_words(tarnsund: Town, signed_in: SignIn) -> None:
    old = tarnsund.periods[0]
    response = signed_in(tarnsund.carin).post(
        page(tarnsund.carin, "schedule/merge/"), {"first": old.pk, "last": old.pk}
    )
    assert response.status_code == 422


# --- a new group -----------------------------------------------------------------------------------


def create(**changes: Any) -> Group:
    values: dict[str, Any] = {
        "slug": "nyby",
        "name": "Nyby",
        "municipality": "Nyby kommun",
        "first_period": date(2026, 11, 2),
        "now": NOW,
    }
    return actions.create_group(**(values | changes))


def test_a_new_group_has_its_categories_and_its_periods(db: None) -> None:
    group = create()
    with tenancy.inside(group):
        assert Category.objects.top().count() == 12
        assert_whole(list(Period.objects.regular()))
        assert Period.objects.regular().containing(TODAY + timedelta(weeks=8)).exists()
        assert '"what": "group.create"' in last_event()


def test_a_group_may_meet_every_second_week(db: None) -> None:
    group = create(cadence=2)
    with tenancy.inside(group):
        assert {period.last_day - period.first_day for period in Period.objects.regular()} == {timedelta(days=13)}


@pytest.mark.parametrize(
    "changes",
    [{"first_period": date(2026, 11, 3)}, {"time_zone": "Europe/Ankeborg"}, {"slug": "Ny by"}, {"name": ""}],
)
def test_a_group_that_cannot_be_is_refused(changes: dict[str, Any], db: None) -> None:
    with pytest.raises(ValidationError):
        create(**changes)
    assert not Group.objects.filter(name="Nyby").exists()


def test_an_address_is_given_to_one_group(db: None) -> None:
    create()
    with pytest.raises(ValidationError):
        create()


def run(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_the_command_makes_a_group_and_invites_its_coordinator(db: None) -> None:
    text = run(
        *("create_group", "nyby", "Nyby", "--municipality", "Nyby kommun", "--first-period", "2026-11-02"),
        *("--coordinator-email", "karin@nyby.example", "--coordinator-name", "Karin", "--organisation", "Nyby"),
    )
    assert "/g/nyby/" in text
    with tenancy.inside(Group.objects.get(slug="nyby")):
        (karin,) = Membership.objects.select_related("user", "organisation")
        assert (karin.role, karin.user.email, karin.organisation.name) == ("coordinator", "karin@nyby.example", "Nyby")
        assert Notification.objects.get().kind == "invitation"


def test_the_command_says_what_is_wrong(db: None) -> None:
    with pytest.raises(CommandError, match="first_period: 2026-11-03 is not a Monday"):
        run("create_group", "nyby", "Nyby", "--municipality", "N", "--first-period", "2026-11-03")


def test_a_coordinator_has_both_address_and_name(db: None) -> None:
    with pytest.raises(CommandError, match="go together"):
        run(
            *("create_group", "nyby", "Nyby", "--municipality", "N", "--first-period", "2026-11-02"),
            *("--coordinator-email", "karin@nyby.example"),
        )


def test_an_administrator_is_made_once_and_gets_a_link(db: None) -> None:
    text = run("create_administrator", "Ada@est.example", "Ada")
    run("create_administrator", "ada@est.example", "Ada")
    ada = User.objects.get()
    assert (ada.email, ada.is_administrator, ada.has_usable_password()) == ("ada@est.example", True, False)
    assert "/account/password/choose/" in text


def test_a_known_person_becomes_administrator_and_keeps_the_password(tarnsund: Town) -> None:
    text = run("create_administrator", "carin@tarnsund.example", "Carin")
    assert "choose" not in text
    assert User.objects.get(email="carin@tarnsund.example").has_usable_password()
