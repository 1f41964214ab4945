"""A meeting under way as others see it: what the room sees on the wall, and what a follower sees on a device of their own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from est_site.partners.models import Membership
from interventions.models import AgendaItem, Decision, Information, Intervention, ItemKind
from interventions.rounds import Said, round_the_table
from situation import papers
from situation.judged import Judged
from situation.models import Assessment, Attendance, Meeting, Picture

ROWS = 8  # of the item; with the latest decisions twelve, which are read from the back of the room
BESIDE_MAP = 5
LATEST = 4
MAPPED = (ItemKind.PICTURE, ItemKind.COLOURS, ItemKind.FOCUS)


@dataclass(frozen=True)
class Row:
    """A line on the wall: in words, as a colour, or as a reason of the agenda."""

    lead: str = ""
    text: str = ""
    colour: str = ""
    reason: dict[str, Any] | None = None


@dataclass
class Stage:
    """One item as the room sees it: nothing limited, and nobody's name."""

    items: list[AgendaItem]
    item: AgendaItem | None
    chosen: bool  # looked at by hand, whatever is at hand
    rows: list[Row] = field(default_factory=list)
    more: int = 0
    decisions: list[Decision] = field(default_factory=list)
    map: str = ""
    heard: int = 0  # organisations that have said something about the period, of `asked`
    asked: int = 0

    @property
    def title(self) -> str:
        return self.item.title if self.item else ""

    @property
    def before(self) -> AgendaItem | None:
        return self._beside(-1)

    @property
    def after(self) -> AgendaItem | None:
        return self._beside(1)

    def _beside(self, step: int) -> AgendaItem | None:
        at = self.items.index(self.item) + step if self.item else -1
        return self.items[at] if 0 <= at < len(self.items) else None


def at_hand(meeting: Meeting, position: int | None = None) -> Stage:
    """The agenda with the item at that position, else the one at hand, else the first; without its rows."""
    known = AgendaItem.objects.on_the_agenda(meeting) if meeting.prepared_at else AgendaItem.objects.none()
    items = [_shown(item) for item in known if item.limited_to_id is None or item.at_hand]
    chosen = next((item for item in items if item.position == position), None)
    item = chosen or next((item for item in items if item.at_hand), items[0] if items else None)
    return Stage(items, item, chosen is not None)


def _shown(item: AgendaItem) -> AgendaItem:
    """The item, or in place of one that is for some alone, while it is talked about, its number and no words of it."""
    if item.limited_to_id is None:
        return item
    return AgendaItem(pk=0, kind=ItemKind.OWN, heading=_("For some of us alone"), position=item.position, at_hand=True)


def stage(meeting: Meeting, position: int | None = None) -> Stage:
    """What the wall shows."""
    shown = at_hand(meeting, position)
    if shown.item is None:
        return shown
    rows = _rows(meeting, shown.item)
    picture = meeting.pictures.order_by("-version").first() if shown.item.kind in MAPPED else None
    if picture is not None:
        told = picture.frozen["organisations"]
        shown.map, shown.asked = _map(meeting, picture), len(told)
        shown.heard = sum(one["state"] != "silent" for one in told)
    most = BESIDE_MAP if shown.map else ROWS
    keep = most if len(rows) <= most else most - 1
    shown.rows, shown.more = rows[:keep], max(0, len(rows) - keep)
    shown.decisions = _shared(meeting)[-LATEST:]
    return shown


def decisions_seen(meeting: Meeting, member: Membership) -> list[Decision]:
    """The decisions of the meeting that this member may see, by their numbers."""
    return list(
        Decision.objects.visible_to(member)
        .filter(meeting=meeting)
        .select_related("intervention__responsible", "meeting__group")
        .order_by("number")
    )


def colours(meeting: Meeting) -> list[Assessment]:
    rows = Assessment.objects.filter(meeting=meeting).select_related("area").defer("area__geometry")
    return list(rows.order_by("area__name"))


def _map(meeting: Meeting, picture: Picture) -> str:
    """The areas with their counts, as the minutes will draw them; nothing where no area is drawn."""
    verdicts = Judged.of(picture.frozen)
    return papers.areas_map(picture.frozen, verdicts, group=meeting.group, idn="stage-map", for_pdf=False)


def _shared(meeting: Meeting) -> list[Decision]:
    """The room sees what the minutes will name."""
    return list(
        Decision.objects.filter(meeting=meeting, intervention__in=Intervention.objects.shared())
        .select_related("intervention__responsible", "meeting__group")
        .order_by("number")
    )


def _rows(meeting: Meeting, item: AgendaItem) -> list[Row]:
    if item.kind == ItemKind.ATTENDANCE:
        there = Attendance.objects.filter(meeting=meeting).select_related("organisation")
        return [
            Row(lead=_("stand-in") if line.stand_in else "", text=line.organisation.name)
            for line in there.order_by("organisation__name")
            if line.present
        ]
    if item.kind == ItemKind.FOLLOW_UP:
        return _follow_ups(meeting, item)
    if item.kind == ItemKind.COLOURS:
        return [Row(lead=given.area.name, colour=given.colour) for given in colours(meeting)]
    if item.kind == ItemKind.ROUND:
        picture = meeting.pictures.order_by("-version").first()
        brought = round_the_table(meeting, picture.frozen if picture else None)
        return [*(Row(lead=one.name, text=one.note) for one in brought if one.note), *_spoken(brought), *_noted(item)]
    if item.kind == ItemKind.DECISIONS:
        waiting = (
            Intervention.objects.filter(group_id=meeting.group_id).shared().proposed().select_related("responsible")
        )
        return [*(Row(text=f"{one.what} ({one.responsible.name})") for one in waiting.order_by("pk")), *_noted(item)]
    if item.kind == ItemKind.INFORMATION:
        told = Information.objects.filter(meeting=meeting).select_related("responsible")
        rows = [Row(lead=one.recipient, text=f"{one.text} ({one.responsible.name})") for one in told]
        return [*(Row(reason=reason) for reason in item.reasons), *rows, *_noted(item)]
    return [*(Row(reason=reason) for reason in item.reasons), *_noted(item)]


def _spoken(brought: list[Said]) -> list[Row]:
    """Who said that it was calm, and who has said nothing."""
    words = {"calm": _("Calm"), "silent": _("Has said nothing")}
    told = {state: ", ".join(one.name for one in brought if one.state == state and not one.note) for state in words}
    return [Row(lead=words[state], text=names) for state, names in told.items() if names]


def _noted(item: AgendaItem) -> list[Row]:
    return [Row(text=line) for line in item.note.splitlines() if line.strip()]


def _follow_ups(meeting: Meeting, item: AgendaItem) -> list[Row]:
    """What runs, in the agenda's order, with what was decided on it today; what was limited since is left out."""
    decided = {d.intervention_id: d for d in _shared(meeting) if d.kind != "start"}
    ids = [reason["intervention"] for reason in item.reasons]
    shown = {
        i.pk: i
        for i in Intervention.objects.filter(group_id=meeting.group_id, pk__in=ids)
        .shared()
        .select_related("responsible")
    }
    return [
        Row(
            lead=decided[pk].reference if pk in decided else "–",
            text=": ".join(
                [
                    f"{shown[pk].what} ({shown[pk].responsible.name})",
                    *([decided[pk].get_kind_display()] if pk in decided else []),
                ]
            ),
        )
        for pk in ids
        if pk in shown
    ]
