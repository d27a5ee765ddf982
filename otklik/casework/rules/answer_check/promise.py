"""What is promised: a date or a stage, «в ближайшее время» being neither, and dates that have gone by."""

from collections.abc import Iterator

from otklik.casework.rules.answer_check.case import Case, Found
from otklik.casework.rules.answer_check.values import (
    FORWARDED,
    INTERIM,
    NO_DATE,
    PAST_DATE,
    PLANNED,
    REFUSED,
)

PROMISES = frozenset({PLANNED, INTERIM, FORWARDED})


def has_stage(case: Case) -> bool:
    """Whether the answer says how far the work has got: a project at the experts, a contract, a numbered request."""
    answer = case.answer
    return bool(answer.within("stage")) or (case.outcome == FORWARDED and bool(answer.within("registered")))


def find_no_date(case: Case) -> Iterator[Found]:
    """A plan, a hand-over or an interim answer that says neither when nor how far; an interim one has to say when."""
    if case.promised or (case.outcome != INTERIM and has_stage(case)):
        return
    vague = [hit for hits in case.answer.within("vague").values() for hit in hits]
    if case.outcome in PROMISES or (vague and case.outcome == REFUSED):
        yield Found(NO_DATE, *(case.answer.span(vague[0].words) if vague else case.whole()))


def find_past_dates(case: Case) -> Iterator[Found]:
    """A date that has gone by, told as one to come."""
    today = case.facts.today
    for each in case.promised if today else ():
        if each.day is not None and today is not None and each.day < today:
            yield Found(PAST_DATE, each.start, each.end)
