"""What an observation's words are found by: Swedish stems, kept beside the text by the database itself.

The column is the database's own: no model knows it, a changed or emptied text changes it in the same statement. There is
no index on it. Row-level security allows an index only for comparisons that cannot leak, and a text search is none.
"""

from django.db import connection, migrations, transaction

CHUNK = 5_000

COLUMN = """
ALTER TABLE incidents_incident ADD COLUMN words tsvector;
CREATE FUNCTION incidents_words() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    NEW.words := to_tsvector('swedish', NEW.text || ' ' || NEW.done_at_once);
    RETURN NEW;
END $$;
CREATE TRIGGER incidents_words BEFORE INSERT OR UPDATE OF text, done_at_once ON incidents_incident
    FOR EACH ROW EXECUTE FUNCTION incidents_words();
"""
NO_COLUMN = """
DROP TRIGGER incidents_words ON incidents_incident;
DROP FUNCTION incidents_words();
ALTER TABLE incidents_incident DROP COLUMN words;
"""


def fill(apps, schema_editor):
    """Group by group, since the owner too stands before the walls; in steps, so that nobody waits long."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM partners_group")
        for (group,) in cursor.fetchall():
            filled = CHUNK
            while filled == CHUNK:
                with transaction.atomic():
                    cursor.execute("SELECT set_config('app.group', %s, true)", [str(group)])
                    cursor.execute(
                        "UPDATE incidents_incident SET text = text WHERE id IN"
                        " (SELECT id FROM incidents_incident WHERE words IS NULL LIMIT %s)",
                        [CHUNK],
                    )
                    filled = cursor.rowcount
        cursor.execute("ANALYZE incidents_incident")  # new columns have no statistics, and plans go wrong without


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("incidents", "0004_lifecycle_indexes")]

    operations = [
        migrations.RunSQL(COLUMN, NO_COLUMN),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
