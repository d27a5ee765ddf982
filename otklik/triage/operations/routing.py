"""What people do with rules of routing: tried on the test table before they are written, with their whole history."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from otklik.audit import operations as audit
from otklik.common.actor import Actor
from otklik.common.text import gettext_noop
from otklik.registry.enums import OrgLevel
from otklik.registry.models import OrganizationType, Sphere
from otklik.registry.rules.values import BadValue, count, line, one_of, required_line
from otklik.triage.enums import ExecutorLevel, RouteTarget
from otklik.triage.models import RoutingChange, RoutingRule
from otklik.triage.models.routing import CONDITIONS
from otklik.triage.operations.routing_cases import BreaksCases, impact_of

LONGEST_NOTE = 300
LONGEST_REASON = 500
MOST_PRECEDENCE = 1000
FIELDS = (*CONDITIONS, "target", "organization", "organization_type", "body_sphere", "precedence", "note")
_LOCK = "triage_routing"


@dataclass(frozen=True, slots=True)
class Doing:
    """Who does what to rules, when and why."""

    verb: str
    by: Actor
    now: datetime
    reason: str = ""


class SameRule(Exception):
    """Действующее правило с такими же условиями уже есть. Измените его или поставьте другую очерёдность."""


class RuleRetired(Exception):
    """Правило снято. Сначала верните его."""


class RuleActive(Exception):
    """Правило действует."""


@transaction.atomic
def add_rule(
    *, values: Mapping[str, Any], by: Actor, now: datetime, reason: str = "", confirmed: bool = False
) -> RoutingRule:
    """A new rule. Raises BadValue, SameRule; BreaksCases unless `confirmed`."""
    hold_rules()
    rule = draft_of(None, values)
    _try(rule, confirmed)
    rule.changed_at, rule.changed_by = now, by.name
    rule.save()
    keep_changes([(rule, None)], Doing("add_rule", by, now, reason))
    return rule


@transaction.atomic
def change_rule(
    *,
    rule: RoutingRule,
    values: Mapping[str, Any],
    by: Actor,
    now: datetime,
    reason: str = "",
    confirmed: bool = False,
) -> RoutingRule:
    """Other values for an active rule. Raises BadValue, SameRule, RuleRetired; BreaksCases unless `confirmed`."""
    rule = _locked(rule)
    if not rule.is_active:
        raise RuleRetired
    before, rule = plain_rule(rule), draft_of(rule, values)
    if plain_rule(rule) == before:
        return rule
    _try(rule, confirmed)
    rule.changed_at, rule.changed_by = now, by.name
    rule.save()
    keep_changes([(rule, before)], Doing("change_rule", by, now, reason))
    return rule


@transaction.atomic
def retire_rule(
    *, rule: RoutingRule, reason: str, by: Actor, now: datetime, confirmed: bool = False
) -> RoutingRule:
    """The rule decides nothing any more, until restored. Raises RuleRetired; BreaksCases unless `confirmed`."""
    rule = _locked(rule)
    said = required_line("reason", reason, LONGEST_REASON)
    if not rule.is_active:
        raise RuleRetired
    before, rule.is_active = plain_rule(rule), False
    _try(rule, confirmed)
    return _switched(rule, before, Doing("retire_rule", by, now, said))


@transaction.atomic
def restore_rule(
    *, rule: RoutingRule, by: Actor, now: datetime, reason: str = "", confirmed: bool = False
) -> RoutingRule:
    """A retired rule decides again. Raises RuleActive, SameRule; BreaksCases unless `confirmed`."""
    rule = _locked(rule)
    if rule.is_active:
        raise RuleActive
    before, rule.is_active = plain_rule(rule), True
    _refuse_twin(rule)
    _try(rule, confirmed)
    return _switched(rule, before, Doing("restore_rule", by, now, reason))


def draft_of(rule: RoutingRule | None, values: Mapping[str, Any]) -> RoutingRule:
    """The rule as it would be, not saved: values in order, and fit for each other. Raises BadValue, SameRule."""
    draft = RoutingRule(**{name: getattr(rule, name) for name in FIELDS}) if rule else RoutingRule()
    if rule is not None:
        draft.pk, draft.code, draft._state.adding = rule.pk, rule.code, False
    for name, value in values.items():
        setattr(draft, name, _value(name, value))
    _refuse_odd(draft)
    _refuse_twin(draft)
    return draft


def hold_rules() -> None:
    """One change of the rules at a time: their versions then stand in the order in which they became visible."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext(%s))", [_LOCK])


def _locked(rule: RoutingRule) -> RoutingRule:
    hold_rules()
    return RoutingRule.objects.select_for_update(of=("self",)).get(pk=rule.pk)


