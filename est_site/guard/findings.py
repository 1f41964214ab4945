"""What a finding is, and the words for each kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

BLOCK, WARN, ADVISE = "block", "warn", "advise"

# The first in line stands where two kinds lie on each other.
KINDS = ("personnummer", "email", "phone", "account", "plate", "apartment", "handle", "name", "sensitive")


def _(text: str) -> str:
    """A mark for the catalogue: whoever shows the sentence translates it."""
    return text


FULL_NUMBER = _("A personal identity number points out one person and may never stand in EST.")
PART_OF_NUMBER = _("A date of birth or part of a personal identity number points out a person.")
REASONS = {
    "phone": _("A telephone number leads to a person."),
    "email": _("An e-mail address leads to a person."),
    "plate": _("A registration number leads to the owner of the vehicle."),
    "account": _("An account or payment number leads to its owner."),
    "apartment": _("A flat or a door in a stairwell points out who lives there."),
    "handle": _("A name in social media points out a person."),
    "name": _("This may be the name of a person."),
    "sensitive": _("This may say something about a person's health, origin, faith or opinions."),
}


@dataclass(frozen=True)
class Finding:
    """Something that belongs to a person, from `start` up to `end` in the text."""

    kind: str
    start: int
    end: int
    severity: str
    reason: str

    def moved(self, offsets: Sequence[int]) -> Finding:
        return replace(self, start=offsets[self.start], end=offsets[self.end - 1] + 1)


def full_number(start: int, end: int) -> Finding:
    return Finding("personnummer", start, end, BLOCK, FULL_NUMBER)


def part_of_number(start: int, end: int) -> Finding:
    return Finding("personnummer", start, end, WARN, PART_OF_NUMBER)


def warn(kind: str, start: int, end: int) -> Finding:
    return Finding(kind, start, end, WARN, REASONS[kind])


def advise(kind: str, start: int, end: int) -> Finding:
    return Finding(kind, start, end, ADVISE, REASONS[kind])
