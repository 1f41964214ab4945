from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

# The clock sees that there is something to seal. Nobody but the owner may alter or remove what was noted.
CLOCK = """
CREATE POLICY clock ON est_site_accessevent FOR SELECT TO est_clock USING (seal IS NULL);
GRANT SELECT (group_id, at, seal) ON est_site_accessevent TO est_clock;
REVOKE UPDATE, DELETE, TRUNCATE ON est_site_accessevent FROM est_app;
GRANT UPDATE (seal) ON est_site_accessevent TO est_app;
"""
UNDO_CLOCK = """
REVOKE UPDATE (seal) ON est_site_accessevent FROM est_app;
GRANT UPDATE, DELETE ON est_site_accessevent TO est_app;
REVOKE SELECT (group_id, at, seal) ON est_site_accessevent FROM est_clock;
DROP POLICY clock ON est_site_accessevent;
"""


class Migration(migrations.Migration):
    atomic = False  # the indexes are built beside the writers
    dependencies = [("est_site", "0002_walls")]

    operations = [
        migrations.RemoveField("accessevent", "sealed"),
        migrations.AddField("accessevent", "seal", models.BigIntegerField(null=True, blank=True)),
        AddIndexConcurrently(
            "accessevent",
            models.Index(fields=["group", "at"], condition=models.Q(seal=None), name="access_unsealed"),
        ),
        AddIndexConcurrently(
            "accessevent",
            models.Index(fields=["group", "seal"], condition=models.Q(seal__isnull=False), name="access_sealed"),
        ),
        migrations.RunSQL(CLOCK, UNDO_CLOCK),
    ]
