"""The limits of a region's profile as a typed value, read from data and refused with the name of the field. Pure.

Source of the norms: the state machine of an incident in the domain's specification. All figures are profile data.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from typing import Any

from otklik.casework.rules.terms import (
    CALENDAR_DAYS,
    WORKING_DAYS,
    WORKING_MINUTES,
    BadLimits,
    Term,
    term_of,
    working,
)
from otklik.common.text import gettext_noop

PRIORITIES = ("normal", "high", "critical")
ByPriority = Mapping[str, Term]

_HOUR = working(hours=1)
_ONE_DAY, _SEVEN_DAYS = Term(1, WORKING_DAYS), Term(7, WORKING_DAYS)
_THREE_WORKING_DAYS = Term(3, WORKING_DAYS)
_TWO_DAYS = Term(2, CALENDAR_DAYS)
_THREE_DAYS, _MONTH, _YEAR = Term(3, CALENDAR_DAYS), Term(30, CALENDAR_DAYS), Term(365, CALENDAR_DAYS)
_REMINDERS = (Term(10, WORKING_DAYS), _THREE_WORKING_DAYS, _ONE_DAY)
_FAST: ByPriority = {"normal": _HOUR, "high": working(minutes=30), "critical": working(minutes=10)}
# Working time to leave a state, by priority.
STAGE_LIMITS: Mapping[str, ByPriority] = {
    "triage": _FAST,
    "routed": _FAST,
    "in_progress": {"normal": working(hours=3), "high": _HOUR, "critical": working(minutes=25)},
    "approval": _FAST,
    "uncertain": dict.fromkeys(PRIORITIES, _HOUR),
    "rework": {"normal": working(hours=4), "high": working(hours=2), "critical": _HOUR},
    # Of a new cycle: the whole way to its primary answer begins here.
    "reopened": {"normal": working(hours=2), "high": working(hours=2), "critical": working(minutes=30)},
}
# From the receipt of the message to the first published answer.
PRIMARY_LIMIT: ByPriority = {"normal": working(hours=8), "high": working(hours=4), "critical": _HOUR}


@dataclass(frozen=True, slots=True)
class Limits:
    """All figures of a profile. Without a profile they are the norms of the product, which are those of `default`.

    The seam for a profile of one incident (`live_14cd` of a question asked on air): whoever counts a deadline is
    given `Limits`; today all of them get those of the region's one profile.
    """

    stages: Mapping[str, ByPriority]
    primary: ByPriority
    # What of the primary limit is the centre's; the rest is the body's.
    center: ByPriority = field(default_factory=lambda: STAGE_LIMITS["triage"])
    # From the receipt to the final answer, where it is limited apart from the first one.
    final: Term | None = None
    # How long a question to the author waits.
    clarification: Term = _THREE_DAYS
    # From an interim answer to the final one, and how far the coordinator may extend it.
    interim: Term = _SEVEN_DAYS
    extension: Term = _MONTH
    # After a final answer: the centre looks at it, then the author has time to object.
    control: Term = _ONE_DAY
    objection: Term = _THREE_DAYS
    # A body contests a return of its answer, and somebody of the centre decides.
    appeal: Term = _THREE_WORKING_DAYS
    appeal_decision: Term = _THREE_WORKING_DAYS
    # Handing over to another track, with a note to the author.
    transfer: Term = _ONE_DAY
    # Of what is planned: reminders before the date, and the check after it.
    planned_reminders: tuple[Term, ...] = (
        Term(10, WORKING_DAYS),
        Term(3, WORKING_DAYS),
        _ONE_DAY,
    )
    planned_check: Term = _ONE_DAY
    # A mass problem that is fixed closes when nobody has written of it for so long.
    quiet: Term = _TWO_DAYS
    # A repeat within it reopens, what was rejected within it can be restored, after it all is archived.
    repeat: Term = _MONTH
    restore: Term = _MONTH
    archive: Term = _YEAR
    declines: int = 2
    planned_moves: int = 2
    extensions: int = 1

    @property
    def silence(self) -> timedelta:
        """How long a question to the author waits for a reply, in calendar time."""
        return self.clarification.length

    def body(self, priority: str) -> timedelta:
        """What of the primary limit is left to the body when the centre used its whole share, in working time."""
        return self.primary[priority].length - self.center[priority].length


DEFAULT_LIMITS = Limits(STAGE_LIMITS, PRIMARY_LIMIT)

_MINUTES = frozenset({WORKING_MINUTES})
_DAYS = frozenset({WORKING_DAYS, CALENDAR_DAYS})
_ANY = _MINUTES | _DAYS
_CALENDAR = frozenset({CALENDAR_DAYS})
_SINGLE: Mapping[str, frozenset[str]] = {
    "final": _DAYS,
    "clarification": _CALENDAR,
    "interim": _DAYS,
    "extension": _DAYS,
    "control": _DAYS,
    "objection": _DAYS,
    "appeal": _DAYS,
    "appeal_decision": _DAYS,
    "transfer": _DAYS,
    "planned_check": frozenset({WORKING_DAYS}),
    "quiet": _CALENDAR,
    "repeat": _CALENDAR,
    "restore": _CALENDAR,
    "archive": _CALENDAR,
}
_COUNTS = frozenset({"declines", "planned_moves", "extensions"})
MOST_TIMES = 20
# How the days of silence were written first.
_OLD_SILENCE = "silence_days"
_KNOWN = frozenset(each.name for each in fields(Limits)) | {_OLD_SILENCE}


def limits_of(raw: Any) -> Limits:
    """The limits that a profile writes; what it leaves out is the norm. Raises BadLimits with the field's name.

    {"primary": {"normal": "9 wh", "high": "4 wh"}, "stages": {"in_progress": {"normal": "3 wh"}}, "interim": "7 wd"}
    """
    table = _table(raw, "limits")
    for name in sorted(table.keys() - _KNOWN):
        # A name of no letters has to be seen too.
        raise BadLimits(name or '""', gettext_noop("такого срока нет."))
    given: dict[str, Any] = {
        name: term_of(table[name], name, units) for name, units in _SINGLE.items() if name in table
    }
    if _OLD_SILENCE in table:
        given["clarification"] = term_of(f"{table[_OLD_SILENCE]} cd", _OLD_SILENCE, _CALENDAR)
    given |= {name: _count(table[name], name) for name in _COUNTS if name in table}
    if "planned_reminders" in table:
        given["planned_reminders"] = _reminders(table["planned_reminders"])
    stages = _stages(table.get("stages", {}))
    primary = _by_priority(table.get("primary", {}), "primary", PRIMARY_LIMIT, _ANY)
    center = _by_priority(table.get("center", {}), "center", stages["triage"], _MINUTES)
    return _fitting(Limits(stages, primary, center, **given))


def _fitting(limits: Limits) -> Limits:
    for priority in PRIORITIES:
        if limits.body(priority) <= timedelta(0):
            raise BadLimits(f"center.{priority}", gettext_noop("органу не остаётся времени на первый ответ."))
    return limits


def _stages(raw: Any) -> dict[str, ByPriority]:
    table = _table(raw, "stages")
    for state in table.keys() - STAGE_LIMITS.keys():
        raise BadLimits(f"stages.{state}", gettext_noop("у этого состояния срока нет."))
    return {
        state: _by_priority(table.get(state, {}), f"stages.{state}", norm, _MINUTES)
        for state, norm in STAGE_LIMITS.items()
    }


def _by_priority(raw: Any, field: str, norm: ByPriority, units: frozenset[str]) -> ByPriority:
    table = _table(raw, field) if not isinstance(raw, str | int) else dict.fromkeys(PRIORITIES, raw)
    for priority in table.keys() - set(PRIORITIES):
        raise BadLimits(f"{field}.{priority}", gettext_noop("важность бывает normal, high и critical."))
    found = {priority: term_of(each, f"{field}.{priority}", units) for priority, each in table.items()}
    return {**norm, **found}


def _reminders(raw: Any) -> tuple[Term, ...]:
    if not isinstance(raw, list) or not 1 <= len(raw) <= MOST_TIMES:
        raise BadLimits("planned_reminders", gettext_noop("здесь нужен список сроков."))
    units = frozenset({WORKING_DAYS})
    found = {term_of(each, f"planned_reminders.{number}", units) for number, each in enumerate(raw, 1)}
    return tuple(sorted(found, key=lambda term: -term.amount))


def _count(raw: Any, field: str) -> int:
    if not isinstance(raw, int) or isinstance(raw, bool) or not 0 <= raw <= MOST_TIMES:
        raise BadLimits(field, gettext_noop("здесь нужно число раз от 0 до %(most)s."), most=MOST_TIMES)
    return raw


def _table(raw: Any, field: str) -> dict[str, Any]:
    if not isinstance(raw, dict) or not all(isinstance(key, str) for key in raw):
        raise BadLimits(field, gettext_noop("здесь нужна таблица."))
    return raw
