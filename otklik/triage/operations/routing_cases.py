"""The test table of routing: what people expect, tried against the active rules and against a draft."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from otklik.audit import operations as audit
from otklik.common.actor import Actor
from otklik.common.text import gettext_noop
from otklik.registry.models import Organization
from otklik.registry.rules.values import BadValue, line
from otklik.triage.models import RoutingCase, RoutingRule
from otklik.triage.operations.routing_book import Asked, Book, active_book, book_of, routes_by
from otklik.triage.rules.routing import Route

CASE_FIELDS = ("topic", "municipality", "settlement", "page", "expected", "note")
_PLACES = ("topic", "municipality", "settlement", "page")


class BreaksCases(Exception):
    """После этого часть проверочной таблицы перестанет сходиться. Посмотрите, что изменится, и подтвердите."""

    def __init__(self, broken: Sequence["Change"]) -> None:
        super().__init__(len(broken))
        self.broken = broken


@dataclass(frozen=True, slots=True)
class Outcome:
    """A case and where the rules send it."""

    case: RoutingCase
    route: Route
    body: Organization | None

    @property
    def ok(self) -> bool:
        """Whether it comes where it is expected."""
        return self.route.body == self.case.expected_id


@dataclass(frozen=True, slots=True)
class Change:
    """A case whose body a draft changes: where it goes now, and where it would go."""

    now: Outcome
    then: Outcome


@dataclass(frozen=True, slots=True)
class Impact:
    """What a draft does to the test table."""

    cases: int
    changes: list[Change]

    @property
    def broken(self) -> list[Change]:
        """What was right and would be wrong."""
        return [each for each in self.changes if each.now.ok and not each.then.ok]

    @property
    def mended(self) -> list[Change]:
        """What was wrong and would be right."""
        return [each for each in self.changes if each.then.ok and not each.now.ok]


def all_cases() -> QuerySet[RoutingCase]:
    """Every case with what is needed to try and to show it."""
    return RoutingCase.objects.select_related(
        "topic__group", "municipality", "settlement__municipality", "page__organization", "expected"
    ).order_by("topic__group__position", "topic__position", "pk")


def check_cases(cases: Sequence[RoutingCase], book: Book | None = None) -> list[Outcome]:
    """Where each case comes to by these rules; without a book, by the active ones."""
    routes = routes_by(book or active_book(), [asked_of(case) for case in cases])
    bodies = Organization.objects.in_bulk({route.body for route in routes if route.body is not None})
    return [
        Outcome(case, route, bodies.get(route.body or 0)) for case, route in zip(cases, routes, strict=True)
    ]


def impact_of(drafts: Sequence[RoutingRule]) -> Impact:
    """What the active rules with these put in their places (or taken out, when not active) do to the test table."""
    cases = list(all_cases())
    if not cases:
        return Impact(0, [])
    before, after = check_cases(cases), check_cases(cases, book_of(with_drafts(drafts)))
    changes = [
        Change(now, then)
        for now, then in zip(before, after, strict=True)
        if now.route.body != then.route.body
    ]
    return Impact(len(cases), changes)


def with_drafts(drafts: Iterable[RoutingRule]) -> list[RoutingRule]:
    """The active rules as they would be with the drafts."""
    drafts = list(drafts)
    replaced = {draft.pk for draft in drafts} - {None}
    kept = RoutingRule.objects.active().exclude(pk__in=replaced)
    return [*kept, *(draft for draft in drafts if draft.is_active)]


def asked_of(case: RoutingCase) -> Asked:
    """The question of a case. A settlement says its municipality."""
    municipality = case.settlement.municipality_id if case.settlement else case.municipality_id
    return Asked(case.topic, case.page, municipality, case.settlement_id)


@transaction.atomic
def add_case(*, values: Mapping[str, Any], by: Actor, now: datetime) -> RoutingCase:
    """A line of the test table. Raises BadValue."""
    case = _filled(RoutingCase(), values, by, now)
    case.save()
    audit.record(by=by, verb="add_routing_case", subject=case, now=now, **_plain(case))
    return case


@transaction.atomic
def change_case(*, case: RoutingCase, values: Mapping[str, Any], by: Actor, now: datetime) -> RoutingCase:
    """Another question or another expectation. Raises BadValue."""
    case = RoutingCase.objects.select_for_update(of=("self",)).get(pk=case.pk)
    before = _plain(case)
    case = _filled(case, values, by, now)
    case.save()
    audit.record(by=by, verb="change_routing_case", subject=case, now=now, before=before, after=_plain(case))
    return case


@transaction.atomic
def remove_case(*, case: RoutingCase, by: Actor, now: datetime) -> None:
    """Take the line out of the table; the journal keeps what it was."""
    audit.record(by=by, verb="remove_routing_case", subject=case, now=now, **_plain(case))
    RoutingCase.objects.filter(pk=case.pk).delete()


def _filled(case: RoutingCase, values: Mapping[str, Any], by: Actor, now: datetime) -> RoutingCase:
    for name in CASE_FIELDS:
        if name in values:
            setattr(case, name, line(name, values[name], 300) if name == "note" else values[name])
    if case.topic_id is None:
        raise BadValue("topic", gettext_noop("Выберите тему."))
    if case.municipality_id and case.settlement_id:
        raise BadValue(
            "municipality", gettext_noop("Населённый пункт уже назван: муниципалитет при нём лишний.")
        )
    same = {name: getattr(case, f"{name}_id") for name in _PLACES}
    if RoutingCase.objects.filter(**same).exclude(pk=case.pk).exists():
        raise BadValue("topic", gettext_noop("Такая строка в таблице уже есть."))
    case.changed_at, case.changed_by = now, by.name
    return case


def _plain(case: RoutingCase) -> dict[str, Any]:
    return {name: getattr(case, f"{name}_id") for name in CASE_FIELDS[:-1]}
