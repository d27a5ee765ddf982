"""A body contests a return; what is asked again after an answer is marked; what authors say of answers is counted."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0035_retention'),
        ('inbox', '0005_erased'),
        ('registry', '0006_own_calendars'),
        ('triage', '0009_tables_wait'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ReturnAppeal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(verbose_name='с чем не согласны')),
                ('contested_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('verdict', models.CharField(blank=True, choices=[('', 'ждёт решения'), ('upheld', 'решение оставлено в силе'), ('granted', 'решение отменено')], max_length=8)),
                ('why', models.TextField(blank=True)),
                ('decided_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Satisfaction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cycle', models.PositiveSmallIntegerField()),
                ('verdict', models.CharField(choices=[('positive', 'доволен ответом'), ('negative', 'недоволен ответом'), ('none', 'по словам не понять')], max_length=8)),
                ('decided_at', models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name='incident',
            name='repeat_of',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='repeats', to='casework.incident'),
        ),
        migrations.AddField(
            model_name='review',
            name='set_aside_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='sampledanswer',
            name='set_aside_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='returnappeal',
            name='answer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='return_appeals', to='casework.answer'),
        ),
        migrations.AddField(
            model_name='returnappeal',
            name='body',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.organization'),
        ),
        migrations.AddField(
            model_name='returnappeal',
            name='contested_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='returnappeal',
            name='decided_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='returnappeal',
            name='incident',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='return_appeals', to='casework.incident'),
        ),
        migrations.AddField(
            model_name='returnappeal',
            name='move',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='casework.move'),
        ),
        migrations.AddField(
            model_name='returnappeal',
            name='returned_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='satisfaction',
            name='answer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='satisfaction', to='casework.answer'),
        ),
        migrations.AddField(
            model_name='satisfaction',
            name='decided_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='satisfaction',
            name='incident',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='satisfaction', to='casework.incident'),
        ),
        migrations.AddField(
            model_name='satisfaction',
            name='message',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inbox.sourcemessage'),
        ),
        migrations.AddConstraint(
            model_name='returnappeal',
            constraint=models.UniqueConstraint(fields=('move',), name='return_appeal_once'),
        ),
        migrations.AddConstraint(
            model_name='returnappeal',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='return_appeal_says'),
        ),
        migrations.AddConstraint(
            model_name='returnappeal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('verdict', ''), ('why', '')), models.Q(('verdict__in', ['upheld', 'granted']), ('decided_at__isnull', False), ('decided_by__isnull', False), models.Q(('why', ''), _negated=True)), _connector='OR'), name='return_appeal_decided'),
        ),
        migrations.AddConstraint(
            model_name='returnappeal',
            constraint=models.CheckConstraint(condition=models.Q(('decided_by', None), models.Q(models.Q(('decided_by', models.F('contested_by')), _negated=True), models.Q(('returned_by', None), models.Q(('decided_by', models.F('returned_by')), _negated=True), _connector='OR')), _connector='OR'), name='return_appeal_by_another'),
        ),
        migrations.AddIndex(
            model_name='satisfaction',
            index=models.Index(fields=['-decided_at', '-id'], name='satisfaction_decided'),
        ),
        migrations.AddConstraint(
            model_name='satisfaction',
            constraint=models.UniqueConstraint(fields=('incident', 'cycle'), name='satisfaction_once_a_cycle'),
        ),
        migrations.AddConstraint(
            model_name='satisfaction',
            constraint=models.CheckConstraint(condition=models.Q(('verdict__in', ['positive', 'negative', 'none'])), name='satisfaction_verdict_known'),
        ),
    ]
