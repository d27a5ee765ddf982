"""Moderation of comments: rules, what was decided by them, the evidence as it stood, the appeals."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


FORWARD = """
create function casework_evidence_words_go() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and audit_is_erasing() and
        (to_jsonb(new) - 'text' - 'author_name' - 'author_url' - 'files')
            = (to_jsonb(old) - 'text' - 'author_name' - 'author_url' - 'files')
    then
        return new;
    end if;
    raise exception 'evidence is never changed or deleted' using errcode = 'restrict_violation';
end $$;
create trigger moderation_evidence_unchanged before update or delete on casework_moderationevidence
    for each row execute function casework_evidence_words_go();
"""
BACKWARD = """
drop trigger moderation_evidence_unchanged on casework_moderationevidence;
drop function casework_evidence_words_go();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0003_words_may_be_erased'),
        ('casework', '0029_erasure'),
        ('channels', '0003_proof_and_place'),
        ('inbox', '0004_message_turns'),
        ('registry', '0006_own_calendars'),
        ('triage', '0009_tables_wait'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ModerationAction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('measure', models.CharField(choices=[('leave', 'оставить как есть'), ('warn', 'предупредить автора'), ('remove', 'удалить комментарий'), ('ban', 'заблокировать автора на срок')], max_length=6, verbose_name='мера')),
                ('rule_version', models.PositiveIntegerField(null=True)),
                ('until', models.DateTimeField(null=True)),
                ('comment', models.TextField(blank=True, verbose_name='пояснение')),
                ('state', models.CharField(choices=[('asked', 'ждёт отправки в сеть'), ('doing', 'выполняется'), ('done', 'выполнено'), ('by_hand', 'ждёт администратора страницы'), ('refused', 'сеть отказала'), ('undone', 'отменено'), ('expired', 'срок вышел')], default='asked', max_length=8, verbose_name='состояние')),
                ('undoing', models.BooleanField(default=False)),
                ('decided_at', models.DateTimeField()),
                ('undone_by', models.CharField(blank=True, max_length=200)),
                ('undo_reason', models.TextField(blank=True)),
                ('finished_at', models.DateTimeField(null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('next_attempt_at', models.DateTimeField(null=True)),
                ('lease_until', models.DateTimeField(null=True)),
                ('reason', models.CharField(blank=True, max_length=40)),
                ('detail', models.TextField(blank=True)),
            ],
        ),
        migrations.CreateModel(
            name='ModerationAppeal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(verbose_name='что пишет автор')),
                ('received_at', models.DateTimeField(verbose_name='когда')),
                ('recorded_at', models.DateTimeField()),
                ('verdict', models.CharField(blank=True, choices=[('', 'ждёт решения'), ('upheld', 'решение оставлено в силе'), ('granted', 'решение отменено')], max_length=8)),
                ('why', models.TextField(blank=True)),
                ('decided_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='ModerationEvidence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField()),
                ('author_name', models.CharField(blank=True, max_length=200)),
                ('author_url', models.URLField(blank=True, max_length=300)),
                ('link', models.URLField(max_length=300)),
                ('written_at', models.DateTimeField(null=True)),
                ('files', models.JSONField(default=list)),
                ('taken_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='ModerationRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=40, verbose_name='код')),
                ('title', models.CharField(max_length=120, verbose_name='название')),
                ('forbids', models.TextField(verbose_name='что запрещено')),
                ('ground', models.CharField(choices=[('profanity', 'нецензурная брань'), ('insult', 'оскорбление'), ('threat', 'угроза'), ('hate', 'разжигание вражды'), ('spam', 'спам и реклама'), ('malware', 'вредоносная ссылка'), ('illegal', 'запрещённые законом материалы'), ('adult', 'материалы для взрослых'), ('personal_data', 'чужие персональные данные'), ('false_information', 'заведомо ложные сведения'), ('agitation', 'предвыборная агитация')], max_length=20, verbose_name='основание')),
                ('measure', models.CharField(choices=[('leave', 'оставить как есть'), ('warn', 'предупредить автора'), ('remove', 'удалить комментарий'), ('ban', 'заблокировать автора на срок')], max_length=6, verbose_name='мера')),
                ('longest_days', models.PositiveSmallIntegerField(null=True, verbose_name='срок, дней')),
                ('is_active', models.BooleanField(default=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('changed_by', models.CharField(blank=True, max_length=150)),
                ('changed_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name='moderationaction',
            name='author',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='moderation_actions', to='inbox.author'),
        ),
        migrations.AddField(
            model_name='moderationaction',
            name='confirmed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='moderationaction',
            name='decided_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='moderationaction',
            name='delivery',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='moderation_action', to='channels.delivery'),
        ),
        migrations.AddField(
            model_name='moderationaction',
            name='message',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='moderation_actions', to='inbox.sourcemessage'),
        ),
        migrations.AddField(
            model_name='moderationaction',
            name='page',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='moderation_actions', to='registry.officialpage'),
        ),
        migrations.AddField(
            model_name='moderationappeal',
            name='action',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appeals', to='casework.moderationaction'),
        ),
        migrations.AddField(
            model_name='moderationappeal',
            name='decided_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='moderationappeal',
            name='recorded_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='moderationevidence',
            name='action',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='evidence', to='casework.moderationaction'),
        ),
        migrations.AddConstraint(
            model_name='moderationrule',
            constraint=models.UniqueConstraint(fields=('code',), name='moderation_rule_code'),
        ),
        migrations.AddConstraint(
            model_name='moderationrule',
            constraint=models.CheckConstraint(condition=models.Q(('ground__in', ['profanity', 'insult', 'threat', 'hate', 'spam', 'malware', 'illegal', 'adult', 'personal_data', 'false_information', 'agitation'])), name='moderation_rule_ground_known'),
        ),
        migrations.AddConstraint(
            model_name='moderationrule',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('longest_days__gte', 1), ('longest_days__isnull', False), ('longest_days__lte', 365), ('measure', 'ban')), models.Q(('longest_days', None), ('measure__in', ['warn', 'remove'])), _connector='OR'), name='moderation_rule_term'),
        ),
        migrations.AddField(
            model_name='moderationaction',
            name='rule',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='actions', to='casework.moderationrule'),
        ),
        migrations.AddConstraint(
            model_name='moderationappeal',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='moderation_appeal_says'),
        ),
        migrations.AddConstraint(
            model_name='moderationappeal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('verdict', ''), ('why', '')), models.Q(('verdict__in', ['upheld', 'granted']), ('decided_at__isnull', False), ('decided_by__isnull', False), models.Q(('why', ''), _negated=True)), _connector='OR'), name='moderation_appeal_decided'),
        ),
        migrations.AddConstraint(
            model_name='moderationappeal',
            constraint=models.UniqueConstraint(condition=models.Q(('verdict', '')), fields=('action',), name='moderation_appeal_one_open'),
        ),
        migrations.AddIndex(
            model_name='moderationaction',
            index=models.Index(condition=models.Q(('state__in', ['asked', 'doing'])), fields=['next_attempt_at', 'id'], name='moderation_action_due'),
        ),
        migrations.AddIndex(
            model_name='moderationaction',
            index=models.Index(fields=['state', '-decided_at', '-id'], name='moderation_action_state'),
        ),
        migrations.AddIndex(
            model_name='moderationaction',
            index=models.Index(fields=['decided_at'], name='moderation_action_decided'),
        ),
        migrations.AddIndex(
            model_name='moderationaction',
            index=models.Index(condition=models.Q(('measure', 'ban'), ('state__in', ['done', 'by_hand'])), fields=['until'], name='moderation_action_until'),
        ),
        migrations.AddConstraint(
            model_name='moderationaction',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('measure', 'leave'), ('rule', None), ('rule_version', None)), models.Q(models.Q(('measure', 'leave'), _negated=True), ('rule__isnull', False), ('rule_version__isnull', False)), _connector='OR'), name='moderation_action_by_rule'),
        ),
        migrations.AddConstraint(
            model_name='moderationaction',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('author__isnull', False), ('measure', 'ban'), ('until__gt', models.F('decided_at')), ('until__isnull', False)), models.Q(models.Q(('measure', 'ban'), _negated=True), ('until', None)), _connector='OR'), name='moderation_action_ban_ends'),
        ),
        migrations.AddConstraint(
            model_name='moderationaction',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('lease_until__isnull', False), ('state', 'doing')), models.Q(models.Q(('state', 'doing'), _negated=True), ('lease_until', None)), _connector='OR'), name='moderation_action_leased'),
        ),
        migrations.AddConstraint(
            model_name='moderationaction',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['done', 'undone', 'expired']), _negated=True), ('finished_at__isnull', False), _connector='OR'), name='moderation_action_finished'),
        ),
        migrations.AddConstraint(
            model_name='moderationaction',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['asked', 'doing', 'done', 'by_hand'])), fields=('message', 'measure'), name='moderation_action_once'),
        ),
        migrations.AddConstraint(
            model_name='moderationaction',
            constraint=models.UniqueConstraint(condition=models.Q(('measure', 'ban'), ('state__in', ['asked', 'doing', 'done', 'by_hand'])), fields=('page', 'author'), name='moderation_action_one_ban'),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
