"""One spelling for what looks the same: digits, dashes, spaces and wide letters; what cannot be seen is left out."""

from __future__ import annotations

import re
import unicodedata

PLAIN = re.compile("[^\t\n\r -~åäöÅÄÖéÉ]")
LINE_ENDS = "\v\f\x1c\x1d\x1e\x85\u2028\u2029"
FILLERS = "\u115f\u1160\u3164\uffa0\u2800"  # letters by their class, blank to the eye


def _folds() -> tuple[dict[str, str], set[str]]:
    """Character -> what it is read as; and the characters that are not read at all."""
    reads: dict[str, str] = dict.fromkeys(LINE_ENDS, "\n")
    unseen = set(FILLERS)
    for code in (*range(0x7F, 0x20000), *range(0xE0000, 0xE0200)):
        char = chr(code)
        kind = unicodedata.category(char)
        if kind in ("Cf", "Mn", "Me") or (kind == "Cc" and char not in LINE_ENDS):
            unseen.add(char)
        elif kind == "Nd":
            reads[char] = str(unicodedata.decimal(char))
        elif kind == "Pd" or char == "\u2212":
            reads[char] = "-"
        elif kind == "Zs":
            reads[char] = " "
        elif code < 0xC0 or 0x2070 <= code < 0x2100 or 0x2460 <= code < 0x2500 or code >= 0xFE00:
            plain = unicodedata.normalize("NFKC", char)
            if len(plain) == 1 and plain != char:
                reads[char] = plain
    reads["\u2044"] = reads["\u2215"] = "/"
    return reads, unseen - reads.keys()


READS, UNSEEN = _folds()


def fold(text: str) -> tuple[str, list[int] | None]:
    """The text as it is read, and where each of its characters stood; None when every one stands where it stood."""
    if not PLAIN.search(text):
        return text, None
    chars: list[str] = []
    offsets: list[int] = []
    for at, char in enumerate(text):
        if char not in UNSEEN:
            chars.append(READS.get(char, char))
            offsets.append(at)
        elif chars and unicodedata.combining(char):  # a letter and its dots or ring written apart
            joined = unicodedata.normalize("NFC", chars[-1] + char)
            if len(joined) == 1:
                chars[-1] = joined
    return "".join(chars), offsets
