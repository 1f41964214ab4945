"""Every reference within a group is held by the database together with the group, so that none can cross a wall."""

import pytest
from django.apps import apps
from django.db import connection

from est_site.tenancy import TenantForeignKey

REFERENCES = [
    (model._meta.db_table, field.column)
    for model in apps.get_models()
    for field in model._meta.local_fields
    if isinstance(field, TenantForeignKey)
]
HELD = """
SELECT c.conrelid::regclass::text, array_agg(a.attname::text)
FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)
WHERE c.contype = 'f' GROUP BY c.oid
"""


@pytest.mark.django_db
def test_each_reference_is_held_with_its_group() -> None:
    with connection.cursor() as cursor:
        cursor.execute(HELD)
        held = {(table, column) for table, columns in cursor.fetchall() for column in columns if "group_id" in columns}
    assert [one for one in REFERENCES if one not in held] == []
