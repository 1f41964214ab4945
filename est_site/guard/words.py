"""One reading of the words: what each says about the number after it, names, flats and sensitive words."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from est_site.guard import lists
from est_site.guard.findings import Finding, advise, part_of_number, warn

WORD = re.compile(r"[^\W\d_]++")
REACH = {"born": 14, "phone": 22, "account": 26, "reference": 12, "last_four": 18, "vehicle": 60}
ONLY_NUMBER = re.compile(
    r"(?:[\s:.#\-/]|nr|nummer|no|KS|BN|SN|TN)*+", re.IGNORECASE
)  # between a reference's word and it
AFTER_TRIGGER = re.compile(r"[\s:\"'”“]{1,3}(?:(?:en|ett|den|herr|fru|a|the)\s)?")
NAME = re.compile(r"[A-ZÅÄÖÉ][a-zåäöéèüáóíñç]{1,24}+(?:-[A-ZÅÄÖÉ][a-zåäöéèü]{1,24}+)?+")
PAIR_GAP = re.compile(r" (?:(?:von|af|de|al|el|da|bin|van) )?|[\r\n]{1,2}")
FLAT = re.compile(r"(?:[-\s.]{0,3}(?:nr|nummer|no)?[\s.:#]{0,3}[0-9]{1,4}\b)", re.IGNORECASE)
FLAT_ON_FLOOR = re.compile(
    r"[^.!?\n]{0,24}?\b(?:[0-9]{1,2}(?:\s?tr\b|:e|:a)|våning(?:en)?|vån\b|trappor|trappa|plan\b)", re.IGNORECASE
)
DOOR = re.compile(
    r"[\s.]{0,2}[0-9]{1,2}[\s,.]{0,3}(?:i\s|till\s)?(?:dörr\w{0,3}|lgh|lägenhet\w{0,3}|vänster|höger)\b", re.IGNORECASE
)
STAIRS_BEFORE = re.compile(
    r"(?:\b[0-9]{1,2}|\b(?:en|ett|två|tre|fyra|fem|sex|sju|åtta|nio|tio|halv))\s{0,2}$", re.IGNORECASE
)
UP = re.compile(r"\s{1,2}upp\b", re.IGNORECASE)
HANDLE_SAID = re.compile(
    r"(?:[-\s]{0,2}(?:namn|namnet|konto|kontot|account|användare|användarnamn|id))?(?:\s{0,2}[:=]\s{0,2}|\s{1,2}(?:är|heter)\s)@?"
    r"([\w][\w.\-]{2,29})"
)
HANDLE_LIKE = re.compile(r"[\s(\"'”]{1,3}((?=[\w.]{0,28}[0-9_.])[^\W\d_][\w.]{1,27}\w)")


@dataclass
class Context:
    """What words said, by where they ended; and what the words themselves are."""

    ends: list[int] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    text: str = ""

    def before(self, start: int) -> str:
        """What the last telling word before that place says about it, if it stands near enough."""
        at = bisect_right(self.ends, start) - 1
        for n in range(at, max(at - 2, -1), -1):
            end, label = self.ends[n], self.labels[n]
            if label == "vehicle" or start - end > REACH[label]:
                continue
            if label == "reference" and not ONLY_NUMBER.fullmatch(self.text, end, start):
                continue
            return label
        return ""

    def vehicle_near(self, start: int) -> bool:
        at = bisect_right(self.ends, start) - 1
        return any(
            self.labels[n] == "vehicle" and start - self.ends[n] <= REACH["vehicle"]
            for n in range(at, max(at - 3, -1), -1)
        )


def read(text: str) -> Context:
    context = Context(text=text)
    found = context.findings
    names: list[tuple[int, int, str]] = []
    for match in WORD.finditer(text):
        written = match[0]
        word = written.lower()
        start, end = match.span()
        said = lists.SAYS.get(word)
        if said:
            context.ends.append(end)
            context.labels.append(said)
        does = lists.DOES.get(word)
        if does:
            found.extend(_HANDLERS[does](text, start, end))
        starts = lists.SENSITIVE.get(word[:4])
        if starts and word.startswith(starts) and word not in lists.NOT_SENSITIVE:
            found.append(advise("sensitive", start, end))
        if len(written) > 1 and written[0].isupper() and written[1].islower():
            names.append((start, end, written))
    found.extend(_pairs(text, names))
    return context


# --- names ------------------------------------------------------------------------------------------


def _pairs(text: str, names: list[tuple[int, int, str]]) -> Iterator[Finding]:
    """A first name and a surname beside each other, unless they are a street or a place."""
    skip = -1
    for n in range(len(names) - 1):
        start, end, first = names[n]
        after, last, second = names[n + 1]
        if start < skip or after - end > 5:
            continue
        known, surname = first in lists.FIRST_NAMES, second.endswith(lists.SURNAMES) or second in lists.SURNAMES_WHOLE
        if not (known or surname) or not PAIR_GAP.fullmatch(text, end, after):
            continue
        if first in lists.PLACE_FIRST or second.lower().endswith(lists.PLACE_ENDS):
            continue
        following = WORD.match(text, last + 1)
        if following and following[0].lower() in lists.PLACE_AFTER:
            continue
        if second in lists.FIRST_NAMES or surname or (known and second.lower() not in lists.DAYS):
            yield advise("name", start, last)
            skip = last


def _name(text: str, start: int, end: int) -> Iterator[Finding]:
    gap = AFTER_TRIGGER.match(text, end)
    name = NAME.match(text, gap.end()) if gap else None
    if name and not name[0].lower().endswith(lists.PLACE_ENDS):
        second = NAME.match(text, name.end() + 1) if text[name.end() : name.end() + 1] == " " else None
        yield advise("name", name.start(), second.end() if second else name.end())


def _child(text: str, start: int, end: int) -> Iterator[Finding]:
    """Son till, dottern till."""
    if text[end : end + 6].lower().startswith((" till ", " of ")):
        yield from _name(text, start, end + (5 if text[end + 1 : end + 2].lower() == "t" else 3))


def _named(text: str, start: int, end: int) -> Iterator[Finding]:
    """Namnet är …, vid namn …, kallar sig …"""
    gap = re.compile(r"\s{1,2}(?:är|sig|is|var)\b").match(text, end)
    yield from _name(text, start, gap.end() if gap else end)


# --- flats ------------------------------------------------------------------------------------------


def _flat(text: str, start: int, end: int) -> Iterator[Finding]:
    number = FLAT.match(text, end) or FLAT_ON_FLOOR.match(text, end)
    if number:
        yield warn("apartment", start, number.end())


def _stairs(text: str, start: int, end: int) -> Iterator[Finding]:
    """3 tr, tre trappor upp; but not the three stairs that need salt."""
    before = STAIRS_BEFORE.search(text, max(0, start - 8), start)
    up = UP.match(text, end)
    if before and (up or (text[start:end].lower() == "tr" and text[before.start()].isdigit())):
        yield warn("apartment", before.start(), up.end() if up else end)


def _floor(text: str, start: int, end: int) -> Iterator[Finding]:
    door = DOOR.match(text, end)
    if door:
        yield warn("apartment", start, door.end())


def _door(text: str, start: int, end: int) -> Iterator[Finding]:
    number = re.compile(r"(?:[-\s]{0,2}(?:nr|nummer))?[\s.:]{1,3}[0-9]{3,4}\b").match(text, end)
    if number:
        yield warn("apartment", start, number.end())


# --- social media -----------------------------------------------------------------------------------


def _network(text: str, start: int, end: int) -> Iterator[Finding]:
    said = HANDLE_SAID.match(text, end) or HANDLE_LIKE.match(text, end)
    if said and said[1].lower() not in lists.NO_HANDLE and not said[1].isdigit():
        yield warn("handle", *said.span(1))


# --- parts of a number ------------------------------------------------------------------------------


def _short_number(text: str, start: int, end: int) -> Iterator[Finding]:
    """P-nr, pers.nr: what is left of the word was read as a word of its own."""
    number = re.compile(r"[-.\s]{1,2}nr[\s:.]{0,3}((?:[0-9]{2})?[0-9]{6}(?:-[0-9]{0,3})?)(?![0-9])", re.IGNORECASE)
    found = number.match(text, end)
    if found:
        yield part_of_number(*found.span(1))


_HANDLERS = {
    "name": _name,
    "child": _child,
    "named": _named,
    "flat": _flat,
    "stairs": _stairs,
    "floor": _floor,
    "door": _door,
    "network": _network,
    "short_number": _short_number,
}
