"""What every field of the register was before: written with each change, read as one story."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from otklik.common.actor import Actor
from otklik.common.bulk import insert_many
from otklik.registry.enums import Network
from otklik.registry.models import FieldChange, Municipality, OfficialPage, Organization

_PLAIN = frozenset({str, int, bool, float})
ADDED = ""
"""The `field` of the row that tells of an addition: `old` is empty, `new` holds the values it began with."""


@dataclass(frozen=True, slots=True)
class Change:
    """The fields of one row that got other values: name → (what it was, what it is)."""

    subject: models.Model
    organization_id: int | None
    fields: Mapping[str, tuple[Any, Any]]


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One change of the story, in words for a person. `id` is where to go on reading from."""

    id: int
    at: datetime
    actor_name: str
    # What it happened to: «Организация», the title of a page, a network.
    subject: str
    field: str
    label: str
    old: str
    new: str
    reason: str
    import_id: int | None


@transaction.atomic
def note_changes(
    *,
    subject: models.Model,
    organization_id: int | None,
    changes: Mapping[str, tuple[Any, Any]],
    by: Actor,
    now: datetime,
    reason: str = "",
    import_id: int | None = None,
) -> None:
    """Keep what the fields of `subject` were: one row a field whose value differs.

    Values may be rows, days and lists: they are kept as plain JSON, a row by its id. The journal is not written
    here: the verb that makes the change writes its own line.
    """
    note_many(
        changes=[Change(subject, organization_id, changes)],
        by=by,
        now=now,
        reason=reason,
        import_id=import_id,
    )


@transaction.atomic
def note_many(
    *,
    changes: Iterable[Change],
    by: Actor,
    now: datetime,
    reason: str = "",
    import_id: int | None = None,
) -> int:
    """As `note_changes`, for many rows with one statement; returns how many fields differed."""
    rows = [
        FieldChange(
            subject_type=each.subject._meta.label_lower,
            subject_id=each.subject.pk,
            organization_id=each.organization_id,
            field=name,
            old=plain(old),
            new=plain(new),
            at=now,
            actor_id=by.id,
            actor_name=by.name,
            reason=reason,
            import_id=import_id,
        )
        for each in changes
        for name, (old, new) in each.fields.items()
        if plain(old) != plain(new)
    ]
    insert_many(rows)
    return len(rows)


def additions(rows: Iterable[models.Model]) -> list[Change]:
    """The change that tells of rows just added: one entry each, with every value that says something."""
    return [Change(row, owner_of(row), {ADDED: (None, _values(row))}) for row in rows]


def owner_of(row: models.Model) -> int | None:
    """The organisation whose history a row belongs to."""
    return row.pk if isinstance(row, Organization) else getattr(row, "organization_id", None)


def _values(row: models.Model) -> dict[str, Any]:
    found = {field.name: plain(getattr(row, field.attname)) for field in row._meta.concrete_fields}
    silent = ("id", "path")
    return {
        name: value for name, value in found.items() if name not in silent and value not in (None, "", [], {})
    }


def plain(value: Any) -> Any:
    """The value as JSON holds it."""
    if value is None or type(value) in _PLAIN:
        return value
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, models.TextChoices):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(each) for each in value]
    return value


def history_of(
    *, organization_id: int, limit: int = 50, before: int | None = None, of: models.Model | None = None
) -> list[HistoryLine]:
    """The latest changes of an organisation, its pages, duties and onboarding; those older than the line `before`.

    With `of`, only the changes of that row.
    """
    rows = FieldChange.objects.filter(organization_id=organization_id)
    if of is not None:
        # The organisation stays out of the condition: a page may have belonged to another one before.
        rows = FieldChange.objects.filter(subject_type=of._meta.label_lower, subject_id=of.pk)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-pk")[:limit])
    words = _Words(found)
    return [
        HistoryLine(
            id=row.pk,
            at=row.at,
            actor_name=row.actor_name,
            subject=words.subject(row),
            field=row.field,
            label=words.label(row),
            old=words.value(row, row.old),
            new=words.value(row, row.new),
            reason=row.reason,
            import_id=row.import_id,
        )
        for row in found
    ]


class _Words:
    """Names for what the rows keep by numbers and codes, read once for a whole list."""

    def __init__(self, rows: Sequence[FieldChange]) -> None:
        self._named: dict[tuple[str, int], str] = {}
        pages = {row.subject_id for row in rows if row.subject_type == "registry.officialpage"}
        pages |= _ids(rows, {"page"})
        places, bodies = _ids(rows, {"municipality"}), _ids(rows, {"parent", "founder", "organization"})
        self._keep("page", OfficialPage.objects.filter(pk__in=pages))
        self._keep("municipality", Municipality.objects.filter(pk__in=places))
        self._keep("organization", Organization.objects.filter(pk__in=bodies))

    def _keep(self, kind: str, rows: models.QuerySet[Any]) -> None:
        self._named |= {(kind, row.pk): str(row) for row in rows}

    def subject(self, row: FieldChange) -> str:
        if row.subject_type == "registry.officialpage":
            return self._named.get(("page", row.subject_id), _("Страница"))
        names = {
            "registry.organization": _("Организация"),
            "registry.pageobligation": _("Обязанность вести страницу"),
            "registry.onboardingcase": _("Подключение"),
        }
        return names.get(row.subject_type, row.subject_type)

    def label(self, row: FieldChange) -> str:
        if row.field == ADDED:
            return _("добавлено")
        if row.field in _OWN_LABELS:
            return _(_OWN_LABELS[row.field])
        field = _field(row)
        return str(field.verbose_name) if field is not None else row.field

    def value(self, row: FieldChange, value: Any) -> str:
        if value is None or value in ("", []):
            return ""
        if row.field == ADDED:
            network = dict(Network.choices).get(value.get("network"), "")
            return str(value.get("name") or value.get("title") or network)
        if isinstance(value, bool):
            return _("да") if value else _("нет")
        field = _field(row)
        if field is not None and field.is_relation:
            kind = {"parent": "organization", "founder": "organization"}.get(row.field, row.field)
            return self._named.get((kind, value), f"№ {value}")
        if isinstance(value, list):
            return ", ".join(str(each) for each in value)
        if isinstance(value, dict):
            return ", ".join(f"{name}: {each}" for name, each in value.items())
        return str(dict(getattr(field, "flatchoices", None) or ()).get(value, value))


# Fields that tell people nothing by the name they have in the model, or are none of the model's.
_OWN_LABELS = {
    "parent": gettext_noop("вышестоящая организация"),
    "founder": gettext_noop("учредитель"),
    "organization": gettext_noop("организация"),
    "page": gettext_noop("страница"),
    "is_active": gettext_noop("действует"),
    "spheres": gettext_noop("сферы"),
    "latitude": gettext_noop("широта"),
    "longitude": gettext_noop("долгота"),
    "checklist": gettext_noop("пункт списка"),
}


def _field(row: FieldChange) -> Any:
    try:
        return apps.get_model(row.subject_type)._meta.get_field(row.field)
    except (LookupError, FieldDoesNotExist, ValueError):
        return None


def _ids(rows: Sequence[FieldChange], names: set[str]) -> set[int]:
    values = [value for row in rows if row.field in names for value in (row.old, row.new)]
    return {value for value in values if isinstance(value, int)}
