"""Numbers that belong to a person: personal identity numbers, telephones, accounts.

A chain is digits with short gaps between them, over line ends too. A number begins and ends where a group of its chain
does. Every step looks at a fixed number of characters, so the time grows with the text and no faster.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import accumulate, pairwise

from est_site.guard.findings import Finding, full_number, part_of_number, warn
from est_site.guard.words import REACH, Context

CHAIN = re.compile(r"[0-9](?:[\s\-+./_()]{0,6}+[0-9])*+")
RUN = re.compile(r"[0-9]++")
_DATE = r"[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01]|6[1-9]|[78][0-9]|9[01])"
SHORT = re.compile(_DATE + r"[0-9]{4}")
LONG = re.compile(r"(?:18|19|20)" + _DATE + r"[0-9]{4}")
NOT_DIGITS = re.compile(r"[^0-9]++")
LIKELY = re.compile(r"(?:(?:18|19|20)" + _DATE + "|" + _DATE + r")[0-9]{4}")
MASKED = re.compile(r"(?<![0-9])(?:[0-9]{2})?" + _DATE + r"\s{0,2}[-+]?\s{0,2}(?:[xX]{4}|\*{4}|[nN]{4})(?!\w)")
MONEY = re.compile(r"\s{0,2}(?:kr\b|kronor|sek\b|:-|öre\b|%|eur\b|euro\b)", re.IGNORECASE)
FARTHEST = max(reach for label, reach in REACH.items() if label != "vehicle")
LONGEST = 28  # digits of the longest account
CLOCK_FROM = 2015  # from this year a date with four figures after it may as well be a date and a time
LONGEST_MONTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
SINGLE = bytes.maketrans(b"0123456789", bytes(range(10)))
DOUBLE = bytes.maketrans(b"0123456789", bytes([0, 2, 4, 6, 8, 1, 3, 5, 7, 9]))


@dataclass(frozen=True)
class Chain:
    """Digits in groups. `edges` are the places among the digits where a group begins, and the end."""

    text: str
    digits: str
    groups: list[tuple[int, int]]  # in the text
    edges: list[int]
    soft: set[int]  # edges that are only a line end

    def place(self, first: int, last: int) -> tuple[int, int]:
        """Where the digits from `first` up to `last`, both edges, stand in the text."""
        a, b = bisect_left(self.edges, first), bisect_left(self.edges, last)
        return self.groups[a][0], self.groups[b - 1][1]

    def gap(self, edge: int) -> str:
        at = bisect_left(self.edges, edge)
        return self.text[self.groups[at - 1][1] : self.groups[at][0]]

    def said(self, start: int, context: Context) -> str:
        """What the word before says of a number that begins there: no word stands inside the chain."""
        return context.before(start) if start - self.groups[0][0] <= FARTHEST else ""

    def inside(self, first: int, last: int) -> list[int]:
        """Edges between the two that are more than a line end."""
        a, b = bisect_left(self.edges, first + 1), bisect_left(self.edges, last)
        inner = self.edges[a:b]
        return [edge for edge in inner if edge not in self.soft] if self.soft else inner


def chains(text: str) -> Iterator[Chain]:
    for match in CHAIN.finditer(text):
        start, end = match.span()
        if end - start < 4:
            continue
        groups = [run.span() for run in RUN.finditer(text, start, end)]
        if len(groups) == 1 and end - start > LONGEST:
            continue
        edges = list(accumulate((b - a for a, b in groups), initial=0))
        written = match[0]
        soft: set[int] = set()
        if "\n" in written or "\r" in written:
            gaps = [text[a[1] : b[0]] for a, b in pairwise(groups)]
            soft = {edges[n] for n, gap in enumerate(gaps, 1) if "\n" in gap or "\r" in gap}
        yield Chain(text, NOT_DIGITS.sub("", written), groups, edges, soft)


def find(text: str, context: Context) -> Iterator[Finding]:
    for chain in chains(text):
        yield from _in_chain(chain, context)
    for match in MASKED.finditer(text):
        yield part_of_number(*match.span())


def _in_chain(chain: Chain, context: Context) -> Iterator[Finding]:
    digits = chain.digits
    if len(digits) == 4:
        if context.before(chain.groups[0][0]) == "last_four":
            yield part_of_number(*chain.place(0, 4))
        return
    if len(digits) < 5:
        return
    phones = list(_phones(chain, context))
    for start, end in phones:
        yield warn("phone", start, end)
    abroad = {end for start, end in phones if chain.text[start] == "+"}
    for start, end in _identity_numbers(chain, context):
        if end not in abroad:
            yield full_number(start, end)
    yield from _by_context(chain, context)


# --- personal identity numbers ----------------------------------------------------------------------


def _identity_numbers(chain: Chain, context: Context) -> Iterator[tuple[int, int]]:
    digits = chain.digits
    if len(digits) < 10:
        return
    even, odd = _sums(digits)
    edges, free = set(chain.edges), 0
    for n, edge in enumerate(chain.edges[:-1]):
        if edge < free or (edge + 10 not in edges and edge + 12 not in edges) or not LIKELY.match(digits, edge):
            continue
        for pattern, skip in ((LONG, 2), (SHORT, 0)):
            first, last = edge + skip, edge + skip + 10
            if last not in edges or not pattern.match(digits, edge):
                continue
            sums = odd if first % 2 else even
            if (sums[last] - sums[first]) % 10 or not _born(digits[edge : first + 6]):
                continue
            start, end = chain.groups[n][0], chain.groups[bisect_left(chain.edges, last) - 1][1]
            if _spelled(chain, (edge, last), (start, end), edges, context):
                yield start, end
                free = last
                break


def _sums(digits: str) -> tuple[list[int], list[int]]:
    """Running sums of the check, for numbers that begin at an even and at an odd place."""
    raw = digits.encode()
    single, double = raw.translate(SINGLE), raw.translate(DOUBLE)
    even, odd = bytearray(single), bytearray(single)
    even[0::2], odd[1::2] = double[0::2], double[1::2]
    return list(accumulate(even, initial=0)), list(accumulate(odd, initial=0))


def _born(figures: str) -> bool:
    """Whether it is a day that was or may have been, coordination numbers' days (60 more) too."""
    month, day = int(figures[-4:-2]), int(figures[-2:])
    day -= 60 if day > 60 else 0
    if not (1 <= month <= 12 and 1 <= day <= LONGEST_MONTHS[month - 1]):
        return False
    if len(figures) == 8:
        year = int(figures[:4])
        return 1850 <= year < 2050 and (day < 29 or _is_day(year, month, day))
    return day < 29 or any(_is_day(century + int(figures[:2]), month, day) for century in (1900, 2000))


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _spelled(
    chain: Chain, digits_at: tuple[int, int], place: tuple[int, int], edges: set[int], context: Context
) -> bool:
    """Whether it is written as such a number is, and not as something that happens to pass the check."""
    (first, last), (start, end) = digits_at, place
    said = chain.said(start, context)
    if said == "born":
        return True
    inner, digits = chain.inside(first, last), chain.digits[first:last]
    month = last - 8
    if inner and last - 4 not in edges and not (month in inner and month + 2 in inner):
        return False
    gap = chain.gap(last - 4) if last - 4 in edges and last - 4 > first else ""
    classic = len(inner) == 1 and inner[0] == last - 4 and ("-" in gap or "+" in gap)
    if not classic and (said in ("reference", "account", "phone") or MONEY.match(chain.text, end)):
        return False
    if len(digits) == 12 and int(digits[:4]) >= CLOCK_FROM and "-" not in gap and "+" not in gap:
        return not (int(digits[8:10]) < 24 and int(digits[10:]) < 60)
    if len(digits) == 10 and digits[0] == "0" and inner:
        area_code = inner[0] - first in (3, 4)
        gaps = [chain.gap(edge) for edge in inner]
        return not area_code and not (digits.startswith("08") and gaps[0] == "-" and set(gaps[1:]) == {" "})
    return True


