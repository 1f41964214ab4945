"""What some of the forms are filled in with."""

from __future__ import annotations

import uuid
from typing import Any

from tests.walls.world import Things, today


def was_there(t: Things) -> dict[str, Any]:
    """A night that somebody was out, as the form says it."""
    said = {"kind": "guards", "area": t.area.pk, "days": [str(t.presence.starts_at.date())]}
    return said | {"begins": "10:00", "ends": "12:00", "client_uuid": uuid.UUID(int=13)}


def were_there(t: Things) -> dict[str, Any]:
    """A row of a spreadsheet, as it is pasted to be looked at."""
    return {"pasted": f"väktare\t{t.area.name}\t{t.presence.starts_at.date()}\t10:00\t12:00"} | {
        "client_uuid": uuid.UUID(int=14)
    }


def will_come(t: Things) -> dict[str, Any]:
    days = {"first_day": "2026-12-12", "last_day": "2026-12-13"}
    return {"title": "Julmarknad", "kind": "event", "repeats": "once", "area": t.area.pk} | days


def has_changed(t: Things) -> dict[str, Any]:
    said = {"day": "2026-11-02", "what": "app", "text": "Ny app"}
    return said | {"organisation": t.organisation.pk, "category": t.top.pk}


def measured(_t: Things) -> dict[str, Any]:
    """A figure of others."""
    return {"name": "Trygga utomhus", "unit": "procent", "source": "Trygghetsmätningen", "rising": "better"}


def for_the_group(t: Things) -> dict[str, Any]:
    days = f"{t.period.first_day}_{t.period.last_day}"
    return {"client_uuid": uuid.UUID(int=17), "span": days, "audience": "group", "organisation": t.organisation.pk}


def rows(t: Things) -> dict[str, Any]:
    """Two rows of the table."""
    said = {"what": "Klotter", "where": t.place.name, "start": "2026-11-20 10:15"}
    return {"client_uuid": uuid.UUID(int=11)} | {f"r{n}-{name}": value for n in (1, 2) for name, value in said.items()}


def what_to_do(t: Things) -> dict[str, Any]:
    """An intervention, as the meeting's forms say it."""
    return {
        "client_uuid": uuid.UUID(int=7),
        "what": "Häcken klipps",
        "place": t.place.pk,
        "area": t.area.pk,
        "category": t.top.pk,
        "responsible": t.organisation.pk,
        "first_day": today(),
        "follow_up_on": today(),
        "visibility": "group",
    }
