"""Pieces of a right room shown on a left page. A slot shows; it never decides, counts or freezes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Card:
    """One thing to show: a template of the app that fills the slot, with what it needs."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)
    subject_id: int | None = None
    order: int = 0


Filler = Callable[[Any, Sequence[Any], datetime], Sequence[Card]]

NAMES = ("home", "incident.became", "place.running", "area.now", "settings", "search", "menu")
_FILLED: dict[str, list[Filler]] = {name: [] for name in NAMES}


def fill(name: str, filler: Filler) -> None:
    """Called in an app's `apps.py`. The filler applies `visible_to` and has a fixed number of queries."""
    if filler not in _FILLED[name]:
        _FILLED[name].append(filler)


def cards(name: str, member: Any, subjects: Sequence[Any], now: datetime) -> list[Card]:
    """What all fillers have to show for these subjects, in their order."""
    found = [card for filler in _FILLED[name] for card in filler(member, subjects, now)]
    return sorted(found, key=lambda card: card.order)