# --- telephones -------------------------------------------------------------------------------------


def _phones(chain: Chain, context: Context) -> Iterator[tuple[int, int]]:
    edges, digits, free = chain.edges, chain.digits, 0
    has_plus = "+" in chain.text[max(0, chain.groups[0][0] - 2) : chain.groups[-1][1]]
    for n, edge in enumerate(edges[:-1]):
        if edge < free or not (has_plus or n == 0 or digits[edge] == "0"):
            continue
        if not has_plus and digits.startswith("00", edge) and not digits.startswith("46", edge + 2):
            continue
        start = chain.groups[n][0]
        abroad = (
            has_plus and "+" in chain.text[max(0, start - 2) : start] and not (n and chain.text[start - 2].isdigit())
        )
        if not abroad and digits[edge] != "0" and not (n == 0 and context.before(start) == "phone"):
            continue
        if n and not abroad and chain.text[chain.groups[n - 1][1] : start].strip(" /()\n\r\t+"):
            continue
        length = _phone_length(chain, n, abroad, context)
        if length:
            free = edge + length
            a, b = start, chain.groups[bisect_left(edges, free) - 1][1]
            plus = chain.text.rfind("+", max(0, a - 2), a)
            yield (plus if abroad and plus >= 0 else a), b


def _phone_length(chain: Chain, n: int, abroad: bool, context: Context) -> int:
    """How many digits belong to the number, 0 for none."""
    edge = chain.edges[n]
    digits = chain.digits[edge : edge + 15]
    if len(digits) < 6:
        return 0
    first = chain.edges[n + 1] - edge
    lengths = [e - edge for e in chain.edges[n + 1 : n + 13]]  # where it may end
    said = chain.said(chain.groups[n][0], context)
    if abroad or digits.startswith("0046"):
        prefix = 2 if abroad else 4
        swedish = (abroad and digits.startswith("46")) or not abroad
        rest = digits[prefix:]
        best = prefix + 9 + rest.startswith("0")
        return _best(lengths, (best, best - 1, best - 2, best + 1) if swedish else tuple(range(13, 7, -1)))
    if said == "phone" and digits[0] != "0":
        return _best(lengths, (9, 10, 8, 7, 6, 11)) if digits[:5] not in ("11414",) else 0
    if len(digits) < 8 or digits[1] == "0" or said in ("reference", "account"):
        return 0
    if said != "phone" and _is_time_or_day(chain, n):
        return 0
    mobile = digits[1] == "7" and digits[2] in "02369"
    length = _best(lengths, (10, 11, 9) if mobile else (10, 9, 8, 11))
    if said == "phone":
        return length
    if first >= 9 or (first in (3, 4) and length >= 9) or (first == 3 and length == 8) or digits.startswith("08"):
        return length
    pairs = all(chain.edges[m + 1] - chain.edges[m] <= 2 for m in range(n, min(n + 5, len(chain.groups))))
    return 10 if mobile and length == 10 and (pairs or first in (5, 6, 7)) else 0


