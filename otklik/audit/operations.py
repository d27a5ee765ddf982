"""The only way to write the journal: inside the transaction of the change itself."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models, transaction

from otklik.audit.models import AuditLine
from otklik.common.actor import Actor
from otklik.common.bulk import insert_many


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
