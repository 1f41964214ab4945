"""What is told by its shape: e-mail addresses, registration plates, names after an @, accounts abroad."""

from __future__ import annotations

import re
from collections.abc import Iterator

from est_site.guard import lists
from est_site.guard.findings import Finding, warn
from est_site.guard.words import Context

AT = re.compile(r"@(?!@)|[(\[{]at[)\]}]|\(a\)|\(?\bsnabel-?a\b\)?", re.IGNORECASE)
DOMAIN = re.compile(
    r"(?:\w[\w\-]{0,62}+(?:\.|\s?(?:\(dot\)|\[dot\]|\(punkt\)|\spunkt\s)\s?)){1,6}[^\W\d_]{2,24}(?!\w)", re.IGNORECASE
)
AT_NAME = re.compile(r"(?=[\w.]{0,29}[^\W\d_])\w[\w.]{0,28}\w")
LINK = re.compile(
    r"\b(?:instagram|facebook|fb|tiktok|snapchat|twitter|x|t|linkedin|youtube)\.(?:com|me)/(?:add/|@|in/)?[\w.\-@]{2,40}",
    re.IGNORECASE,
)
PLATE = re.compile(
    r"(?<![\w@./-])([A-HJ-PR-UW-Za-hj-pr-uw-z]{3})([\s\-]{0,2}+)([0-9]{2}(?:[0-9]|[A-HJ-NPR-UW-Za-hj-npr-uw-z]))(?![\w]|[-/:,.][0-9])"
)
IBAN = re.compile(r"\bSE[0-9]{2}(?: ?[0-9]{4}){5}\b", re.IGNORECASE)
UNIT = re.compile(
    r"\s{0,2}(?:kr|kronor|st|stycken|m|meter|km|kg|gram|g|cm|mm|liter|personer|gånger|procent|%|år|dagar|minuter|min|timmar|"
    r"till|unga|ungdomar|barn|besökare|boende|lägenheter|bilar|meters|watt|sek)\b|\s{0,2}%",
    re.IGNORECASE,
)


def find(text: str, context: Context) -> Iterator[Finding]:
    yield from _addresses(text)
    yield from _plates(text, context)
    for match in IBAN.finditer(text):
        yield warn("account", *match.span())
    for match in LINK.finditer(text):
        yield warn("handle", *match.span())


def _addresses(text: str) -> Iterator[Finding]:
    """Around each @: an address if there is a name before and a domain after, else the name of an account."""
    for at in AT.finditer(text):
        first, after = at.span()
        if text[first - 1 : first] == " " and text[after : after + 1] == " ":
            first, after = first - 1, after + 1  # anna @ post.se
        start = first
        least = max(0, first - 64)
        while start > least and (text[start - 1].isalnum() or text[start - 1] in "._%+-'"):
            start -= 1
        domain = DOMAIN.match(text, after) if start < first else None
        if domain:
            while text[start] in ".-'%+" and start < first - 1:
                start += 1
            yield warn("email", start, domain.end())
        elif at[0] == "@" and start == first == at.start():
            name = AT_NAME.match(text, at.end())
            if name:
                yield warn("handle", at.start(), name.end())


def _plates(text: str, context: Context) -> Iterator[Finding]:
    for match in PLATE.finditer(text):
        letters, gap, _digits = match.groups()
        if not context.vehicle_near(match.start()):
            word = letters.lower()
            if word in lists.NO_PLATE or (not letters.isupper() and UNIT.match(text, match.end())):
                continue
            if "\n" in gap and not letters.isupper():
                continue
        elif letters.lower() in lists.NEVER_PLATE:
            continue
        yield warn("plate", *match.span())
