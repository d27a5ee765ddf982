"""The rules of moderation: those that ship, and what the region changes in them. The journal keeps every version."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache as once
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction

from otklik.audit import operations as audit
from otklik.casework.enums import ModerationGround
from otklik.casework.models import ModerationRule
from otklik.casework.rules import moderation as rules
from otklik.common.actor import Actor

DATA = Path(__file__).parents[1] / "data" / "moderation_rules.json"
FIELDS = ("title", "forbids", "ground", "measure", "longest_days")
LONGEST_TEXT = 2000
_CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


class UnknownGround(Exception):
    """Такого основания нет. Список закрыт: нового основания правилом не завести."""


class SameModerationRule(Exception):
    """Правило с таким кодом уже есть: измените его или возьмите другой код (латиница, цифры, дефис)."""


class RuleChanged(Exception):
    """Правило уже изменил другой человек. Откройте его заново."""


@once
def shipped() -> Mapping[str, Mapping[str, Any]]:
    """The rules that come with the product, by code."""
    found: dict[str, dict[str, Any]] = json.loads(DATA.read_text(encoding="utf-8"))
    return found


@transaction.atomic
def load_moderation_rules() -> int:
    """Add the shipped rules that are not there; never changes what a region edited. Returns how many came."""
    known = set(ModerationRule.objects.values_list("code", flat=True))
    fresh = [ModerationRule(code=code, **given) for code, given in shipped().items() if code not in known]
    return len(ModerationRule.objects.bulk_create(fresh, ignore_conflicts=True))


def allowed_by(rule: ModerationRule) -> rules.Allowed:
    """What the rule allows, as the pure rules weigh it."""
    return rules.Allowed(rule.measure, rule.longest_days)


@transaction.atomic
def save_moderation_rule(
    *,
    code: str,
    values: Mapping[str, Any],
    by: Actor,
    now: datetime,
    rule: ModerationRule | None = None,
    version: int | None = None,
) -> ModerationRule:
    """A new rule, or another wording of an old one (its code stays); what was decided keeps the version it was by.

    Raises UnknownGround, SameModerationRule, RuleChanged, RuleIsIncomplete, CriticismIsNoGround, MeasureTooStrong,
    WrongTerm.
    """
    kept = _locked(rule, version) if rule else ModerationRule(code=code, version=0)
    before = _told(kept) if rule else None
    values = {"longest_days": None} | dict(values)
    for name in FIELDS:
        value = values[name]
        setattr(kept, name, value.strip()[:LONGEST_TEXT] if isinstance(value, str) else value)
    if kept.ground not in ModerationGround.values:
        raise UnknownGround
    rules.check_rule(title=kept.title, forbids=kept.forbids, allowed=allowed_by(kept))
    if not _CODE.fullmatch(kept.code):
        raise SameModerationRule
    return _keep(kept, "save_moderation_rule", by, now, before=before)


@transaction.atomic
def retire_moderation_rule(*, rule: ModerationRule, by: Actor, now: datetime) -> ModerationRule:
    """Nothing more is decided by the rule; what was decided by it holds."""
    kept = _locked(rule)
    kept.is_active = False
    return _keep(kept, "retire_moderation_rule", by, now)


@transaction.atomic
def restore_moderation_rule(*, rule: ModerationRule, by: Actor, now: datetime) -> ModerationRule:
    """The rule holds again."""
    kept = _locked(rule)
    kept.is_active = True
    return _keep(kept, "restore_moderation_rule", by, now)


def _locked(rule: ModerationRule, version: int | None = None) -> ModerationRule:
    kept = ModerationRule.objects.select_for_update(of=("self",)).get(pk=rule.pk)
    if version is not None and kept.version != version:
        raise RuleChanged
    return kept


def _keep(rule: ModerationRule, verb: str, by: Actor, now: datetime, **told: Any) -> ModerationRule:
    rule.version += 1
    rule.changed_by, rule.changed_at = by.name[:150], now
    try:
        with transaction.atomic():
            rule.save()
    except IntegrityError as error:
        if "moderation_rule_code" not in str(error):
            raise
        raise SameModerationRule from error
    facts = _told(rule) | told
    audit.record(by=by, verb=verb, subject=rule, now=now, version=rule.version, **facts)
    return rule


def _told(rule: ModerationRule) -> dict[str, Any]:
    return {"code": rule.code} | {name: getattr(rule, name) for name in FIELDS}
