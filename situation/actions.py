"""Writes of the situation rooms: planning ahead, freezing the picture, running a sitting."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from est_site import audit
from est_site.partners.models import Area, Group, Membership, Organisation, Period
from situation import (
    ahead,
    driven,
    picture,
    presence_rows,
    quality,
    quality_rows,
    rows,
    schedule,
    source_rows,
    verdicts,
    wording,
)
from situation.models import MEETING_TRANSITIONS, Assessment, Attendance, Evaluation, Meeting, MeetingState, Picture


class NotAllowed(Exception):
    """The meeting is in a state that does not allow this: 409, nothing written."""


def move(meeting: Meeting, to: str) -> None:
    """Change the state by the table of transitions, or raise `NotAllowed`."""
    if to not in MEETING_TRANSITIONS[meeting.state]:
        raise NotAllowed(f"{meeting.state} -> {to}")
    meeting.state = to


@transaction.atomic
def freeze_picture(*, meeting: Meeting, now: datetime, by: Membership | None = None, again: bool = False) -> Picture:
    """Freeze the figures of the meeting's period; the one already frozen unless asked to do it `again`."""
    Meeting.objects.select_for_update().get(pk=meeting.pk)
    latest = meeting.pictures.order_by("-version").first()
    if latest is not None and not again:
        return latest
    frozen = Picture.objects.create(
        group_id=meeting.group_id,
        meeting=meeting,
        period=meeting.period,
        version=latest.version + 1 if latest else 1,
        frozen=frozen_figures(meeting.period, group=meeting.group, cut_off=now),
        cut_off=now,
        method=picture.METHOD,
    )
    Period.objects.filter(pk=meeting.period_id, frozen_at__isnull=True).update(frozen_at=now)
    Evaluation.objects.filter(period=meeting.period_id).delete()
    audit.append(what="picture.freeze", by=by, on=frozen, now=now)
    return frozen


@transaction.atomic
def evaluate_period(*, period: Period, now: datetime) -> Evaluation | None:
    """Judge a period that has ended and is not frozen, in the place of the last time, and come back the next night.

    None where there is nothing to judge: it goes on, or its picture is frozen. A day is judged once.
    """
    period = Period.objects.select_for_update().get(pk=period.pk)
    group, today = period.group, now.astimezone(period.group.zone).date()
    if period.frozen_at is not None:
        return None
    if today <= period.last_day:  # it was made longer since this was ordered
        schedule.order_evaluation(period, group, after=period.last_day)
        return None
    latest = Evaluation.objects.filter(period=period).first()
    if latest is not None and latest.cut_off.astimezone(group.zone).date() == today:
        return latest
    found, _created = Evaluation.objects.update_or_create(
        group=group,
        period=period,
        defaults={
            "figures": frozen_figures(period, group=group, cut_off=now),
            "cut_off": now,
            "method": picture.METHOD,
        },
    )
    if today - period.last_day <= wording.LATE:
        schedule.order_evaluation(period, group, after=today)
    audit.append(what="picture.evaluate", by=None, on=found, now=now)
    return found


def frozen_figures(period: Period, *, group: Group, cut_off: datetime, judged: bool = True) -> dict[str, Any]:
    """What is frozen of a period: its picture, and how each figure compares with the past."""
    material = rows.gather(period, group=group, cut_off=cut_off)
    known: dict[str, Any] = {
        "presence": presence_rows.figures(period, group=group, cut_off=cut_off),
        "ahead": ahead.figures(period, group=group, cut_off=cut_off),
        "sources": source_rows.figures(group, cut_off, until=period.last_day),
    }
    if not judged:
        return picture.assemble(material) | known
    past = rows.history(period, material, back=verdicts.PERIODS_BACK)
    evaluated = verdicts.evaluated(past)
    needed = driven.needed(evaluated)
    told = rows.told(group.pk, needed, cut_off) if needed else []
    found = evaluated.found | {"driven": driven.driven(past, evaluated, told)}
    before = quality.compared(evaluated)
    reported = quality_rows.reported(period, before, group=group, cut_off=cut_off)
    known["quality"] = quality.figures(past, before, reported)
    first = material.earlier[0].first if material.earlier else period.first_day
    noted = quality_rows.noted(group.pk, first, period.last_day)
    known["events"] = quality.events(material, noted, evaluated)
    return picture.assemble(material) | known | {"verdicts": found}


