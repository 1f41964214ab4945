"""Knocking: a request for a thing of a route by somebody, and the answer that must follow."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.http import HttpResponse
from django.urls import reverse

from est_site.access import TOKEN, Permission, may
from est_site.partners.models import Membership
from tests.walls.routes import ROUTES, routes
from tests.walls.row import Row, Values
from tests.walls.world import Person, Things, World

ALL = routes()
SIGN_IN = "sign in"
Answers = tuple[int | str, ...]  # statuses, or being led to the sign-in
REFUSED: set[Answers] = {(401,), (403,), (404,), (SIGN_IN,)}
SHARED = [name for name in ROUTES if name in ALL]
CASES = [*SHARED, *(f"{name}, limited" for name in SHARED if ROUTES[name].limited)]


def chosen(case: str) -> tuple[str, Row, Values]:
    """The route of a case, its row, and the arguments of the shared or of the limited thing."""
    name = case.removesuffix(", limited")
    row = ROUTES[name]
    limited = row.limited if name != case else None
    return name, row, limited.args if limited else row.args


def address(name: str, things: Things, arguments: dict[str, Any]) -> str:
    in_group = {"slug": things.slug} if "<slug:slug>" in ALL[name][0] else {}
    return reverse(name, kwargs=in_group | arguments)


def expected(case: str, person: Person, method: str, things: Things) -> Answers:
    """What follows from the mark on the view, the table of roles and the row."""
    name, row, _arguments = chosen(case)
    mark = ALL[name][1]
    answers = row.get if method == "GET" else row.post
    if mark.startswith("public"):
        return answers
    if mark == TOKEN:  # whoever is signed in: it is the key that counts
        return (401,)
    if not person.signed_in:
        return (SIGN_IN,)
    if answers == (405,) or mark == Permission.OWN_ACCOUNT:
        return answers
    if mark == Permission.KEEP_INSTALLATION:
        return answers if person.keeps_installation else (403,)
    if person.member is None:
        return (404,)
    if not may(person.member, Permission(mark)):
        return (403,)
    return answers if sees(case, person.member, things) else (404,)


def ask(world: World, case: str, person: Person, method: str) -> HttpResponse:
    """One request for a thing of Tärnsund; a form is filled in as it should be."""
    name, row, arguments = chosen(case)
    url = address(name, world.here, arguments(world.here))
    return person.send(method, url, row.body(world.here) if method == "POST" else None)


def outcome(answer: HttpResponse) -> int | str:
    """The status, or that somebody was led to the sign-in and from there back to where they wanted to be."""
    led = answer.get("Location", "").startswith(f"{reverse('account_login')}?next=")
    return SIGN_IN if led else answer.status_code


@contextmanager
def undone(*, checked: bool = True) -> Iterator[None]:
    """What is written inside is looked at by the database's own checks and then taken back."""
    with transaction.atomic():
        yield
        if checked:
            connection.check_constraints()
        transaction.set_rollback(True)


def writes() -> int:
    """Rows written so far in this transaction, taken back or not; a note of who read or was refused is none."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_xact_user_tables"
            " WHERE relname <> 'est_site_accessevent'"
        )
        return int(cursor.fetchone()[0])


def sees(case: str, member: Membership, things: Things) -> bool:
    row = chosen(case)[1]
    if row.only is not None and not row.only(member, things):
        return False
    limited = row.limited
    return limited is None or not case.endswith(", limited") or limited.sees(member, things)
