"""The calendar of sittings: made ahead once, at the group's wall time, each with the job that prepares it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from est_site import jobs, tenancy
from est_site.models import Job, JobState
from est_site.partners.actions import schedule
from est_site.partners.models import Group, Period
from situation.models import Meeting
from situation.schedule import HORIZON, move_meeting, plan_ahead, plan_meeting
from tests.cast import NOW, Town

pytestmark = pytest.mark.django_db
STOCKHOLM = ZoneInfo("Europe/Stockholm")


def prepares(meeting: Meeting) -> Job:
    return Job.objects.get(dedupe_key=f"meeting.prepare:{meeting.pk}")


def period(town: Town, first: date, weeks: int = 1) -> Period:
    return Period.objects.create(group=town.group, first_day=first, last_day=first + timedelta(days=7 * weeks - 1))


def wall(instant: datetime) -> str:
    return instant.astimezone(STOCKHOLM).strftime("%Y-%m-%d %H:%M")


def test_planning_twice_adds_nothing(inside: Town) -> None:
    planned = plan_ahead(group=inside.group, now=NOW)
    before = (Period.objects.count(), Meeting.objects.count(), Job.objects.count())
    assert planned
    assert plan_ahead(group=inside.group, now=NOW) == []
    assert (Period.objects.count(), Meeting.objects.count(), Job.objects.count()) == before


def test_every_day_up_to_the_horizon_has_its_period_and_every_period_its_sitting(inside: Town) -> None:
    plan_ahead(group=inside.group, now=NOW)
    today = NOW.astimezone(STOCKHOLM).date()
    ahead = Period.objects.regular().filter(last_day__gte=today)
    for n in range(HORIZON.days):
        assert ahead.containing(today + timedelta(days=n)).count() == 1
    assert not ahead.filter(meetings__isnull=True).exists()


def test_what_was_long_ago_gets_no_sitting_afterwards(inside: Town) -> None:
    plan_ahead(group=inside.group, now=NOW)
    assert not Meeting.objects.filter(period__in=inside.periods[:10]).exists()


def test_a_group_that_meets_every_second_week_has_half_as_many(inside: Town) -> None:
    Group.objects.filter(pk=inside.group.pk).update(cadence=2)
    planned = plan_ahead(group=Group.objects.get(), now=NOW)
    new = [one for one in planned if one.period.first_day > NOW.date()]
    assert {(one.period.last_day - one.period.first_day).days for one in new} == {13}
    starts = [one.starts_at for one in sorted(new, key=lambda one: one.starts_at)]
    assert {after - before for before, after in zip(starts, starts[1:], strict=False)} == {timedelta(weeks=2)}


def test_the_week_after_week_52_is_53_in_a_long_year(inside: Town) -> None:
    plan_ahead(group=inside.group, now=datetime(2026, 12, 1, tzinfo=STOCKHOLM))
    labels = [*Period.objects.regular().filter(first_day__gte="2026-12-21").values_list("first_day", flat=True)[:3]]
    assert [Period.objects.regular().get(first_day=day).label for day in labels] == ["2026-W52", "2026-W53", "2027-W01"]
    about_53 = Meeting.objects.get(period__first_day="2026-12-28")
    assert (wall(about_53.starts_at), about_53.number) == ("2027-01-05 09:00", "2027:01")


@pytest.mark.parametrize(
    ("monday", "before", "after"),
    [
        (date(2026, 10, 12), timedelta(hours=7), timedelta(hours=8)),  # clocks go back on 2026-10-25
        (date(2027, 3, 15), timedelta(hours=8), timedelta(hours=7)),  # and forward on 2027-03-28
    ],
)
def test_the_wall_time_stays_when_the_clocks_change(
    inside: Town, monday: date, before: timedelta, after: timedelta
) -> None:
    Period.objects.all().delete()
    sittings = [plan_meeting(group=inside.group, period=period(inside, monday + timedelta(weeks=n))) for n in (0, 1)]
    assert [wall(one.starts_at)[-5:] for one in sittings] == ["09:00", "09:00"]
    assert [wall(prepares(one).due_at)[-5:] for one in sittings] == ["07:00", "07:00"]
    utc = [timedelta(hours=one.starts_at.hour) for one in Meeting.objects.order_by("starts_at")]
    assert utc == [before, after]


def test_a_lead_across_the_change_of_clocks_is_counted_on_the_wall(inside: Town) -> None:
    Group.objects.filter(pk=inside.group.pk).update(weekday=1, meeting_time=time(2, 30), prepare_lead_hours=24)
    Period.objects.all().delete()
    group = Group.objects.get()
    meeting = plan_meeting(group=group, period=period(inside, date(2027, 3, 22)))
    assert wall(meeting.starts_at) == "2027-03-29 02:30"
    assert wall(prepares(meeting).due_at) == "2027-03-28 03:00"  # 02:30 did not exist that Sunday


def test_a_sitting_is_prepared_two_hours_before_it(inside: Town) -> None:
    meeting = plan_meeting(group=inside.group, period=inside.periods[-1])
    assert (wall(meeting.starts_at), wall(prepares(meeting).due_at)) == ("2026-11-24 09:00", "2026-11-24 07:00")


def test_moving_a_sitting_moves_what_prepares_it(inside: Town) -> None:
    meeting = plan_meeting(group=inside.group, period=inside.periods[-1])
    moved = move_meeting(meeting=meeting, starts_at=datetime(2026, 11, 26, 13, 30, tzinfo=STOCKHOLM))
    assert wall(prepares(meeting).due_at) == "2026-11-26 11:30"
    assert moved.ends_at - moved.starts_at == timedelta(minutes=45)


def test_moving_a_sitting_wakes_no_job_that_is_over(inside: Town) -> None:
    meeting = plan_meeting(group=inside.group, period=inside.periods[-1])
    Job.objects.update(state=JobState.DONE)
    due = prepares(meeting).due_at
    move_meeting(meeting=meeting, starts_at=datetime(2026, 11, 26, 13, 30, tzinfo=STOCKHOLM))
    assert (prepares(meeting).state, prepares(meeting).due_at) == (JobState.DONE, due)


def test_a_cancelled_period_has_no_sitting_and_nothing_is_prepared_for_it(inside: Town) -> None:
    plan_ahead(group=inside.group, now=NOW)
    gone = Period.objects.regular().get(first_day="2026-12-14")
    sitting = Meeting.objects.get(period__first_day="2026-12-21")
    schedule.cancel_period(by=inside.carin, period=gone, now=NOW)
    kept = Period.objects.regular().get(first_day="2026-12-14")
    assert kept.last_day == date(2026, 12, 27)
    assert Meeting.objects.filter(period=kept).count() == 1
    assert not Meeting.objects.filter(pk=sitting.pk).exists()
    assert prepares(sitting).state == JobState.CANCELLED
    assert plan_ahead(group=inside.group, now=NOW) == []


def test_a_new_length_holds_for_sittings_that_are_planned(inside: Town) -> None:
    plan_ahead(group=inside.group, now=NOW)
    schedule.change_schedule(by=inside.carin, version=inside.group.version, now=NOW, meeting_minutes=60)
    assert {one.ends_at - one.starts_at for one in Meeting.objects.filter(starts_at__gt=NOW)} == {timedelta(minutes=60)}


def test_each_group_plans_itself(tarnsund: Town, bjorkvik: Town) -> None:
    for town in (tarnsund, bjorkvik):
        with tenancy.inside(town.group):
            plan_ahead(group=town.group, now=NOW)
    next_week = NOW + timedelta(weeks=1)
    rings = [ring for ring in jobs.find_due(next_week) if ring.kind == "schedule.plan"]
    assert {ring.group_id for ring in rings} == {tarnsund.group.pk, bjorkvik.group.pk}


def test_the_plan_goes_on_by_itself(inside: Town) -> None:
    plan_ahead(group=inside.group, now=NOW)
    last = Meeting.objects.latest("starts_at").starts_at
    plan = Job.objects.get(kind="schedule.plan")
    assert wall(plan.due_at) == "2026-11-23 09:00"
    jobs.run(jobs.Ring(plan.pk, plan.group_id, plan.kind), plan.due_at)
    assert Meeting.objects.latest("starts_at").starts_at == last + timedelta(weeks=1)
    assert Job.objects.filter(kind="schedule.plan", state=JobState.DUE).count() == 1
