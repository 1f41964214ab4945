"""Periods are rows made ahead from the group's cadence; moving, merging and cancelling are edits of rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Literal, cast

from est_site import periods
from est_site.partners.models import Group, Period, PeriodKind

# What hangs on a period (a sitting, its job) belongs to apps to the right, which follow when the calendar is edited:
# called with the periods that changed, those about to be deleted, and now.
Follower = Callable[[Sequence[Period], Sequence[Period], datetime], None]
_FOLLOWERS: list[Follower] = []


def follow(follower: Follower) -> None:
    """Called in an app's `apps.py`."""
    if follower not in _FOLLOWERS:
        _FOLLOWERS.append(follower)


def tell(*, changed: Sequence[Period], gone: Sequence[Period] = (), now: datetime) -> None:
    """Let those who follow the calendar move along, in the same transaction."""
    for follower in _FOLLOWERS:
        follower(changed, gone, now)


def due(group: Group, period: Period) -> tuple[datetime, datetime]:
    """(report deadline, start of the sitting) of a period, by the schedule as it is now."""
    day = periods.session_day(periods.Span("week", period.first_day, period.last_day), group.weekday)
    return (
        periods.due_before(day, group.meeting_time, group.deadline_lead_hours, group.zone),
        periods.local_instant(day, group.meeting_time, group.zone),
    )


def extend_periods(group: Group, until: date) -> list[Period]:
    """Make the rows that are missing so that every day up to `until` lies in one period of each kind.

    Goes on from the last row there is, so an edited calendar is never re-made.
    """
    made = []
    last = Period.objects.filter(group=group).regular().order_by("-last_day").first()
    start = last.last_day + timedelta(days=1) if last else group.first_period
    if start <= until:
        cadence = cast(Literal[1, 2], group.cadence)
        made += [
            Period(group=group, kind=PeriodKind.REGULAR, first_day=span.first_day, last_day=span.last_day)
            for span in periods.weekly_spans(start, cadence, until)
        ]
    review = Period.objects.filter(group=group, kind=PeriodKind.REVIEW).order_by("-last_day").first()
    start = review.last_day + timedelta(days=1) if review else group.first_period
    if start <= until:
        kind = cast(Literal["quarter", "tertial"], group.review_cadence)
        made += [
            Period(group=group, kind=PeriodKind.REVIEW, first_day=span.first_day, last_day=span.last_day)
            for span in periods.review_spans(kind, start, until)
        ]
    return Period.objects.bulk_create(made)
