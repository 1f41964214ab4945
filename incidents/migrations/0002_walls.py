from django.db import migrations

from est_site import tenancy


class Migration(migrations.Migration):
    dependencies = [("incidents", "0001_initial"), ("partners", "0002_walls")]

    operations = [
        *tenancy.walls("ImportBatch", "Incident", "CalmReport"),
    ]
