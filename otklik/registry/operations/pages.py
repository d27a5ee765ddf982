"""Official pages: added, changed, marked with a badge, closed and opened again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop

from otklik.common.actor import Actor
from otklik.common.bulk import insert_many
from otklik.registry.enums import BadgeStatus, BadgeType
from otklik.registry.models import OfficialPage, Organization
from otklik.registry.operations.edits import Doing, Edit, locked, note_additions, write
from otklik.registry.operations.places import local_date
from otklik.registry.rules import pages as rules
from otklik.registry.rules.values import BadValue


class ReasonNeeded(Exception):
    """Напишите, почему: запись остаётся в истории."""


class AlreadyClosed(Exception):
    """Это уже закрыто."""


class NotClosed(Exception):
    """Это не закрыто."""


@dataclass(frozen=True, slots=True)
class Badge:
    """What became of the badge of one page. `on` is the day it was confirmed or lost."""

    page: OfficialPage
    status: str
    type: str = BadgeType.GOSORG
    on: date | None = None
    evidence: str = ""


@transaction.atomic
def add_page(
    *,
    organization: Organization,
    by: Actor,
    now: datetime,
    reason: str = "",
    import_id: int | None = None,
    **fields: Any,
) -> OfficialPage:
    """An official page of the organisation; fields are those of the model. It counts from today unless told.

    The history gets one row: field "", new = the values it began with. Raises BadValue.
    """
    rows = [(organization, fields)]
    return add_pages(rows=rows, by=by, now=now, reason=reason, import_id=import_id)[0]


@transaction.atomic
def add_pages(
    *,
    rows: Sequence[tuple[Organization, Mapping[str, Any]]],
    by: Actor,
    now: datetime,
    reason: str = "",
    import_id: int | None = None,
) -> list[OfficialPage]:
    """Many official pages at once, as `add_page`: (the organisation, fields of the model). Raises BadValue."""
    today = local_date(now)
    fresh = [OfficialPage(organization=body, **_of_new(fields, today)) for body, fields in rows]
    _check_free([(None, each.network, each.external_id) for each in fresh])
    insert_many(fresh)
    details = [{"network": each.network, "external_id": each.external_id} for each in fresh]
    note_additions(fresh, details, Doing("add_page", by, now, reason, import_id))
    return fresh


# A page may be entered with the badge it has, or as one that is closed already; later only verbs change these.
_ONCE = frozenset(
    {
        "badge_type",
        "badge_status",
        "badge_confirmed_at",
        "badge_lost_at",
        "badge_evidence",
        "closed_on",
        "is_active",
    }
)


def _of_new(fields: Mapping[str, Any], today: date) -> dict[str, Any]:
    once = {name: fields[name] for name in _ONCE if name in fields}
    found = rules.of_new({name: value for name, value in fields.items() if name not in _ONCE})
    return found | once | {"opened_on": found.get("opened_on") or today}


def _check_free(pages: Sequence[tuple[int | None, str, str]]) -> None:
    """Raise BadValue when a number in a network is another page's: (id of the page, network, number)."""
    wanted = {(network, number): pk for pk, network, number in pages}
    rows = OfficialPage.objects.filter(external_id__in={number for _pk, _network, number in pages})
    taken = {(row.network, row.external_id): row.pk for row in rows.only("network", "external_id")}
    if len(wanted) < len(pages) or any(taken.get(key, pk) != pk for key, pk in wanted.items()):
        raise BadValue("external_id", gettext_noop("Страница с этим номером в этой сети уже есть в реестре."))


@transaction.atomic
def change_page(
    *,
    page: OfficialPage,
    changes: Mapping[str, Any],
    by: Actor,
    now: datetime,
    reason: str = "",
    import_id: int | None = None,
) -> OfficialPage:
    """Other values for fields of a page, except its badge and its closing. Raises BadValue."""
    return change_pages(rows=[(page, changes)], by=by, now=now, reason=reason, import_id=import_id)[0]


@transaction.atomic
def change_pages(
    *,
    rows: Sequence[tuple[OfficialPage, Mapping[str, Any]]],
    by: Actor,
    now: datetime,
    reason: str = "",
    import_id: int | None = None,
) -> list[OfficialPage]:
    """As `change_page`, for many at once; a field that stays as it is leaves no trace. Raises BadValue."""
    fresh = locked(OfficialPage, [page.pk for page, _changes in rows])
    edits = [Edit(fresh[page.pk], rules.checked(changes)) for page, changes in rows]
    for each in edits:
        after = {name: getattr(each.row, name) for name in ("kind", "person_name")} | dict(each.values)
        rules.check_person(after["kind"], after["person_name"])
    moving = [each for each in edits if {"network", "external_id"} & set(each.values)]
    _check_free([_place(fresh[each.row.pk], each.values) for each in moving])
    write(edits, Doing("change_page", by, now, reason, import_id))
    return [fresh[page.pk] for page, _changes in rows]


