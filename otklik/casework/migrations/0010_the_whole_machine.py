"""All eighteen states: what a cycle counts, which moves the database allows, what it promises."""

import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

MOVES = {
    "answered": "closed reopened rework",
    "approval": "in_progress publishing",
    "attached": "archived triage",
    "clarification": "in_progress rejected rework routed triage",
    "closed": "archived reopened",
    "deferred": "approval in_progress rework",
    "in_progress": "approval attached clarification publishing rejected routed transferred triage",
    "interim_answered": "in_progress",
    "new": "attached rejected routed",
    "publishing": "answered deferred in_progress interim_answered uncertain",
    "rejected": "archived triage",
    "reopened": "in_progress",
    "rework": "approval clarification in_progress routed",
    "routed": "attached clarification in_progress rejected transferred triage",
    "transferred": "archived closed",
    "triage": "attached clarification in_progress rejected routed transferred",
    "uncertain": "answered deferred in_progress interim_answered publishing",
}

# Constraints and indexes look at every row: they are checked and built in the next migration, beside the work.
MOVE = """
create or replace function casework_move_must_be_allowed() returns trigger language plpgsql as $$
begin
    if not exists (
        select 1 from casework_allowedmove where before = old.state and after = new.state
    ) then
        raise exception 'incident %: no verb leads from % to %', old.id, old.state, new.state
            using errcode = 'check_violation', constraint = 'incident_move_allowed';
    end if;
    return new;
end $$;
create trigger incident_move_allowed before update on casework_incident for each row
    when (old.state is distinct from new.state) execute function casework_move_must_be_allowed();
"""
CYCLE = """
create or replace function casework_cycle_must_hold() returns trigger language plpgsql as $$
begin
    if new.cycle <> old.cycle then
        if new.cycle <> old.cycle + 1 or new.state <> 'reopened' or new.first_answer_at is not null then
            raise exception 'incident %: a new cycle begins by reopening, one at a time', old.id
                using errcode = 'check_violation', constraint = 'incident_cycle_by_reopening';
        end if;
    elsif old.first_answer_at is not null then
        raise exception 'incident %: the first answer of a cycle is set once', old.id
            using errcode = 'check_violation', constraint = 'incident_first_answer_once';
    elsif not exists (
        select 1 from casework_answer
        where incident_id = new.id and cycle = new.cycle and status = 'published'
            and kind in ('final', 'interim', 'plan')
    ) then
        raise exception 'incident %: no receipt tells of an answer in this cycle', old.id
            using errcode = 'check_violation', constraint = 'incident_first_answer_by_receipt';
    end if;
    return new;
end $$;
create trigger incident_cycle_holds before update on casework_incident for each row
    when (old.cycle is distinct from new.cycle or old.first_answer_at is distinct from new.first_answer_at)
    execute function casework_cycle_must_hold();
"""
UNMADE = """
drop trigger if exists incident_move_allowed on casework_incident;
drop function if exists casework_move_must_be_allowed();
drop trigger if exists incident_cycle_holds on casework_incident;
drop function if exists casework_cycle_must_hold();
"""


