"""Three years of meetings: attendance, decisions, frozen pictures and minutes, written as they would have been."""

from __future__ import annotations

import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from est_site import audit
from est_site.models import Job
from est_site.partners.models import Area, Category, Group, Membership, Organisation, Period, Place
from interventions import agenda, minutes
from interventions.actions import order_document, running_for
from interventions.models import AgendaItem, Decision, Edition, EditionKind, Intervention
from reviews.demo import prepared, truth, words
from situation import picture
from situation.actions import frozen_figures
from situation.models import Assessment, Attendance, Meeting, MeetingState, Picture
from situation.schedule import plan_meeting

JUDGED = 8  # meetings whose picture compares each figure with its past; those before are as they were frozen then
DOCUMENTS = 4  # meetings whose PDFs are made at once; a worker makes the others when somebody asks


@dataclass
class Cast:
    """Who and what the meetings talk about."""

    group: Group
    coordinator: Membership
    organisations: dict[str, Organisation]
    areas: dict[str, Area]
    places: dict[str, list[Place]]
    categories: dict[str, Category]

    @classmethod
    def of(cls, group: Group) -> Cast:
        places: dict[str, list[Place]] = {}
        for place in Place.objects.filter(group=group).select_related("area").order_by("id"):
            places.setdefault(place.area.name if place.area else "", []).append(place)
        return cls(
            group=group,
            coordinator=Membership.objects.select_related("organisation").get(group=group, role="coordinator"),
            organisations={o.name: o for o in Organisation.objects.filter(group=group)},
            areas={a.name: a for a in Area.objects.filter(group=group)},
            places=places,
            categories={c.code: c for c in Category.objects.filter(group=group)},
        )


def meetings(group: Group, now: datetime) -> None:
    """One sitting after each past period that is over and whose meeting time has come."""
    cast = Cast.of(group)
    starts: dict[int, list[truth.Effect]] = {}
    for effect in (*truth.EFFECTS, *truth.RUNNING):
        starts.setdefault(effect.first_week, []).append(effect)
    running: list[tuple[truth.Effect, Intervention]] = []
    today = now.astimezone(group.zone).date()
    periods = Period.objects.filter(group=group, last_day__lt=today).regular()
    for week, period in enumerate(periods):
        meeting = plan_meeting(group=group, period=period)
        if meeting.ends_at > now:
            break
        rng = random.Random(truth.SEED * 7 + week)  # noqa: S311  invented data
        judged = week >= len(periods) - JUDGED
        running = _hold(cast, meeting, week, starts.get(week, []), running, rng, judged=judged)
    # what prepares a meeting was ordered with it; these were prepared as they were written
    Job.objects.filter(group=group, kind="meeting.prepare").delete()
    Meeting.objects.filter(group=group, state=MeetingState.PLANNED).delete()
    audit.append(what="meetings.demo", by=None, on=group, now=now, count=len(periods))


def _hold(
    cast: Cast,
    meeting: Meeting,
    week: int,
    new: Sequence[truth.Effect],
    running: list[tuple[truth.Effect, Intervention]],
    rng: random.Random,
    *,
    judged: bool,
) -> list[tuple[truth.Effect, Intervention]]:
    group, begins = cast.group, meeting.starts_at
    made_at = begins - timedelta(hours=group.prepare_lead_hours)
    frozen = Picture.objects.create(
        group=group,
        meeting=meeting,
        period=meeting.period,
        frozen=frozen_figures(meeting.period, group=group, cut_off=made_at, judged=judged),
        cut_off=made_at,
        method=picture.METHOD,
    )
    Period.objects.filter(pk=meeting.period_id).update(frozen_at=made_at)
    items = agenda.build_agenda(frozen.frozen, running_for(meeting), day=meeting.local_start.date())
    _write_items(meeting, items, rng)
    meeting.opened_by = cast.coordinator
    if rng.random() < 0.6:
        prepared.told(meeting, cast.organisations, rng)
    Edition.objects.create(
        group=group,
        meeting=meeting,
        kind=EditionKind.AGENDA,
        frozen=minutes.agenda_content(meeting, frozen, AgendaItem.objects.on_the_agenda(meeting)),
        frozen_at=made_at,
    )
    Attendance.objects.bulk_create(
        Attendance(group=group, meeting=meeting, organisation=o, present=rng.random() < 0.9)
        for o in cast.organisations.values()
    )
    _assess(cast, meeting, frozen, rng)
    still = _follow_up(cast, meeting, week, running, rng)
    still += [(effect, _start(cast, meeting, effect)) for effect in new]
    meeting.state = MeetingState.CLOSED
    meeting.prepared_at, meeting.opened_at, meeting.closed_at = made_at, begins, begins + timedelta(minutes=44)
    meeting.closed_by = cast.coordinator
    meeting.save()
    Edition.objects.create(
        group=group,
        meeting=meeting,
        kind=EditionKind.MINUTES,
        frozen=minutes.minutes_content(meeting),
        frozen_at=meeting.closed_at,
        frozen_by=cast.coordinator,
    )
    return still


