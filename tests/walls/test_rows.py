"""What requests leave in the tables: nothing when they only read, and only what a form asks for."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.models import ForeignKey

from est_site import tenancy
from tests.walls.doors import ALL, CASES, SHARED, address, ask
from tests.walls.routes import ROUTES
from tests.walls.world import World

LETTER = "account_reset_password_from_key"


def tables() -> list[str]:
    """Every table that the application can read; the one of who read what is meant to be written by a refusal."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            " AND has_table_privilege(oid, 'SELECT') AND relname <> 'est_site_accessevent' ORDER BY 1"
        )
        return [name for (name,) in cursor.fetchall()]


def digest(world: World) -> dict[tuple[str, str], str]:
    """A hash of each table as each group sees it."""
    found = {}
    for things in (world.here, world.there):
        with tenancy.inside(things.town.group), connection.cursor() as cursor:
            for table in tables():
                cursor.execute(f"SELECT md5(string_agg(t::text, '' ORDER BY t::text)) FROM \"{table}\" t")
                found[things.slug, table] = cursor.fetchone()[0]
    return found


def changed(before: dict[Any, Any], after: dict[Any, Any]) -> list[Any]:
    return [key for key in before if before[key] != after[key]]


def test_reading_everything_leaves_every_table_as_it_was(case: World) -> None:
    before = digest(case)
    for name in CASES:
        if name != LETTER:
            ask(case, name, case.people["coordinator"], "GET")
    assert changed(before, digest(case)) == []


def test_the_link_of_a_letter_only_moves_its_key_into_the_session(case: World) -> None:
    """So that the key is in no address that a page could pass on. The library notes beside it whose letter it was."""
    before = digest(case)
    ask(case, LETTER, case.people["anonymous"], "GET")
    assert {table for _slug, table in changed(before, digest(case))} == {"django_session", "account_emailaddress"}


# --- fields that no form has -------------------------------------------------------------------------

FORMS = [name for name in SHARED if ROUTES[name].post in {(302,), (303,)} and "<slug:slug>" in ALL[name][0]]
FOLLOWS = ("est_site_", "django_session")  # what a change brings with it: jobs, letters, the chain, words for the page
QUIET = [
    "import_discard",
    "invite_again",
    "import_areas",
    "meeting_prepare",
    "meeting_agenda_renew",
    "edition_order",
    "minutes_drop_adjuster",
    "picture_edition_order",
    "forget_draft",
    "report_table_forget",
    "remove_filter",
]  # forms that only take away, or lead to what follows
REFERENCES = {  # table -> column -> the table it points into
    model._meta.db_table: {
        field.column: field.related_model._meta.db_table
        for field in model._meta.local_fields
        if isinstance(field, ForeignKey)
    }
    for model in apps.get_models()
}
BY_CHANCE = {"id", "password"}


def smuggled(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """Names of columns that somebody may guess, with what they would like to see there; never a field of the form."""
    elsewhere, olle = world.there, world.there.town.olle
    wishes = {
        "group": elsewhere.town.group.pk,
        "group_id": elsewhere.town.group.pk,
        "organisation": elsewhere.organisation.pk,
        "organisation_id": elsewhere.organisation.pk,
        "user": olle.user_id,
        "member": olle.pk,
        "reporter": olle.pk,
        "created_by": olle.pk,
        "decided_by": olle.pk,
        "status": "ended",
        "state": "closed",
        "role": "coordinator",
        "source": "demo",
        "number": 4711,
        "recorded_at": "2020-01-01T00:00",
        "frozen_at": "2020-01-01T00:00",
        "is_active": "on",
        "is_staff": "on",
        "is_superuser": "on",
        "is_administrator": "on",
        "id": elsewhere.place.pk,
        "pk": elsewhere.place.pk,
    }
    return {name: value for name, value in wishes.items() if name not in body}


def rows(world: World) -> dict[str, set[str]]:
    """Every row of every table, as each group sees it."""
    found: dict[str, set[str]] = {}
    for things in (world.here, world.there):
        with tenancy.inside(things.town.group), connection.cursor() as cursor:
            for table in tables():
                if not table.startswith(FOLLOWS):
                    cursor.execute(f'SELECT to_jsonb(t)::text FROM "{table}" t')
                    found.setdefault(table, set()).update(row for (row,) in cursor.fetchall())
    return found


def written(world: World, name: str, more: dict[str, Any]) -> dict[str, list[str]]:
    """What the coordinator's form changes: the rows that are new or other than before, without what is by chance."""
    row, things = ROUTES[name], world.here
    with transaction.atomic():
        before = rows(world)
        known = {(table, json.loads(text).get("id")) for table, texts in before.items() for text in texts}
        answer = world.people["coordinator"].send(
            "POST", address(name, things, row.args(things)), row.body(things) | more
        )
        assert answer.status_code in row.post
        after = {table: _plain(table, texts - before[table], known) for table, texts in rows(world).items()}
        transaction.set_rollback(True)
    return {table: texts for table, texts in after.items() if texts}


def _plain(table: str, texts: set[str], known: set[tuple[str, Any]]) -> list[str]:
    """Numbers of rows that came with the form are not the same the next time."""
    lines = []
    for text in texts:
        values = {key: value for key, value in json.loads(text).items() if key not in BY_CHANCE}
        own = {
            key
            for key, target in REFERENCES.get(table, {}).items()
            if values[key] and (target, values[key]) not in known
        }
        lines.append(json.dumps(values | dict.fromkeys(own, "new"), sort_keys=True))
    return sorted(lines)


@pytest.mark.parametrize("name", FORMS)
def test_a_field_that_the_form_does_not_have_changes_nothing(case: World, name: str) -> None:
    plain = written(case, name, {})
    assert written(case, name, smuggled(case, ROUTES[name].body(case.here))) == plain
    assert bool(plain) == (name not in QUIET), "there is something to compare"
