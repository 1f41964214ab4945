"""What an edition of the minutes holds, by who it is made for. Pure: frozen minutes in, JSON-ready values out.

Each is a list of what is taken along, so that something new in the minutes stays where it is until somebody adds it here.
The steering group's says what was decided, followed up and told, and shows the picture without names: not what was said.
The public's holds counts under the small-number rule, and of the decisions those somebody chose, with no place and no reason.
The archive's holds all of it, with what a registry asks for and the decisions as data.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from interventions.models import ItemKind
from situation import editions as pictures

STEERED = frozenset(
    {"group", "meeting", "period", "opened_at", "closed_at", "closed_for", "parked", "information", "follow_up"}
    | {"undecided", "decisions", "corrections", "picture_version", "chain"}
)
TOLD = (
    ItemKind.ATTENDANCE,
    ItemKind.FOLLOW_UP,
    ItemKind.PICTURE,
    ItemKind.COLOURS,
    ItemKind.DECISIONS,
    ItemKind.INFORMATION,
)  # the paragraphs that are more than notes
PUBLIC_MEETING = frozenset({"id", "number", "week", "starts_at"})
PUBLIC_LINE = frozenset({"number", "what", "first_day", "last_day", "who"})


def for_steering(frozen: Mapping[str, Any]) -> dict[str, Any]:
    """What was decided and what the picture said, without notes, votes, guests and who was a stand-in."""
    found = {name: frozen[name] for name in STEERED if name in frozen}
    kinds = [item["kind"] for item in frozen.get("items") or ()] or [kind.value for kind in TOLD]
    found["items"] = [{"kind": kind, "heading": "", "note": ""} for kind in kinds if kind in TOLD]
    found["parked"] = [one for one in frozen.get("parked", ()) if one["kind"] != ItemKind.OWN]
    found["notes"] = {}
    found["attendance"] = [
        {"id": line["id"], "name": line["name"], "present": line["present"]} for line in frozen["attendance"]
    ]
    found["colours"] = [{name: line[name] for name in ("area", "name", "colour")} for line in frozen["colours"]]
    picture = frozen["picture"]
    found["picture"] = None
    if picture:
        kept = {name: value for name, value in picture.items() if name in pictures.STEERED}
        found["picture"] = kept | pictures.unnamed(picture)
    return found


def for_public(frozen: Mapping[str, Any], chosen: Collection[int], *, least: int) -> dict[str, Any]:
    """Counts that may leave the group, and the chosen decisions; `least` is the smallest number that may."""
    picture = frozen["picture"]
    names = {area["id"]: area["name"] for area in picture["areas"]} if picture else {}
    lines = [line for line in tellable(frozen) if line["id"] in chosen]
    days = {name: frozen["period"][name] for name in ("first_day", "last_day")}
    return {
        "group": frozen["group"],
        "meeting": {name: frozen["meeting"][name] for name in sorted(PUBLIC_MEETING)},
        "period": frozen["period"],
        "span": days | {"weekly": True},
        "public": pictures.public(picture, least) if picture else None,
        "decisions": [
            {name: line[name] for name in sorted(PUBLIC_LINE)} | {"area": names.get(line["area"], "")} for line in lines
        ],
    }


def tellable(frozen: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The decisions among which is chosen what the public may read of: those that start something."""
    return [line for line in frozen["decisions"] if line["kind"] == "start"]


def for_own(frozen: Mapping[str, Any], organisation: int, name: str) -> dict[str, Any]:
    """All of it, and whose it is: the page begins with what is theirs to do."""
    return {**frozen, "own": {"id": organisation, "name": name}}


def for_archive(
    frozen: Mapping[str, Any], *, version: int, diary: str, adjusters: Iterable[Mapping[str, Any]]
) -> dict[str, Any]:
    """All of it with the registry's marks. `adjusters` say who vouched for which version, when."""
    marks = {"diary": diary, "record": "minutes", "retention": "preserved", "of_version": version}
    return {**frozen, "archive": marks, "adjusted": list(adjusters)}


def as_data(frozen: Mapping[str, Any]) -> dict[str, Any]:
    """The decisions of a meeting for a machine: what the archive's file carries beside the pages."""
    return {
        "format": "est-decisions/1",
        "group": {name: frozen["group"][name] for name in ("name", "municipality")},
        "meeting": {name: frozen["meeting"][name] for name in ("number", "week", "starts_at")},
        "archive": frozen["archive"],
        "decisions": frozen["decisions"],
        "follow_up": frozen["follow_up"],
        "undecided": frozen["undecided"],
        "information": frozen.get("information", []),
        "colours": frozen["colours"],
    }