def _write_items(meeting: Meeting, items: Sequence[agenda.Item], rng: random.Random) -> None:
    notes = {
        "round": rng.choice(words.ROUND),
        "coming": rng.choice(words.COMING),
    }
    AgendaItem.objects.bulk_create(
        AgendaItem(
            group_id=meeting.group_id, meeting=meeting, position=n, kind=kind, reasons=reasons, note=notes.get(kind, "")
        )
        for n, (kind, reasons) in enumerate(items, start=1)
    )


def _assess(cast: Cast, meeting: Meeting, frozen: Picture, rng: random.Random) -> None:
    """Red far above the mean, yellow somewhat, else green; now and then the room sees it otherwise."""
    by_id = {area.pk: area for area in cast.areas.values()}
    rows = []
    for area, count, mean in frozen.frozen["area_totals"]:
        if area not in by_id:
            continue
        above = count - (mean or count)
        colour = "red" if above > 7 else "yellow" if above > 3 or rng.random() < 0.04 else "green"
        rows.append(
            Assessment(
                group=cast.group,
                meeting=meeting,
                area=by_id[area],
                colour=colour,
                set_at=meeting.starts_at + timedelta(minutes=22),
                set_by=cast.coordinator,
            )
        )
    Assessment.objects.bulk_create(rows)


def _follow_up(
    cast: Cast, meeting: Meeting, week: int, running: list[tuple[truth.Effect, Intervention]], rng: random.Random
) -> list[tuple[truth.Effect, Intervention]]:
    """Every running intervention: done or not and why, then on or ended. Now and then one is left for next time."""
    still = []
    for effect, intervention in running:
        ends = week >= effect.first_week + effect.weeks
        if not ends and rng.random() < 0.08:
            still.append((effect, intervention))
            continue
        kind = "end" if ends else "expand" if rng.random() < 0.05 else "continue"
        delivered = rng.choices(["done", "partly", "not"], [0.72, 0.2, 0.08])[0]
        reason = rng.choice(words.REASONS[kind])
        if delivered != "done":
            reason = f"{rng.choice(words.NOT_DONE)} {reason}".strip()
        intervention.status = "ended" if ends else "running"
        intervention.follow_up_on = None if ends else _next(meeting)
        if ends:
            intervention.last_day = meeting.local_start.date()
        intervention.version += 1
        intervention.save()
        _decide(cast, meeting, intervention, kind, delivered, reason)
        if not ends:
            still.append((effect, intervention))
    return still


def _start(cast: Cast, meeting: Meeting, effect: truth.Effect) -> Intervention:
    choices = words.INTERVENTIONS[effect.category]
    what, kind, who = choices[effect.number % len(choices)]
    spots = cast.places.get(effect.area, [])
    place = spots[effect.number % len(spots)] if spots else None
    day = meeting.local_start.date()
    intervention = Intervention.objects.create(
        group=cast.group,
        what=what.format(place=place.name if place else effect.area),
        why=f"Fler händelser än vanligt i {effect.area}. Synlig närvaro och ordning gör platsen mindre lockande.",
        type=kind,
        area=cast.areas[effect.area],
        place=place,
        category=cast.categories[effect.category],
        first_day=day,
        responsible=cast.organisations[who],
        status="running",
        follow_up_on=_next(meeting),
        client_uuid=uuid.uuid5(uuid.NAMESPACE_URL, f"{cast.group.slug}/intervention/{effect.number}"),
    )
    _decide(cast, meeting, intervention, "start", "", intervention.why)
    return intervention


def _decide(cast: Cast, meeting: Meeting, intervention: Intervention, kind: str, delivered: str, reason: str) -> None:
    number = meeting.decisions.count() + 1
    Decision.objects.create(
        group=cast.group,
        intervention=intervention,
        meeting=meeting,
        number=number,
        kind=kind,
        delivered=delivered,
        reason=reason,
        what=intervention.what,
        follow_up_on=intervention.follow_up_on,
        decided_at=meeting.starts_at + timedelta(minutes=10 + number),
        decided_by=cast.coordinator,
        client_uuid=uuid.uuid5(uuid.NAMESPACE_URL, f"{cast.group.slug}/decision/{meeting.period.first_day}/{number}"),
    )


def _next(meeting: Meeting) -> date:
    return meeting.local_start.date() + timedelta(weeks=1)


def order_last_documents(group: Group, now: datetime) -> None:
    """Ask for the PDFs of the last meetings; the rest are made when somebody asks for them."""
    last = Meeting.objects.filter(group=group, state=MeetingState.CLOSED).order_by("-starts_at")[:DOCUMENTS]
    for edition in Edition.objects.filter(meeting__in=list(last)).select_related("meeting__group"):
        order_document(edition, now=now)
