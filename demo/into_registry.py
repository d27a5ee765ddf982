"""Puts the region, its bodies, pages and staff into Otklik, by Otklik's own verbs."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction

from demo import into_approvals, into_pages, into_passports
from demo.data.pages import Body, all_bodies
from demo.data.presence import contacts_of
from demo.data.region import REGION_NAME, TIME_ZONE, municipalities, settlements, streets_of
from demo.data.staff import PASSWORD, Person, staff
from demo.map.cells import geometry
from otklik.audit import operations as audit
from otklik.common.bulk import insert_many
from otklik.common.streets import split_street
from otklik.people import operations as people
from otklik.people.models import Account
from otklik.registry import operations as registry
from otklik.registry.models import (
    Municipality,
    OfficialPage,
    Organization,
    Region,
    Settlement,
    Street,
)

BY = into_pages.BY
CALENDAR_YEARS = (2026, 2027)


class RegionTakenError(Exception):
    """В этой базе уже заведён настоящий регион: демонстрация в него не загружается."""


@transaction.atomic
def fill(*, now: datetime, site_url: str, say: Callable[[str], None] = lambda _line: None) -> dict[str, int]:
    """Add what is missing; returns how much of each was added; `say` hears of the long steps. Raises RegionTakenError.

    What a person changed since the last load stays as it is.
    """
    taken = Region.objects.first()
    if taken is not None and not taken.is_demo:
        raise RegionTakenError
    added: dict[str, int] = {}
    if taken is None:
        taken = registry.set_up_region(
            name=REGION_NAME, code="54", timezone=TIME_ZONE, is_demo=True, by=BY, now=now
        )
    added["calendar_days"] = registry.fill_calendar(
        calendar=taken.calendar, first=CALENDAR_YEARS[0], last=CALENDAR_YEARS[1], by=BY, now=now
    )
    added["municipalities"] = _municipalities(now)
    added["settlements"] = _settlements()
    added["streets"] = _streets()
    added["organizations"] = _organizations(now)
    say(f"организаций заведено: {added['organizations']}")
    added["pages"] = into_pages.add_pages(now=now, site_url=site_url)
    added["obligations"] = into_pages.set_duties(now=now)
    say(f"страниц в реестре: +{added['pages']}, обязанностей: +{added['obligations']}")
    added["accounts"] = _staff(now)
    added["approval_rules"] = into_approvals.add_rules(now=now)
    added["onboarding"] = into_pages.add_cases(now=now)
    added["weeks"] = into_passports.add_weeks(now=now)
    added["passports"] = into_passports.add_passports(now=now)
    say(f"паспортов: +{added['passports']}, недель наблюдения: +{added['weeks']}")
    return added


def places(*, now: datetime) -> None:
    """Only the territory: municipalities, settlements and streets."""
    _municipalities(now)
    _settlements()
    _streets()


def _municipalities(now: datetime) -> int:
    known = set(Municipality.objects.values_list("oktmo", flat=True))
    rows = [
        Municipality(
            oktmo=each.oktmo,
            name=each.name,
            short_name=each.short_name,
            kind=each.kind,
            seat=each.centre,
            latitude=each.lat,
            longitude=each.lon,
            population=each.population,
            shape=geometry(each.oktmo),
            shape_is_schematic=True,
        )
        for each in municipalities()
        if each.oktmo not in known
    ]
    made = Municipality.objects.bulk_create(rows)
    audit.record_many(by=BY, verb="add_municipality", entries=[audit.Entry(row) for row in made], now=now)
    return len(made)


def _settlements() -> int:
    parents = {row.oktmo: row for row in Municipality.objects.all()}
    known = set(Settlement.objects.values_list("municipality__oktmo", "name", "kind"))
    rows = [
        Settlement(
            municipality=parents[place.municipality],
            name=place.name,
            kind=place.kind,
            latitude=place.lat,
            longitude=place.lon,
            population=place.population,
        )
        for place in settlements()
        if (place.municipality, place.name, place.kind) not in known
    ]
    return len(Settlement.objects.bulk_create(rows))


def _streets() -> int:
    homes = {
        (row.municipality.oktmo, row.name, row.kind): row
        for row in Settlement.objects.select_related("municipality")
    }
    known = set(Street.objects.values_list("settlement_id", "name", "kind"))
    fresh = []
    for place in settlements():
        home = homes[place.municipality, place.name, place.kind]
        for name, kind in map(split_street, streets_of(place)):
            if (home.pk, name, kind) not in known:
                fresh.append(Street(settlement=home, name=name, kind=kind))
    insert_many(fresh)
    return len(fresh)


def _organizations(now: datetime) -> int:
    known = set(Organization.objects.values_list("code", flat=True))
    places = {row.oktmo: row for row in Municipality.objects.all()}
    fresh = [(body.parent, _fields(body, places)) for body in all_bodies() if body.code not in known]
    return len(registry.add_organizations(rows=fresh, by=BY, now=now))


def _fields(body: Body, places: dict[str, Municipality]) -> dict[str, Any]:
    contacts = contacts_of(body)
    return {
        "code": body.code,
        "name": body.name,
        "short_name": body.short_name,
        "level": body.level,
        "type": body.type,
        "spheres": [body.sphere],
        "municipality": places.get(body.municipality),
        "settlement": body.place if body.municipality else "",
        "ogrn": contacts.ogrn,
        "phone": contacts.phone,
        "email": contacts.email,
        "site_url": contacts.site,
        "address": contacts.address,
        "hours": contacts.hours,
        "served": contacts.served,
    }


def _staff(now: datetime) -> int:
    known = set(Account.objects.values_list("username", flat=True))
    fresh = [person for person in staff() if person.username not in known]
    if not fresh:
        return 0
    # Hashing is slow on purpose; everybody has the same password, so it is hashed once.
    password = make_password(PASSWORD)
    for person in fresh:
        account = people.create_account(
            username=person.username,
            full_name=person.full_name,
            position=person.position,
            password=None,
            by=BY,
            now=now,
        )
        Account.objects.filter(pk=account.pk).update(password=password)
        _grant(account, person, now)
    return len(fresh)


def _grant(account: Account, person: Person, now: datetime) -> None:
    body = Organization.objects.get(code=person.organization) if person.organization else None
    page = (
        OfficialPage.objects.get(organization__code=person.page, network="vk", kind="organisation")
        if person.page
        else None
    )
    registry.grant(account=account, role=person.role, organization=body, page=page, by=BY, now=now)