def _switched(rule: RoutingRule, before: dict[str, Any], doing: Doing) -> RoutingRule:
    rule.changed_at, rule.changed_by = doing.now, doing.by.name
    rule.save(update_fields=["is_active", "changed_at", "changed_by"])
    keep_changes([(rule, before)], doing)
    return rule


def _try(draft: RoutingRule, confirmed: bool) -> None:
    if confirmed:
        return
    broken = impact_of([draft]).broken
    if broken:
        raise BreaksCases(broken)


def _value(name: str, value: Any) -> Any:
    if name == "level":
        return one_of(name, value, frozenset(ExecutorLevel.values)) if value else ""
    if name == "page_level":
        return one_of(name, value, frozenset(OrgLevel.values)) if value else ""
    if name == "target":
        return one_of(name, value, frozenset(RouteTarget.values))
    if name in {"sphere", "body_sphere"}:
        return one_of(name, value, _codes(Sphere)) if value else ""
    if name == "organization_type":
        return one_of(name, value, _codes(OrganizationType)) if value else ""
    if name == "precedence":
        return count(name, value, MOST_PRECEDENCE) or 0
    return line(name, value, LONGEST_NOTE) if name == "note" else value


def _codes(model: type[Sphere] | type[OrganizationType]) -> frozenset[str]:
    return frozenset(model.objects.values_list("code", flat=True))


def _refuse_odd(draft: RoutingRule) -> None:
    """What the database would refuse too, and what could never work, said beside the field."""
    for field, is_odd, message in _ODDITIES:
        if is_odd(draft):
            raise BadValue(field, message)


_ODDITIES: tuple[tuple[str, Callable[[RoutingRule], bool], str], ...] = (
    ("target", lambda rule: not rule.target, gettext_noop("Укажите, куда направлять.")),
    (
        "group",
        lambda rule: bool(rule.topic_id and rule.group_id),
        gettext_noop("Тема уже названа: группа при ней лишняя."),
    ),
    (
        "topic",
        lambda rule: rule.topic is not None and not rule.topic.is_active,
        gettext_noop("Эта тема снята: вопросов с ней больше не будет."),
    ),
    (
        "municipality",
        lambda rule: bool(rule.municipality_id and rule.settlement_id),
        gettext_noop("Населённый пункт уже назван: муниципалитет при нём лишний."),
    ),
    (
        "page",
        lambda rule: bool(rule.page_id and (rule.sphere or rule.page_level)),
        gettext_noop("Страница уже названа: сфера и уровень её организации при ней лишние."),
    ),
    (
        "organization",
        lambda rule: rule.target == RouteTarget.FIXED and rule.organization_id is None,
        gettext_noop("Выберите орган."),
    ),
    (
        "organization",
        lambda rule: rule.target != RouteTarget.FIXED and rule.organization_id is not None,
        gettext_noop("Орган называют, только когда направляют в определённый орган."),
    ),
    (
        "organization",
        lambda rule: rule.organization is not None and not rule.organization.is_active,
        gettext_noop("Этот орган закрыт: выберите действующий."),
    ),
    (
        "organization_type",
        lambda rule: rule.target == RouteTarget.TYPE and not rule.organization_type,
        gettext_noop("Выберите тип организации."),
    ),
    (
        "organization_type",
        lambda rule: rule.target != RouteTarget.TYPE and bool(rule.organization_type),
        gettext_noop("Тип называют, только когда направляют по типу."),
    ),
    (
        "body_sphere",
        lambda rule: rule.target != RouteTarget.SPHERE and bool(rule.body_sphere),
        gettext_noop("Сферу органа называют, только когда направляют по сфере."),
    ),
)


def _refuse_twin(draft: RoutingRule) -> None:
    same = {name: getattr(draft, name) for name in (*CONDITIONS, "precedence")}
    if RoutingRule.objects.active().filter(**same).exclude(pk=draft.pk).exists():
        raise SameRule


def plain_rule(rule: RoutingRule) -> dict[str, Any]:
    """The rule as its history keeps it: keys and codes."""
    found = {name: getattr(rule, rule._meta.get_field(name).attname) for name in FIELDS}  # type: ignore[union-attr]
    return found | {"is_active": rule.is_active}


def keep_changes(changes: Sequence[tuple[RoutingRule, dict[str, Any] | None]], doing: Doing) -> None:
    """The history and the journal of rules that were just written, each with what it was before."""
    said = line("reason", doing.reason, LONGEST_REASON)
    RoutingChange.objects.bulk_create(
        RoutingChange(
            rule=rule,
            at=doing.now,
            actor_id=doing.by.id,
            actor_name=doing.by.name,
            verb=doing.verb,
            before=before,
            after=plain_rule(rule),
            reason=said,
        )
        for rule, before in changes
    )
    entries = [audit.Entry(rule, said, {"after": plain_rule(rule)}) for rule, _before in changes]
    audit.record_many(by=doing.by, verb=doing.verb, entries=entries, now=doing.now)
