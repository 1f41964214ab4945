from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("partners", "0011_joined_on")]

    operations = [
        migrations.AddField(
            "group",
            "small_number",
            models.PositiveSmallIntegerField(
                default=5,
                validators=[MinValueValidator(3), MaxValueValidator(10)],
                verbose_name="smallest number told outside the group",
            ),
        ),
        migrations.AddConstraint(
            "group",
            models.CheckConstraint(condition=Q(small_number__gte=3, small_number__lte=10), name="group_small_number"),
        ),
    ]
