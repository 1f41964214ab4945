"""The meeting screen's content: fetched in bulk, then put together without the database."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django import forms

from est_site.access import Permission, may
from est_site.models import Document
from est_site.partners.models import Area, Membership
from interventions import sheets
from interventions.actions import next_follow_up
from interventions.agenda import MINUTES
from interventions.forms import AttendanceForm, ColourForm, DecideForm, FollowUpForm, NoteForm
from interventions.models import AgendaItem, Decision, DeliverySaid, Edition, Information, Intervention, ItemKind
from interventions.rounds import Said, round_the_table
from situation import colour_rows
from situation.models import Assessment, Attendance, Meeting, MeetingState, Picture

Bound = dict[str, forms.Form]  # a form somebody sent in with errors, by its key


@dataclass
class Line:
    """One item of the agenda as it stands on the screen."""

    item: AgendaItem
    title: str
    minutes: int
    form: forms.Form | None
    done: bool

    @property
    def kind(self) -> str:
        return str(self.item.kind)

    @property
    def spent(self) -> int:
        """Whole minutes that it was at hand, without the time since it was taken up."""
        return int(self.item.seconds // 60)


@dataclass
class FollowUp:
    """One running intervention with what was decided on it here, or the form to decide."""

    intervention: Intervention
    reason: str  # why it is on the agenda: carried, due, running
    decision: Decision | None
    form: forms.Form | None
    said: DeliverySaid | None = None  # what the responsible organisation said before the meeting


@dataclass
class AreaColour:
    """One area with its colour here, the one it had before, and what the first vote says of it when it is shown."""

    area: Area
    given: Assessment | None
    form: forms.Form | None
    before: str
    votes: dict[str, int]


@dataclass
class Screen:
    meeting: Meeting
    runs: bool  # whether the reader may write here, now
    picture: Picture | None
    chairs: bool = False
    lines: list[Line] = field(default_factory=list)
    follow_ups: list[FollowUp] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    attendance: list[Attendance] = field(default_factory=list)
    attendance_form: forms.Form | None = None
    colours: list[AreaColour] = field(default_factory=list)
    meanings: list[tuple[str, str]] = field(default_factory=list)
    voted: int = 0  # organisations that have given their colours, while a vote goes on or is shown
    round: list[Said] = field(default_factory=list)
    proposals: list[Intervention] = field(default_factory=list)
    information: list[tuple[Information, bool]] = field(default_factory=list)
    decide_form: forms.Form | None = None
    editions: list[tuple[Edition, Document | None]] = field(default_factory=list)

    @property
    def arranges(self) -> bool:
        """Whether the reader may arrange the agenda now."""
        return self.chairs and self.meeting.state in (MeetingState.PLANNED, MeetingState.OPEN)

    @property
    def also(self) -> list[str]:
        """The hours and the presence that the frozen picture holds, as the minutes will say them."""
        return sheets.also(self.picture.frozen) if self.picture else []

    @property
    def given(self) -> list[Assessment]:
        return [one.given for one in self.colours if one.given]

    @property
    def left(self) -> list[FollowUp]:
        """Due today, and nobody has decided."""
        day = self.meeting.local_start.date()
        return [one for one in self.follow_ups if one.form and (one.intervention.follow_up_on or date.max) <= day]

    @property
    def present(self) -> int:
        return sum(line.present for line in self.attendance)


def build(meeting: Meeting, member: Membership, *, bound: Bound | None = None) -> Screen:
    """Everything the meeting's page shows this member; `bound` holds forms to show again with their errors."""
    bound = bound or {}
    runs = meeting.state == MeetingState.OPEN and may(member, Permission.RUN_MEETING)
    picture = meeting.pictures.order_by("-version").first()
    screen = Screen(meeting, runs, picture, may(member, Permission.RUN_MEETING))
    decided = {
        d.intervention_id: d
        for d in Decision.objects.visible_to(member)
        .filter(meeting=meeting)
        .exclude(kind__in=["start", "drop"])
        .select_related("intervention", "meeting__group")
    }
    screen.decisions = list(
        Decision.objects.visible_to(member)
        .filter(meeting=meeting)
        .select_related("intervention__responsible", "intervention__place", "intervention__area", "meeting__group")
        .defer("intervention__area__geometry")
        .order_by("number")
    )
    items = (
        list(AgendaItem.objects.on_the_agenda(meeting).seen_by(member, meeting).select_related("limited_to"))
        if meeting.prepared_at
        else []
    )
    screen.lines = [_line(item, runs, bound) for item in items]
    screen.follow_ups = _follow_ups(meeting, member, items, decided, runs, bound)
    screen.attendance = list(
        Attendance.objects.filter(meeting=meeting).select_related("organisation").order_by("organisation__name")
    )
    if runs:
        screen.attendance_form = bound.get("attendance") or AttendanceForm(
            lines=screen.attendance, guests=meeting.guests
        )
        screen.decide_form = bound.get("decide") or DecideForm(
            member=member, day=meeting.local_start.date(), initial=coming(meeting)
        )
    screen.colours = _colours(meeting, member, runs)
    screen.meanings = colour_rows.meanings(meeting.group_id)
    screen.voted = colour_rows.voted(meeting) if meeting.vote else 0
    screen.round = round_the_table(meeting, picture.frozen) if picture else []
    proposed = Intervention.objects.visible_to(member).proposed()
    if meeting.state != MeetingState.CLOSED:
        known = proposed.select_related("proposed_by", "responsible", "area", "place").defer("area__geometry")
        screen.proposals = list(known.order_by("pk"))
    screen.information = [(row, runs and row.status == "to_do") for row in _information(meeting, member)]
    return screen


