"""A resident who asked for help is sent to somebody else, and nothing is handed over."""

from collections.abc import Iterator, Mapping, Sequence

from otklik.casework.rules.answer_check.case import Case, Found
from otklik.casework.rules.answer_check.grammar import FUTURE, PAST
from otklik.casework.rules.answer_check.reading import Hit
from otklik.casework.rules.answer_check.telling import acts, is_substantial
from otklik.casework.rules.answer_check.values import BARE_REDIRECT, FORWARDED


def find_bare_redirect(case: Case) -> Iterator[Found]:
    """Where to go is right when that was the question, and as an addition to substance."""
    answer = case.answer
    if answer.within("handover") or _asked_where(case):
        return
    away = {
        number: [*answer.within("notours").get(number, ()), *answer.within("redirect").get(number, ())]
        for number in {*answer.within("notours"), *answer.within("redirect")}
    }
    if case.outcome == FORWARDED or (away and not _says_more(case, away)):
        hits = away[min(away)] if away else []
        yield Found(BARE_REDIRECT, *(answer.span(hits[0].words) if hits else case.whole()))


def _says_more(case: Case, away: Mapping[int, Sequence[Hit]]) -> bool:
    """Whether some sentence has substance besides sending away: «Починили. Если сломается, звоните»."""
    for number, sentence in enumerate(case.answer.sentences):
        if number not in away:
            if is_substantial(case, number):
                return True
            continue
        sent = {word for hit in away[number] for word in hit.words}
        words = (at for at in range(sentence.first, sentence.last) if at not in sent)
        if any(case.answer.forms[at] & (PAST | FUTURE) and acts(case.answer, at) for at in words):
            return True
    return False


def _asked_where(case: Case) -> bool:
    signs = ("whereto",) if case.outcome == FORWARDED else ("whereto", "whether")
    return any(question.within(sign) for question in case.questions for sign in signs)
