"""The terms for which personal data is kept: those that ship, and what the region changes in them."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from otklik.audit import operations as audit
from otklik.casework.models import RetentionRule
from otklik.casework.operations.holds import require_right
from otklik.casework.operations.personal import masked
from otklik.casework.rules import retention as rules
from otklik.people.models import Account

DATA = Path(__file__).parents[1] / "data" / "retention_rules.json"


class RetentionChanged(Exception):
    """Этот срок уже изменил другой человек. Откройте страницу заново."""


@transaction.atomic
def load_retention_rules() -> int:
    """Add the shipped rules that are not there; never changes what a region edited. Returns how many came."""
    shipped = json.loads(DATA.read_text(encoding="utf-8"))
    known = set(RetentionRule.objects.values_list("kind", flat=True))
    fresh = [RetentionRule(kind=kind, **given) for kind, given in shipped.items() if kind not in known]
    return len(RetentionRule.objects.bulk_create(fresh, ignore_conflicts=True))


@transaction.atomic
def save_retention_rule(
    *,
    rule: RetentionRule,
    days: int,
    ground: str,
    is_active: bool,
    by: Account,
    now: datetime,
    version: int | None = None,
) -> RetentionRule:
    """Another term, ground, or whether it holds. A run that is under way ends, the next one goes by the new term.

    Raises MayNotErase, RetentionChanged, WrongTerm, NeedsItsGround, EventsGoFirst, WordsGoBefore.
    """
    require_right(by)
    # All of them: whether this one may hold depends on the others.
    kept = {each.pk: each for each in RetentionRule.objects.order_by("pk").select_for_update(of=("self",))}
    rule = kept[rule.pk]
    if version is not None and rule.version != version:
        raise RetentionChanged
    ground = masked(" ".join(ground.split()))
    others = {each.kind: each.is_active for each in kept.values() if each.pk != rule.pk}
    rules.check_rule(kind=rule.kind, days=days, ground=ground, is_active=is_active, active=others)
    before = _told(rule)
    rule.days, rule.ground, rule.is_active = days, ground, is_active
    rule.version += 1
    rule.changed_by, rule.changed_at = by.actor.name[:200], now
    rule.save()
    audit.record(by=by.actor, verb="save_retention_rule", subject=rule, now=now, before=before, **_told(rule))
    return rule


def _told(rule: RetentionRule) -> dict[str, Any]:
    return {"kind": rule.kind, "days": rule.days, "ground": rule.ground, "is_active": rule.is_active}