def _best(lengths: list[int], order: tuple[int, ...]) -> int:
    return next((length for length in order if length in lengths), 0)


def _is_time_or_day(chain: Chain, n: int) -> bool:
    """08.00-17.00, 08-11-2026, 0800-1700: hours and days begin with a nought too."""
    spans = chain.groups[n : n + 4]
    sizes = [b - a for a, b in spans]
    if sizes[:3] == [2, 2, 4]:
        day, month, year = (chain.text[a:b] for a, b in spans[:3])
        return year[:2] in ("19", "20") and int(month) <= 31 and int(day) <= 31
    if sizes == [2, 2, 2, 2] and chain.text[spans[0][1] : spans[1][0]] in (".", ":"):
        parts = [int(chain.text[a:b]) for a, b in spans]
        return max(parts) < 60 and parts[0] < 25 and parts[2] < 25
    if sizes == [4, 4]:
        return all(int(chain.text[a : a + 2]) < 25 and int(chain.text[a + 2 : b]) < 60 for a, b in spans)
    return False


# --- what the word before says ----------------------------------------------------------------------


def _by_context(chain: Chain, context: Context) -> Iterator[Finding]:
    """A date of birth, an account: numbers that only the word before tells from others."""
    start = chain.groups[0][0]
    said = context.before(start)
    digits = chain.digits
    if said == "born":
        for size in (12, 10, 8, 6):
            if size in chain.edges and _born(digits[: 8 if size in (8, 12) else 6]):
                yield part_of_number(*chain.place(0, size))
                return
    if said == "account" and not _is_day_of_month(digits) and not MONEY.match(chain.text, chain.groups[-1][1]):
        size = next((edge for edge in reversed(chain.edges) if 5 <= edge <= 28), 0)
        if size:
            yield warn("account", *chain.place(0, size))


def _is_day_of_month(digits: str) -> bool:
    return len(digits) == 8 and digits[:2] == "20" and _is_day(int(digits[:4]), int(digits[4:6]) or 13, int(digits[6:]))
