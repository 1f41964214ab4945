"""The walls: row-level security holds when nothing else does."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from est_site import checks, tenancy
from est_site.partners.models import Membership, Place
from incidents.models import Incident
from tests.cast import Town, make_incident

pytestmark = pytest.mark.django_db


def test_every_table_is_walled_or_on_the_list_with_a_reason() -> None:
    assert checks.wall_faults() == []


def test_the_role_of_the_application_owns_nothing_and_bypasses_nothing() -> None:
    assert checks.role_faults() == []


# --- what the catalogue says -----------------------------------------------------------------------

WALL = "(group_id = (NULLIF(current_setting('app.group'::text, true), ''::text))::bigint)"
# what else lets somebody see a row, reading only: table, policy -> why
DOORS = {
    ("partners_membership", "own"): "a person finds their own groups before they are in one",
    ("est_site_job", "clock"): "the clock learns what is due in every group",
    ("est_site_accessevent", "clock"): "the clock learns in which groups there is something to seal",
}


def catalogue(question: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchall()


def walled_tables() -> set[str]:
    """Every table with rows of a group; the framework calls something else a group."""
    return {
        name
        for (name,) in catalogue(
            "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'group_id'"
            " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')"
            " AND c.relname <> 'auth_group_permissions'"
        )
    }


def test_row_level_security_is_enabled_and_forced_on_every_table_of_a_group() -> None:
    secure = catalogue("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
    assert walled_tables() == {name for (name,) in secure}


def test_every_wall_holds_for_reading_and_for_writing_and_has_only_the_known_doors() -> None:
    policies = catalogue(
        "SELECT relname, polname, polcmd::text, polpermissive, polroles = '{0}',"
        " pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)"
        " FROM pg_policy JOIN pg_class c ON c.oid = polrelid"
    )
    whole = {row[0] for row in policies if row[1:] == ("wall", "*", True, True, WALL, WALL)}
    others = {(row[0], row[1]) for row in policies if row[1] != "wall"}
    assert whole == walled_tables()
    assert others == set(DOORS)
    assert [row[1] for row in policies if row[1] != "wall" and row[2] != "r"] == []


def test_every_table_of_a_group_has_an_index_that_starts_with_the_group() -> None:
    leading = catalogue(
        "SELECT indrelid::regclass::text FROM pg_index JOIN pg_attribute a ON a.attrelid = indrelid"
        " AND a.attnum = indkey[0] WHERE a.attname = 'group_id' AND indisvalid AND indpred IS NULL"
    )
    assert walled_tables() <= {name for (name,) in leading}


def test_no_reference_between_tables_of_groups_leads_out_of_the_group() -> None:
    """PostgreSQL looks references up past row-level security, so the group has to be part of each."""
    walled = walled_tables()
    references = catalogue(
        "SELECT conname, conrelid::regclass::text, confrelid::regclass::text,"
        " EXISTS (SELECT FROM unnest(conkey, confkey) AS k (mine, theirs)"
        "         JOIN pg_attribute m ON m.attrelid = conrelid AND m.attnum = mine AND m.attname = 'group_id'"
        "         JOIN pg_attribute t ON t.attrelid = confrelid AND t.attnum = theirs AND t.attname = 'group_id')"
        " FROM pg_constraint WHERE contype = 'f'"
    )
    assert [name for name, mine, theirs, within in references if {mine, theirs} <= walled and not within] == []


def test_nothing_shows_rows_past_the_walls() -> None:
    """A view that is not its reader's own, and a stored view in any case, shows what its owner sees."""
    others = catalogue(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('v', 'm', 'f')"
        " AND NOT (relkind = 'v' AND COALESCE(reloptions, '{}') && '{security_invoker=true,security_invoker=on}')"
    )
    functions = catalogue("SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace")
    assert others == []
    assert {name for (name,) in functions} == {"audit_append", "audit_head"}


def test_the_roles_can_do_nothing_to_the_walls() -> None:
    [(able, inherits)] = catalogue(
        "SELECT rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication, rolinherit"
        " FROM pg_roles WHERE rolname = current_user"
    )
    assert (able, inherits) == (False, False)
    for column, of in (("relowner", "class"), ("proowner", "proc"), ("nspowner", "namespace"), ("datdba", "database")):
        assert catalogue(f"SELECT 1 FROM pg_{of} WHERE {column} = current_user::regrole") == [], of
    becomes = catalogue("SELECT roleid::regrole::text FROM pg_auth_members WHERE member = current_user::regrole")
    assert becomes == [("est_clock",)]
    assert catalogue("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = 'est_clock'") == [(False,)]


def test_what_stands_outside_the_walls_is_on_one_list_with_a_reason() -> None:
    tables = {name for (name,) in catalogue("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
    assert tables - walled_tables() == set(tenancy.INSTALLATION_TABLES)
    assert [name for name, reason in tenancy.INSTALLATION_TABLES.items() if not reason.strip()] == []


# --- what it means ---------------------------------------------------------------------------------


def test_without_a_group_no_row_is_seen(tarnsund: Town) -> None:
    with transaction.atomic():
        assert list(Incident.objects.all()) == []
        assert list(Place.objects.all()) == []


def test_inside_one_group_nothing_of_the_other_is_seen(tarnsund: Town, bjorkvik: Town) -> None:
    with tenancy.inside(tarnsund.group):
        make_incident(tarnsund)
    with tenancy.inside(bjorkvik.group):
        assert list(Incident.objects.all()) == []
        assert [place.name for place in Place.objects.all()] == ["Kajen"]


def test_a_row_of_one_group_cannot_be_written_inside_another(tarnsund: Town, bjorkvik: Town) -> None:
    with pytest.raises(ProgrammingError, match="row-level security"), tenancy.inside(bjorkvik.group):
        Place.objects.create(group=tarnsund.group, name="Smugglad")


def test_a_row_cannot_reference_another_groups_area(tarnsund: Town, bjorkvik: Town) -> None:
    with tenancy.inside(bjorkvik.group):
        place = Place(group=bjorkvik.group, name="Över gränsen", area_id=tarnsund.areas["Hamnen"].pk)
        place.save()
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        place.delete()


def test_the_context_ends_with_its_transaction(tarnsund: Town) -> None:
    with tenancy.inside(tarnsund.group):
        assert tenancy.current_group_id() == tarnsund.group.pk
    with transaction.atomic():
        assert tenancy.current_group_id() is None


def test_work_for_one_group_cannot_start_inside_another(tarnsund: Town, bjorkvik: Town) -> None:
    with tenancy.inside(tarnsund.group), pytest.raises(tenancy.OutsideGroup):
        tenancy.inside(bjorkvik.group).__enter__()


def test_a_person_finds_their_own_memberships_and_no_others(tarnsund: Town) -> None:
    with tenancy.as_user(tarnsund.rut.user_id):
        assert [membership.pk for membership in Membership.objects.all()] == [tarnsund.rut.pk]
