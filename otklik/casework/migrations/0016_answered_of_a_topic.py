"""Built while people go on working: similar answers are looked for among the latest of a topic."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [('casework', '0015_answer_templates')]

    operations = [
        AddIndexConcurrently(
            model_name='incident',
            index=models.Index(
                condition=models.Q(('first_answer_at__isnull', False)),
                fields=['topic', '-first_answer_at', '-id'],
                name='incident_topic_answered',
            ),
        ),
    ]
