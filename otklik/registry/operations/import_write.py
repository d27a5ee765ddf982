"""A checked file written to the register: one transaction, and a line whose ground has moved becomes a conflict."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_noop

from otklik.audit import operations as audit
from otklik.common.actor import Actor
from otklik.common.bulk import insert_many, reserve_ids, update_many
from otklik.registry.enums import ImportState, RowAction
from otklik.registry.models import Import, ImportRow, Municipality, Organization
from otklik.registry.operations.edits import Doing, Edit, locked, note_additions, write
from otklik.registry.operations.history import plain
from otklik.registry.operations.import_paths import set_paths
from otklik.registry.tables.known import (
    LINKS,
    MODELS,
    OBLIGATION,
    OKTMO,
    ORGANIZATION,
    PAGE,
    Ref,
    column_of,
)
from otklik.registry.tables.lines import Trouble

Tell = Callable[[int, int], None]
# Organisations first: the others belong to them.
ORDER = (ORGANIZATION, OBLIGATION, PAGE, OKTMO)
VERBS = {
    ORGANIZATION: "import_organization", OBLIGATION: "import_obligation", PAGE: "import_page", OKTMO: "import_oktmo",
}  # fmt: skip
KEYS: dict[str, tuple[str, ...]] = {
    ORGANIZATION: ("code",), OBLIGATION: ("organization", "network"), PAGE: ("network", "external_id"),
    OKTMO: ("code",),
}  # fmt: skip
_MOVED = gettext_noop("После проверки это изменили в реестре: было «%(old)s», стало «%(now)s».")
_THERE = gettext_noop("После проверки это уже появилось в реестре.")
_GONE = gettext_noop("После проверки этого в реестре не стало.")
_LEANS = gettext_noop("Опирается на строку, которая не применена.")


@dataclass(slots=True)
class Ground:
    """The register now: the rows that the file changes, locked, and what could stand in the way of additions."""

    rows: dict[str, dict[int, Any]]
    taken: dict[str, set[tuple[Any, ...]]]
    links: dict[str, set[int]]
    # Values that lines before gave: (kind, ref) → field → value.
    given: dict[tuple[str, Ref], dict[str, Any]] = field(default_factory=dict)

    def value(self, change: dict[str, Any]) -> Any:
        """What the field holds now, with the lines before applied."""
        given = self.given.get((change["subject"], change["id"] or change["ref"]), {})
        if change["field"] in given:
            return given[change["field"]]
        row = self.rows[change["subject"]].get(change["id"] or 0)
        return plain(getattr(row, column_of(change["field"]))) if row is not None else None


def carry_out(*, brought: Import, by: Actor, now: datetime, tell: Tell) -> None:
    """Write the lines that add or change, with history and journal. Call it in a transaction."""
    rows = list(
        ImportRow.objects.filter(brought=brought, action__in=[RowAction.ADD, RowAction.CHANGE]).order_by(
            "line"
        )
    )
    total = len(rows) + 3
    tell(0, total)
    ground = read_ground(rows)
    good = [row for row in rows if _stands(row, ground)]
    good = _without_leaning(good)
    tell(1, total)
    ids = _reserve(good)
    doing = {kind: Doing(verb, by, now, _reason(brought), brought.pk) for kind, verb in VERBS.items()}
    _add(good, ids, doing, lambda done: tell(1 + done, total))
    _change(good, ids, ground, doing)
    set_paths()
    for row in good:
        row.changes = [_settled(each, ids) for each in row.changes]
    save_rows(rows)
    brought.counts = dict(Counter(ImportRow.objects.filter(brought=brought).values_list("action", flat=True)))
    brought.state, brought.applied_at, brought.problem = ImportState.APPLIED, now, None
    audit.record(by=by, verb="apply_import", subject=brought, now=now, counts=brought.counts)
    tell(total, total)


def _reason(brought: Import) -> str:
    return f"Импорт файла «{brought.file_name}»"


def read_ground(rows: Iterable[ImportRow]) -> Ground:
    """The register as far as the rows of an import touch it."""
    changes = [change for row in rows for change in row.changes]
    ground = Ground({}, {}, {})
    for kind in ORDER:
        ids = {each["id"] for each in changes if each["subject"] == kind and each["id"]}
        ground.rows[kind] = locked(MODELS[kind], ids) if ids else {}
        ground.taken[kind] = _taken(kind, changes)
    linked: dict[str, set[int]] = {ORGANIZATION: set(), "": set()}
    for change in changes:
        for name, value in _links(change):
            linked[LINKS[name]].add(value)
    ground.links = {
        ORGANIZATION: _alive(Organization, linked[ORGANIZATION]), "": _alive(Municipality, linked[""]),
    }  # fmt: skip
    return ground


def _alive(model: Any, ids: set[int]) -> set[int]:
    return set(model.objects.filter(pk__in=ids).values_list("pk", flat=True))


def _links(change: dict[str, Any]) -> list[tuple[str, int]]:
    values = change["added"] if "added" in change else {change["field"]: change["new"]}
    return [(name, value) for name, value in values.items() if name in LINKS and isinstance(value, int)]


def _taken(kind: str, changes: list[dict[str, Any]]) -> set[tuple[Any, ...]]:
    """Keys of additions of this kind that somebody else has added since the check."""
    names = KEYS[kind]
    added = [each["added"] for each in changes if each["subject"] == kind and "added" in each]
    last = {values[names[-1]] for values in added}
    if not last:
        return set()
    columns = [column_of(name) for name in names]
    found = MODELS[kind].objects.filter(**{f"{columns[-1]}__in": last}).values_list(*columns)
    return set(found)


def _stands(row: ImportRow, ground: Ground) -> bool:
    """Whether the line may be applied as it was checked; else it becomes a conflict that says why."""
    for change in row.changes:
        trouble = _trouble(change, ground)
        if trouble is not None:
            row.action = RowAction.CONFLICT
            row.problems = [*row.problems, trouble.plain()]
            return False
    for change in row.changes:
        if "field" in change:
            key = (change["subject"], change["id"] or change["ref"])
            ground.given.setdefault(key, {})[change["field"]] = change["new"]
    return True


def _trouble(change: dict[str, Any], ground: Ground) -> Trouble | None:
    kind = change["subject"]
    if any(value not in ground.links[LINKS[name]] for name, value in _links(change)):
        return Trouble("", "", _GONE)
    if "added" in change:
        key = tuple(change["added"][name] for name in KEYS[kind])
        return Trouble("", "", _THERE) if key in ground.taken[kind] else None
    if change["id"] is None:
        return None
    if change["id"] not in ground.rows[kind]:
        return Trouble("", "", _GONE)
    value = ground.value(change)
    # A person has seen the contradiction and taken the side of the file.
    if change.get("forced") or value == change["new"]:
        change["old"] = value
        return None
    if value != change["old"]:
        return Trouble("", str(change["new"]), _MOVED, {"old": change["old"], "now": value})
    return None


def _without_leaning(rows: list[ImportRow]) -> list[ImportRow]:
    """Lines that name an organisation whose own line fell out fall out too."""
    while True:
        made = {each["ref"] for row in rows for each in row.changes if "added" in each}
        leaning = {row.pk for row in rows if any(ref not in made for ref in _named(row))}
        if not leaning:
            return rows
        for row in rows:
            if row.pk in leaning:
                row.action = RowAction.CONFLICT
                row.problems = [*row.problems, Trouble("", "", _LEANS).plain()]
        rows = [row for row in rows if row.pk not in leaning]


def _named(row: ImportRow) -> list[str]:
    named: list[Any] = []
    for change in row.changes:
        named.append(change["ref"])
        values = change["added"] if "added" in change else {change["field"]: change["new"]}
        named += [value for name, value in values.items() if name in LINKS]
    return [ref for ref in named if isinstance(ref, str)]


def _reserve(rows: list[ImportRow]) -> dict[str, int]:
    ids: dict[str, int] = {}
    for kind in ORDER:
        refs = [
            each["ref"] for row in rows for each in row.changes if each["subject"] == kind and "added" in each
        ]
        if refs:
            ids |= dict(zip(refs, reserve_ids(MODELS[kind], len(refs)), strict=True))
    return ids


def _resolved(values: dict[str, Any], ids: dict[str, int]) -> dict[str, Any]:
    return {
        name: ids[value] if name in LINKS and isinstance(value, str) else value
        for name, value in values.items()
    }


def _settled(change: dict[str, Any], ids: dict[str, int]) -> dict[str, Any]:
    """The change as it was made: with numbers of rows in place of the names they had in the file."""
    settled = change | {"id": change["id"] or ids.get(change["ref"])}
    if "added" in change:
        return settled | {"added": _resolved(change["added"], ids)}
    return settled | {"new": _resolved({change["field"]: change["new"]}, ids)[change["field"]]}


def _add(
    rows: list[ImportRow], ids: dict[str, int], doing: dict[str, Doing], told: Callable[[int], None]
) -> None:
    done = 0
    for kind in ORDER:
        made = []
        for row in rows:
            for change in row.changes:
                if change["subject"] == kind and "added" in change:
                    values = {
                        column_of(name): value for name, value in _resolved(change["added"], ids).items()
                    }
                    made.append(MODELS[kind](pk=ids[change["ref"]], **values))
        insert_many(made)
        _note(kind, made, doing[kind])
        done += len(made)
        told(min(done, len(rows)))


def _note(kind: str, made: list[Any], doing: Doing) -> None:
    """History and journal; the classifier is somebody else's list, and has the line of the import alone."""
    if kind == OKTMO or not made:
        return
    note_additions(
        made, [{column_of(name): getattr(row, column_of(name)) for name in KEYS[kind]} for row in made], doing
    )


def _change(rows: list[ImportRow], ids: dict[str, int], ground: Ground, doing: dict[str, Doing]) -> None:
    for kind in ORDER:
        values: dict[int, dict[str, Any]] = {}
        for row in rows:
            for change in row.changes:
                if change["subject"] == kind and "field" in change:
                    pk = change["id"] or ids[change["ref"]]
                    fields = _resolved({change["field"]: change["new"]}, ids)
                    values.setdefault(pk, {}).update(fields)
        here = ground.rows[kind] | locked(MODELS[kind], values.keys() - ground.rows[kind].keys())
        write([Edit(here[pk], fields) for pk, fields in values.items()], doing[kind])


def save_rows(rows: list[ImportRow]) -> None:
    """What became of the lines."""
    update_many(rows, ["action", "problems", "changes"])
