"""Who read what is noted without a lock, and sealed into the chain each minute."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction

from est_site import audit, celery, jobs, seals, tasks, tenancy
from est_site.audit import Fault
from est_site.models import AccessEvent, AuditEvent, Job
from tests.cast import NOW, Town
from tests.conftest import OWNER

pytestmark = pytest.mark.django_db
READ = NOW - timedelta(minutes=1)


def note(town: Town, subject: str = "document.pdf:7", at=READ) -> None:
    with tenancy.inside(town.group):
        audit.access(user_id=town.rut.user_id, group_id=town.group.pk, what="read", subject=subject, now=at)


def sealed(town: Town) -> list[tuple[str, int]]:
    """(subject, job) of what is sealed."""
    with tenancy.inside(town.group):
        return list(AccessEvent.objects.exclude(seal=None).order_by("id").values_list("subject", "seal"))


def seal_events(town: Town) -> list[str]:
    with tenancy.inside(town.group):
        return [body for body in AuditEvent.objects.values_list("body", flat=True) if "access.sealed" in body]


def run(now=NOW) -> None:
    seals.order(now)
    jobs.work_off(now)


def test_what_was_read_in_a_minute_is_sealed_as_one_event(tarnsund: Town) -> None:
    note(tarnsund, "a")
    note(tarnsund, "b")
    run()
    assert [subject for subject, _job in sealed(tarnsund)] == ["a", "b"]
    assert len(seal_events(tarnsund)) == 1
    assert '"count": 2' in seal_events(tarnsund)[0]


def test_the_event_holds_a_hash_and_not_what_was_read(tarnsund: Town) -> None:
    note(tarnsund, "document.pdf:7")
    run()
    assert "document.pdf" not in seal_events(tarnsund)[0]


def test_the_minute_that_is_going_on_waits_for_its_end(tarnsund: Town) -> None:
    note(tarnsund, at=NOW)
    run(NOW + timedelta(seconds=59))
    assert sealed(tarnsund) == []
    run(NOW + timedelta(seconds=60))
    assert len(sealed(tarnsund)) == 1


def test_a_note_that_arrives_late_is_sealed_the_next_minute(tarnsund: Town) -> None:
    note(tarnsund, "in time")
    run()
    note(tarnsund, "late")
    run(NOW + timedelta(minutes=1))
    assert [subject for subject, _job in sealed(tarnsund)] == ["in time", "late"]
    assert len(seal_events(tarnsund)) == 2


def test_a_minute_without_reading_makes_no_job(tarnsund: Town) -> None:
    assert seals.order(NOW) == 0


def test_each_group_is_sealed_into_its_own_chain(tarnsund: Town, bjorkvik: Town) -> None:
    note(tarnsund)
    note(bjorkvik)
    run()
    assert len(seal_events(tarnsund)) == len(seal_events(bjorkvik)) == 1


def test_two_ticks_in_a_minute_seal_once(tarnsund: Town) -> None:
    note(tarnsund)
    seals.order(NOW)
    run(NOW + timedelta(seconds=10))
    assert len(seal_events(tarnsund)) == 1


def test_the_tick_orders_the_seals(tarnsund: Town) -> None:
    note(tarnsund)
    celery.app.set_current()
    tasks.tick()
    with tenancy.inside(tarnsund.group):
        assert [job.kind for job in Job.objects.all()] == [seals.KIND]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE est_site_accessevent SET subject = ''",
        "UPDATE est_site_accessevent SET user_id = 1",
        "DELETE FROM est_site_accessevent",
        "TRUNCATE est_site_accessevent",
    ],
)
def test_the_application_cannot_alter_a_note(statement: str, inside: Town) -> None:
    note(inside)
    refused = pytest.raises(ProgrammingError, match="permission denied")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_clock_sees_that_there_is_a_note_and_not_what_it_says(tarnsund: Town) -> None:
    note(tarnsund)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE est_clock")
        cursor.execute("SELECT count(group_id) FROM est_site_accessevent")
        assert cursor.fetchone() == (1,)
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            cursor.execute("SELECT subject FROM est_site_accessevent")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE est_site_accessevent SET user_id = user_id + 1 WHERE subject = 'a'",
        "UPDATE est_site_accessevent SET subject = 'c' WHERE subject = 'a'",
        "UPDATE est_site_accessevent SET seal = NULL WHERE subject = 'a'",
        "DELETE FROM est_site_accessevent WHERE subject = 'b'",
        "INSERT INTO est_site_accessevent (group_id, at, user_id, what, subject, seal)"
        " SELECT group_id, at, user_id, what, 'c', seal FROM est_site_accessevent WHERE subject = 'a'",
    ],
)
def test_a_note_altered_after_its_seal_is_found(tampering: str, tarnsund: Town) -> None:
    note(tarnsund, "a")
    note(tarnsund, "b")
    run()
    with tenancy.inside(tarnsund.group):
        assert seals.verify(tarnsund.group.pk) is None
        n = AuditEvent.objects.get(body__contains="access.sealed").n
    where = connection.get_connection_params() | {"user": OWNER}
    with psycopg.connect(
        **{k: where[k] for k in ("host", "port", "dbname", "user") if where.get(k)}, autocommit=True
    ) as owner:
        owner.execute("ALTER TABLE est_site_accessevent NO FORCE ROW LEVEL SECURITY")
        owner.execute(tampering.encode())
        owner.execute("ALTER TABLE est_site_accessevent FORCE ROW LEVEL SECURITY")
    with tenancy.inside(tarnsund.group):
        assert seals.verify(tarnsund.group.pk) == Fault(n, "sealed over notes of reading that are no longer the same")
