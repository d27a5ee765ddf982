"""An incident cannot get a retired topic; those that had it before keep it."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("casework", "0004_incident_place_and_spans"), ("triage", "0004_only_active_topics")]

    operations = [
        migrations.RunSQL(
            # An update that leaves the topic as it was must pass: work on an old incident goes on.
            "create trigger topic_is_active_new before insert on casework_incident"
            " for each row execute function triage_topic_must_be_active();"
            "create trigger topic_is_active before update of topic_id on casework_incident"
            " for each row when (old.topic_id is distinct from new.topic_id)"
            " execute function triage_topic_must_be_active();",
            "drop trigger if exists topic_is_active_new on casework_incident;"
            "drop trigger if exists topic_is_active on casework_incident;",
        )
    ]
