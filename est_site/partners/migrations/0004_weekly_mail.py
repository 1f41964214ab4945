from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("partners", "0003_trigram")]

    operations = [
        migrations.AddField("membership", "wants_weekly_mail", models.BooleanField(default=False)),
    ]
