"""The record of what was done: whatever is altered behind its back is found, and where."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from io import StringIO

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from est_site import audit, tenancy
from est_site.audit import Fault, Link, find_fault
from est_site.models import AuditEvent
from tests.cast import NOW, Town
from tests.conftest import OWNER

# --- the chain itself ------------------------------------------------------------------------------


def chain(bodies: list[str], group_id: int = 7) -> list[Link]:
    """A chain made here, not by the code under test."""
    links, before = [], b""
    for n, body in enumerate(bodies, start=1):
        before = hashlib.sha256(before + f"{group_id}|{n}|{body}".encode()).digest()
        links.append(Link(n, body, before))
    return links


def head(links: list[Link]) -> tuple[int, bytes]:
    return (links[-1].n, links[-1].h) if links else (0, b"")


BODIES = st.lists(st.text(max_size=20), min_size=1, max_size=12)


@given(st.lists(st.text(max_size=20), max_size=12))
def test_an_untouched_chain_is_whole(bodies: list[str]) -> None:
    links = chain(bodies)
    assert find_fault(7, links, head(links)) is None


@given(BODIES, st.data())
def test_a_changed_body_is_found_where_it_stands(bodies: list[str], data: st.DataObject) -> None:
    links = chain(bodies)
    at = data.draw(st.integers(0, len(links) - 1))
    other = data.draw(st.text(max_size=20).filter(lambda text: text != links[at].body))
    tampered = [*links[:at], Link(links[at].n, other, links[at].h), *links[at + 1 :]]
    assert find_fault(7, tampered, head(links)) == Fault(at + 1, "changed")


@given(BODIES, st.data())
def test_a_changed_hash_is_found_where_it_stands(bodies: list[str], data: st.DataObject) -> None:
    links = chain(bodies)
    at = data.draw(st.integers(0, len(links) - 1))
    tampered = [*links[:at], Link(links[at].n, links[at].body, b"x" * 32), *links[at + 1 :]]
    assert find_fault(7, tampered, head(links)) == Fault(at + 1, "changed")


@given(BODIES, st.data())
def test_a_removed_row_is_found_the_last_one_too(bodies: list[str], data: st.DataObject) -> None:
    links = chain(bodies)
    at = data.draw(st.integers(0, len(links) - 1))
    assert find_fault(7, links[:at] + links[at + 1 :], head(links)) == Fault(at + 1, "removed")


@given(BODIES, st.integers(1, 12))
def test_a_chain_cut_short_is_found_where_it_ends(bodies: list[str], kept: int) -> None:
    links = chain(bodies)
    if kept < len(links):
        assert find_fault(7, links[:kept], head(links)) == Fault(kept + 1, "removed")


@given(st.lists(st.text(max_size=20), min_size=2, max_size=12, unique=True), st.data())
def test_swapped_rows_are_found_at_the_first_of_them(bodies: list[str], data: st.DataObject) -> None:
    links = chain(bodies)
    one = data.draw(st.integers(0, len(links) - 2))
    two = data.draw(st.integers(one + 1, len(links) - 1))
    tampered = list(links)
    tampered[one] = Link(links[one].n, links[two].body, links[two].h)
    tampered[two] = Link(links[two].n, links[one].body, links[one].h)
    assert find_fault(7, tampered, head(links)) == Fault(one + 1, "changed")


@given(BODIES, st.text(max_size=20))
def test_a_row_added_at_the_end_is_found(bodies: list[str], extra: str) -> None:
    links = chain(bodies)
    assert find_fault(7, chain([*bodies, extra]), head(links)) == Fault(len(bodies) + 1, "inserted")


@given(BODIES, st.text(max_size=20), st.data())
def test_a_row_squeezed_in_with_a_number_that_is_taken_is_found(
    bodies: list[str], extra: str, data: st.DataObject
) -> None:
    links = chain(bodies)
    at = data.draw(st.integers(0, len(links) - 1))
    tampered = [*links[: at + 1], Link(links[at].n, extra, b"x" * 32), *links[at + 1 :]]
    assert find_fault(7, tampered, head(links)) == Fault(at + 1, "inserted")


@given(BODIES, st.text(max_size=20), st.data())
def test_a_row_squeezed_in_with_all_later_ones_made_anew_is_found(
    bodies: list[str], extra: str, data: st.DataObject
) -> None:
    links = chain(bodies)
    at = data.draw(st.integers(0, len(bodies)))
    assert find_fault(7, chain([*bodies[:at], extra, *bodies[at:]]), head(links)) is not None


@given(BODIES, st.data())
def test_a_chain_rewritten_from_a_row_on_is_found_by_its_head(bodies: list[str], data: st.DataObject) -> None:
    links = chain(bodies)
    at = data.draw(st.integers(0, len(bodies) - 1))
    rewritten = chain([*bodies[:at], bodies[at] + "!", *bodies[at + 1 :]])
    assert find_fault(7, rewritten, head(links)) == Fault(len(bodies), "changed")


@given(BODIES)
def test_another_groups_chain_is_not_ones_own(bodies: list[str]) -> None:
    links = chain(bodies, group_id=8)
    assert find_fault(7, links, head(links)) == Fault(1, "changed")


# --- in the database -------------------------------------------------------------------------------


@pytest.fixture
def recorded(transactional_db: None, tarnsund: Town) -> Town:
    with tenancy.inside(tarnsund.group):
        for n in range(5):
            audit.append(what=f"test.{n}", by=tarnsund.carin, on=tarnsund.group, now=NOW)
    return tarnsund


@pytest.fixture
def owner(recorded: Town) -> Iterator[psycopg.Connection]:
    """The owner of the tables, with the triggers switched off: who can do everything but the hash."""
    parameters = connection.get_connection_params() | {"user": OWNER}
    wanted = {name: parameters[name] for name in ("host", "port", "dbname", "user") if parameters.get(name)}
    with psycopg.connect(**wanted, autocommit=True) as session:
        session.execute("ALTER TABLE est_site_auditevent DISABLE TRIGGER USER")
        session.execute("ALTER TABLE est_site_auditevent NO FORCE ROW LEVEL SECURITY")
        yield session
        session.execute("ALTER TABLE est_site_auditevent FORCE ROW LEVEL SECURITY")
        session.execute("ALTER TABLE est_site_auditevent ENABLE TRIGGER USER")


def verified() -> str:
    out = StringIO()
    with suppress(CommandError):
        call_command("verify_audit", stdout=out)
    return out.getvalue()


def test_the_databases_chain_is_the_one_computed_here(recorded: Town) -> None:
    with tenancy.inside(recorded.group):
        rows = list(AuditEvent.objects.order_by("n").values_list("body", "h"))
    expected = chain([body for body, _h in rows], recorded.group.pk)
    assert [bytes(h) for _body, h in rows] == [link.h for link in expected]


@pytest.mark.parametrize(
    ("tampering", "found"),
    [
        ("SELECT 1", "whole"),
        ("UPDATE est_site_auditevent SET body = replace(body, 'test.2', 'test.9') WHERE n = 3", "event 3 was changed"),
        ("DELETE FROM est_site_auditevent WHERE n = 2", "event 2 was removed"),
        ("DELETE FROM est_site_auditevent WHERE n = 5", "event 5 was removed"),
        ("DELETE FROM est_site_auditevent", "event 1 was removed"),
        (
            "UPDATE est_site_auditevent e SET body = o.body, h = o.h FROM est_site_auditevent o"
            " WHERE e.n + o.n = 6 AND e.n IN (2, 4)",
            "event 2 was changed",
        ),
        (
            "INSERT INTO est_site_auditevent (group_id, n, body, h)"
            " SELECT group_id, 6, body, h FROM est_site_auditevent WHERE n = 5",
            "event 6 was ",
        ),
    ],
)
def test_what_the_owner_does_behind_the_triggers_is_found(
    tampering: str, found: str, recorded: Town, owner: psycopg.Connection
) -> None:
    owner.execute(tampering.encode())
    assert f"tarnsund: {found}" in verified()


def test_a_broken_chain_ends_the_command_with_status_1(recorded: Town, owner: psycopg.Connection) -> None:
    owner.execute("DELETE FROM est_site_auditevent WHERE n = 5")
    with pytest.raises(CommandError, match="1 of 1 chains broken") as raised:
        call_command("verify_audit", "--group", "tarnsund", stdout=StringIO())
    assert raised.value.returncode == 1


def test_each_group_has_a_chain_of_its_own(recorded: Town, bjorkvik: Town) -> None:
    text = verified()
    assert "tarnsund: whole" in text
    assert "bjorkvik: whole" in text


def test_a_group_that_is_not_there_is_named(db: None) -> None:
    with pytest.raises(CommandError, match="there is no group ingen"):
        call_command("verify_audit", "--group", "ingen")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE est_site_auditevent SET body = ''",
        "DELETE FROM est_site_auditevent",
        "TRUNCATE est_site_auditevent",
        "INSERT INTO est_site_auditevent (group_id, n, body, h) SELECT group_id, 99, body, h FROM est_site_auditevent",
        "SELECT * FROM est_site_audithead",
        "UPDATE est_site_audithead SET n = 0",
    ],
)
def test_the_application_can_neither_alter_the_chain_nor_read_its_head(statement: str, inside: Town) -> None:
    audit.append(what="test", by=inside.carin, on=inside.group, now=NOW)
    refused = pytest.raises(ProgrammingError, match="permission denied")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_owner_too_is_stopped_by_the_trigger(recorded: Town, owner: psycopg.Connection) -> None:
    owner.execute("ALTER TABLE est_site_auditevent ENABLE TRIGGER USER")
    with pytest.raises(psycopg.errors.RaiseException, match="only added to"):
        owner.execute("DELETE FROM est_site_auditevent")
