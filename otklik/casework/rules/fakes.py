"""The road of a false statement that spreads, and who may say that it is false. Pure; steps are data.

A statement of fact can be checked; an opinion, criticism or displeasure cannot, and is closed without any action.
"""

from collections.abc import Mapping
from dataclasses import dataclass

REPORTED, CHECKING, REFUTED, CONFIRMED, UNCHECKABLE, CLOSED = (
    "reported", "checking", "refuted", "confirmed", "uncheckable", "closed",
)  # fmt: skip
VERDICTS = frozenset({REFUTED, CONFIRMED, UNCHECKABLE})
# What is said to be true or false is said by somebody who can be asked.
SOURCED = frozenset({REFUTED, CONFIRMED})
OPEN = frozenset({REPORTED, CHECKING})
ENDED = VERDICTS | {CLOSED}
# Each verb: the states it starts from, and the one it leads to; judging leads to its verdict.
VERBS: Mapping[str, tuple[frozenset[str], str]] = {
    "take": (frozenset({REPORTED}), CHECKING),
    "opinion": (OPEN, CLOSED),
    "reopen": (ENDED, REPORTED),
}


class IllegalFakeStep(Exception):
    """С этой записью сейчас так поступить нельзя: её уже изменил другой человек. Откройте её заново."""


class OwnReport(Exception):
    """Проверяет другой человек, не тот, кто записал: иначе ошибка одного станет опровержением от всех."""


class NeedsFinding(Exception):
    """Напишите, как на самом деле: без этого опровергать нечем, а подтверждать нечего."""


class NeedsSource(Exception):
    """Укажите, откуда это известно: орган, документ или ссылка. Одного мнения центра мало."""


class UnknownVerdict(Exception):
    """Выберите решение: неправда, правда или проверить нельзя."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check came to."""

    verdict: str
    truth: str
    source: str = ""
    link: str = ""


def step_of(verb: str, state: str) -> str:
    """Where the verb leads from this state. Raises IllegalFakeStep."""
    starts, to = VERBS[verb]
    if state not in starts:
        raise IllegalFakeStep
    return to


def check_finding(finding: Finding, state: str) -> None:
    """Whether a check may end so. Raises IllegalFakeStep, UnknownVerdict, NeedsFinding, NeedsSource."""
    if state != CHECKING:
        raise IllegalFakeStep
    if finding.verdict not in VERDICTS:
        raise UnknownVerdict
    if not finding.truth:
        raise NeedsFinding
    if finding.verdict in SOURCED and not (finding.source or finding.link):
        raise NeedsSource


def check_eyes(reporter: int, checker: int) -> None:
    """Raises OwnReport for whoever wrote it down."""
    if reporter == checker:
        raise OwnReport
