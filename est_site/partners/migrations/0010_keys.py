from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("partners", "0009_only_for")]

    operations = [
        migrations.AddField("membership", "wants_keys", models.BooleanField(default=True)),
    ]
