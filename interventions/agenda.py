"""The agenda, built from data: every line with its reason, so that nobody has to type it and nobody asks why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import translation

from interventions.models import STANDING, ItemKind
from situation import ahead_words, judged, wording
from situation.judged import Judged, Key

# planned minutes of each item, as in the method's own order of business
MINUTES = {
    ItemKind.ATTENDANCE: 2,
    ItemKind.FOLLOW_UP: 8,
    ItemKind.ROUND: 6,
    ItemKind.PICTURE: 6,
    ItemKind.COLOURS: 4,
    ItemKind.COMING: 3,
    ItemKind.FOCUS: 3,
    ItemKind.DECISIONS: 8,
    ItemKind.INFORMATION: 3,
    ItemKind.ELSEWHERE: 2,
    ItemKind.OWN: 5,
}
HIGHLIGHTS = 5


@dataclass(frozen=True)
class Running:
    """A running or proposed intervention as the agenda needs it."""

    id: int
    what: str
    responsible: str
    status: str
    follow_up_on: date | None
    decided_last_time: bool  # whether the previous meeting took a decision on it
    was_due_last_time: bool
    proposed_by: str = ""
    waited: bool = False  # proposed before the previous meeting was over, and not decided on


@dataclass(frozen=True)
class Waiting:
    """Information that an earlier meeting decided to give and that nobody has said is sent."""

    id: int
    recipient: str
    responsible: str
    due_on: date


Item = tuple[str, list[dict[str, Any]]]


def build_agenda(
    picture: dict[str, Any], interventions: Sequence[Running], *, day: date, waiting: Sequence[Waiting] = ()
) -> list[Item]:
    """The standing items in order, each with the reasons that put it there.

    `picture` is a frozen picture, `day` the local day of the meeting. Pure: same data, same agenda.
    """
    running = [i for i in interventions if i.status == "running"]
    proposed = [i for i in interventions if i.status == "proposed"]
    due = sorted(running, key=lambda i: (not is_due(i, day), i.follow_up_on or date.max, i.id))
    silent = [o for o in picture["organisations"] if o["expected"] and o["state"] == "silent"]
    reasons: dict[str, list[dict[str, Any]]] = {
        ItemKind.ATTENDANCE: [{"kind": "organisations", "count": len(picture["organisations"])}],
        ItemKind.FOLLOW_UP: [
            {
                "kind": "carried" if carried(i) else ("due" if is_due(i, day) else "running"),
                "intervention": i.id,
                "what": i.what,
                "who": i.responsible,
                "follow_up_on": i.follow_up_on.isoformat() if i.follow_up_on else None,
            }
            for i in due
        ],
        ItemKind.ROUND: [{"kind": "silent", "organisation": o["id"], "name": o["name"]} for o in silent],
        ItemKind.PICTURE: highlights(picture),
        ItemKind.COLOURS: [{"kind": "areas", "count": len(picture["areas"])}],
        ItemKind.COMING: coming(picture),
        ItemKind.FOCUS: [],
        ItemKind.DECISIONS: [
            {
                "kind": "proposed",
                "intervention": i.id,
                "what": i.what,
                "who": i.responsible,
                "by": i.proposed_by,
                "carried": i.waited,
            }
            for i in sorted(proposed, key=lambda i: (not i.waited, i.id))
        ],
        ItemKind.INFORMATION: [
            {
                "kind": "information",
                "information": w.id,
                "what": w.recipient,
                "who": w.responsible,
                "due_on": w.due_on.isoformat(),
                "late": w.due_on < day,
            }
            for w in waiting
        ],
        ItemKind.ELSEWHERE: [],
    }
    return [(kind.value, reasons[kind]) for kind in STANDING]


def coming(picture: dict[str, Any]) -> list[dict[str, Any]]:
    """The days ahead that stand out, in both languages as the verdicts are."""
    if "ahead" not in picture:
        return []
    said = {}
    for language in ("sv", "en"):
        with translation.override(language):
            said[language] = ahead_words.sentences(picture["ahead"])
    return [{"kind": "coming", "sv": sv, "en": en} for sv, en in zip(said["sv"], said["en"], strict=True)]


def is_due(intervention: Running, day: date) -> bool:
    return intervention.follow_up_on is not None and intervention.follow_up_on <= day


def carried(intervention: Running) -> bool:
    """It should have been decided on at the last meeting and was not: it comes back and says so."""
    return intervention.was_due_last_time and not intervention.decided_last_time


def highlights(picture: dict[str, Any]) -> list[dict[str, Any]]:
    """What differs clearly, at most five; without verdicts the areas furthest above their mean: places to look."""
    verdicts = Judged.of(picture)
    if verdicts is not None:
        if verdicts.changed:
            return [{"kind": "changed"}]
        return [_verdict(picture, verdicts, key) for key in verdicts.shown] or [{"kind": "normal"}]
    names = {area["id"]: area["name"] for area in picture["areas"]}
    above = [
        (count - mean, area, count, mean)
        for area, count, mean in picture["area_totals"]
        if area is not None and mean is not None and count > mean
    ]
    above.sort(key=lambda row: (-row[0], names[row[1]]))
    return [
        {"kind": "area", "area": area, "name": names[area], "count": count, "mean": mean}
        for _difference, area, count, mean in above[:HIGHLIGHTS]
    ]


def _verdict(picture: dict[str, Any], verdicts: Judged, key: Key) -> dict[str, Any]:
    """In both languages, since the agenda is frozen and read in either."""
    reason: dict[str, Any] = {"kind": "verdict", "word": verdicts.word(verdicts.found[key])}
    for language in ("sv", "en"):
        with translation.override(language):
            called = judged.names(picture)
            reason[language] = wording.capital(judged.beside(key, verdicts, called))
    return reason
