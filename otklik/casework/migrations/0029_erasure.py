"""Requests for erasure and legal holds; what is held cannot be erased, whoever tries: triggers see to it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

HELD = """
create function casework_held(an_author bigint, a_message bigint) returns boolean language sql stable as $$
    select exists (
        select 1 from casework_legalhold h left join casework_incident i on i.id = h.incident_id
            left join inbox_sourcemessage m on m.id = i.message_id
        where h.lifted_at is null and (h.until is null or h.until >= current_date)
            and (h.author_id = an_author or m.id = a_message or (a_message is null and m.author_id = an_author))
    )
$$;
create function casework_refuse_held_message() returns trigger language plpgsql as $$
begin
    if casework_held(old.author_id, old.id) then
        raise exception 'message % is under a legal hold', old.id
            using errcode = 'restrict_violation', constraint = 'erasure_held';
    end if;
    if tg_op = 'DELETE' then
        return old;
    end if;
    return new;
end $$;
create trigger message_is_not_held before update of erased_at on inbox_sourcemessage for each row
    when (old.erased_at is null and new.erased_at is not null) execute function casework_refuse_held_message();
create trigger message_held_is_kept before delete on inbox_sourcemessage for each row
    execute function casework_refuse_held_message();
create function casework_refuse_held_author() returns trigger language plpgsql as $$
begin
    if casework_held(old.id, null) then
        raise exception 'author % is under a legal hold', old.id
            using errcode = 'restrict_violation', constraint = 'erasure_held';
    end if;
    return new;
end $$;
create trigger author_is_not_held before update of erased_at on inbox_author for each row
    when (old.erased_at is null and new.erased_at is not null) execute function casework_refuse_held_author();
create function casework_read_only_words_go() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and audit_is_erasing() and (to_jsonb(new) - 'words') = (to_jsonb(old) - 'words') then
        return new;
    end if;
    raise exception 'an opening of personal data is never changed or deleted' using errcode = 'restrict_violation';
end $$;
drop trigger personal_read_append_only on casework_personalread;
create trigger personal_read_append_only before update or delete on casework_personalread
    for each row execute function casework_read_only_words_go();
"""
FREE = """
drop trigger personal_read_append_only on casework_personalread;
create trigger personal_read_append_only before update or delete on casework_personalread
    for each row execute function audit_refuse_change();
drop function casework_read_only_words_go();
drop trigger author_is_not_held on inbox_author;
drop trigger message_held_is_kept on inbox_sourcemessage;
drop trigger message_is_not_held on inbox_sourcemessage;
drop function casework_refuse_held_author();
drop function casework_refuse_held_message();
drop function casework_held(bigint, bigint);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0003_words_may_be_erased'),
        ('channels', '0004_proof_may_be_erased'),
        ('casework', '0028_answer_photos'),
        ('inbox', '0005_erased'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ErasureRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.CharField(choices=[('letter', 'письмо'), ('visit', 'личный приём'), ('esia', 'через Госуслуги'), ('network', 'сообщение в сети'), ('authority', 'через надзорный орган')], max_length=10)),
                ('proof', models.CharField(blank=True, max_length=300)),
                ('received_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('received', 'получено'), ('checked', 'личность проверена'), ('held', 'ждёт: удалять запрещено'), ('refused', 'отказано'), ('done', 'исполнено')], default='received', max_length=8)),
                ('checked_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('counts', models.JSONField(default=dict)),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='erasures', to='inbox.author')),
                ('checked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('taken_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state__in', ['received', 'checked', 'held'])), fields=['due_at', 'id'], name='erasure_open_due')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['received', 'checked', 'held'])), fields=('author',), name='erasure_one_open'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['checked', 'held', 'done']), _negated=True), models.Q(('checked_at__isnull', False), ('checked_by__isnull', False), models.Q(('proof', ''), _negated=True)), _connector='OR'), name='erasure_identity_checked'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'refused'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='erasure_refused_why'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', False), ('ended_by__isnull', False), ('state__in', ['refused', 'done'])), models.Q(models.Q(('state__in', ['refused', 'done']), _negated=True), ('ended_at', None), ('ended_by', None)), _connector='OR'), name='erasure_ended_by'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), _negated=True), models.Q(('ended_by', models.F('checked_by')), _negated=True), _connector='OR'), name='erasure_four_eyes')],
            },
        ),
        migrations.CreateModel(
            name='LegalHold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=300)),
                ('until', models.DateField(null=True)),
                ('placed_at', models.DateTimeField()),
                ('lifted_at', models.DateTimeField(null=True)),
                ('author', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='holds', to='inbox.author')),
                ('incident', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='holds', to='casework.incident')),
                ('lifted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('placed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('author', None), ('incident__isnull', False)), models.Q(('author__isnull', False), ('incident', None)), _connector='OR'), name='legal_hold_of_one'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='legal_hold_says_why'), models.CheckConstraint(condition=models.Q(models.Q(('lifted_at', None), ('lifted_by', None)), models.Q(('lifted_at__isnull', False), ('lifted_by__isnull', False)), _connector='OR'), name='legal_hold_lifted_by')],
            },
        ),
        migrations.RunSQL(HELD, FREE),
    ]
