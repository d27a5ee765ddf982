"""Troubles that can be switched on while the simulator runs, drawn from a seeded die.

A rule says where it strikes (`methods`, `callbacks`, `longpoll`, `uploads`), what happens, how often and how
many
times, and to whom:

* on `methods`, `longpoll` and `uploads`: `http` (answer `status` instead), `timeout` (hold `delay` seconds,
then 504),
  `broken_json`, `lost_response` (the deed is done, the connection breaks; with a `status`, that answer comes
  instead), `error` (API error `code`);
* on `methods` also `late`: the connection breaks (or `status` comes) at once, and the deed is done `delay` seconds
  after that;
* on `callbacks`: `duplicate`, `reorder` (let later events pass), `delay` (`delay` seconds, scaled), `drop`.
"""

from __future__ import annotations

import random
from collections import deque
from dataclasses import asdict, dataclass, field
from fnmatch import fnmatchcase
from typing import Any

PLACES = {
    "methods": {"http", "timeout", "broken_json", "lost_response", "late", "error"},
    "longpoll": {"http", "timeout", "broken_json"},
    "uploads": {"http", "timeout", "broken_json", "lost_response"},
    "callbacks": {"duplicate", "reorder", "delay", "drop"},
}
STRIKES_KEPT = 100_000


class BadRuleError(ValueError):
    """The rule names a place or a trouble that does not exist."""


@dataclass(slots=True, kw_only=True)
class Rule:
    """One trouble; empty filters match everything, `count` None means without end."""

    where: str = "methods"
    what: str = "http"
    # What the strikes of this rule are called; its `what` when empty.
    name: str = ""
    probability: float = 1.0
    count: int | None = None
    method: str = "*"
    token_kind: str = ""
    token: str = ""
    group_id: int = 0
    # Whose objects the call is about, as it names them: a community with its minus.
    owner_id: int = 0
    event: str = "*"
    status: int = 0
    code: int = 10
    delay: float = 1.0
    hits: int = 0

    def __post_init__(self) -> None:
        if self.what not in PLACES.get(self.where, set()):
            raise BadRuleError(f"{self.what} cannot happen to {self.where}")
        if not 0 <= self.probability <= 1:
            raise BadRuleError("probability must be from 0 to 1")


@dataclass(slots=True)
class Target:
    """What a rule may strike now."""

    method: str = ""
    token_kind: str = ""
    token: str = ""
    group_id: int = 0
    owner_id: int = 0
    event: str = ""
    # The number by which a repeat of the call is known (`guid`, `random_id`).
    key: str = ""


@dataclass(frozen=True, slots=True)
class Strike:
    """One trouble that happened: which rule, to which call."""

    rule: str
    method: str
    event: str
    group_id: int
    key: str


@dataclass(slots=True)
class Faults:
    """The rules in force and their die."""

    seed: int = 0
    rules: list[Rule] = field(default_factory=list)
    die: random.Random = field(default_factory=random.Random)
    struck: deque[Strike] = field(default_factory=lambda: deque(maxlen=STRIKES_KEPT))

    def __post_init__(self) -> None:
        self.die.seed(self.seed)

    def replace(self, rules: list[dict[str, Any]], seed: int | None = None) -> None:
        """Put other rules in force; with a seed, throw the die anew. Raises `BadRuleError`."""
        made = [self._rule(rule) for rule in rules]
        self.rules = made
        if seed is not None:
            self.seed = seed
            self.die.seed(seed)

    def add(self, **rule: Any) -> Rule:
        """Put one more rule in force. Raises `BadRuleError`."""
        made = self._rule(rule)
        self.rules.append(made)
        return made

    @staticmethod
    def _rule(rule: dict[str, Any]) -> Rule:
        try:
            return Rule(**rule)
        except TypeError as error:
            raise BadRuleError(str(error)) from None

    def clear(self) -> None:
        """Peace."""
        self.rules = []

    def strike(self, where: str, target: Target) -> Rule | None:
        """The first rule that strikes here and now; it counts its hit."""
        return next((rule for rule in self.rules if self._strikes(rule, where, target)), None)

    def strikes(self, where: str, target: Target) -> list[Rule]:
        """Every rule that strikes here and now."""
        return [rule for rule in self.rules if self._strikes(rule, where, target)]

    def _strikes(self, rule: Rule, where: str, target: Target) -> bool:
        if rule.where != where or (rule.count is not None and rule.hits >= rule.count):
            return False
        if not fnmatchcase(target.method, rule.method) or not fnmatchcase(target.event, rule.event):
            return False
        pairs = (
            (rule.token_kind, target.token_kind),
            (rule.token, target.token),
            (rule.group_id, target.group_id),
            (rule.owner_id, target.owner_id),
        )
        if any(wanted and wanted != found for wanted, found in pairs):
            return False
        if rule.probability < 1 and self.die.random() >= rule.probability:
            return False
        rule.hits += 1
        name = rule.name or rule.what
        self.struck.append(Strike(name, target.method, target.event, target.group_id, target.key))
        return True

    def told(self) -> dict[str, Any]:
        """The rules and their hits as JSON."""
        return {"seed": self.seed, "rules": [asdict(rule) for rule in self.rules]}
