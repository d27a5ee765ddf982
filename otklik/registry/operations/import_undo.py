"""An import taken back: fields get their old values, what was added goes, what others touched since stays."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_noop

from otklik.audit import operations as audit
from otklik.common.actor import Actor
from otklik.registry.enums import ImportState
from otklik.registry.models import Import, ImportRow
from otklik.registry.operations.edits import Doing, Edit, locked, write
from otklik.registry.operations.history import ADDED, Change, note_many, owner_of, plain
from otklik.registry.operations.import_paths import set_paths
from otklik.registry.operations.import_write import ORDER, save_rows
from otklik.registry.operations.places import local_date
from otklik.registry.tables.known import MODELS, OBLIGATION, OKTMO, ORGANIZATION, PAGE, column_of
from otklik.registry.tables.lines import Trouble

Tell = Callable[[int, int], None]
_LATER = gettext_noop("После импорта изменено: сейчас «%(now)s», было «%(old)s». Оставлено как есть.")
_TOUCHED = gettext_noop("Добавленное этим импортом потом изменили: оставлено как есть.")
# Rows that the system makes by itself and makes again; nobody's work is lost with them.
DERIVED = frozenset({"registry.searchentry", "registry.searchword", "registry.lookalikesearch"})


def carry_out(*, brought: Import, by: Actor, now: datetime, tell: Tell) -> None:
    """Take the whole import back. Call it in a transaction."""
    rows = list(ImportRow.objects.filter(brought=brought).exclude(changes=[]).order_by("-line"))
    rows = [
        row for row in rows if any(each.get("id") for each in row.changes) and row.action in {"add", "change"}
    ]
    tell(0, len(rows) + 2)
    kept = take_back(rows=rows, brought=brought, by=by, now=now, anyway=False)
    tell(len(rows), len(rows) + 2)
    save_rows(rows)
    brought.counts = brought.counts | {"kept": kept}
    brought.state, brought.undone_at, brought.problem = ImportState.UNDONE, now, None
    audit.record(by=by, verb="undo_import", subject=brought, now=now, kept=kept)


def take_back(*, rows: list[ImportRow], brought: Import, by: Actor, now: datetime, anyway: bool) -> int:
    """Put back what the rows changed, the last first; returns how many changes stay because of later work.

    `anyway` overwrites later work too: somebody has looked at it and decided.
    """
    here = _now(rows)
    edits: dict[tuple[str, int], dict[str, Any]] = {}
    gone: dict[str, list[Any]] = {kind: [] for kind in ORDER}
    kept = 0
    for row in rows:
        troubles = []
        for change in reversed(row.changes):
            trouble = None if anyway else _later(change, here, edits)
            change["kept"] = trouble is not None
            if trouble is not None:
                troubles.append(trouble.plain())
                kept += 1
            else:
                _plan(change, here, edits, gone)
        row.problems = [
            *(each for each in row.problems if not each.get("kept")),
            *({**t, "kept": True} for t in troubles),
        ]
    doing = Doing("undo_import", by, now, f"Отмена импорта файла «{brought.file_name}»", brought.pk)
    for kind in ORDER:
        of_kind = {pk: values for (subject, pk), values in edits.items() if subject == kind}
        write([Edit(here[kind][pk], values) for pk, values in of_kind.items()], doing)
    _remove(gone, doing)
    set_paths()
    return kept


def _now(rows: list[ImportRow]) -> dict[str, dict[int, Any]]:
    changes = [each for row in rows for each in row.changes if each.get("id")]
    return {
        kind: locked(MODELS[kind], {each["id"] for each in changes if each["subject"] == kind})
        for kind in ORDER
    }


def _value(change: dict[str, Any], name: str, here: dict[str, dict[int, Any]], edits: Any) -> Any:
    planned = edits.get((change["subject"], change["id"]), {})
    if name in planned:
        return planned[name]
    return plain(getattr(here[change["subject"]][change["id"]], column_of(name)))


def _later(change: dict[str, Any], here: dict[str, dict[int, Any]], edits: Any) -> Trouble | None:
    """What somebody did to it since; None when nothing, or when there is nothing left of it."""
    if change["id"] not in here[change["subject"]]:
        return None
    if "added" in change:
        differs = any(_value(change, name, here, edits) != value for name, value in change["added"].items())
        return Trouble("", "", _TOUCHED) if differs else None
    value = _value(change, change["field"], here, edits)
    if value in (change["new"], change["old"]):
        return None
    return Trouble(change["field"], str(change["new"]), _LATER, {"now": value, "old": change["old"]})


def _plan(change: dict[str, Any], here: Any, edits: Any, gone: dict[str, list[Any]]) -> None:
    row = here[change["subject"]].get(change["id"])
    if row is None:
        return
    if "added" in change:
        gone[change["subject"]].append(row)
    else:
        edits.setdefault((change["subject"], change["id"]), {})[change["field"]] = change["old"]


def _remove(gone: dict[str, list[Any]], doing: Doing) -> None:
    """Delete what nothing refers to, the rest is closed: pages and organisations that people have worked with stay."""
    for kind in (OKTMO, OBLIGATION, PAGE, ORGANIZATION):
        rows = gone[kind]
        if not rows:
            continue
        used = _used(kind, {row.pk for row in rows})
        _close(kind, [row for row in rows if row.pk in used], doing)
        free = [row for row in rows if row.pk not in used]
        note_many(
            changes=[Change(row, owner_of(row), {ADDED: (_told(kind, row), None)}) for row in free if kind != OKTMO],
            by=doing.by, now=doing.now, reason=doing.reason, import_id=doing.import_id,
        )  # fmt: skip
        entries = [
            audit.Entry(row, doing.reason, {"import": doing.import_id}) for row in free if kind != OKTMO
        ]
        audit.record_many(by=doing.by, verb=doing.verb, entries=entries, now=doing.now)
        ids = [row.pk for row in free]
        if kind == ORGANIZATION:
            MODELS[kind].objects.filter(pk__in=ids).update(parent=None, founder=None)
        MODELS[kind].objects.filter(pk__in=ids).delete()


def _told(kind: str, row: Any) -> dict[str, Any]:
    names = {ORGANIZATION: ("code", "name"), PAGE: ("network", "external_id", "title")}.get(
        kind, ("network", "status")
    )
    return {name: plain(getattr(row, name)) for name in names}


def _close(kind: str, rows: Iterable[Any], doing: Doing) -> None:
    values: dict[str, Any] = {"is_active": False}
    if kind == PAGE:
        values["closed_on"] = local_date(doing.now)
    write([Edit(row, dict(values)) for row in rows], doing)


def _used(kind: str, ids: set[int]) -> set[int]:
    """Those that other rows of any context point at. An organisation that goes may point at another that goes."""
    used: set[int] = set()
    own: set[tuple[int, int]] = set()
    for relation in MODELS[kind]._meta.related_objects:
        model = relation.related_model
        if model._meta.label_lower in DERIVED:
            continue
        if relation.many_to_many:
            through = relation.field.remote_field.through
            name = relation.field.m2m_reverse_field_name()
            used |= set(through.objects.filter(**{f"{name}__in": ids}).values_list(f"{name}_id", flat=True))
            continue
        column = relation.field.attname
        pairs = model._default_manager.filter(**{f"{relation.field.name}__in": ids}).values_list("pk", column)
        if model is MODELS[kind]:
            own |= set(pairs)
        else:
            used |= {pk for _holder, pk in pairs}
    # Whoever stays keeps what it points at.
    while True:
        more = {pk for holder, pk in own if (holder not in ids or holder in used) and pk not in used}
        if not more:
            return used
        used |= more
