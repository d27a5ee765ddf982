"""A line of the journal may lose its words by a lawful erasure, and nothing else: who, what and when stay for good."""

from django.db import migrations

FORWARD = """
create function audit_is_erasing() returns boolean language sql stable as $$
    select coalesce(current_setting('otklik.erasing', true), '') = 'on'
$$;
create function audit_only_words_go() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and audit_is_erasing() and
        (to_jsonb(new) - 'reason' - 'details') = (to_jsonb(old) - 'reason' - 'details')
    then
        return new;
    end if;
    raise exception 'a line of the journal is never changed or deleted' using errcode = 'restrict_violation';
end $$;
drop trigger audit_line_append_only on audit_auditline;
create trigger audit_line_append_only before update or delete on audit_auditline
    for each row execute function audit_only_words_go();
"""
BACKWARD = """
drop trigger audit_line_append_only on audit_auditline;
create trigger audit_line_append_only before update or delete on audit_auditline
    for each row execute function audit_refuse_change();
drop function audit_only_words_go();
drop function audit_is_erasing();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_append_only")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