def fill(apps, schema_editor):
    """The moves as they are now; after every migration the table follows the rules by itself."""
    apps.get_model("casework", "AllowedMove").objects.bulk_create(
        apps.get_model("casework", "AllowedMove")(before=before, after=after)
        for before, states in MOVES.items()
        for after in states.split()
    )


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0009_late_warnings'),
        ('channels', '0002_initial'),
        ('inbox', '0003_raw_event_free'),
        ('registry', '0005_streets'),
        ('triage', '0009_tables_wait'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AllowedMove',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('before', models.CharField(choices=[('new', 'Новое'), ('triage', 'Разбор'), ('clarification', 'Запрос уточнения'), ('routed', 'Направлено в орган'), ('in_progress', 'В работе'), ('approval', 'На согласовании'), ('publishing', 'Публикуется'), ('uncertain', 'Доставка не подтверждена'), ('interim_answered', 'Дан промежуточный ответ'), ('answered', 'Дан окончательный ответ'), ('deferred', 'Запланировано'), ('closed', 'Закрыто'), ('rework', 'Возврат на доработку'), ('reopened', 'Возобновлено'), ('rejected', 'Отклонено'), ('transferred', 'Передано в другой порядок'), ('attached', 'Присоединено'), ('archived', 'Архив')], max_length=16)),
                ('after', models.CharField(choices=[('new', 'Новое'), ('triage', 'Разбор'), ('clarification', 'Запрос уточнения'), ('routed', 'Направлено в орган'), ('in_progress', 'В работе'), ('approval', 'На согласовании'), ('publishing', 'Публикуется'), ('uncertain', 'Доставка не подтверждена'), ('interim_answered', 'Дан промежуточный ответ'), ('answered', 'Дан окончательный ответ'), ('deferred', 'Запланировано'), ('closed', 'Закрыто'), ('rework', 'Возврат на доработку'), ('reopened', 'Возобновлено'), ('rejected', 'Отклонено'), ('transferred', 'Передано в другой порядок'), ('attached', 'Присоединено'), ('archived', 'Архив')], max_length=16)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='answer',
            name='answer_one_publication',
        ),
        migrations.RemoveConstraint(
            model_name='answer',
            name='answer_question_no_draft',
        ),
        migrations.RemoveConstraint(
            model_name='incident',
            name='incident_body_responsible',
        ),
        migrations.RemoveConstraint(
            model_name='incident',
            name='incident_answered_by_receipt',
        ),
        migrations.RemoveConstraint(
            model_name='incident',
            name='incident_asked_from',
        ),
        migrations.AddField(
            model_name='answer',
            name='approved_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='approved_answers', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='answer',
            name='cycle',
            field=models.PositiveSmallIntegerField(db_default=1, default=1),
        ),
        migrations.AddField(
            model_name='answer',
            name='promised_for',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='incident',
            name='cycle',
            field=models.PositiveSmallIntegerField(db_default=1, default=1),
        ),
        migrations.AddField(
            model_name='incident',
            name='escalated_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='incident',
            name='extensions',
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='incident',
            name='final_due_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='incident',
            name='interim_permits',
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='incident',
            name='interims',
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='incident',
            name='outcome_link',
            field=models.URLField(blank=True, db_default='', max_length=500),
        ),
        migrations.AddField(
            model_name='incident',
            name='paused_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='incident',
            name='plans',
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='incident',
            name='returns',
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='move',
            name='code',
            field=models.CharField(blank=True, db_default='', max_length=40),
        ),
        migrations.AlterField(
            model_name='answer',
            name='kind',
            field=models.CharField(choices=[('final', 'ответ'), ('interim', 'промежуточный ответ'), ('plan', 'план со сроком'), ('question', 'уточняющий вопрос'), ('note', 'извещение о передаче')], default='final', max_length=8),
        ),
        migrations.AlterField(
            model_name='answer',
            name='resolution',
            field=models.CharField(blank=True, choices=[('solved', 'решено'), ('explained', 'разъяснено'), ('refused_with_reason', 'мотивированный отказ'), ('planned', 'выполнено по плану'), ('forwarded', 'передано, результат получен'), ('accepted_to_plan', 'предложение принято в план'), ('poll_created', 'по предложению открыто голосование')], max_length=20),
        ),
        migrations.AlterField(
            model_name='answer',
            name='status',
            field=models.CharField(choices=[('draft', 'черновик'), ('approval', 'на согласовании'), ('publishing', 'публикуется'), ('published', 'опубликован'), ('undeliverable', 'не доставлен'), ('uncertain', 'доставка не подтверждена')], default='draft', max_length=14),
        ),
        migrations.AlterField(
            model_name='incident',
            name='declines',
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AlterField(
            model_name='incident',
            name='delivery_note',
            field=models.CharField(blank=True, choices=[('', ''), ('manual', 'ждёт администратора страницы'), ('undeliverable', 'ответ не доставлен'), ('uncertain', 'неизвестно, вышел ли ответ'), ('not_asked', 'уточняющий вопрос не доставлен'), ('not_noted', 'автор не извещён о передаче')], max_length=14),
        ),
        migrations.AlterField(
            model_name='incident',
            name='resolution',
            field=models.CharField(blank=True, choices=[('solved', 'решено'), ('explained', 'разъяснено'), ('refused_with_reason', 'мотивированный отказ'), ('planned', 'выполнено по плану'), ('forwarded', 'передано, результат получен'), ('accepted_to_plan', 'предложение принято в план'), ('poll_created', 'по предложению открыто голосование')], max_length=20),
        ),
        migrations.AlterField(
            model_name='incident',
            name='returns_to',
            field=models.CharField(blank=True, choices=[('new', 'Новое'), ('triage', 'Разбор'), ('clarification', 'Запрос уточнения'), ('routed', 'Направлено в орган'), ('in_progress', 'В работе'), ('approval', 'На согласовании'), ('publishing', 'Публикуется'), ('uncertain', 'Доставка не подтверждена'), ('interim_answered', 'Дан промежуточный ответ'), ('answered', 'Дан окончательный ответ'), ('deferred', 'Запланировано'), ('closed', 'Закрыто'), ('rework', 'Возврат на доработку'), ('reopened', 'Возобновлено'), ('rejected', 'Отклонено'), ('transferred', 'Передано в другой порядок'), ('attached', 'Присоединено'), ('archived', 'Архив')], max_length=16),
        ),
        migrations.AlterField(
            model_name='incident',
            name='state',
            field=models.CharField(choices=[('new', 'Новое'), ('triage', 'Разбор'), ('clarification', 'Запрос уточнения'), ('routed', 'Направлено в орган'), ('in_progress', 'В работе'), ('approval', 'На согласовании'), ('publishing', 'Публикуется'), ('uncertain', 'Доставка не подтверждена'), ('interim_answered', 'Дан промежуточный ответ'), ('answered', 'Дан окончательный ответ'), ('deferred', 'Запланировано'), ('closed', 'Закрыто'), ('rework', 'Возврат на доработку'), ('reopened', 'Возобновлено'), ('rejected', 'Отклонено'), ('transferred', 'Передано в другой порядок'), ('attached', 'Присоединено'), ('archived', 'Архив')], default='new', max_length=16, verbose_name='состояние'),
        ),
        migrations.AlterField(
            model_name='move',
            name='after',
            field=models.CharField(choices=[('new', 'Новое'), ('triage', 'Разбор'), ('clarification', 'Запрос уточнения'), ('routed', 'Направлено в орган'), ('in_progress', 'В работе'), ('approval', 'На согласовании'), ('publishing', 'Публикуется'), ('uncertain', 'Доставка не подтверждена'), ('interim_answered', 'Дан промежуточный ответ'), ('answered', 'Дан окончательный ответ'), ('deferred', 'Запланировано'), ('closed', 'Закрыто'), ('rework', 'Возврат на доработку'), ('reopened', 'Возобновлено'), ('rejected', 'Отклонено'), ('transferred', 'Передано в другой порядок'), ('attached', 'Присоединено'), ('archived', 'Архив')], max_length=16),
        ),
        migrations.AlterField(
            model_name='move',
            name='before',
            field=models.CharField(blank=True, choices=[('new', 'Новое'), ('triage', 'Разбор'), ('clarification', 'Запрос уточнения'), ('routed', 'Направлено в орган'), ('in_progress', 'В работе'), ('approval', 'На согласовании'), ('publishing', 'Публикуется'), ('uncertain', 'Доставка не подтверждена'), ('interim_answered', 'Дан промежуточный ответ'), ('answered', 'Дан окончательный ответ'), ('deferred', 'Запланировано'), ('closed', 'Закрыто'), ('rework', 'Возврат на доработку'), ('reopened', 'Возобновлено'), ('rejected', 'Отклонено'), ('transferred', 'Передано в другой порядок'), ('attached', 'Присоединено'), ('archived', 'Архив')], max_length=16),
        ),
        migrations.AddConstraint(
            model_name='answer',
            constraint=models.UniqueConstraint(condition=models.Q(('status__in', ['approval', 'publishing', 'uncertain'])), fields=('incident',), name='answer_one_publication'),
        ),
        AddConstraintNotValid(
            model_name='answer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['note', 'question']), _negated=True), models.Q(('status', 'draft'), _negated=True), _connector='OR'), name='answer_question_no_draft'),
        ),
        AddConstraintNotValid(
            model_name='answer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['interim', 'plan']), _negated=True), ('promised_for__isnull', False), _connector='OR'), name='answer_promise_dated'),
        ),
        AddConstraintNotValid(
            model_name='answer',
            constraint=models.CheckConstraint(condition=models.Q(('approved_by__isnull', True), models.Q(('approved_by', models.F('author')), _negated=True), _connector='OR'), name='answer_four_eyes'),
        ),
        AddConstraintNotValid(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['answered', 'approval', 'deferred', 'in_progress', 'interim_answered', 'publishing', 'reopened', 'rework', 'routed', 'uncertain']), _negated=True), ('executor__isnull', False), _connector='OR'), name='incident_body_responsible'),
        ),
        AddConstraintNotValid(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['answered', 'deferred', 'interim_answered']), _negated=True), ('first_answer_at__isnull', False), _connector='OR'), name='incident_answered_by_receipt'),
        ),
        AddConstraintNotValid(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('returns_to__in', ['in_progress', 'rework', 'routed', 'triage']), ('state', 'clarification')), models.Q(models.Q(('state', 'clarification'), _negated=True), ('returns_to', '')), _connector='OR'), name='incident_asked_from'),
        ),
        AddConstraintNotValid(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['deferred', 'interim_answered']), _negated=True), ('final_due_at__isnull', False), _connector='OR'), name='incident_promise_dated'),
        ),
        AddConstraintNotValid(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'rework'), _negated=True), models.Q(('reason__in', ['not_on_substance', 'no_proof', 'third_party_pii', 'jargon_or_abbrev', 'no_date_or_stage', 'bare_redirect', 'rude', 'wrong_thread_or_page', 'unverified_page', 'plan_not_done', 'third_postponement']), ('returns__gte', 1)), _connector='OR'), name='incident_rework_code'),
        ),
        AddConstraintNotValid(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'transferred'), _negated=True), ('reason__in', ['pos', '59fz', 'federal']), _connector='OR'), name='incident_transferred_where'),
        ),
        AddConstraintNotValid(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'closed'), _negated=True), models.Q(('resolution', ''), _negated=True), _connector='OR'), name='incident_closed_outcome'),
        ),
        AddConstraintNotValid(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'closed'), _negated=True), models.Q(('resolution', 'poll_created'), _negated=True), models.Q(('outcome_link', ''), _negated=True), _connector='OR'), name='incident_poll_linked'),
        ),
        AddConstraintNotValid(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(('paused_at__isnull', True), ('state__in', ['approval', 'in_progress', 'interim_answered', 'reopened', 'rework', 'routed', 'triage']), _connector='OR'), name='incident_paused_where'),
        ),
        AddConstraintNotValid(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'reopened'), _negated=True), models.Q(('cycle__gte', 2), ('first_answer_at__isnull', True)), _connector='OR'), name='incident_reopened_cycle'),
        ),
        AddConstraintNotValid(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(('cycle__lte', 1), ('priority__in', ['critical', 'high']), _connector='OR'), name='incident_reopened_priority'),
        ),
        AddConstraintNotValid(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(('declines__lte', 2)), name='incident_declined_twice'),
        ),
        AddConstraintNotValid(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(('plans__lte', 3)), name='incident_plan_moved_twice'),
        ),
        AddConstraintNotValid(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(('interims__lte', django.db.models.expressions.CombinedExpression(models.F('interim_permits'), '+', models.Value(1)))), name='incident_interims_permitted'),
        ),
        AddConstraintNotValid(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(('extensions__lte', 1)), name='incident_extended_once'),
        ),
        migrations.AddConstraint(
            model_name='allowedmove',
            constraint=models.UniqueConstraint(fields=('before', 'after'), name='allowed_move_unique'),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        # What was closed before outcomes were asked for has been explained, as far as anybody knows.
        migrations.RunSQL(
            "update casework_incident set resolution = 'explained' where state = 'closed' and resolution = ''",
            "",
        ),
        migrations.RunSQL(MOVE + CYCLE, UNMADE),
    ]
