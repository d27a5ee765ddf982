"""The journal is append-only: the database itself refuses to change or delete a line."""

from django.db import migrations

FORWARD = """
create function audit_refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'a line of the journal is never changed or deleted' using errcode = 'restrict_violation';
end $$;
create trigger audit_line_append_only before update or delete on audit_auditline
    for each row execute function audit_refuse_change();
"""
BACKWARD = """
drop trigger audit_line_append_only on audit_auditline;
drop function audit_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
