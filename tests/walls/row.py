"""How the answers of a route are written down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from est_site.partners.models import Membership
from tests.walls.world import Things

Values = Callable[[Things], dict[str, Any]]


def nothing(_t: Things) -> dict[str, Any]:
    return {}


def of_the_owner(member: Membership, t: Things) -> bool:
    return member.organisation_id == t.organisation.pk


@dataclass(frozen=True)
class Limited:
    """A thing of the same address that only some of the group may see; to the others it is not there."""

    args: Values
    sees: Callable[[Membership, Things], bool] = of_the_owner


@dataclass(frozen=True)
class Row:
    """`get` and `post` are the answers to somebody who is let in; 405 where the view has no such method."""

    args: Values = nothing
    body: Values = nothing
    get: tuple[int, ...] = (200,)
    post: tuple[int, ...] = (405,)
    limited: Limited | None = None
    only: Callable[[Membership, Things], bool] | None = None  # the thing itself is not there for the others


def button(args: Values, body: Values = nothing, limited: Limited | None = None, post: int = 302) -> Row:
    return Row(args, body, get=(405,), post=(post,), limited=limited)


def form(args: Values, body: Values) -> Row:
    return Row(args, body, post=(302,))


def pk(of: str) -> Values:
    """Points at the thing of that name in the world."""
    return lambda t: {"pk": getattr(t, of).pk}


def own(of: str, sees: Callable[[Membership, Things], bool]) -> Callable[..., Row]:
    """A row about a thing of one organisation: what it is, who sees it besides its owner, and how a Row is made."""

    def row(make: Callable[..., Row], body: Values = nothing) -> Row:
        args = pk(of)
        made = make(args, body) if body is not nothing else make(args)
        return replace(made, only=sees)

    return row


def version(_t: Things) -> dict[str, Any]:
    return {"version": 1}
