from django.db import migrations

from est_site import tenancy


class Migration(migrations.Migration):
    dependencies = [("interventions", "0001_initial"), ("situation", "0002_walls")]

    operations = [
        *tenancy.walls("Intervention", "Decision", "AgendaItem", "Edition"),
    ]
