"""The rules of the check as a page shows them, and what was changed in one, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from otklik.audit.models import AuditLine
from otklik.casework.enums import RuleMode
from otklik.casework.models import AnswerRule
from otklik.casework.operations.answer_rules import SHIPPED
from otklik.casework.operations.answer_words import DEFECTS

MOST_LINES = 50
_TONES = {RuleMode.BLOCK: "late", RuleMode.ADVISE: "warn", RuleMode.OFF: "muted"}


@dataclass(frozen=True, slots=True)
class Rule:
    """One code: what it is called, what it says to whoever writes, what it does, and the region's own words."""

    code: str
    name: Promise
    advice: Promise
    mode: str
    words: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()
    pk: int | None = None
    changed_at: datetime | None = None

    @property
    def mode_words(self) -> str:
        return str(RuleMode(self.mode).label)

    @property
    def tone(self) -> str:
        return _TONES[RuleMode(self.mode)]

    @property
    def own(self) -> int:
        return len(self.words) + len(self.allowed)


def rules_shown() -> list[Rule]:
    """Every code in the order of the check, with what the region made of it."""
    rows = {row.code: row for row in AnswerRule.objects.all()}
    return [_rule(code, rows.get(code)) for code in DEFECTS]


def rule_shown(code: str) -> Rule | None:
    """The rule of the code; None when there is no such code."""
    return _rule(code, AnswerRule.objects.filter(code=code).first()) if code in DEFECTS else None


def _rule(code: str, row: AnswerRule | None) -> Rule:
    name, advice = DEFECTS[code]
    if row is None:
        return Rule(code, name, advice, SHIPPED[code])
    return Rule(code, name, advice, row.mode, tuple(row.words), tuple(row.allowed), row.pk, row.updated_at)


class Changed(NamedTuple):
    """One field: its name, what it was, what it became."""

    label: str
    old: str
    new: str


class Line(NamedTuple):
    """One change of a rule: as `desk/triage/route_history.html` shows it."""

    at: datetime
    who: str
    verb: str
    fields: list[Changed]
    reason: str


def history_of(rule: Rule) -> list[Line]:
    """The changes of the rule, the newest first."""
    if rule.pk is None:
        return []
    lines = AuditLine.objects.filter(subject_type=AnswerRule._meta.label_lower, subject_id=rule.pk)
    return [
        Line(
            line.at,
            line.actor_name,
            _("изменено"),
            _differences(line.details.get("before") or {}, line.details.get("after") or {}),
            line.reason,
        )
        for line in lines.order_by("-pk")[:MOST_LINES]
    ]


def _differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Changed]:
    found = []
    if before.get("mode") != after.get("mode"):
        old, new = (dict(RuleMode.choices).get(side.get("mode", ""), "—") for side in (before, after))
        found.append(Changed(_("что делает"), str(old), str(new)))
    for name, label in (("words", _("свои слова")), ("allowed", _("не замечать"))):
        was, now = before.get(name) or [], after.get(name) or []
        if was != now:
            gone = [each for each in was if each not in now]
            came = [each for each in now if each not in was]
            found.append(Changed(label, ", ".join(gone) or "—", ", ".join(came) or "—"))
    return found
