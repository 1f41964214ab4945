"""The personal-data guard: finds in a text what belongs to a person and not to a place.

Pure. `check` folds the text once (digits, dashes, spaces, what cannot be seen), reads its numbers and its words once
each, and answers with places in the text as it was written. Nothing here keeps or logs anything.
"""

from __future__ import annotations

from est_site.guard import marks, numbers, words
from est_site.guard.findings import BLOCK, KINDS, Finding
from est_site.guard.folding import fold

RANK = {kind: n for n, kind in enumerate(KINDS)}

__all__ = ["KINDS", "Finding", "check", "cleaned"]


def check(text: str) -> list[Finding]:
    """What was found, in order and never two at the same place: the more serious one stands."""
    folded, offsets = fold(text)
    context = words.read(folded)
    found = [*numbers.find(folded, context), *marks.find(folded, context), *context.findings]
    found.sort(key=lambda finding: (finding.severity != BLOCK, RANK[finding.kind], finding.start))
    taken = bytearray(len(folded))
    kept = []
    for finding in found:
        if 1 not in taken[finding.start : finding.end]:
            taken[finding.start : finding.end] = b"\x01" * (finding.end - finding.start)
            kept.append(finding)
    kept.sort(key=lambda finding: finding.start)
    return kept if offsets is None else [finding.moved(offsets) for finding in kept]


def cleaned(text: str, mark: str, severity: str) -> str:
    """The text with a mark in place of each finding of that severity."""
    for finding in reversed(check(text)):
        if finding.severity == severity:
            text = text[: finding.start] + mark + text[finding.end :]
    return text
