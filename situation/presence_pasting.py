"""Presence copied from a spreadsheet: who, where, day, from, to, how many; each row read, with what is wrong with it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from est_site.partners.models import Area, Membership, Place
from incidents import moments, pasting
from situation.models import PresenceKind
from situation.presence_actions import Said, logged
from situation.presence_forms import Wrong, span_of
from situation.wording import capital

MOST = 200
PEOPLE = 200
FIELDS = ("who", "where", "day", "from", "to", "people")  # their order where there is no row of headings
HEADINGS = {
    "who": ("vem", "vilka", "vem var ute", "funktion", "who", "function"),
    "where": ("var", "plats", "ställe", "where", "place"),
    "area": ("område", "stadsdel", "area", "district"),
    "day": ("dag", "datum", "day", "date"),
    "from": ("från", "start", "starttid", "börjar", "from", "begins"),
    "to": ("till", "slut", "sluttid", "slutar", "to", "until", "end", "ends"),
    "people": ("antal", "hur många", "antal personer", "personer", "how many", "number", "people"),
}
CALLED = {  # what they are called besides their own names, in either number
    PresenceKind.POLICE: ("polisen", "poliser"),
    PresenceKind.ORDER_GUARDS: ("ordningsvakt", "ov", "public order guard"),
    PresenceKind.GUARDS: ("vakt", "vakter", "security guard", "guard", "guards"),
    PresenceKind.FIELD_TEAM: ("fält", "fältare", "fältarbetare", "fältgruppen"),
    PresenceKind.NIGHT_WALKERS: ("nattvandring", "night walker"),
    PresenceKind.CARETAKERS: ("fastighetsskötare", "fastighetsvärd", "fastighetsvärdar", "värd", "värdar", "caretaker"),
    PresenceKind.OTHER: ("annan", "annat", "övriga", "other"),
}


@dataclass
class Row:
    """One row as it was read: with `said`, or with what is wrong."""

    number: int
    cells: dict[str, str]
    said: Said | None = None
    faults: list[str] = field(default_factory=list)
    already: bool = False  # the organisation has logged it


@dataclass
class Read:
    rows: list[Row]

    @property
    def faulty(self) -> int:
        return sum(bool(row.faults) for row in self.rows)

    @property
    def already(self) -> int:
        return sum(row.already for row in self.rows)

    @property
    def new(self) -> int:
        return len(self.rows) - self.faulty - self.already

    @property
    def said(self) -> list[Said]:
        return [row.said for row in self.rows if row.said is not None]

    @property
    def digest(self) -> str:
        """Of what the rows mean: whoever saves has looked at just this."""
        return hashlib.sha256(repr([(said.key, said.people) for said in self.said]).encode()).hexdigest()[:32]


def read(text: str, member: Membership, now: datetime) -> Read:
    """Each line that says something; raises `pasting.NotATable`."""
    lines = pasting.cells_of(text)
    order = _header(lines[0]) if lines else None
    if order is None:
        order = {name: n for n, name in enumerate(FIELDS)}
    else:
        lines = lines[1:]
    known = _Known(member, now)
    rows = [_row(n, _cells(cells, order), known) for n, cells in enumerate(lines[: MOST + 1], start=1)]
    seen: dict[Any, int] = {}
    for row in rows:
        if row.said and seen.setdefault(row.said.key, row.number) != row.number:
            told = _("The same as row %(n)s. Take one of them out; how many they were has a column of its own.")
            row.faults.append(told % {"n": seen[row.said.key]})
    there = logged(member, [row.said for row in rows if row.said])
    for row in rows:
        row.already = bool(row.said and not row.faults and row.said.key in there)
    return Read(rows)


def _header(cells: Sequence[str]) -> dict[str, int] | None:
    """Where each column stands; none when fewer than two of the words are known as headings."""
    folded = [cell.casefold().rstrip("?:. ") for cell in cells]
    order = {name: n for name, words in HEADINGS.items() for n, cell in enumerate(folded) if cell in words}
    return order if len(order) >= 2 else None


def _cells(cells: Sequence[str], order: dict[str, int]) -> dict[str, str]:
    return {name: cells[n] if n < len(cells) else "" for name, n in order.items()}


class _Known:
    """What the group has by the names that people use, read once for all rows."""

    def __init__(self, member: Membership, now: datetime) -> None:
        self.zone, self.now = member.group.zone, now
        self.today = now.astimezone(self.zone).date()
        self.drawn = list(Area.objects.visible_to(member).est().defer("geometry").order_by("id"))
        self.places: dict[str, Place] = {}
        for place in Place.objects.visible_to(member).active().named().select_related("area").defer("area__geometry"):
            for name in (place.name, *place.aliases):
                self.places.setdefault(name.casefold(), place)
        self.kinds = {word: kind for kind, words in CALLED.items() for word in words}
        for language in ("sv", "en"):
            with translation.override(language):
                self.kinds |= {str(kind.label).casefold(): kind for kind in PresenceKind}

    def areas(self, day: date) -> dict[str, Area]:
        there = [one for one in self.drawn if one.valid_from <= day and (one.valid_to is None or day <= one.valid_to)]
        return {area.name.casefold(): area for area in there}


def _row(number: int, cells: dict[str, str], known: _Known) -> Row:
    row = Row(number, cells)

    def attempt(part: Any, *more: Any) -> Any:
        try:
            return part(cells, known, *more)
        except Wrong as wrong:
            row.faults.append(wrong.why)
            return None

    kind, people, span = attempt(_kind), attempt(_people), attempt(_span)
    day = span[0].astimezone(known.zone).date() if span else known.today
    spot = attempt(_spot, day)
    if not row.faults:
        row.said = Said(kind, spot[0], spot[1], span, people)
    return row


def _kind(cells: dict[str, str], known: _Known) -> str:
    said = cells.get("who", "")
    kind = known.kinds.get(said.casefold())
    if kind is None:
        names = ", ".join(str(one.label) for one in PresenceKind)
        told = _("“%(said)s” is nobody who can be chosen. Write one of: %(names)s.") if said else ""
        raise Wrong("who", (told or _("Write who was out: %(names)s.")) % {"said": said, "names": names})
    return str(kind.value)


def _people(cells: dict[str, str], known: _Known) -> int | None:
    said = cells.get("people", "")
    if not said:
        return None
    if not re.fullmatch(r"[0-9]{1,3}", said) or not 1 <= int(said) <= PEOPLE:
        raise Wrong(
            "people", _("“%(said)s” is not how many they were: 1 to %(most)s.") % {"said": said, "most": PEOPLE}
        )
    return int(said)


def _spot(cells: dict[str, str], known: _Known, day: date) -> tuple[Area, Place | None]:
    """The area, and the named place in it where one was written."""
    areas = known.areas(day)
    place: Place | None = None
    area: Area | None = None
    for said in filter(None, (cells.get("where", ""), cells.get("area", ""))):
        if said.casefold() in areas:
            area = areas[said.casefold()]
        elif said.casefold() in known.places:
            place = known.places[said.casefold()]
        else:
            told = _("No area and no named place was called “%(said)s” on %(day)s.")
            raise Wrong("where", told % {"said": said, "day": date_format(day, "j F Y")})
    if area is None and place is not None:
        area = place.area
    if area is None:
        raise Wrong("where", _("Write an area, or a named place in one."))
    if place is not None and place.area_id and place.area_id != area.pk:
        raise Wrong("where", _("The place lies in another area. Choose one of them anew."))
    return area, place


def _span(cells: dict[str, str], known: _Known) -> tuple[datetime, datetime]:
    """Day and hours, each in its cell, or the day together with the hour it began."""
    day, _at = _moment(cells.get("day", ""), known)
    first, begins = _moment(cells.get("from", ""), known)
    last, ends = _moment(cells.get("to", ""), known)
    day = day or first
    if day is None:
        raise Wrong("day", _("Write the day it began, for example 2026-11-20 or 20/11."))
    if begins is None or ends is None:
        raise Wrong("from", _("Write from and to as hours, for example 20:00 and 02:00."))
    span = span_of(day, begins, ends, known.zone, known.now)
    if last is not None and last != span[1].astimezone(known.zone).date():
        raise Wrong("to", _("That is more than 24 hours. Write each day by itself."))
    return span


def _moment(said: str, known: _Known) -> tuple[date | None, time | None]:
    if not said:
        return None, None
    if re.fullmatch(r"[0-9]{1,2}", said) and int(said) <= 24:
        return None, time(int(said) % 24)
    try:
        found = moments.read("00:00" if said in ("24:00", "24.00") else said, known.today)
    except moments.NotRead:
        told = _("“%(said)s” is no day and no time that can be read.") % {"said": capital(said)}
        raise Wrong("from", told) from None
    return found.day, found.at
