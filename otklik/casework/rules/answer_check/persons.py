"""Personal data of others in a public answer, and such of the resident's own as he did not publish.

Names alone are none: officials, doctors at work and teachers are named in good answers. What makes them personal is
what is told of the person beside the name: health, debts, guilt, age, where he lives, whose child it is.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from otklik.casework.rules.answer_check.case import Case, Found
from otklik.casework.rules.answer_check.reading import Answer
from otklik.casework.rules.answer_check.values import PERSONAL
from otklik.casework.rules.answer_check.words import small, word_set
from otklik.triage.nlp.masking.people import Sort, sort_of
from otklik.triage.nlp.words import lemmas_of

_HARD = frozenset({"passport", "snils", "card"})
_MOBILE = re.compile(r"(?:\+?7|8)?[\s(-]{0,3}9\d\d")
_AGE = re.compile(
    r"\d{1,2} (?:лет|год|года)(?![а-я])|(?:19|20)\d\d (?:года|г\.?) ?р|года рождения"
    r"|\d{1,2}[ -]?(?:«[а-я]»|[а-я])? класс"
)
_HOME = re.compile(
    r"кв\.? ?\d|\d{1,3} ?кв(?![а-я])|квартир[аыуе] ?(?:№ ?)?\d|в \d{1,3}-[йя]|из \d{1,3}-[йя]"
    r"|\d{1,3}-[йя] квартир"
)
_ADDRESS = re.compile(
    r"(?<![а-я])(?:[а-я]{3,20}(?:ой|ая|ого|ова|ева|ина|ский|ской)|мира|труда|победы|дом|дома"
    r"|доме),? \d{1,3}(?![\d:%])"
)
_CLASS = re.compile(r"(?:из|ученик|ученица|в|класса?) ?\d{1,2} ?«?[а-я]»?(?: класс)?(?![а-я])")
_GREETS = frozenset(
    {
        "здравствуйте",
        "добрый",
        "доброе",
        "день",
        "вечер",
        "утро",
        "доброго",
        "дня",
        "уважаемый",
        "уважаемая",
        "времени",
        "суток",
        "и",
        "спасибо",
        "да",
        "нет",
    }
)
_YOURS = frozenset(
    {"вы", "вас", "вам", "ваш", "ваша", "ваше", "ваши", "вашей", "вашего", "вашему", "вашу", "вами"}
)
_OWN = frozenset(
    {
        "ее",
        "его",
        "их",
        "личный",
        "личному",
        "личная",
        "домашний",
        "домашнему",
        "дома",
        "мобильный",
        "сотовый",
    }
)
_LIVES = re.compile(r"жив[еу]т|проживает|прописан|по адресу|зарегистрирован")
_REACH = 4
_SIGHT = 200


class _Person(NamedTuple):
    start: int
    end: int
    first: int
    last: int


def find_personal_data(case: Case) -> Iterator[Found]:
    """Papers and private telephones always; people with what is told of them; the resident's own secrets."""
    answer = case.answer
    for each in answer.personal:
        if each.kind in _HARD or (each.kind == "phone" and _is_private_phone(answer, each.start, each.end)):
            yield Found(PERSONAL, each.start, each.end)
    for person in _people(case):
        if _is_told_of(case, person):
            yield Found(PERSONAL, person.start, person.end)
    yield from _nameless(case)
    yield from _own_secrets(case)


def _is_private_phone(answer: Answer, start: int, end: int) -> bool:
    if not _MOBILE.match(answer.text, start):
        return False
    number = _sentence_at(answer, start)
    if number is None or _has(answer, number, "institution"):
        return False
    sentence = answer.sentences[number]
    is_own = not _OWN.isdisjoint(answer.words[sentence.first : sentence.last])
    return is_own or not _has(answer, number, "service")


def _people(case: Case) -> Iterator[_Person]:
    """Names found by triage and given names alone, without the resident, as he is greeted."""
    answer = case.answer
    author = frozenset(small(case.facts.author).split())
    taken: set[int] = set()
    spans = [(each.start, each.end) for each in answer.personal if each.kind == "name"]
    for start, end in spans:
        words = range(bisect_left(answer.starts, start), bisect_left(answer.starts, end))
        taken.update(words)
        if words and not _is_author(answer, words[0], words[-1], author):
            yield _Person(start, end, words[0], words[-1])
    for at, token in enumerate(answer.tokens):
        written = answer.text[token.start : token.end]
        is_name = sort_of(written) & Sort.NAME and sort_of(written) & Sort.CAPITAL
        if at not in taken and is_name and not _is_author(answer, at, at, author):
            yield _Person(token.start, token.end, at, at)


