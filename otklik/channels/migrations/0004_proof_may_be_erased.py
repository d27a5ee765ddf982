"""What the network showed is never changed, but its words may go by a lawful erasure."""

from django.db import migrations

FORWARD = """
create or replace function channels_refuse_change() returns trigger language plpgsql as $$
begin
    if audit_is_erasing() and (to_jsonb(new) - 'text') = (to_jsonb(old) - 'text') then
        return new;
    end if;
    raise exception 'what the network showed is never changed'
        using errcode = 'restrict_violation', constraint = 'proof_unchanged';
end $$;
"""
BACKWARD = """
create or replace function channels_refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'what the network showed is never changed'
        using errcode = 'restrict_violation', constraint = 'proof_unchanged';
end $$;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_words_may_be_erased"), ("channels", "0003_proof_and_place")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
