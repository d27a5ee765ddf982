"""The month of moderation in numbers: by rule, by page, by measure, with what was contested and taken back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Count

from otklik.casework.enums import AppealVerdict, ModerationState
from otklik.casework.models import ModerationAction, ModerationAppeal


@dataclass(frozen=True, slots=True)
class Line:
    """Decisions of one kind: how many, where they stand, how many were contested and with what end."""

    rule: str = ""
    ground: str = ""
    page: str = ""
    body: str = ""
    measure: str = ""
    decided: int = 0
    done: int = 0
    waiting: int = 0
    refused: int = 0
    undone: int = 0
    appeals: int = 0
    granted: int = 0

    def plus(self, other: "Line") -> "Line":
        """The sums, under the words of this one."""
        return replace(self, **{name: getattr(self, name) + getattr(other, name) for name in NUMBERS})


NUMBERS = ("decided", "done", "waiting", "refused", "undone", "appeals", "granted")
WORDS = ("rule", "ground", "page", "body", "measure")
_BY = {
    "rule": "rule__title", "ground": "rule__ground", "page": "page__title",
    "body": "page__organization__short_name", "measure": "measure",
}  # fmt: skip
# A ban that has run its term was done.
_COLUMNS = {
    ModerationState.DONE: "done",
    ModerationState.EXPIRED: "done",
    ModerationState.ASKED: "waiting",
    ModerationState.DOING: "waiting",
    ModerationState.BY_HAND: "waiting",
    ModerationState.REFUSED: "refused",
    ModerationState.UNDONE: "undone",
}
_KEYS = ("rule_id", "page_id", "measure")


def month_of_moderation(*, since: datetime, until: datetime) -> list[Line]:
    """Decisions of the time and the appeals against them, a line for each rule, page and measure. Two queries."""
    actions = ModerationAction.objects.filter(decided_at__gte=since, decided_at__lt=until)
    counted = actions.values(*_KEYS, *_BY.values(), "state").annotate(n=Count("pk")).order_by()
    lines: dict[tuple[object, ...], Line] = {}
    for row in counted:
        key = tuple(row[name] for name in _KEYS)
        column = _COLUMNS[ModerationState(row["state"])]
        n = row["n"]
        lines[key] = lines.get(key, _of(row)).plus(replace(Line(decided=n), **{column: n}))
    contested = ModerationAppeal.objects.filter(action__in=actions)
    keys = tuple(f"action__{name}" for name in _KEYS)
    for row in contested.values(*keys, "verdict").annotate(n=Count("pk")).order_by():
        granted = row["n"] if row["verdict"] == AppealVerdict.GRANTED else 0
        key = tuple(row[name] for name in keys)
        lines[key] = lines[key].plus(Line(appeals=row["n"], granted=granted))
    return sorted(lines.values(), key=lambda each: (each.rule, each.body, each.page, each.measure))


def _of(row: Mapping[str, Any]) -> Line:
    words: dict[str, Any] = {name: row[field] or "" for name, field in _BY.items()}
    return Line(**words)


def summed(lines: Iterable[Line], words: Sequence[str]) -> list[Line]:
    """The lines summed by these words, the most decisions first."""
    found: dict[tuple[str, ...], Line] = {}
    for line in lines:
        key = tuple(getattr(line, name) for name in words)
        empty = replace(Line(), **dict(zip(words, key, strict=True)))
        found[key] = found.get(key, empty).plus(line)
    return sorted(found.values(), key=lambda each: (-each.decided, *(getattr(each, name) for name in words)))
