from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("partners", "0002_walls")]

    operations = [TrigramExtension()]  # trusted, like the one before: the owner of the database may create it
