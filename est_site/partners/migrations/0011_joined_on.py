from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("partners", "0010_keys")]

    operations = [
        migrations.AddField(
            "organisation", "joined_on", models.DateField(blank=True, null=True, verbose_name="takes part from")
        ),
    ]
