"""Built while people go on working: samples are drawn from the answers of a period."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [('casework', '0017_post_control')]

    operations = [
        AddIndexConcurrently(
            model_name='answer',
            index=models.Index(
                condition=models.Q(('kind', 'final'), ('status', 'published')),
                fields=['published_at', 'id'],
                name='answer_final_published',
            ),
        ),
    ]
