"""What the columns of an unknown file may mean: from their names, from what they hold, from the last file like it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from est_site.partners.models import Area, Category, Organisation, Place
from est_site.partners.sheets import Sheet
from incidents import police
from incidents.mapping import BadMapping, parse
from incidents.models import SavedMapping

SHOWN = 60  # different values that a person is asked about at most, the most frequent first

# field of the form -> what such a column is usually called
NAMES: dict[str, Sequence[str]] = {
    "id": ("id", "nr", "nummer", "ärendenummer", "ärende", "löpnummer", "uid", "uuid", "source_id", "reference"),
    "from": (
        *("tid", "från", "start", "starttid", "datum", "händelsetid", "inträffade", "tidpunkt", "time", "from"),
        *("date", "datetime", "occurred", "occurred_from", "event_time", "timestamp"),
    ),
    "to": ("till", "slut", "sluttid", "to", "end", "until", "occurred_to"),
    "category": (
        "typ",
        "kategori",
        "händelse",
        "händelsetyp",
        "vad",
        "brottstyp",
        "type",
        "category",
        "offense",
        "what",
    ),
    "lon": ("lon", "long", "longitud", "longitude", "lng", "x"),
    "lat": ("lat", "latitud", "latitude", "y"),
    "place": ("plats", "platsnamn", "adress", "var", "place", "address", "location", "where"),
    "area": ("område", "stadsdel", "distrikt", "zon", "area", "district", "zone"),
    "words": (
        "text",
        "beskrivning",
        "fritext",
        "kommentar",
        "anteckning",
        "description",
        "words",
        "comment",
        "summary",
    ),
}
PARTS = {"from": "time", "to": "time", "category": "category", "lon": "where", "lat": "where", "place": "where"}
PARTS |= {"area": "where"}


def columns(sheet: Sheet, organisation: Organisation, codes: set[str], municipality: str) -> dict[str, Any]:
    """A mapping to begin with, in the shape that `mapping.parse` reads."""
    saved = SavedMapping.objects.filter(group_id=organisation.group_id, organisation=organisation)
    for one in saved.order_by("-used_at", "-id"):
        try:
            if set(parse(one.mapping).columns) <= set(sheet.header):
                return dict(one.mapping)
        except BadMapping:
            continue
    if police.is_feed(sheet.header):
        return police.mapping(sheet.header, codes, municipality)
    said: dict[str, Any] = {"name": "", "time": {}, "category": {}, "where": {}}
    folded = {name.casefold(): name for name in reversed(sheet.header)}
    for field, names in NAMES.items():
        found = next((folded[name] for name in names if name in folded), "")
        if found and field in PARTS:
            said[PARTS[field]]["column" if field == "category" else field] = found
        elif found:
            said[field] = found
    return said


def values(sheet: Sheet, column: str) -> list[tuple[str, int]]:
    """What stands in a column and how often, the most frequent first."""
    if column not in sheet.header:
        return []
    n = sheet.header.index(column)
    found = Counter(cells[n] for _line, cells in sheet.records if n < len(cells) and cells[n])
    return sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))


def codes(said: Iterable[str], categories: Iterable[Category]) -> dict[str, str]:
    """Values that are a category's own name or code."""
    known: dict[str, str] = {}
    for category in categories:
        for name in (category.code, category.name_sv, category.name_en):
            if name:
                known.setdefault(name.casefold(), category.code)
    return {value: known[value.casefold()] for value in said if value.casefold() in known}


class Spots:
    """Places and areas by what people call them, and back to the name that a form shows."""

    def __init__(self, places: Iterable[Place], areas: Iterable[Area]) -> None:
        self.areas = {area.name.casefold(): area.name for area in areas}
        self.places: dict[str, Place] = {}
        for place in places:
            for name in (place.name, *place.aliases):
                self.places.setdefault(name.casefold(), place)

    def target(self, name: str) -> str | None:
        """`place:12`, `area:Hamnen` or, for an empty name, `unknown`; None when nothing is called that."""
        folded = name.strip().casefold()
        if not folded:
            return "unknown"
        if folded in self.places:
            return f"place:{self.places[folded].pk}"
        return f"area:{self.areas[folded]}" if folded in self.areas else None

    def name(self, target: str) -> str:
        kind, _colon, rest = target.partition(":")
        if kind == "place":
            return next((place.name for place in self.places.values() if str(place.pk) == rest), "")
        return rest if kind == "area" else ""
