"""Mass problems: the problem with its steps, members and rounds of answers."""

import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0022_promised_by_day'),
        ('channels', '0002_initial'),
        ('inbox', '0004_message_turns'),
        ('registry', '0006_own_calendars'),
        ('triage', '0009_tables_wait'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='MassMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('how', models.CharField(choices=[('cluster', 'вместе со всеми'), ('late', 'позже, само'), ('by_hand', 'добавил сотрудник')], max_length=7)),
                ('state', models.CharField(choices=[('in', 'участник'), ('proposed', 'предложен'), ('out', 'вынут'), ('declined', 'не о том')], default='in', max_length=8)),
                ('joined_at', models.DateTimeField()),
                ('joined_by', models.CharField(max_length=200)),
                ('left_at', models.DateTimeField(null=True)),
                ('left_by', models.CharField(blank=True, max_length=200)),
                ('why', models.TextField(blank=True)),
            ],
        ),
        migrations.CreateModel(
            name='MassProblem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cause', models.CharField(max_length=200, verbose_name='причина')),
                ('latitude', models.FloatField(null=True)),
                ('longitude', models.FloatField(null=True)),
                ('radius_m', models.PositiveIntegerField(null=True)),
                ('since', models.DateTimeField()),
                ('state', models.CharField(choices=[('open', 'В работе'), ('interim', 'Дан промежуточный ответ'), ('planned', 'Запланировано'), ('answered', 'Дан ответ'), ('fixed', 'Исправлено, ждём тишины'), ('closed', 'Закрыто')], default='open', max_length=8, verbose_name='состояние')),
                ('due_at', models.DateTimeField(null=True)),
                ('opened_at', models.DateTimeField()),
                ('heard_at', models.DateTimeField()),
                ('fixed_at', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('version', models.PositiveIntegerField(default=1)),
            ],
        ),
        migrations.CreateModel(
            name='MassRound',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('kind', models.CharField(choices=[('final', 'ответ'), ('interim', 'промежуточный ответ'), ('plan', 'план со сроком'), ('question', 'уточняющий вопрос'), ('note', 'извещение о передаче')], default='final', max_length=8)),
                ('text', models.TextField(blank=True, verbose_name='ответ')),
                ('resolution', models.CharField(blank=True, choices=[('solved', 'решено'), ('explained', 'разъяснено'), ('refused_with_reason', 'мотивированный отказ'), ('planned', 'выполнено по плану'), ('forwarded', 'передано, результат получен'), ('accepted_to_plan', 'предложение принято в план'), ('poll_created', 'по предложению открыто голосование')], max_length=20)),
                ('promised_for', models.DateTimeField(null=True)),
                ('state', models.CharField(choices=[('draft', 'черновик'), ('running', 'рассылается'), ('paused', 'на паузе'), ('stopped', 'остановлена'), ('past', 'прошлая')], default='draft', max_length=7)),
                ('created_at', models.DateTimeField()),
                ('updated_at', models.DateTimeField()),
                ('started_at', models.DateTimeField(null=True)),
                ('version', models.PositiveIntegerField(default=1)),
            ],
        ),
        migrations.CreateModel(
            name='MassStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verb', models.CharField(max_length=30)),
                ('before', models.CharField(blank=True, choices=[('open', 'В работе'), ('interim', 'Дан промежуточный ответ'), ('planned', 'Запланировано'), ('answered', 'Дан ответ'), ('fixed', 'Исправлено, ждём тишины'), ('closed', 'Закрыто')], max_length=8)),
                ('after', models.CharField(choices=[('open', 'В работе'), ('interim', 'Дан промежуточный ответ'), ('planned', 'Запланировано'), ('answered', 'Дан ответ'), ('fixed', 'Исправлено, ждём тишины'), ('closed', 'Закрыто')], max_length=8)),
                ('at', models.DateTimeField()),
                ('actor_id', models.BigIntegerField(null=True)),
                ('actor_name', models.CharField(max_length=200)),
                ('reason', models.TextField(blank=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='incident',
            name='incident_attached_parent',
        ),
        # Rows that are there are checked by the next migration, while people go on working.
        AddConstraintNotValid(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'attached'), _negated=True), ('parent__isnull', False), ('reason', 'mass'), _connector='OR'), name='incident_attached_parent'),
        ),
        migrations.AddField(
            model_name='massmember',
            name='incident',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mass_members', to='casework.incident'),
        ),
        migrations.AddField(
            model_name='massproblem',
            name='executor',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.organization'),
        ),
        migrations.AddField(
            model_name='massproblem',
            name='fixed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='massproblem',
            name='municipality',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.municipality'),
        ),
        migrations.AddField(
            model_name='massproblem',
            name='opened_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='massproblem',
            name='settlement',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.settlement'),
        ),
        migrations.AddField(
            model_name='massproblem',
            name='street',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.street'),
        ),
        migrations.AddField(
            model_name='massproblem',
            name='surge',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='problems', to='triage.surgealert'),
        ),
        migrations.AddField(
            model_name='massproblem',
            name='topic',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='triage.topic'),
        ),
        migrations.AddField(
            model_name='massmember',
            name='problem',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='members', to='casework.massproblem'),
        ),
        migrations.AddField(
            model_name='massround',
            name='author',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='massround',
            name='problem',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='rounds', to='casework.massproblem'),
        ),
        migrations.AddField(
            model_name='massround',
            name='started_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='answer',
            name='round',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='casework.massround'),
        ),
        migrations.AddIndex(
            model_name='answer',
            index=models.Index(condition=models.Q(('round__isnull', False)), fields=['created_at'], name='answer_mass_pace'),
        ),
        migrations.AddConstraint(
            model_name='answer',
            constraint=models.UniqueConstraint(condition=models.Q(('round__isnull', False)), fields=('round', 'incident'), name='answer_one_a_round'),
        ),
        migrations.AddField(
            model_name='massstep',
            name='problem',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='casework.massproblem'),
        ),
        migrations.AddIndex(
            model_name='massproblem',
            index=models.Index(condition=models.Q(('state', 'closed'), _negated=True), fields=['topic', 'municipality'], name='mass_problem_live'),
        ),
        migrations.AddIndex(
            model_name='massproblem',
            index=models.Index(fields=['-opened_at', '-id'], name='mass_problem_opened'),
        ),
        migrations.AddConstraint(
            model_name='massproblem',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('latitude', None), ('longitude', None), ('radius_m', None)), models.Q(('latitude__isnull', False), ('longitude__isnull', False), ('radius_m__gt', 0), ('radius_m__isnull', False)), _connector='OR'), name='mass_problem_circle'),
        ),
        migrations.AddConstraint(
            model_name='massproblem',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['fixed', 'closed']), _negated=True), models.Q(('fixed_at__isnull', False), ('fixed_by__isnull', False)), _connector='OR'), name='mass_problem_fixed_by'),
        ),
        migrations.AddConstraint(
            model_name='massproblem',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', False), ('state', 'closed')), models.Q(models.Q(('state', 'closed'), _negated=True), ('closed_at', None)), _connector='OR'), name='mass_problem_closed_when'),
        ),
        migrations.AddConstraint(
            model_name='massproblem',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'closed'), _negated=True), fields=('surge',), name='mass_problem_one_of_surge'),
        ),
        migrations.AddConstraint(
            model_name='massmember',
            constraint=models.UniqueConstraint(fields=('problem', 'incident'), name='mass_member_unique'),
        ),
        migrations.AddConstraint(
            model_name='massmember',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'in')), fields=('incident',), name='mass_member_one_problem'),
        ),
        migrations.AddConstraint(
            model_name='massmember',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'out'), _negated=True), models.Q(('left_at__isnull', False), models.Q(('why', ''), _negated=True)), _connector='OR'), name='mass_member_left_why'),
        ),
        migrations.AddConstraint(
            model_name='massround',
            constraint=models.UniqueConstraint(fields=('problem', 'number'), name='mass_round_number'),
        ),
        migrations.AddConstraint(
            model_name='massround',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'draft')), fields=('problem',), name='mass_round_one_draft'),
        ),
        migrations.AddConstraint(
            model_name='massround',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['running', 'paused'])), fields=('problem',), name='mass_round_one_current'),
        ),
        migrations.AddConstraint(
            model_name='massround',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'draft'), models.Q(('kind__in', ['interim', 'plan']), _negated=True), ('promised_for__isnull', False), _connector='OR'), name='mass_round_dated'),
        ),
        migrations.AddConstraint(
            model_name='massround',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'draft'), models.Q(('started_at__isnull', False), ('started_by__isnull', False), models.Q(('text', ''), _negated=True)), _connector='OR'), name='mass_round_started_by'),
        ),
        migrations.AddIndex(
            model_name='massstep',
            index=models.Index(fields=['problem', 'id'], name='mass_step_problem'),
        ),
    ]
