from django.db import migrations, models

# The history is only added to. The application may empty what a row says (masking) and nothing else.
SEALED = """
CREATE FUNCTION history_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM jsonb_each(NEW.fields) AS said (name, value)
    WHERE NOT jsonb_exists(OLD.fields, said.name)
      OR (said.value <> OLD.fields -> said.name
          AND said.value NOT IN ('null', '[]', '[null, null]', '["", ""]'))
  ) THEN
    RAISE EXCEPTION 'the history of an observation is only added to';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER history_refuse_row BEFORE UPDATE ON incidents_incidentchange
  FOR EACH ROW EXECUTE FUNCTION history_refuse();
REVOKE UPDATE, DELETE, TRUNCATE ON incidents_incidentchange FROM est_app;
GRANT UPDATE (fields) ON incidents_incidentchange TO est_app;
"""
OPEN = """
REVOKE UPDATE (fields) ON incidents_incidentchange FROM est_app;
GRANT UPDATE, DELETE ON incidents_incidentchange TO est_app;
DROP TRIGGER history_refuse_row ON incidents_incidentchange;
DROP FUNCTION history_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("incidents", "0007_drafts")]

    operations = [
        migrations.AlterField(
            "incidentchange",
            "kind",
            models.CharField(
                choices=[
                    ("corrected", "corrected"),
                    ("amended", "corrected after the picture was frozen"),
                    ("withdrawn", "withdrawn"),
                    ("restored", "brought back"),
                    ("ended", "put right"),
                    ("reopened", "not put right after all"),
                    ("merged", "found to be the same as another"),
                    ("parted", "parted from the other again"),
                    ("masked", "masked"),
                ],
                max_length=10,
            ),
        ),
        migrations.RunSQL(SEALED, OPEN),
    ]
