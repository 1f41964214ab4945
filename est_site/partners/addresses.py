"""An address register as places: what a file would add, and what is wrong with it. Writes nothing."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from est_site.forms import NOT_TEXT
from est_site.partners.sheets import Sheet

NAME_LIMIT = 120
# what a column may be called -> what it means
COLUMNS = {
    "street": ("street", "gata", "gatunamn", "adressområde", "adress"),
    "number": ("number", "nummer", "nr", "husnummer", "adressplats"),
    "lon": ("lon", "longitud", "longitude", "lng", "x"),
    "lat": ("lat", "latitud", "latitude", "y"),
}


@dataclass(frozen=True)
class Address:
    name: str
    lon: float
    lat: float


@dataclass(frozen=True)
class Fault:
    row: int
    reason: str


@dataclass
class Register:
    new: list[Address] = field(default_factory=list)
    known: int = 0
    faults: list[Fault] = field(default_factory=list)


def read(sheet: Sheet, known: Collection[str]) -> Register:
    """Every row against the names that are taken already (folded); the same address twice is a fault."""
    found = Register()
    folded = [name.casefold() for name in sheet.header]
    at = {}
    for meaning, names in COLUMNS.items():
        column = next((folded.index(name) for name in names if name in folded), None)
        if column is None:
            said = _("there is no column %(name)s; the file has: %(columns)s")
            found.faults.append(Fault(1, said % {"name": meaning, "columns": ", ".join(sheet.header) or "–"}))
        else:
            at[meaning] = column
    if found.faults:
        return found
    seen: dict[str, int] = {}
    for line, cells in sheet.records:
        try:
            address = _address({meaning: cells[column] for meaning, column in at.items()})
        except IndexError:
            found.faults.append(Fault(line, _("cells are missing")))
            continue
        except ValueError as wrong:
            found.faults.append(Fault(line, str(wrong)))
            continue
        key = address.name.casefold()
        if seen.setdefault(key, line) != line:
            found.faults.append(Fault(line, _("the same address as in row %(row)s") % {"row": seen[key]}))
        elif key in known:
            found.known += 1
        else:
            found.new.append(address)
    return found


def _address(said: dict[str, str]) -> Address:
    name = " ".join(f"{said['street']} {said['number']}".split())
    if not said["street"]:
        raise ValueError(_("the street is missing"))
    if len(name) > NAME_LIMIT or NOT_TEXT.search(name) or "\0" in name:
        raise ValueError(_("the name is too long, or holds a character that is no text"))
    return Address(name, _degrees(said["lon"], 180), _degrees(said["lat"], 90))


def _degrees(value: str, limit: int) -> float:
    try:
        degrees = float(value.replace(",", "."))
    except ValueError:
        raise ValueError(_("“%(value)s” is not a number") % {"value": value}) from None
    if not math.isfinite(degrees) or abs(degrees) > limit:
        raise ValueError(
            _("“%(value)s” lies outside -%(limit)s to %(limit)s degrees") % {"value": value, "limit": limit}
        )
    return degrees
