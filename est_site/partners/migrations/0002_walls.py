from django.db import migrations

from est_site import tenancy


class Migration(migrations.Migration):
    dependencies = [("partners", "0001_initial")]

    operations = [
        *tenancy.walls("Organisation", "Membership", "Area", "Place", "Category", "CategoryName", "Period"),
        migrations.RunSQL(  # or nobody could find their own groups
            f"CREATE POLICY own ON partners_membership FOR SELECT USING (user_id = {tenancy.USER_SETTING})",
            "DROP POLICY own ON partners_membership",
        ),
    ]
