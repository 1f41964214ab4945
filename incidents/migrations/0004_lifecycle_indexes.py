from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # nobody waits for these indexes

    dependencies = [
        ("incidents", "0003_lifecycle"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="incident",
            index=models.Index(
                condition=models.Q(("merged_into__isnull", False)),
                fields=["group", "merged_into"],
                name="incident_merged",
            ),
        ),
        AddIndexConcurrently(
            model_name="incident",
            index=models.Index(fields=["group", "recorded_at"], name="incident_recorded"),
        ),
    ]