def _is_author(answer: Answer, first: int, last: int, author: frozenset[str]) -> bool:
    if author and all(answer.words[at] in author for at in range(first, last + 1)):
        return True
    after = answer.text[answer.tokens[last].end : answer.tokens[last].end + 1]
    return (
        after in {",", "!", "."} and all(word in _GREETS for word in answer.words[:first]) and first <= _REACH
    )


def _is_told_of(case: Case, person: _Person) -> bool:
    answer = case.answer
    number = answer.sentence_of[person.first]
    near = _surroundings(answer, person)
    strong = _has(answer, number, "strong")
    if _is_official(answer, person):
        return strong and _is_full(person) and not _asked_of(case, "strong")
    if strong or _ADDRESS.search(near) or _AGE.search(near) or _HOME.search(near) or _CLASS.search(near):
        return True
    if _has_kin(answer, person):
        return True
    around = range(number, min(number + 2, len(answer.sentences)))
    return _is_full(person) and any(
        _has(answer, at, "strong") or _has(answer, at, "private") for at in around
    )


def _surroundings(answer: Answer, person: _Person) -> str:
    """The sentence of the person, no further than one can see: what is told of somebody stands beside the name."""
    sentence = answer.sentences[answer.sentence_of[person.first]]
    return answer.lower[max(sentence.start, person.start - _SIGHT) : min(sentence.end, person.end + _SIGHT)]


def _asked_of(case: Case, name: str) -> bool:
    return any(
        _has(question, number, name)
        for question in case.questions
        for number in range(len(question.sentences))
    )


def _is_full(person: _Person) -> bool:
    return person.last > person.first


def _is_official(answer: Answer, person: _Person) -> bool:
    around = range(max(0, person.first - _REACH), min(len(answer.words), person.last + _REACH))
    sentence = answer.sentence_of[person.first]
    return any(_is_of(answer.words[at], "roles") for at in around if answer.sentence_of[at] == sentence)


def _has_kin(answer: Answer, person: _Person) -> bool:
    around = (*range(max(0, person.first - 2), person.first), person.last + 1)
    return any(at < len(answer.words) and _is_of(answer.words[at], "kin") for at in around)


def _nameless(case: Case) -> Iterator[Found]:
    """«Ваша соседка из 15-й должна …»: nobody is named, and everybody knows who it is."""
    answer = case.answer
    asked = {lemma for word in case.asked_words for lemma in lemmas_of(word)}
    for number, sentence in enumerate(answer.sentences):
        words = range(sentence.first, sentence.last)
        kin = next(
            (at for at in words if _is_of(answer.words[at], "kin") or _is_of(answer.words[at], "third")), None
        )
        if kin is None:
            continue
        at_home = _HOME.search(answer.lower, sentence.start, sentence.end) and (
            _has(answer, number, "strong") or _LIVES.search(answer.lower, sentence.start, sentence.end)
        )
        shames = word_set("shame") - asked
        shamed = any(lemmas_of(answer.words[at])[0] in shames for at in words)
        if at_home or (shamed and any(_is_of(answer.words[at], "third") for at in words)):
            yield Found(PERSONAL, *answer.span([kin]))


def _own_secrets(case: Case) -> Iterator[Found]:
    """What the resident did not write of himself: a sum of income or debt, a diagnosis."""
    answer = case.answer
    asked = {lemma for word in case.asked_words for lemma in lemmas_of(word)}
    for sentence in answer.sentences:
        words = answer.words[sentence.first : sentence.last]
        if _YOURS.isdisjoint(words) or "если" in words:
            continue
        counted = any(word.isdigit() for word in words)
        secrets = (word_set("sums") if counted else frozenset()) | word_set("health")
        secret = next((at for at, word in enumerate(words) if lemmas_of(word)[0] in secrets - asked), None)
        if secret is not None:
            yield Found(PERSONAL, *answer.span([sentence.first + secret]))


def _sentence_at(answer: Answer, at: int) -> int | None:
    number = bisect_right(answer.sentences, at, key=lambda each: each.start) - 1
    return number if number >= 0 and at < answer.sentences[number].end else None


def _has(answer: Answer, number: int, name: str) -> bool:
    """Whether a word of the set stands in the sentence; asked once, a sentence may name a thousand people."""
    known = answer.asked_of_sentences
    if (number, name) not in known:
        sentence = answer.sentences[number]
        known[number, name] = any(_is_of(word, name) for word in answer.words[sentence.first : sentence.last])
    return known[number, name]


@lru_cache(maxsize=100_000)
def _is_of(word: str, name: str) -> bool:
    known = word_set(name)
    return any(lemma in known for lemma in lemmas_of(word)[:2])
