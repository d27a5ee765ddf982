"""The check: every finder over one reading, and what the rules of the region make of it."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from otklik.casework.rules.answer_check import (
    jargon,
    manner,
    parts,
    persons,
    plain,
    promise,
    proof,
    redirect,
    substance,
)
from otklik.casework.rules.answer_check.case import Case, Found
from otklik.casework.rules.answer_check.own import NOTHING_OWN, Own, find_own, without_allowed
from otklik.casework.rules.answer_check.score import HARD, score_of
from otklik.casework.rules.answer_check.values import (
    BLOCK,
    EMPTY,
    HARD_TO_READ,
    OFF,
    RULES,
    Facts,
    Finding,
    Report,
    merged,
)

FINDERS: tuple[Callable[[Case], Iterator[Found]], ...] = (
    substance.find_not_on_substance,
    redirect.find_bare_redirect,
    parts.find_unanswered,
    promise.find_no_date,
    promise.find_past_dates,
    plain.find_officialese,
    plain.find_long,
    jargon.find_jargon,
    persons.find_personal_data,
    manner.find_rude,
    manner.find_rate_us,
    manner.find_stop_phrases,
    proof.find_no_proof,
)


def check(
    text: str,
    questions: Sequence[str],
    facts: Facts,
    *,
    rules: Mapping[str, str] = RULES,
    own: Mapping[str, Own] = NOTHING_OWN,
) -> Report:
    """What is wrong with an answer to these questions; `rules` are those of a region, over the default ones.

    `own` are its own words. Never raises for any texts; raises UnknownRule for a rule that there is not. Linear in the
    length of the texts.
    """
    case = Case(text, questions, facts)
    return reported(case, tuple(findings_of(case)), rules=rules, own=own)


def reported(
    case: Case, found: Sequence[Found], *, rules: Mapping[str, str], own: Mapping[str, Own]
) -> Report:
    """What the rules and the words of a region make of all that was found."""
    levels = merged(rules)
    found = tuple(without_allowed(case, (*found, *find_own(case, own)), own)) if own else found
    findings = [
        Finding(each.code, each.start, each.end, _words(case, each), levels[each.code], each.part)
        for each in found
        if levels[each.code] != OFF
    ]
    score = score_of(case.answer)
    if score.value < HARD and levels[HARD_TO_READ] != OFF:
        findings.append(Finding(HARD_TO_READ, *case.whole(), "", levels[HARD_TO_READ]))
    findings.sort(key=lambda each: (each.start, each.end, each.code))
    return Report(tuple(findings), score.value, score.parts())


def findings_of(case: Case) -> Iterator[Found]:
    """What all finders find, before any rule has its say."""
    if not case.answer.tokens:
        yield Found(EMPTY, *case.whole())
        return
    for finder in FINDERS:
        yield from finder(case)


def hints(report: Report) -> tuple[Finding, ...]:
    """One finding of each code and part for whoever writes: what blocks first, then by the weight of the code."""
    first: dict[tuple[str, int | None], Finding] = {}
    for each in report.findings:
        first.setdefault((each.code, each.part), each)
    order = {code: number for number, code in enumerate(RULES)}
    return tuple(sorted(first.values(), key=lambda each: (each.level != BLOCK, order[each.code], each.start)))


def _words(case: Case, found: Found) -> str:
    return found.words or case.answer.text[found.start : found.end]