def _line(item: AgendaItem, runs: bool, bound: Bound) -> Line:
    kind = ItemKind(item.kind)
    key = f"note-{item.pk}"
    form: forms.Form | None = None
    if runs:
        form = bound.get(key) or NoteForm(
            initial={"note": item.note, "version": item.version}, auto_id=f"id_{item.anchor}_%s"
        )
    return Line(item, item.title, MINUTES[kind], form, bool(item.note.strip()))


def _follow_ups(
    meeting: Meeting,
    member: Membership,
    items: list[AgendaItem],
    decided: dict[int, Decision],
    runs: bool,
    bound: Bound,
) -> list[FollowUp]:
    """In the agenda's order; what started running since stands last."""
    reasons = {r["intervention"]: r["kind"] for i in items if i.kind == ItemKind.FOLLOW_UP for r in i.reasons}
    visible = (
        Intervention.objects.visible_to(member).select_related("responsible", "area", "place").defer("area__geometry")
    )
    shown = {i.pk: i for i in visible.filter(pk__in=[*reasons, *decided])}
    order = [pk for pk in reasons if pk in shown] + [pk for pk in decided if pk in shown and pk not in reasons]
    said = {one.intervention_id: one for one in DeliverySaid.objects.filter(meeting=meeting, intervention__in=order)}
    following = next_follow_up(meeting)
    rows = []
    for pk in order:
        form: forms.Form | None = None
        if runs and pk not in decided and shown[pk].status == "running":
            known = {"delivered": said[pk].delivered, "reason": said[pk].why} if pk in said else {}
            form = bound.get(f"follow-{pk}") or FollowUpForm(
                initial={"follow_up_on": following} | known, auto_id=f"id_f{pk}_%s"
            )
        rows.append(FollowUp(shown[pk], reasons.get(pk, "running"), decided.get(pk), form, said.get(pk)))
    return rows


def _colours(meeting: Meeting, member: Membership, runs: bool) -> list[AreaColour]:
    areas = Area.objects.visible_to(member).est().on(meeting.local_start.date())
    given = {
        a.area_id: a for a in Assessment.objects.filter(meeting=meeting).select_related("area").defer("area__geometry")
    }
    before, votes = colour_rows.before(meeting), colour_rows.tally(meeting)
    rows = []
    for area in areas:
        initial = {"colour": given[area.pk].colour if area.pk in given else None}
        form = ColourForm(initial=initial, auto_id=f"id_a{area.pk}_%s") if runs else None
        rows.append(AreaColour(area, given.get(area.pk), form, before.get(area.pk, ""), votes.get(area.pk, {})))
    return rows


def _information(meeting: Meeting, member: Membership) -> list[Information]:
    """What this meeting decided to tell others, and what waits since an earlier one."""
    rows = Information.objects.visible_to(member).select_related("responsible", "meeting__group")
    here = rows.filter(meeting=meeting)
    if meeting.state == MeetingState.CLOSED:
        return list(here)
    return list(here | rows.waiting().filter(meeting__starts_at__lt=meeting.starts_at))


def coming(meeting: Meeting) -> dict[str, Any]:
    """A decision is for the coming week unless somebody says otherwise, and followed up at the next sitting."""
    today = meeting.local_start.date()
    return {
        "first_day": today,
        "last_day": today + timedelta(days=7 * meeting.group.cadence - 1),
        "follow_up_on": next_follow_up(meeting),
    }
