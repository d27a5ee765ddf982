"""Many incidents out of a few that the verbs made: every row of theirs copied by the database, earlier in time."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.db import models

EARLIER = "interval '37 minutes 13.457 seconds'"
# What has to differ in a copy, `n` being its number.
OWN = {
    "inbox_sourcemessage.external_id": "external_id || '-' || n",
    "channels_delivery.owner": "owner || '-' || n",
    "casework_incident.question": "question || ' ' || n",
}


def multiply(times: int) -> int:
    """Copy all incidents with their messages, files, moves, answers and deliveries; returns how many there are then."""
    from django.db import connection

    from otklik.casework.models import Answer, Incident, Move
    from otklik.channels.models import Delivery
    from otklik.inbox.models import Attachment, SourceMessage

    copied: list[type[models.Model]] = [SourceMessage, Attachment, Incident, Move, Delivery, Answer]
    with connection.cursor() as cursor:
        apart = 0
        for model in copied:
            cursor.execute(f"select coalesce(max(id), 0) + 1 from {model._meta.db_table}")
            apart = max(apart, cursor.fetchone()[0])
        for model in copied:
            cursor.execute(_copy(model, copied, apart), [times])
            cursor.execute(
                f"select setval(pg_get_serial_sequence('{model._meta.db_table}', 'id'), max(id)) "
                f"from {model._meta.db_table}"
            )
    return Incident.objects.count()


def _copy(model: Any, copied: list[Any], apart: int) -> str:
    table = model._meta.db_table
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    names = ", ".join(f'"{field.column}"' for field in fields)
    values = ", ".join(_value(table, field, copied, apart) for field in fields)
    rows = f"generate_series(1, %s) as n cross join {table}"
    return f"insert into {table} ({names}) select {values} from {rows} where {table}.id < {apart}"


def _value(table: str, field: Any, copied: list[Any], apart: int) -> str:
    from django.db.models import DateTimeField

    name = f"{table}.{field.column}"
    if name in OWN:
        return OWN[name]
    if field.primary_key or field.related_model in copied:
        return f"{name} + n * {apart}"
    return f"{name} - n * {EARLIER}" if isinstance(field, DateTimeField) else name