def _place(page: OfficialPage, values: Mapping[str, Any]) -> tuple[int, str, str]:
    return page.pk, values.get("network", page.network), values.get("external_id", page.external_id)


@transaction.atomic
def set_badge(
    *,
    page: OfficialPage,
    status: str,
    by: Actor,
    now: datetime,
    type: str = BadgeType.GOSORG,
    on: date | None = None,
    evidence: str = "",
    reason: str = "",
    import_id: int | None = None,
) -> OfficialPage:
    """The badge was asked for, confirmed or lost; `on` is the day, today unless told.

    A person who confirms it says by what it is seen. Raises IllegalBadgeMove, EvidenceNeeded, BadValue.
    """
    rows = [Badge(page, status, type, on, evidence)]
    return set_badges(rows=rows, by=by, now=now, reason=reason, import_id=import_id)[0]


@transaction.atomic
def set_badges(
    *, rows: Sequence[Badge], by: Actor, now: datetime, reason: str = "", import_id: int | None = None
) -> list[OfficialPage]:
    """As `set_badge`, for many pages at once."""
    today = local_date(now)
    fresh = locked(OfficialPage, [each.page.pk for each in rows])
    edits = []
    for each in rows:
        page = fresh[each.page.pk]
        rules.check_badge(page.badge_status, each.status)
        if each.type not in rules.BADGE_TYPES:
            raise BadValue("badge_type", gettext_noop("Такого вида метки нет."))
        if each.status == BadgeStatus.CONFIRMED and by.id is not None and not each.evidence.strip():
            raise rules.EvidenceNeeded
        edits.append(Edit(page, _badge_values(page, each, today), {"badge": each.status}))
    write(edits, Doing("set_badge", by, now, reason, import_id))
    return [fresh[each.page.pk] for each in rows]


def _badge_values(page: OfficialPage, badge: Badge, today: date) -> dict[str, Any]:
    values: dict[str, Any] = {"badge_status": badge.status, "badge_type": badge.type}
    if badge.status == BadgeStatus.CONFIRMED:
        # Confirmed once more, it keeps the day since when it has been there.
        still = page.badge_status == BadgeStatus.CONFIRMED and badge.on is None
        values["badge_confirmed_at"] = page.badge_confirmed_at if still else badge.on or today
        values |= {"badge_lost_at": None, "badge_evidence": badge.evidence.strip() or page.badge_evidence}
    elif badge.status == BadgeStatus.LOST:
        values["badge_lost_at"] = badge.on or page.badge_lost_at or today
        values["badge_evidence"] = badge.evidence.strip() or page.badge_evidence
    elif badge.status == BadgeStatus.NONE:
        values |= {"badge_type": "", "badge_evidence": badge.evidence.strip()}
    elif badge.evidence.strip():
        values["badge_evidence"] = badge.evidence.strip()
    return values


@transaction.atomic
def close_page(
    *,
    page: OfficialPage,
    reason: str,
    by: Actor,
    now: datetime,
    import_id: int | None = None,
) -> OfficialPage:
    """The page is no longer official: from today it fulfils no duty. Raises ReasonNeeded, AlreadyClosed."""
    if not reason.strip():
        raise ReasonNeeded
    fresh = locked(OfficialPage, [page.pk])[page.pk]
    if not fresh.is_active:
        raise AlreadyClosed
    values = {"is_active": False, "closed_on": local_date(now)}
    write([Edit(fresh, values)], Doing("close_page", by, now, reason, import_id))
    return fresh


@transaction.atomic
def reopen_page(
    *, page: OfficialPage, reason: str, by: Actor, now: datetime, import_id: int | None = None
) -> OfficialPage:
    """The page is official again, as if it had never been closed. Raises ReasonNeeded, NotClosed."""
    if not reason.strip():
        raise ReasonNeeded
    fresh = locked(OfficialPage, [page.pk])[page.pk]
    if fresh.is_active and fresh.closed_on is None:
        raise NotClosed
    write(
        [Edit(fresh, {"is_active": True, "closed_on": None})],
        Doing("reopen_page", by, now, reason, import_id),
    )
    return fresh
