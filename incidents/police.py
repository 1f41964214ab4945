"""The police's public events: the feed as it comes (JSON) or as a table, and what its types mean here.

Its positions are the middle of a municipality or a county, so they are no points; the time of the event and, often, the
municipality stand only in the title; and its summaries of a night are no events.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from est_site.partners.sheets import Sheet

FEED = {"id", "datetime", "name", "type", "location.gps"}  # columns by which the feed itself is known
TABLE = {"id", "event_time", "type", "place_in_title"}  # and a table made of it
TITLE = re.compile(r"(\d{1,2}) (\w+) (\d{1,2})\.(\d{2})")
MONTHS = [
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
]
DIGESTS = "Sammanfattning*"
CODES = {
    "Alkohollagen": "drunkenness",
    "Bråk": "fight",
    "Fylleri": "drunkenness",
    "Fylleri/LOB": "drunkenness",
    "Inbrott": "burglary",
    "Inbrott, försök": "burglary",
    "Misshandel": "assault",
    "Misshandel, grov": "assault",
    "Mordbrand": "fire",
    "Narkotikabrott": "drug-use",
    "Olaga hot": "threat",
    "Olovlig körning": "unlawful-traffic",
    "Rån": "robbery",
    "Rån väpnat": "robbery",
    "Rån övrigt": "robbery",
    "Rån, försök": "robbery",
    "Skadegörelse": "damage",
    "Smällar": "fireworks",
    "Stöld": "stealing",
    "Stöld, försök": "stealing",
    "Stöld/inbrott": "burglary",
    "Trafikbrott": "unlawful-traffic",
    "Våld/hot mot tjänsteman": "staff-incident",
}


def is_feed(header: list[str]) -> bool:
    return set(header) >= FEED or set(header) >= TABLE


def mapping(header: list[str], codes: set[str], municipality: str) -> dict[str, Any]:
    """The ready-made mapping, as far as the group has the categories; places are left unknown on purpose."""
    own = {value: code for value, code in CODES.items() if code in codes}
    said: dict[str, Any] = {
        "name": "polisen",
        "id": "id",
        "time": {"from": "event_time"},
        "category": {"column": "type", "codes": own, "leave_out": [DIGESTS], "others": "leave out"},
        "only": {"column": "place_in_title", "value": municipality},
    }
    return said | ({"words": "summary"} if "summary" in header else {})


def with_titles(sheet: Sheet) -> Sheet:
    """The feed with what its titles say as columns: when it happened, and in which municipality."""
    if not set(sheet.header) >= FEED or "event_time" in sheet.header:
        return sheet
    published, title = sheet.header.index("datetime"), sheet.header.index("name")
    records = [
        (line, [*cells, _event_time(cells[published], cells[title]), cells[title].rpartition(",")[2].strip()])
        for line, cells in sheet.records
    ]
    return replace(sheet, header=[*sheet.header, "event_time", "place_in_title"], records=records)


def _event_time(published: str, title: str) -> str:
    """In the year of what was published; without a time in the title, when that was."""
    try:
        at = datetime.strptime(" ".join(published.split()), "%Y-%m-%d %H:%M:%S %z")
    except ValueError:
        return published
    said = TITLE.match(title)
    if said is None or said[2].lower() not in MONTHS:
        return at.isoformat()
    try:
        month = MONTHS.index(said[2].lower()) + 1
        happened = at.replace(month=month, day=int(said[1]), hour=int(said[3]), minute=int(said[4]), second=0)
        if happened > at + timedelta(days=1):  # December's event, published in January
            happened = happened.replace(year=at.year - 1)
    except ValueError:
        return at.isoformat()
    return happened.replace(tzinfo=None).isoformat(timespec="minutes")
