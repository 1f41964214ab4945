"""The audit chain: one event per action, appended last, each link the hash of the one before.

The body holds ids and field names, never text, so masking and thinning never break the chain.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, models

from est_site.models import AccessEvent, AuditEvent


def append(
    *,
    what: str,
    by: Any | None,
    on: models.Model | None,
    now: datetime,
    fields: Iterable[str] = (),
    count: int | None = None,
    proof: str = "",
    on_behalf: str = "system",
) -> int:
    """Append one event to the current group's chain and return its number. The last statement before commit.

    `by` is the Membership that answers for it, None for a worker. A batch is one event with a count;
    `proof` is a hash of what the event speaks of.
    """
    body: dict[str, Any] = {
        "at": now.isoformat(),
        "by": f"member:{by.pk}" if by is not None else on_behalf,
        "what": what,
    }
    if on is not None:
        body["on"] = [on._meta.label_lower, on.pk]
    if fields:
        body["fields"] = sorted(fields)
    if count is not None:
        body["count"] = count
    if proof:
        body["proof"] = proof
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_append(%s)", [json.dumps(body, sort_keys=True)])
        row = cursor.fetchone()
    return int(row[0])


def access(*, user_id: int, group_id: int, what: str, subject: str = "", now: datetime) -> None:
    """Note that somebody read, exported or was refused; no lock is taken."""
    AccessEvent.objects.create(group_id=group_id, user_id=user_id, what=what, subject=subject, at=now)


@dataclass(frozen=True)
class Fault:
    """Where a chain breaks: the number at which it no longer agrees, and how."""

    n: int
    what: str


@dataclass(frozen=True)
class Link:
    n: int
    body: str
    h: bytes


def find_fault(group_id: int, links: Sequence[Link], head: tuple[int, bytes]) -> Fault | None:
    """The first place where the chain is changed, removed, swapped or inserted into; None when it holds.

    `links` in order of their number; `head` is the last number and hash that the appending function remembers.
    """
    previous, expected = b"", 1
    for link in links:
        if link.n != expected:
            return Fault(expected, "removed") if link.n > expected else Fault(link.n, "inserted")
        previous = digest(previous, group_id, link.n, link.body)
        if previous != link.h:
            return Fault(link.n, "changed")
        expected += 1
    if expected - 1 != head[0]:
        return Fault(expected, "removed") if expected - 1 < head[0] else Fault(head[0] + 1, "inserted")
    if links and previous != head[1]:
        return Fault(expected - 1, "changed")
    return None


def digest(previous: bytes, group_id: int, n: int, body: str) -> bytes:
    """The hash of one link, as the database's function computes it."""
    return hashlib.sha256(previous + f"{group_id}|{n}|{body}".encode()).digest()


def verify(group_id: int) -> Fault | None:
    """Check the chain of the group whose walls we are inside."""
    rows = AuditEvent.objects.filter(group_id=group_id).order_by("n", "id").values_list("n", "body", "h")
    with connection.cursor() as cursor:
        cursor.execute("SELECT n, h FROM audit_head()")
        found = cursor.fetchone()
    head = (0, b"") if found is None else (int(found[0]), bytes(found[1]))
    return find_fault(group_id, [Link(n, body, bytes(h)) for n, body, h in rows], head)
