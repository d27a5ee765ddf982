"""The rules of approval and the substitutes: read by `publish` and `approve`, kept by people."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from otklik.audit import operations as audit
from otklik.casework import rules
from otklik.casework.enums import AnswerStatus
from otklik.casework.models import APPROVERS, Answer, ApprovalRule, Incident, Substitute
from otklik.casework.operations.answer_offers import lane_of
from otklik.common.actor import Actor
from otklik.people.models import Account
from otklik.registry.models import Membership, Organization

FIELDS = (
    "organization",
    "group",
    "topic",
    "priority",
    "kind",
    "author_role",
    "approver_role",
    "approver",
    "note",
)


class SameApprovalRule(Exception):
    """Такое правило уже действует: измените его, второе с теми же условиями не нужно."""


class WrongDays(Exception):
    """Замещение кончается позже, чем начинается, и не раньше сегодняшнего дня."""


class OwnDeputy(Exception):
    """Человек не замещает сам себя: выберите другого."""


def deciding_rule(incident: Incident, author: Account) -> rules.ApprovalCase | None:
    """The rule that an answer of this author to the incident falls under; None when nobody has to agree by rule."""
    known = _rules()
    return rules.rule_for(known, _writing(incident, author)) if known else None


def policy_for(incident: Incident, author: Account, text: str, now: datetime) -> rules.ApprovalPolicy:
    """Whether this text of this author may go out by one person's word.

    No rule asks for it, or the text is word for word a template that the centre lets go without a second person.
    """
    known = _rules()
    if not known:
        return rules.policy_of(None)
    ready = lane_of(incident=incident, text=text, now=now) is not None
    return rules.policy_of(rules.rule_for(known, _writing(incident, author, ready=ready)))


def _writing(incident: Incident, author: Account, *, ready: bool = False) -> rules.Writing:
    body = incident.executor or Organization.objects.filter(pk=incident.page.organization_id).first()
    return rules.Writing(
        bodies=frozenset(body.path if body else ()),
        roles=frozenset(Membership.objects.filter(account=author).values_list("role", flat=True)),
        topic=incident.topic_id,
        group=incident.topic.group_id,
        priority=incident.priority,
        kind=incident.kind,
        ready=ready,
    )


def approves(incident: Incident, account: Account, now: datetime) -> bool:
    """Whether the word on the answer that waits is this person's: by rule, or by role where no rule asks.

    Whoever stands in for somebody has that person's word. Nobody agrees with a text of their own: `approve` refuses.
    """
    answer = _waiting(incident)
    rule = deciding_rule(incident, answer.author) if answer else None
    people = frozenset({account.pk}) | frozenset(_away(account, now))
    if rule is not None and rule.approver:
        return rule.approver in people
    roles = frozenset(_roles_over(incident, people))
    return rule.approver_role in roles if rule and rule.asks else bool(roles & set(APPROVERS))


def approver_words(incident: Incident) -> str:
    """Whose word the waiting answer needs by rule: a person, or a role; empty where any approver may give it."""
    answer = _waiting(incident)
    rule = deciding_rule(incident, answer.author) if answer else None
    if rule is None or not rule.asks:
        return ""
    row = ApprovalRule.objects.select_related("approver").get(pk=rule.pk)
    return str(row.approver) if row.approver else row.get_approver_role_display()


def _waiting(incident: Incident) -> Answer | None:
    found = Answer.objects.filter(incident=incident, status=AnswerStatus.APPROVAL)
    return found.select_related("author").first()


def _away(deputy: Account, now: datetime) -> QuerySet[Substitute, int]:
    current = Substitute.objects.filter(deputy=deputy, since__lte=now, until__gt=now)
    return current.values_list("person_id", flat=True)


def _roles_over(incident: Incident, people: frozenset[int]) -> QuerySet[Membership, str]:
    path = incident.executor.path if incident.executor else []
    centre = Q(organization=None, page=None)
    found = Membership.objects.filter(account__in=people, account__is_active=True)
    return found.filter(centre | Q(organization__in=path) | Q(page=incident.page_id)).values_list(
        "role", flat=True
    )


def _rules() -> list[rules.ApprovalCase]:
    # Read anew each time: an answer that goes out a minute after its rule was made would be one too many.
    return [
        rules.ApprovalCase(
            pk=each.pk,
            organization=each.organization_id,
            group=each.group_id,
            topic=each.topic_id,
            priority=each.priority,
            kind=each.kind,
            author_role=each.author_role,
            approver_role=each.approver_role,
            approver=each.approver_id,
        )
        for each in ApprovalRule.objects.filter(is_active=True)
    ]


@transaction.atomic
def save_approval_rule(
    *, values: Mapping[str, Any], by: Actor, now: datetime, rule: ApprovalRule | None = None
) -> ApprovalRule:
    """A new rule, or other conditions for an old one; it holds for answers from now on. Raises SameApprovalRule."""
    kept = ApprovalRule.objects.select_for_update(of=("self",)).get(pk=rule.pk) if rule else ApprovalRule()
    before = _told(kept) if rule else None
    for name in FIELDS:
        setattr(kept, name, values[name])
    kept.is_active = True
    return _keep(kept, "save_approval_rule", by, now, before=before)


@transaction.atomic
def retire_approval_rule(*, rule: ApprovalRule, by: Actor, now: datetime) -> ApprovalRule:
    """The rule holds no more; what waits for approval already is agreed to by whoever may."""
    kept = ApprovalRule.objects.select_for_update(of=("self",)).get(pk=rule.pk)
    kept.is_active = False
    return _keep(kept, "retire_approval_rule", by, now)


@transaction.atomic
def restore_approval_rule(*, rule: ApprovalRule, by: Actor, now: datetime) -> ApprovalRule:
    """The rule holds again. Raises SameApprovalRule when another has taken its place."""
    kept = ApprovalRule.objects.select_for_update(of=("self",)).get(pk=rule.pk)
    kept.is_active = True
    return _keep(kept, "restore_approval_rule", by, now)


def _keep(rule: ApprovalRule, verb: str, by: Actor, now: datetime, **told: Any) -> ApprovalRule:
    rule.changed_by, rule.changed_at = by.name, now
    try:
        with transaction.atomic():
            rule.save()
    except IntegrityError as error:
        if "approval_rule_unique" not in str(error):
            raise
        raise SameApprovalRule from error
    facts: dict[str, Any] = _told(rule) | told
    audit.record(by=by, verb=verb, subject=rule, now=now, **facts)
    return rule


def _told(rule: ApprovalRule) -> dict[str, Any]:
    linked = ("organization", "group", "topic", "approver")
    return {name: getattr(rule, f"{name}_id" if name in linked else name) for name in FIELDS}


@transaction.atomic
def add_substitute(
    *, person: Account, deputy: Account, since: datetime, until: datetime, by: Actor, now: datetime
) -> Substitute:
    """The deputy gives the person's word from the one moment to the other. Raises WrongDays, OwnDeputy."""
    if person.pk == deputy.pk:
        raise OwnDeputy
    if until <= since or until <= now:
        raise WrongDays
    made = Substitute.objects.create(person=person, deputy=deputy, since=since, until=until, added_by=by.name)
    told: dict[str, Any] = {
        "person": person.pk,
        "deputy": deputy.pk,
        "since": since.isoformat(),
        "until": until.isoformat(),
    }
    audit.record(by=by, verb="add_substitute", subject=made, now=now, **told)
    return made


@transaction.atomic
def end_substitute(*, substitute: Substitute, by: Actor, now: datetime) -> None:
    """The person is back, or nobody stands in after all: what was agreed to meanwhile holds."""
    kept = Substitute.objects.select_for_update(of=("self",)).get(pk=substitute.pk)
    audit.record(
        by=by, verb="end_substitute", subject=kept, now=now, person=kept.person_id, deputy=kept.deputy_id
    )
    if kept.since >= now:
        kept.delete()
    elif kept.until > now:
        kept.until = now
        kept.save(update_fields=["until"])
