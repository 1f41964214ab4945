"""The personal-data guard as the rows of others meet it: a file is held, a system is refused."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

HOLDS = ("block", "warn")


def findings(text: str) -> Sequence[Any]:
    """What may not stand in a row unless a person has looked at it. Advice stops nobody."""
    if not text:
        return ()
    try:
        guard = import_module("est_site.guard")
    except ModuleNotFoundError:
        return ()
    return [finding for finding in guard.check(text) if finding.severity in HOLDS]


def kinds(text: str) -> list[str]:
    """The kinds of what was found, each once."""
    return sorted({finding.kind for finding in findings(text)})
