"""Organisations and their tree: added, changed, moved, closed and opened again."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop

from otklik.common.actor import Actor
from otklik.common.bulk import insert_many, reserve_ids
from otklik.registry.enums import OnboardingStage
from otklik.registry.models import (
    Municipality,
    OfficialPage,
    OnboardingCase,
    Organization,
    OrganizationType,
    Sphere,
)
from otklik.registry.operations.edits import Doing, Edit, locked, note_additions, write
from otklik.registry.operations.onboarding import cancel_onboarding
from otklik.registry.operations.pages import AlreadyClosed, NotClosed, ReasonNeeded, close_page
from otklik.registry.rules import organizations as rules
from otklik.registry.rules.values import BadValue


class WouldLoop(Exception):
    """Организация не может подчиняться самой себе или своей подведомственной."""


class UnknownParent(Exception):
    """Вышестоящей организации с таким кодом нет."""


class HasSubordinates(Exception):
    """У организации есть действующие подведомственные: сначала переподчините или закройте их."""


def known_codes() -> rules.Known:
    """The types and spheres of the region's own lists."""
    return rules.Known(
        types=frozenset(OrganizationType.objects.values_list("code", flat=True)),
        spheres=frozenset(Sphere.objects.values_list("code", flat=True)),
    )


@transaction.atomic
def add_organization(
    *,
    by: Actor,
    now: datetime,
    parent: Organization | None = None,
    reason: str = "",
    import_id: int | None = None,
    **fields: Any,
) -> Organization:
    """A new organisation under `parent`; fields are those of the model. Raises BadValue.

    The history gets one row: field "", new = the values it began with.
    """
    values = rules.of_new(fields, known_codes())
    _check_codes([values["code"]])
    (pk,) = reserve_ids(Organization, 1)
    path = [*(parent.path if parent else []), pk]
    made = Organization(pk=pk, parent=parent, path=path, **_linked([values])[0])
    insert_many([made])
    note_additions([made], [{"code": made.code}], Doing("add_organization", by, now, reason, import_id))
    return made


@transaction.atomic
def add_organizations(
    *,
    rows: Sequence[tuple[str, Mapping[str, Any]]],
    by: Actor,
    now: datetime,
    reason: str = "",
    import_id: int | None = None,
) -> dict[str, Organization]:
    """Many new organisations at once: (code of the parent or "", fields of the model); returns them by code.

    Parents are there already or among the rows. Raises UnknownParent, BadValue.
    """
    known = known_codes()
    whole = _linked([rules.of_new(fields, known) for _parent, fields in rows])
    _check_codes([fields["code"] for fields in whole])
    parents = {fields["code"]: parent for (parent, _raw), fields in zip(rows, whole, strict=True)}
    outside = Organization.objects.filter(code__in=set(parents.values()) - set(parents) - {""})
    paths = dict(outside.values_list("code", "path"))
    ids = dict(zip(parents, reserve_ids(Organization, len(rows)), strict=True))
    made = {}
    for fields in whole:
        path = _path(fields["code"], parents, ids, paths)
        parent_id = path[-2] if len(path) > 1 else None
        made[fields["code"]] = Organization(pk=path[-1], parent_id=parent_id, path=path, **fields)
    insert_many(list(made.values()))
    doing = Doing("add_organization", by, now, reason, import_id)
    note_additions(list(made.values()), [{"code": code} for code in made], doing)
    return made


def _path(
    code: str, parents: Mapping[str, str], ids: Mapping[str, int], paths: dict[str, list[int]]
) -> list[int]:
    """The path of a new organisation; those of the organisations above it are worked out on the way."""
    climb = []
    while code and code not in paths:
        if code not in parents or code in climb:
            raise UnknownParent(code)
        climb.append(code)
        code = parents[code]
    above = paths[code] if code else []
    for each in reversed(climb):
        above = paths[each] = [*above, ids[each]]
    return above


def _check_codes(codes: Sequence[str], but: Sequence[int] = ()) -> None:
    taken = Organization.objects.filter(code__in=codes).exclude(pk__in=but).exists()
    if taken or len(set(codes)) < len(codes):
        raise BadValue("code", gettext_noop("Организация с таким кодом уже есть."))


_LINKS: Mapping[str, type[Municipality] | type[Organization]] = {
    "municipality": Municipality,
    "founder": Organization,
    "parent": Organization,
}


