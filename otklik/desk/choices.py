"""What may be chosen at the desk: topics, bodies, people, places. Lists that hardly change are kept for a minute."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any, NamedTuple

from django.core.cache import cache
from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When

from otklik.casework import rules
from otklik.casework.enums import Resolution
from otklik.casework.models import Incident
from otklik.desk.access import Desk
from otklik.people.models import Account
from otklik.people.rules import RIGHTS, Right
from otklik.registry.enums import OrgLevel
from otklik.registry.models import Municipality, Organization, Settlement
from otklik.triage.models import Topic
from otklik.triage.operations import topics_by_code

CACHE_SECONDS = 60
MOST_FOUND = 20
WORKERS = sorted(role for role, rights in RIGHTS.items() if Right.WORK in rights)


class Choice(NamedTuple):
    """One option: its value and what a person reads, with a smaller second line."""

    value: str
    label: str
    hint: str = ""


def topics_by_group() -> list[tuple[str, list[Topic]]]:
    """Active topics under the names of their groups, in the order of the list."""
    found = sorted(topics_by_code().values(), key=lambda topic: (topic.group.position, topic.position))
    return [(name, list(topics)) for name, topics in groupby(found, key=lambda topic: topic.group.name)]


def municipalities() -> list[Choice]:
    """Municipalities of the region by name."""
    found: list[Choice] | None = cache.get("desk:municipalities")
    if found is None:
        rows = Municipality.objects.order_by("short_name").values_list("pk", "short_name")
        found = [Choice(str(pk), name) for pk, name in rows]
        cache.set("desk:municipalities", found, CACHE_SECONDS)
    return found


def municipality_names() -> dict[int, str]:
    """Short names of municipalities by their keys."""
    found: dict[int, str] | None = cache.get("desk:municipality_names")
    if found is None:
        found = dict(Municipality.objects.values_list("pk", "short_name"))
        cache.set("desk:municipality_names", found, CACHE_SECONDS)
    return found


def settlements_near(incident: Incident) -> list[Choice]:
    """The settlement of the incident, so that it stays chosen; the others are searched for."""
    settlement = incident.settlement
    return [_settlement(settlement)] if settlement else []


def search_settlements(words: str) -> list[Choice]:
    """Settlements whose names begin with the words, then those that hold them; larger ones first."""
    if not words:
        return []
    first = Case(When(name__istartswith=words, then=Value(0)), default=Value(1), output_field=IntegerField())
    found = Settlement.objects.filter(name__icontains=words).select_related("municipality")
    ordered = found.order_by(first, F("population").desc(nulls_last=True), "name", "pk")
    return [_settlement(each) for each in ordered[:MOST_FOUND]]


def _settlement(settlement: Settlement) -> Choice:
    name = f"{settlement.kind} {settlement.name}".strip()
    return Choice(str(settlement.pk), name, settlement.municipality.short_name)


def topic_names() -> dict[int, tuple[str, str, str]]:
    """(name, code of the group, name of the group) of every topic by its key, the retired ones too."""
    found: dict[int, tuple[str, str, str]] | None = cache.get("desk:topic_names")
    if found is None:
        rows = Topic.objects.values_list("pk", "name", "group__code", "group__name")
        found = {pk: (name, code, group) for pk, name, code, group in rows}
        cache.set("desk:topic_names", found, CACHE_SECONDS)
    return found


def main_bodies() -> list[Choice]:
    """Bodies of the region and administrations: what an incident is handed to nine times in ten."""
    found: list[Choice] | None = cache.get("desk:main_bodies")
    if found is None:
        rows = Organization.objects.filter(
            Q(level=OrgLevel.REGIONAL) | Q(level=OrgLevel.MUNICIPAL, type="administration"), is_active=True
        )
        found = [_body(each) for each in rows.order_by("level", "short_name")[:200]]
        cache.set("desk:main_bodies", found, CACHE_SECONDS)
    return found


def _body(organization: Organization) -> Choice:
    hint = (
        organization.name if organization.short_name and organization.name != organization.short_name else ""
    )
    return Choice(str(organization.pk), str(organization), hint)


def likely_bodies(incident: Incident) -> list[Choice]:
    """The bodies that come to mind for this incident: suggested, present, the page's own and its superior."""
    own = incident.page.organization
    ids = [incident.suggested_id, incident.executor_id, own.pk, *reversed(own.path[:-1])]
    return bodies_by_id([pk for pk in dict.fromkeys(ids) if pk is not None])


def bodies_by_id(wanted: list[int]) -> list[Choice]:
    """These bodies, in this order; what is not there is left out."""
    rows = Organization.objects.in_bulk(wanted)
    return [_body(rows[pk]) for pk in wanted if pk in rows]


def bodies_for(incident: Incident, desk: Desk) -> QuerySet[Organization]:
    """The bodies to which the person may hand the incident: the centre to any, a body within itself."""
    active = Organization.objects.filter(is_active=True)
    if desk.reach.may(Right.TRIAGE, organization=incident.executor_id, page=incident.page_id):
        return active
    everywhere, organizations, _pages = desk.reach.where(Right.ASSIGN)
    return active if everywhere else active.filter(pk__in=organizations)


def search_bodies(found: QuerySet[Organization], words: str) -> list[Choice]:
    """Bodies whose names hold all the words; those that begin so come first."""
    for word in words.split()[:6]:
        found = found.filter(Q(short_name__icontains=word) | Q(name__icontains=word))
    first = Case(
        When(short_name__istartswith=words, then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    return [_body(each) for each in found.order_by(first, "short_name", "pk")[:MOST_FOUND]]


def outcomes(incident: Incident) -> list[tuple[str, str]]:
    """What the incident may end with, of what a person can say with one key; a poll needs its link."""
    may = rules.outcomes(incident.kind, incident.plans)
    return [(code, str(Resolution(code).label)) for code in may if code != Resolution.POLL_CREATED]


def assignees(incident: Incident) -> QuerySet[Account]:
    """People who work for the body or its superiors, or at the page, and can be made responsible."""
    path: list[int] = incident.executor.path if incident.executor else []
    scope = Q(memberships__organization_id__in=path) | Q(memberships__page_id=incident.page_id)
    found = Account.objects.filter(scope, is_active=True, memberships__role__in=WORKERS)
    return found.distinct().order_by("full_name")


def group_counts(numbers: Any) -> list[tuple[str, str, int]]:
    """(code, name, number) of topic groups that have something, most first, from numbers by topic."""
    totals: dict[tuple[str, str], int] = {}
    for pk, (_name, code, group) in topic_names().items():
        number = numbers.get(pk, 0)
        if number:
            totals[code, group] = totals.get((code, group), 0) + number
    return sorted(
        ((code, name, number) for (code, name), number in totals.items()),
        key=lambda each: (-each[2], each[1]),
    )


def label_of(choices: Iterable[Choice], value: str) -> str:
    """What the chosen value is called."""
    return next((choice.label for choice in choices if choice.value == value), value)
