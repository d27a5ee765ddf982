"""Which rules of routing a person asks for, as an address holds it."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Self

from django.db.models import BooleanField, Case, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from otklik.triage.models import RoutingRule
from otklik.triage.rules.routing import ORDER

LONGEST = 100
STATES = {"retired": _("снятые"), "stuck": _("не сработают")}
_NUMBERS = frozenset({"topic", "group", "municipality"})
_KEYS = frozenset({"page", "settlement", "municipality", "topic", "group"})


@dataclass(frozen=True, slots=True)
class RouteQuery:
    """The filters of the list. Anything odd in an address is simply not a filter."""

    q: str = ""
    group: str = ""
    municipality: str = ""
    state: str = ""

    @classmethod
    def of(cls, raw: Mapping[str, str]) -> Self:
        """The query that an address asks for."""
        return cls(**{each.name: _understood(each.name, raw.get(each.name, "")) for each in fields(cls)})

    @property
    def asked(self) -> dict[str, str]:
        """Everything that is set."""
        return {each.name: value for each in fields(self) if (value := getattr(self, each.name))}


def _understood(name: str, value: str) -> str:
    value = value.strip().replace("\0", "")[:LONGEST]
    if name in _NUMBERS:
        return value if value.isascii() and value.isdigit() and len(value) <= 18 else ""
    return value if name == "q" or value in STATES else ""


def rules_of(query: RouteQuery) -> QuerySet[RoutingRule]:
    """The rules that the query asks for, the most specific first: in the order in which they are tried."""
    found = RoutingRule.objects.filter(is_active=query.state != "retired").select_related(
        "topic", "group", "municipality", "settlement__municipality", "page", "organization"
    )
    if query.state == "stuck":
        found = found.filter(Q(topic__is_active=False) | Q(organization__is_active=False))
    if query.group:
        found = found.filter(Q(group=query.group) | Q(topic__group=query.group))
    if query.municipality:
        found = found.filter(
            Q(municipality=query.municipality) | Q(settlement__municipality=query.municipality)
        )
    for word in query.q.removeprefix("№").split()[:6]:
        found = found.filter(_holds(word))
    return found.order_by(*(_asked(name).desc() for name in ORDER), "-precedence", "pk")


def _holds(word: str) -> Q:
    names = (
        "topic__name", "topic__code", "group__name", "municipality__name", "settlement__name", "page__title",
        "organization__name", "organization__short_name", "note",
    )  # fmt: skip
    wanted = Q()
    for name in names:
        wanted |= Q(**{f"{name}__icontains": word})
    return wanted | Q(pk=int(word)) if word.isascii() and word.isdigit() and len(word) <= 18 else wanted


def _asked(name: str) -> Any:
    empty = Q(**{f"{name}__isnull": True}) if name in _KEYS else Q(**{name: ""})
    return Case(When(empty, then=Value(False)), default=Value(True), output_field=BooleanField())
