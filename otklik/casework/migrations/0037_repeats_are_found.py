"""Repeats are listed and found by what they repeat; built while people go on working."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [('casework', '0036_quality')]

    operations = [
        AddIndexConcurrently(
            model_name='incident',
            index=models.Index(condition=models.Q(('repeat_of__isnull', False)), fields=['repeat_of'], name='incident_repeat_of'),
        ),
        AddIndexConcurrently(
            model_name='incident',
            index=models.Index(condition=models.Q(('repeat_of__isnull', False)), fields=['-received_at', '-id'], name='incident_repeats'),
        ),
    ]
