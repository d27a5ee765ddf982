"""Who has to agree with which answers, and who stands in for whom."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0020_external_links'),
        ('inbox', '0004_message_turns'),
        ('registry', '0006_own_calendars'),
        ('triage', '0009_tables_wait'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ApprovalRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('priority', models.CharField(blank=True, choices=[('critical', 'критическая'), ('high', 'высокая'), ('normal', 'обычная')], max_length=8, verbose_name='важность')),
                ('kind', models.CharField(blank=True, choices=[('complaint', 'жалоба'), ('question', 'вопрос'), ('proposal', 'предложение'), ('thanks', 'благодарность'), ('other', 'другое')], max_length=10, verbose_name='вид')),
                ('author_role', models.CharField(blank=True, choices=[('page_admin', 'администратор страницы'), ('executor', 'исполнитель'), ('approver', 'согласующий'), ('curator', 'куратор органа'), ('body_head', 'руководитель органа'), ('dispatcher', 'диспетчер'), ('analyst', 'аналитик'), ('methodist', 'специалист по госпабликам'), ('center_head', 'руководитель центра'), ('live_editor', 'редактор эфира'), ('live_host', 'ведущий эфира'), ('viewer', 'наблюдатель'), ('federal_viewer', 'федеральный наблюдатель'), ('system_admin', 'администратор системы'), ('security_officer', 'сотрудник безопасности')], max_length=20, verbose_name='роль автора')),
                ('approver_role', models.CharField(blank=True, choices=[('page_admin', 'администратор страницы'), ('executor', 'исполнитель'), ('approver', 'согласующий'), ('curator', 'куратор органа'), ('body_head', 'руководитель органа'), ('dispatcher', 'диспетчер'), ('analyst', 'аналитик'), ('methodist', 'специалист по госпабликам'), ('center_head', 'руководитель центра'), ('live_editor', 'редактор эфира'), ('live_host', 'ведущий эфира'), ('viewer', 'наблюдатель'), ('federal_viewer', 'федеральный наблюдатель'), ('system_admin', 'администратор системы'), ('security_officer', 'сотрудник безопасности')], max_length=20, verbose_name='роль')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='заметка')),
                ('is_active', models.BooleanField(default=True)),
                ('changed_by', models.CharField(blank=True, max_length=150)),
                ('changed_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Substitute',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateTimeField()),
                ('until', models.DateTimeField()),
                ('added_by', models.CharField(blank=True, max_length=150)),
            ],
        ),
        migrations.AddField(
            model_name='approvalrule',
            name='approver',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='approves_by_rule', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='approvalrule',
            name='group',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='approval_rules', to='triage.topicgroup'),
        ),
        migrations.AddField(
            model_name='approvalrule',
            name='organization',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='approval_rules', to='registry.organization'),
        ),
        migrations.AddField(
            model_name='approvalrule',
            name='topic',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='approval_rules', to='triage.topic'),
        ),
        migrations.AddField(
            model_name='substitute',
            name='deputy',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='stands_in_for', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='substitute',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='substitutes', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='approvalrule',
            constraint=models.CheckConstraint(condition=models.Q(('approver_role', ''), ('approver__isnull', True), _connector='OR'), name='approval_rule_one_approver'),
        ),
        migrations.AddConstraint(
            model_name='approvalrule',
            constraint=models.CheckConstraint(condition=models.Q(('group__isnull', True), ('topic__isnull', True), _connector='OR'), name='approval_rule_topic_or_group'),
        ),
        migrations.AddConstraint(
            model_name='approvalrule',
            constraint=models.UniqueConstraint(condition=models.Q(('is_active', True)), fields=('organization', 'group', 'topic', 'priority', 'kind', 'author_role'), name='approval_rule_unique', nulls_distinct=False),
        ),
        migrations.AddIndex(
            model_name='substitute',
            index=models.Index(fields=['deputy', 'until'], name='substitute_deputy'),
        ),
        migrations.AddConstraint(
            model_name='substitute',
            constraint=models.CheckConstraint(condition=models.Q(('person', models.F('deputy')), _negated=True), name='substitute_other'),
        ),
        migrations.AddConstraint(
            model_name='substitute',
            constraint=models.CheckConstraint(condition=models.Q(('until__gt', models.F('since'))), name='substitute_some_time'),
        ),
    ]
