"""What was written of an observation is destroyed everywhere: each app that keeps a copy registers how it forgets it.

A forgetter is called inside the transaction that masks, after the observation itself was emptied. It removes or empties
what it holds, orders anew what was made from it, and says of which kind that was and how much.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

Forgetter = Callable[[int, int, datetime], int]  # group's id, observation's id, now -> how many copies went

_FORGETTERS: dict[str, Forgetter] = {}


def register(kind: str, forgetter: Forgetter) -> None:
    """Called in an app's `apps.py`."""
    _FORGETTERS[kind] = forgetter


def forget(*, group_id: int, incident_id: int, now: datetime) -> dict[str, int]:
    """How many copies of each kind went."""
    return {kind: forgetter(group_id, incident_id, now) for kind, forgetter in sorted(_FORGETTERS.items())}
