"""A retired topic cannot be written: a foreign key knows only that a topic exists, so a trigger looks at the rest."""

from django.db import migrations

FUNCTION = """
create or replace function triage_topic_must_be_active() returns trigger language plpgsql as $$
begin
    -- The share lock makes a retirement that is under way wait, or makes us see it.
    perform 1 from triage_topic where id = new.topic_id and is_active for share;
    if not found then
        raise exception 'topic % is not active', new.topic_id
            using errcode = 'check_violation', constraint = 'topic_is_active';
    end if;
    return new;
end $$;
"""


def _trigger(table: str) -> str:
    return (
        f"create trigger topic_is_active before insert or update of topic_id on {table}"
        " for each row execute function triage_topic_must_be_active();"
    )


class Migration(migrations.Migration):
    dependencies = [("triage", "0003_verdict_place_and_spans")]

    operations = [
        migrations.RunSQL(FUNCTION, "drop function if exists triage_topic_must_be_active() cascade;"),
        *(
            migrations.RunSQL(_trigger(table), f"drop trigger if exists topic_is_active on {table};")
            for table in ("triage_verdict", "triage_correction")
        ),
    ]
