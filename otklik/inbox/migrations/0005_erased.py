"""Messages and authors whose words and names are gone know it: columns without a default, so no row is rewritten."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('inbox', '0004_message_turns'),
    ]

    operations = [
        migrations.AddField(
            model_name='author',
            name='erased_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='sourcemessage',
            name='erased_at',
            field=models.DateTimeField(null=True),
        ),
    ]