@transaction.atomic
def open_meeting(*, meeting: Meeting, by: Membership, now: datetime) -> Meeting:
    """Start the sitting. Every organisation gets its line of attendance, absent until somebody says otherwise."""
    meeting = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if meeting.state == MeetingState.OPEN:
        return meeting
    move(meeting, MeetingState.OPEN)
    meeting.opened_at, meeting.opened_by = now, by
    meeting.version += 1
    meeting.save()
    Attendance.objects.bulk_create(
        [
            Attendance(group_id=meeting.group_id, meeting=meeting, organisation=organisation)
            for organisation in Organisation.objects.filter(group_id=meeting.group_id).active()
        ],
        ignore_conflicts=True,
    )
    audit.append(what="meeting.open", by=by, on=meeting, now=now)
    return meeting


@transaction.atomic
def set_attendance(
    *,
    meeting: Meeting,
    present: Collection[int],
    stand_ins: Collection[int] = (),
    guests: str = "",
    by: Membership,
    now: datetime,
) -> Meeting:
    """Mark exactly these organisations as present, and which of them by a stand-in; guests as the minutes will say."""
    meeting = open_now(meeting)
    there = set(present) | set(stand_ins)
    lines = Attendance.objects.filter(meeting=meeting)
    lines.filter(organisation_id__in=stand_ins).update(present=True, stand_in=True)
    lines.filter(organisation_id__in=there.difference(stand_ins)).update(present=True, stand_in=False)
    lines.exclude(organisation_id__in=there).update(present=False, stand_in=False)
    Meeting.objects.filter(pk=meeting.pk).update(guests=guests)
    touch(meeting)
    audit.append(what="meeting.attendance", by=by, on=meeting, now=now, count=len(there))
    return meeting


@transaction.atomic
def set_colour(*, meeting: Meeting, area: Area, colour: str, by: Membership, now: datetime) -> Assessment:
    """The colour the meeting gives an area; said again, it replaces what was said in this meeting."""
    meeting = open_now(meeting)
    assessment, _created = Assessment.objects.update_or_create(
        group_id=meeting.group_id,
        meeting=meeting,
        area=area,
        defaults={"colour": colour, "set_at": now, "set_by": by},
    )
    assessment.full_clean(exclude=["group", "meeting", "area", "set_by"], validate_constraints=False)
    touch(meeting)
    audit.append(what="meeting.colour", by=by, on=assessment, now=now, fields=["colour"])
    return assessment


def locked(meeting: Meeting, *states: str) -> Meeting:
    """The meeting as it is now, its row locked until the end; raises `NotAllowed` unless it is in one of the states, if any."""
    rows = Meeting.objects.select_for_update(of=("self",)).select_related("group", "period")
    meeting = rows.get(pk=meeting.pk)
    if states and meeting.state not in states:
        raise NotAllowed(meeting.state)
    return meeting


def open_now(meeting: Meeting) -> Meeting:
    """The meeting, locked; raises `NotAllowed` unless it is under way."""
    return locked(meeting, MeetingState.OPEN)


def to_come(meeting: Meeting) -> Meeting:
    """The meeting, locked; raises `NotAllowed` when it is over."""
    return locked(meeting, MeetingState.PLANNED, MeetingState.OPEN)


def touch(meeting: Meeting) -> None:
    """What others see of the meeting has changed."""
    Meeting.objects.filter(pk=meeting.pk).update(version=F("version") + 1)
