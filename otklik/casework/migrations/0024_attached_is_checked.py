"""What an attached incident mirrors is checked of the rows that are there, while people go on working."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [('casework', '0023_mass_problem')]

    operations = [ValidateConstraint(model_name='incident', name='incident_attached_parent')]
