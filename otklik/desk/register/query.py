"""Which organisations a person asks for, as an address holds it: for the list, and for its file."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Self
from urllib.parse import urlencode

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    BigIntegerField,
    Exists,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    TextField,
    Value,
)
from django.db.models.functions import Lower, Replace
from django.utils.translation import gettext_lazy as _

from otklik.desk.access import Desk
from otklik.desk.register.within import organizations_within
from otklik.registry.enums import BadgeStatus, Network, ObligationStatus, OrgLevel
from otklik.registry.models import OfficialPage, Organization, PageObligation
from otklik.registry.operations.searching import search

LONGEST = 200
STATES = {
    "missing": _("обязана, страницы нет"),
    "present": _("страница есть"),
    "exempt": _("освобождена"),
    "free": _("обязанности нет"),
    "closed": _("организация закрыта"),
}
SORTS = {"name": _("по названию"), "audience": _("по аудитории")}
MOST_MEANT = 200
_CHOICES: dict[str, Any] = {
    "state": STATES,
    "sort": SORTS,
    "level": OrgLevel.values,
    "badge": BadgeStatus.values,
    "network": Network.values,
}
_NUMBERS = frozenset({"municipality", "under"})


@dataclass(frozen=True, slots=True)
class OrganizationQuery:
    """The filters of the list. Anything odd in an address is simply not a filter."""

    q: str = ""
    municipality: str = ""
    sphere: str = ""
    type: str = ""
    level: str = ""
    network: str = ""
    state: str = ""
    badge: str = ""
    # Everything below this organisation.
    under: str = ""
    sort: str = ""

    @classmethod
    def of(cls, raw: Mapping[str, str]) -> Self:
        """The query that an address asks for."""
        return cls(**{each.name: _understood(each.name, raw.get(each.name, "")) for each in fields(cls)})

    def with_(self, **changes: str) -> Self:
        """The same query with some filters changed."""
        return replace(self, **changes)

    @property
    def asked(self) -> dict[str, str]:
        """Everything that is set."""
        return {each.name: value for each in fields(self) if (value := getattr(self, each.name))}

    @property
    def filters(self) -> dict[str, str]:
        """What narrows the list."""
        return {name: value for name, value in self.asked.items() if name != "sort"}

    @property
    def string(self) -> str:
        """The query as the end of an address, without the question mark."""
        return urlencode(self.asked)


def _understood(name: str, value: str) -> str:
    value = value.strip().replace("\0", "")
    if name in _CHOICES:
        return value if value in _CHOICES[name] else ""
    if name in _NUMBERS:
        return value if value.isascii() and value.isdigit() and len(value) <= 18 else ""
    return value[:LONGEST]


@dataclass(frozen=True, slots=True)
class Found:
    """The organisations, and what the words were taken for when they were mended."""

    rows: QuerySet[Organization]
    mended: str = ""


def organizations(query: OrganizationQuery, desk: Desk) -> QuerySet[Organization]:
    """Organisations within reach that the query asks for, in its order."""
    return found_by(query, desk).rows


def found_by(query: OrganizationQuery, desk: Desk) -> Found:
    """As `organizations`, with what became of the words."""
    found = _narrowed(query, desk)
    if not query.q:
        return Found(_ordered(found, query))
    meant = search(query=query.q, within=found.values("pk"), limit=MOST_MEANT)
    ranked = list(dict.fromkeys(hit.organization_id for hit in meant.hits))
    # What the search does not know yet, or no more, is found by its letters.
    literal = _named(found, query.q).order_by().values("pk")
    place = Func(
        Value(ranked, ArrayField(BigIntegerField())),
        F("pk"),
        function="array_position",
        output_field=IntegerField(),
    )
    rows = found.filter(Q(pk__in=ranked) | Q(pk__in=literal)).annotate(place=place)
    return Found(_ordered(rows, query), meant.corrected)


def _narrowed(query: OrganizationQuery, desk: Desk) -> QuerySet[Organization]:
    found = organizations_within(desk).filter(is_active=query.state != "closed")
    plain = {"municipality_id": query.municipality, "type": query.type, "level": query.level}
    found = found.filter(**{name: value for name, value in plain.items() if value})
    if query.sphere:
        found = found.filter(spheres__contains=[query.sphere])
    if query.under:
        found = found.filter(path__contains=[int(query.under)]).exclude(pk=query.under)
    found = _in_state(found, query)
    if query.badge:
        found = found.filter(Exists(pages_of(query.network).filter(badge_status=query.badge)))
    return found


def pages_of(network: str = "") -> QuerySet[OfficialPage]:
    """The organisation's own living pages, for a subquery; in one network when it is named."""
    found = OfficialPage.objects.filter(organization_id=OuterRef("pk"), kind="organisation", is_active=True)
    return found.filter(network=network) if network else found


def _in_state(found: QuerySet[Organization], query: OrganizationQuery) -> QuerySet[Organization]:
    owed = PageObligation.objects.filter(organization_id=OuterRef("pk"))
    if query.network:
        owed = owed.filter(network=query.network)
    if query.state == "missing":
        there = OfficialPage.objects.filter(
            organization_id=OuterRef("organization_id"),
            network=OuterRef("network"),
            kind="organisation",
            is_active=True,
        )
        return found.filter(Exists(owed.filter(~Exists(there), status=ObligationStatus.REQUIRED)))
    if query.state == "present":
        return found.filter(Exists(pages_of(query.network)))
    if query.state == "exempt":
        return found.filter(Exists(owed.filter(status=ObligationStatus.EXEMPT)))
    if query.state == "free":
        return found.filter(~Exists(owed))
    return found


def _named(found: QuerySet[Organization], words: str) -> QuerySet[Organization]:
    for word in words.split()[:8]:
        of_pages = OfficialPage.objects.filter(organization_id=OuterRef("pk")).filter(
            Q(title__icontains=word) | Q(screen_name__iexact=word)
        )
        found = found.filter(
            Q(name__icontains=word)
            | Q(short_name__icontains=word)
            | Q(aliases__icontains=word)
            | Q(municipality__name__icontains=word)
            | Q(ogrn=word)
            | Exists(of_pages)
        )
    return found


def _ordered(found: QuerySet[Organization], query: OrganizationQuery) -> QuerySet[Organization]:
    # The database has no Russian collation: without this «ё» stands after «я».
    name = Replace(Lower("short_name"), Value("ё"), Value("е"), output_field=TextField())
    if query.q and not query.sort:
        return found.order_by(F("place").asc(nulls_last=True), name, "pk")
    if query.sort != "audience":
        return found.order_by(name, "pk")
    followers = (
        pages_of(query.network)
        .order_by()
        .values("organization_id")
        .annotate(all=Sum("followers"))
        .values("all")
    )
    return found.annotate(audience_all=Subquery(followers)).order_by(
        F("audience_all").desc(nulls_last=True), name, "pk"
    )
