from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("partners", "0002_walls")]

    operations = [
        migrations.AddField("membership", "wants_weekly_mail", models.BooleanField(default=False)),
    ]
