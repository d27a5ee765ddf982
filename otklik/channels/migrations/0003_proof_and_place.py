"""What the network showed of an answer is kept as it was first seen: the database itself refuses to change it."""

import django.db.models.deletion
from django.db import migrations, models


FORWARD = """
create function channels_refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'what the network showed is never changed'
        using errcode = 'restrict_violation', constraint = 'proof_unchanged';
end $$;
create trigger proof_unchanged before update on channels_proof
    for each row execute function channels_refuse_change();
"""
BACKWARD = """
drop trigger proof_unchanged on channels_proof;
drop function channels_refuse_change();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('channels', '0002_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Proof',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('external_id', models.CharField(max_length=40)),
                ('permalink', models.URLField(max_length=300)),
                ('text', models.TextField()),
                ('stood_at', models.DateTimeField(null=True, verbose_name='время по часам сети')),
                ('seen_at', models.DateTimeField()),
            ],
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('external_id', ''), _negated=True), fields=['connection', 'external_id'], name='delivery_in_network'),
        ),
        migrations.AddField(
            model_name='proof',
            name='delivery',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='proof', to='channels.delivery'),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
