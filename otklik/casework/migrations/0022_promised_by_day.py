"""What is promised is listed by its day; the index is built while people go on working."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [('casework', '0021_approval_rules')]

    operations = [
        AddIndexConcurrently(
            model_name='incident',
            index=models.Index(condition=models.Q(('state__in', ['deferred', 'interim_answered'])), fields=['final_due_at', 'id'], name='incident_promised'),
        ),
    ]
