"""Whether a name is of a person or of what is called after one: a street, a school, a monument."""

import re

from otklik.triage.nlp.masking.people import Sort, people_words
from otklik.triage.nlp.masking.words import Words

_NUMBER = re.compile(
    r",? ?(?:д(?:ом)?\.? ?)?[0-9]{1,4}(?![0-9])(?! ?(?:лет|год|г\.|раз|дн|час|мес))", re.IGNORECASE
)
_ON = frozenset({"на", "по", "вдоль"})
_ABOUT = re.compile("жал|доверенност|заявлени|оформ|крич|напа|накрич|запис|обид|наез|руга")
_OPENING, _CLOSING = frozenset("«“„\"'("), frozenset("»”“\"')")
_AREA = re.compile(
    r"район|округ|поселени|сельсовет|с/с|област|кра[йюея]\b|муниципальн|городск|сельск|пр-д|волост|участков|больниц|школ|поликлин|гор(?:а|ы)\b"
)
_ADJECTIVE = re.compile("(?:ск|цк)(?:ий|ая|ое|ого|ой|ому|им|ом|ую)$")
_LOOK_BACK = 8
_NEAR = 3
_LONGEST_SHORT = 4


def is_called_after(words: Words, first: int, last: int, *, is_whole: bool = False) -> bool:
    """Whether the words `first:last` name a place; `is_whole` says that they hold a patronymic.

    A street is told by the word before it, by the number of a house after it, by «на» with a genitive.
    """
    if _is_announced(words, first, is_whole=is_whole):
        return True
    if is_whole:
        return False
    if _is_area(words, last) or _is_quoted(words, first, last) or _is_famous(words, first, last):
        return True
    named = [index for index in range(first, last + 1) if words.sort(index) & Sort.PERSON]
    if not all(words.sort(index) & Sort.GENITIVE for index in named):
        return False
    return _stands_on(words, first) or bool(_NUMBER.match(words.text, words.ends[last]))


def _is_area(words: Words, last: int) -> bool:
    """«Александровского округа», «Шереметьевский пр-д»: an adjective, and what it is of follows."""
    if not words.is_beside(last) or not _ADJECTIVE.search(words.lower(last)):
        return False
    return bool(words.sort(last + 1) & (Sort.STREET | Sort.PLACE)) or bool(_AREA.match(words.lower(last + 1)))


def _is_announced(words: Words, first: int, *, is_whole: bool) -> bool:
    index = first - 1
    while index >= max(0, first - _LOOK_BACK):
        if not _is_near(words, index):
            return False
        sort = words.sort(index)
        if sort & Sort.STREET:
            return True
        if sort & Sort.PLACE:
            # «школы Ирина Тарасова»: a school is called after somebody in the genitive, a café in the nominative.
            return not is_whole and bool(words.sort(first) & Sort.GENITIVE or words.sort(first) & Sort.BARE)
        is_link = (
            sort & Sort.HONOUR
            or (sort & Sort.CAPITAL and sort & Sort.STREETLIKE)
            or words.lower(index) == "и"
        )
        if not is_link:
            return False
        index -= 1
    return False


def _is_near(words: Words, index: int) -> bool:
    """Whether the next word belongs to this one: «ул. Зои», «площади Ленина», «улицы Мира, Карла Маркса»."""
    gap = words.gap(index)
    if "." in gap:
        return words.ends[index] - words.starts[index] <= _LONGEST_SHORT
    return len(gap) <= _NEAR and not gap.strip(' ,«"-')


def _is_quoted(words: Words, first: int, last: int) -> bool:
    start, end = words.starts[first], words.ends[last]
    return words.text[max(start - 1, 0) : start] in _OPENING and words.text[end : end + 1] in _CLOSING


def _is_famous(words: Words, first: int, last: int) -> bool:
    """People of the past after whom streets of every town are called: nobody living hides behind such a pair."""
    said = [words.lower(index) for index in range(first, last + 1)]
    sets = people_words()
    if not any(word.startswith(tuple(sets["famous"])) for word in said):
        return False
    # «Н. Островского»: one initial and the genitive, as streets are written.
    one = last - first == 1 and words.sort(first) & Sort.LETTER
    is_street = bool(one and words.sort(last) & Sort.GENITIVE)
    return is_street or any(word.startswith(tuple(sets["famous_name"])) for word in said)


def _stands_on(words: Words, first: int) -> bool:
    if first == 0 or words.lower(first - 1) not in _ON:
        return False
    return not any(_ABOUT.match(words.lower(index)) for index in range(max(0, first - _NEAR - 1), first - 1))
