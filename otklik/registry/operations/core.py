"""Verbs of the register, and the values other contexts ask it for."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.core.cache import cache
from django.db import transaction

from otklik.audit import operations as audit
from otklik.common import worktime
from otklik.common.actor import Actor
from otklik.people.models import Account
from otklik.people.rules import Right, rights_of
from otklik.registry.calendars import DEFAULT_WEEK
from otklik.registry.models import (
    CalendarDay,
    Membership,
    Municipality,
    OfficialPage,
    Organization,
    Region,
    WorkCalendar,
)
from otklik.registry.rules import Reach

CALENDAR_CACHE_SECONDS = 60
REACH_CACHE_SECONDS = 30


class WouldLoop(Exception):
    """Организация не может подчиняться самой себе или своей подведомственной."""


class UnknownParent(Exception):
    """Вышестоящей организации с таким кодом нет."""


@transaction.atomic
def add_organization(
    *, by: Actor, now: datetime, parent: Organization | None = None, **fields: Any
) -> Organization:
    """A new organisation under `parent`; fields are those of the model."""
    organization = Organization(parent=parent, **fields)
    organization.save()
    organization.path = [*(parent.path if parent else []), organization.pk]
    organization.save(update_fields=["path"])
    audit.record(by=by, verb="add_organization", subject=organization, now=now, code=organization.code)
    return organization


@transaction.atomic
def add_organizations(
    *, rows: Sequence[tuple[str, Mapping[str, Any]]], by: Actor, now: datetime
) -> dict[str, Organization]:
    """Many new organisations at once: (code of the parent or "", fields of the model); returns them by code.

    Parents are there already or among the rows. Raises UnknownParent.
    """
    known = {row.code: row for row in Organization.objects.all()}
    made: dict[str, Organization] = {}
    waiting = list(rows)
    while waiting:
        level = [(known.get(parent), each) for parent, each in waiting if not parent or parent in known]
        if not level:
            raise UnknownParent(waiting[0][0])
        waiting = [(parent, each) for parent, each in waiting if parent and parent not in known]
        fresh = Organization.objects.bulk_create(
            Organization(parent=parent, **each) for parent, each in level
        )
        for (parent, _fields), each in zip(level, fresh, strict=True):
            each.path = [*(parent.path if parent else []), each.pk]
            known[each.code] = made[each.code] = each
        Organization.objects.bulk_update(fresh, ["path"])
    entries = [audit.Entry(each, details={"code": each.code}) for each in made.values()]
    audit.record_many(by=by, verb="add_organization", entries=entries, now=now)
    return made


@transaction.atomic
def move_organization(
    *, organization: Organization, parent: Organization | None, by: Actor, now: datetime
) -> None:
    """Put an organisation with its subtree under another one. Raises WouldLoop."""
    # The whole path is read anew under the lock: somebody may have moved the parent meanwhile.
    wanted = [organization.pk, *([parent.pk] if parent else [])]
    rows = Organization.objects.select_for_update(of=("self",)).filter(pk__in=wanted).order_by("pk").in_bulk()
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
        if each.pk == organization.pk:
            each.parent = parent
    Organization.objects.bulk_update(below, ["path", "parent"])
    audit.record(
        by=by, verb="move_organization", subject=organization, now=now, parent=parent.pk if parent else None
    )


@transaction.atomic
def add_page(*, organization: Organization, by: Actor, now: datetime, **fields: Any) -> OfficialPage:
    """An official page of the organisation; fields are those of the model."""
    page = OfficialPage.objects.create(organization=organization, **fields)
    audit.record(
        by=by, verb="add_page", subject=page, now=now, network=page.network, external_id=page.external_id
    )
    return page


@transaction.atomic
def add_pages(
    *, rows: Sequence[tuple[Organization, Mapping[str, Any]]], by: Actor, now: datetime
) -> list[OfficialPage]:
    """Many official pages at once: (the organisation, fields of the model)."""
    made = OfficialPage.objects.bulk_create(OfficialPage(organization=body, **each) for body, each in rows)
    entries = [
        audit.Entry(each, details={"network": each.network, "external_id": each.external_id}) for each in made
    ]
    audit.record_many(by=by, verb="add_page", entries=entries, now=now)
    return made


@transaction.atomic
def grant(
    *,
    account: Account,
    role: str,
    by: Actor,
    now: datetime,
    organization: Organization | None = None,
    page: OfficialPage | None = None,
) -> Membership:
    """Let the account act in the role: everywhere, or for one body with its subtree, or for one page."""
    membership, created = Membership.objects.get_or_create(
        account=account, role=role, organization=organization, page=page
    )
    if created:
        audit.record(
            by=by,
            verb="grant",
            subject=membership,
            now=now,
            account=account.pk,
            role=role,
            organization=membership.organization_id,
            page=membership.page_id,
        )
        cache.delete(f"reach:{account.pk}")
    return membership


@transaction.atomic
def set_shape(
    *, municipality: Municipality, shape: Mapping[str, Any], schematic: bool, by: Actor, now: datetime
) -> None:
    """The outline on the map, as GeoJSON geometry; `schematic` when it is not the true boundary."""
    municipality.shape, municipality.shape_is_schematic = dict(shape), schematic
    municipality.save(update_fields=["shape", "shape_is_schematic"])
    audit.record(by=by, verb="set_shape", subject=municipality, now=now, schematic=schematic)


def reach_of(account: Account) -> Reach:
    """Where and what the account may do. A change of memberships is felt within REACH_CACHE_SECONDS."""
    key = f"reach:{account.pk}"
    reach: Reach | None = cache.get(key)
    if reach is None:
        reach = _read_reach(account)
        cache.set(key, reach, REACH_CACHE_SECONDS)
    return reach


def _read_reach(account: Account) -> Reach:
    center: frozenset[Right] = frozenset()
    organizations: dict[int, frozenset[Right]] = {}
    pages: dict[int, frozenset[Right]] = {}
    for membership in Membership.objects.filter(account=account):
        rights = rights_of([membership.role])
        if membership.page_id:
            pages[membership.page_id] = pages.get(membership.page_id, frozenset()) | rights
        elif membership.organization_id:
            below = Organization.objects.subtree_of([membership.organization_id]).values_list("pk", flat=True)
            for pk in below:
                organizations[pk] = organizations.get(pk, frozenset()) | rights
        else:
            center |= rights
    return Reach(center, organizations, pages)


def region() -> Region | None:
    """The region of this deployment, or None before it is set up."""
    found: Region | None = cache.get("region")
    if found is None:
        found = Region.objects.select_related("calendar").first()
        if found:
            cache.set("region", found, CALENDAR_CACHE_SECONDS)
    return found


def working_calendar() -> worktime.WorkCalendar:
    """The region's working time as a value; without a region the plain week of Moscow."""
    value: worktime.WorkCalendar | None = cache.get("working_calendar")
    if value is None:
        here = region()
        value = calendar_value(here.calendar) if here else worktime.WorkCalendar(tz=ZoneInfo("Europe/Moscow"))
        cache.set("working_calendar", value, CALENDAR_CACHE_SECONDS)
    return value


def calendar_value(calendar: WorkCalendar) -> worktime.WorkCalendar:
    """The rows of a calendar as a value that counts."""
    days = CalendarDay.objects.filter(calendar=calendar)
    return worktime.WorkCalendar(
        tz=ZoneInfo(calendar.timezone),
        week={int(day): _spans(spans) for day, spans in (calendar.week or DEFAULT_WEEK).items()},
        days={day.date: _spans(day.spans) for day in days},
    )


def _spans(raw: list[list[str]]) -> tuple[worktime.Span, ...]:
    return tuple(worktime.Span(time.fromisoformat(start), time.fromisoformat(end)) for start, end in raw)
