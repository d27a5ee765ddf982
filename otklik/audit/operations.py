"""The only way to write the journal: inside the transaction of the change itself."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, models, transaction

from otklik.audit.models import AuditLine
from otklik.common.actor import Actor
from otklik.common.bulk import insert_many
from otklik.common.erased import is_harmless, without_words

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Entry:
    """What happened to one subject, for a verb that changes many at once."""

    subject: models.Model
    reason: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)


class OutsideTransaction(Exception):
    """Строка журнала пишется только вместе с самим изменением, в его транзакции."""


def record(
    *, by: Actor, verb: str, subject: models.Model, now: datetime, reason: str = "", **details: Any
) -> AuditLine:
    """Write one line: who (`by`) did what (`verb`) with `subject`, when and why.

    `details` must be JSON: codes, numbers and short texts, never a secret. Raises OutsideTransaction.
    """
    return record_many(by=by, verb=verb, entries=[Entry(subject, reason, details)], now=now)[0]


def record_many(*, by: Actor, verb: str, entries: Iterable[Entry], now: datetime) -> list[AuditLine]:
    """Write a line for each entry with one statement."""
    if not transaction.get_connection().in_atomic_block:
        raise OutsideTransaction
    lines = [
        AuditLine(
            at=now,
            actor_id=by.id,
            actor_name=by.name,
            verb=verb,
            subject_type=entry.subject._meta.label_lower,
            subject_id=entry.subject.pk,
            reason=entry.reason,
            details=dict(entry.details),
        )
        for entry in entries
    ]
    insert_many(lines)
    return lines


@contextmanager
def erasing() -> Iterator[None]:
    """Within the block, and the transaction, triggers let words become marks; the rest they refuse as ever."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select set_config('otklik.erasing', 'on', true)")
        yield
        cursor.execute("select set_config('otklik.erasing', '', true)")


def erase_words(
    *, subjects: Mapping[str, Iterable[int]], left: str, parts: tuple[str, str, Iterable[int]] | None = None
) -> int:
    """Take what people wrote out of the lines about these subjects; returns how many lines changed.

    `parts` are lines about things that are there no more: (their kind, the detail that names their owner, owners).
    Codes, figures and moments stay: who did what and when is known as before. Within `erasing` only.
    """
    about = models.Q(pk=None)
    for kind, ids in subjects.items():
        about |= models.Q(subject_type=kind, subject_id__in=list(ids))
    if parts:
        kind, name, owners = parts
        about |= models.Q(**{"subject_type": kind, f"details__{name}__in": list(owners)})
    changed: list[AuditLine] = []
    for line in AuditLine.objects.filter(about).only("reason", "details").iterator(chunk_size=_AT_ONCE):
        details = without_words(line.details, left)
        if is_harmless(line.reason) and details == line.details:
            continue
        line.reason, line.details = line.reason if is_harmless(line.reason) else left, details
        changed.append(line)
    AuditLine.objects.bulk_update(changed, ["reason", "details"], batch_size=_AT_ONCE)
    return len(changed)
