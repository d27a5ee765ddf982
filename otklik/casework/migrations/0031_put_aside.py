"""Built while people go on working: what triage put aside as spam or abuse is looked through, the latest first."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [('casework', '0030_moderation')]

    operations = [
        AddIndexConcurrently(
            model_name='incident',
            index=models.Index(
                condition=models.Q(('reason__in', ['spam', 'abuse_only']), ('state', 'rejected')),
                fields=['-received_at', '-id'],
                name='incident_put_aside',
            ),
        ),
    ]
