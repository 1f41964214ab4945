from django.db import migrations

from est_site.tenancy import WallReferences


class Migration(migrations.Migration):
    """Who proposed an intervention is of its group: the database did not hold that yet."""

    dependencies = [("interventions", "0007_editions")]

    operations = [WallReferences("Intervention", "proposed_by")]
