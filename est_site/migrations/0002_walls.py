from django.db import migrations

from est_site import tenancy

# The clock finds what is due in every group and learns nothing else about it.
CLOCK = """
CREATE POLICY clock ON est_site_job FOR SELECT TO est_clock USING (state IN ('due', 'running'));
GRANT USAGE ON SCHEMA public TO est_clock;
GRANT SELECT (id, group_id, kind, state, due_at, lease_until) ON est_site_job TO est_clock;
"""
UNDO_CLOCK = """
REVOKE SELECT (id, group_id, kind, state, due_at, lease_until) ON est_site_job FROM est_clock;
DROP POLICY clock ON est_site_job;
"""

# The one function that appends to the chain. The head is locked until commit, so it is called last.
CHAIN = """
CREATE FUNCTION audit_append(body text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  g bigint := NULLIF(current_setting('app.group', true), '')::bigint;
  head est_site_audithead;
  link bytea;
BEGIN
  INSERT INTO est_site_audithead (group_id, n, h) VALUES (g, 0, '') ON CONFLICT DO NOTHING;
  SELECT * INTO head FROM est_site_audithead WHERE group_id = g FOR UPDATE;
  link := sha256(head.h || convert_to(g || '|' || (head.n + 1) || '|' || body, 'UTF8'));
  INSERT INTO est_site_auditevent (group_id, n, body, h) VALUES (g, head.n + 1, body, link);
  UPDATE est_site_audithead SET n = head.n + 1, h = link WHERE group_id = g;
  RETURN head.n + 1;
END $$;
CREATE FUNCTION audit_head() RETURNS TABLE (n bigint, h bytea)
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT n, h FROM est_site_audithead WHERE group_id = NULLIF(current_setting('app.group', true), '')::bigint
$$;
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit chain is only added to';
END $$;
CREATE TRIGGER audit_refuse_row BEFORE UPDATE OR DELETE ON est_site_auditevent
  FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_refuse_table BEFORE TRUNCATE ON est_site_auditevent
  FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
REVOKE ALL ON FUNCTION audit_append(text), audit_head() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit_append(text), audit_head() TO est_app;
REVOKE ALL ON est_site_audithead FROM est_app;
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON est_site_auditevent FROM est_app;
"""
UNDO_CHAIN = """
DROP TRIGGER audit_refuse_table ON est_site_auditevent;
DROP TRIGGER audit_refuse_row ON est_site_auditevent;
DROP FUNCTION audit_refuse();
DROP FUNCTION audit_head();
DROP FUNCTION audit_append(text);
"""


class Migration(migrations.Migration):
    dependencies = [("est_site", "0001_initial"), ("partners", "0002_walls")]

    operations = [
        *tenancy.walls("Job", "AuditEvent", "AccessEvent", "Document", "Notification"),
        tenancy.WallPolicy("AuditHead"),
        migrations.RunSQL(CLOCK, UNDO_CLOCK),
        migrations.RunSQL(CHAIN, UNDO_CHAIN),
    ]
