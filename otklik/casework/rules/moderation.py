"""What may be done about a comment on an official page, by which rule, for how long. Pure.

The sanctions are those that districts publish (warning, removal, a ban for a day to a month); "for ever" is none of
them here: every ban ends. A court of Omsk found in 2025 that a ban for uncomfortable questions violates the right to
information, so no rule may name criticism.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

WARN, REMOVE, BAN = "warn", "remove", "ban"
# Weaker first: a rule that allows a measure allows what is weaker.
MEASURES = (WARN, REMOVE, BAN)
LONGEST_BAN_DAYS = 365

# What somebody who does not like to be asked would write into a rule.
_CRITICISM = re.compile(
    r"\b(?:критик|недовольств|негатив|неудобн|дискредит|порочащ|очерн|провокацион)\w*", re.IGNORECASE
)


class MeasureTooStrong(Exception):
    """Это правило не даёт такой меры: выберите меру мягче или другое правило."""


class WrongTerm(Exception):
    """Укажите срок в днях: не меньше одного и не больше, чем допускает правило."""


class CriticismIsNoGround(Exception):
    """Критика, недовольство и неудобные вопросы основанием не бывают: уберите их из правила."""


class RuleIsIncomplete(Exception):
    """Назовите правило и напишите, что именно оно запрещает: авторы увидят эти слова."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """What a rule allows at most: its measure, and the days of a ban."""

    measure: str
    longest_days: int | None = None


def check_measure(allowed: Allowed, measure: str) -> None:
    """Raises MeasureTooStrong for what the rule does not allow."""
    if measure not in MEASURES or MEASURES.index(measure) > MEASURES.index(allowed.measure):
        raise MeasureTooStrong


def measures_of(allowed: Allowed) -> Sequence[str]:
    """The measures of a rule, weaker first."""
    return MEASURES[: MEASURES.index(allowed.measure) + 1]


def end_of(allowed: Allowed, measure: str, days: int | None, now: datetime) -> datetime | None:
    """When a measure ends by itself: only a ban does, and every ban does. Raises WrongTerm."""
    if measure != BAN:
        return None
    if days is None or not 1 <= days <= (allowed.longest_days or 0):
        raise WrongTerm
    return now + timedelta(days=days)


def check_rule(*, title: str, forbids: str, allowed: Allowed) -> None:
    """Whether a rule may be kept. Raises RuleIsIncomplete, CriticismIsNoGround, MeasureTooStrong, WrongTerm."""
    if not title.strip() or not forbids.strip():
        raise RuleIsIncomplete
    if names_criticism(title) or names_criticism(forbids):
        raise CriticismIsNoGround
    if allowed.measure not in MEASURES:
        raise MeasureTooStrong
    days = allowed.longest_days
    is_term = days is not None and 1 <= days <= LONGEST_BAN_DAYS
    if is_term != (allowed.measure == BAN) or (days is not None and not is_term):
        raise WrongTerm


def names_criticism(text: str) -> bool:
    """Whether the words of a rule would forbid criticism."""
    return bool(_CRITICISM.search(text))
