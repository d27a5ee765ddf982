"""Rows that are there already are checked while people go on working."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("casework", "0012_answers_change_in_network")]

    operations = [ValidateConstraint(model_name="incident", name="incident_rework_code")]
