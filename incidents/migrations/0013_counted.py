from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # nobody waits for the index

    dependencies = [
        ("incidents", "0012_saved_filters"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="incident",
            index=models.Index(
                condition=models.Q(("visibility", "group"), ("withdrawn_at", None)),
                fields=["group", "day"],
                include=["area", "category", "organisation", "merged_into", "recorded_at"],
                name="incident_counted",
            ),
        ),
    ]
