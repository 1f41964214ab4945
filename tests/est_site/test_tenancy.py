"""The walls: row-level security holds when nothing else does."""

from __future__ import annotations

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
