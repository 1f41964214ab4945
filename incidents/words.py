"""The personal-data guard as the rows of others meet it: a file is held, a system is refused."""

from __future__ import annotations

from collections.abc import Iterable

from est_site import guard, guarding
from est_site.guard import Finding

HOLDS = ("block", "warn")


def findings(text: str) -> list[Finding]:
    """What may not stand in a row unless a person has looked at it. Advice stops nobody."""
    return [finding for finding in guard.check(text) if finding.severity in HOLDS]


def kinds(text: str) -> list[str]:
    """The kinds of what was found, each once."""
    return sorted({finding.kind for finding in findings(text)})


def named(kinds: Iterable[str]) -> list[str]:
    """The kinds as a reader calls them."""
    return [str(guarding.KINDS[kind]) for kind in kinds]