def _linked(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The values with rows in place of ids, which a file or a form may have given. Raises BadValue."""
    for name, model in _LINKS.items():
        ids = {row[name] for row in rows if isinstance(row.get(name), int)}
        found = model._default_manager.in_bulk(ids) if ids else {}
        for row in rows:
            value = row.get(name)
            if name not in row or value is None or isinstance(value, model):
                continue
            if value not in found:
                raise BadValue(name, gettext_noop("Такой записи нет."))
            row[name] = found[value]
    return list(rows)


@transaction.atomic
def change_organization(
    *,
    organization: Organization,
    changes: Mapping[str, Any],
    by: Actor,
    now: datetime,
    reason: str = "",
    import_id: int | None = None,
) -> Organization:
    """Other values for fields of an organisation; municipality, founder and parent as rows or ids.

    A field that stays as it is leaves no trace. Raises BadValue, and WouldLoop for a parent below itself.
    """
    rows = [(organization, changes)]
    return change_organizations(rows=rows, by=by, now=now, reason=reason, import_id=import_id)[0]


@transaction.atomic
def change_organizations(
    *,
    rows: Sequence[tuple[Organization, Mapping[str, Any]]],
    by: Actor,
    now: datetime,
    reason: str = "",
    import_id: int | None = None,
) -> list[Organization]:
    """As `change_organization`, for many at once."""
    known = known_codes()
    whole = _linked([rules.checked(changes, known) for _body, changes in rows])
    fresh = locked(Organization, [body.pk for body, _changes in rows])
    pairs = [(fresh[body.pk], values) for (body, _raw), values in zip(rows, whole, strict=True)]
    moves = {body.pk: values.pop("parent") for body, values in pairs if "parent" in values}
    renamed = {body.pk: values["code"] for body, values in pairs if "code" in values}
    _check_codes(list(renamed.values()), but=list(renamed))
    edits = [Edit(body, values) for body, values in pairs]
    write(edits, Doing("change_organization", by, now, reason, import_id))
    for pk, parent in moves.items():
        if fresh[pk].parent_id != (parent.pk if parent else None):
            fresh[pk] = _move(fresh[pk], parent, Doing("move_organization", by, now, reason, import_id))
    return [fresh[body.pk] for body, _changes in rows]


@transaction.atomic
def move_organization(
    *,
    organization: Organization,
    parent: Organization | None,
    by: Actor,
    now: datetime,
    reason: str = "",
    import_id: int | None = None,
) -> None:
    """Put an organisation with its subtree under another one. Raises WouldLoop."""
    _move(organization, parent, Doing("move_organization", by, now, reason, import_id))


def _move(organization: Organization, parent: Organization | None, doing: Doing) -> Organization:
    # The whole path is read anew under the lock: somebody may have moved the parent meanwhile.
    rows = locked(Organization, [organization.pk, *([parent.pk] if parent else [])])
    organization, parent = rows[organization.pk], rows[parent.pk] if parent else None
    if parent is not None and organization.pk in parent.path:
        raise WouldLoop
    old = organization.path
    new = [*(parent.path if parent else []), organization.pk]
    below = list(
        Organization.objects.select_for_update(of=("self",)).subtree_of([organization.pk]).order_by("pk")
    )
    for each in below:
        each.path = new + each.path[len(old) :]
    Organization.objects.bulk_update(below, ["path"], batch_size=500)
    organization.path = new
    write([Edit(organization, {"parent": parent}, {"parent": parent.pk if parent else None})], doing)
    return organization


@transaction.atomic
def close_organization(
    *,
    organization: Organization,
    reason: str,
    by: Actor,
    now: datetime,
    import_id: int | None = None,
) -> Organization:
    """The organisation is no more: its pages are closed with it and its onboarding stops.

    Raises ReasonNeeded, AlreadyClosed, HasSubordinates.
    """
    if not reason.strip():
        raise ReasonNeeded
    fresh = locked(Organization, [organization.pk])[organization.pk]
    if not fresh.is_active:
        raise AlreadyClosed
    if Organization.objects.filter(parent=fresh, is_active=True).exists():
        raise HasSubordinates
    for page in OfficialPage.objects.filter(organization=fresh, is_active=True).order_by("pk"):
        close_page(page=page, reason=reason, by=by, now=now, import_id=import_id)
    ended = [OnboardingStage.CONNECTED, OnboardingStage.CANCELLED]
    for case in OnboardingCase.objects.filter(organization=fresh).exclude(stage__in=ended).order_by("pk"):
        cancel_onboarding(case=case, note=reason, by=by, now=now)
    write([Edit(fresh, {"is_active": False})], Doing("close_organization", by, now, reason, import_id))
    return fresh


@transaction.atomic
def reopen_organization(
    *, organization: Organization, reason: str, by: Actor, now: datetime, import_id: int | None = None
) -> Organization:
    """The organisation is at work again; its pages are opened one by one. Raises ReasonNeeded, NotClosed."""
    if not reason.strip():
        raise ReasonNeeded
    fresh = locked(Organization, [organization.pk])[organization.pk]
    if fresh.is_active:
        raise NotClosed
    write([Edit(fresh, {"is_active": True})], Doing("reopen_organization", by, now, reason, import_id))
    return fresh
