"""How every verb of the register writes: the row locked and read anew, its history, one line of the journal a row."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from django.db import models

from otklik.audit import operations as audit
from otklik.common.actor import Actor
from otklik.common.bulk import update_many
from otklik.registry.operations import search_index
from otklik.registry.operations.history import Change, additions, note_many, owner_of, plain

Row = TypeVar("Row", bound=models.Model)
# Up to here each row is saved by itself; above it one statement writes them all.
FEW = 20


@dataclass(frozen=True, slots=True)
class Doing:
    """Who does what to the register, when, why, and by which import."""

    verb: str
    by: Actor
    now: datetime
    reason: str = ""
    import_id: int | None = None


@dataclass(slots=True)
class Edit:
    """New values for one locked row, and what the journal keeps of them besides the names of the fields."""

    row: models.Model
    values: Mapping[str, Any]
    details: Mapping[str, Any] = field(default_factory=dict)


def locked(model: type[Row], ids: Iterable[int]) -> dict[int, Row]:
    """The rows as they are now, held until the transaction ends. Taken in order, so two verbs never wait in a ring."""
    rows = model._default_manager.select_for_update(of=("self",)).filter(pk__in=list(ids)).order_by("pk")
    return {row.pk: row for row in rows}


def write(edits: Sequence[Edit], doing: Doing) -> list[int]:
    """Write the values that differ, their history and a line of the journal each; returns the ids that changed."""
    changes = [each for each in map(_change, edits) if each.fields]
    _save([each.subject for each in changes], sorted({name for each in changes for name in each.fields}))
    search_index.touch(
        [each.subject for each in changes if search_index.WATCHED & each.fields.keys()], now=doing.now
    )
    details = {id(each.row): each.details for each in edits}
    entries = [
        audit.Entry(
            each.subject,
            doing.reason,
            {"fields": sorted(each.fields)} | dict(details[id(each.subject)]) | _of_import(doing),
        )
        for each in changes
    ]
    audit.record_many(by=doing.by, verb=doing.verb, entries=entries, now=doing.now)
    note_many(changes=changes, by=doing.by, now=doing.now, reason=doing.reason, import_id=doing.import_id)
    return [each.subject.pk for each in changes]


def note_additions(rows: Sequence[models.Model], details: Sequence[Mapping[str, Any]], doing: Doing) -> None:
    """The history and the journal of rows just added."""
    entries = [
        audit.Entry(row, doing.reason, dict(each) | _of_import(doing))
        for row, each in zip(rows, details, strict=True)
    ]
    audit.record_many(by=doing.by, verb=doing.verb, entries=entries, now=doing.now)
    search_index.touch(rows, now=doing.now)
    note_many(
        changes=additions(rows), by=doing.by, now=doing.now, reason=doing.reason, import_id=doing.import_id
    )


def _change(edit: Edit) -> Change:
    fields: dict[str, tuple[Any, Any]] = {}
    for name, value in edit.values.items():
        attname = edit.row._meta.get_field(name).attname  # type: ignore[union-attr]
        old, new = getattr(edit.row, attname), value.pk if isinstance(value, models.Model) else value
        if plain(old) != plain(new):
            fields[name] = (old, new)
            setattr(edit.row, attname, new)
    return Change(edit.row, owner_of(edit.row), fields)


def _save(rows: Sequence[models.Model], names: list[str]) -> None:
    if len(rows) > FEW:
        update_many(rows, names)
        return
    for row in rows:
        row.save(update_fields=names)


def _of_import(doing: Doing) -> dict[str, Any]:
    return {} if doing.import_id is None else {"import": doing.import_id}
