"""Objects that a message names: «школа № 5», «остановка «Южный»», «аэропорт Толмачёво»."""

import re
from functools import lru_cache

from otklik.common.streets import KIND_OF
from otklik.common.text import fold
from otklik.triage.nlp.placing.forms import phrase
from otklik.triage.nlp.placing.houses import counts_something
from otklik.triage.nlp.placing.reading import Words, words_set

_NAMES = (
    "школа гимназия лицей садик детсад ясли колледж техникум институт университет общежитие интернат поликлиника "
    "больница роддом диспансер амбулатория госпиталь хоспис аптека остановка станция вокзал автовокзал аэропорт парк "
    "сквер стадион бассейн каток библиотека музей театр кинотеатр клуб рынок магазин супермаркет кладбище завод "
    "комбинат котельная подстанция мост путепровод переезд фок стройка церковь храм мечеть санаторий лагерь "
    "профилакторий пансионат приют почта отделение пляж набережная площадка фабрика ферма свинокомплекс бор роща"
)
_STILL = "доу мбдоу мбоу маоу мкоу сош фап мфц днт снт сдт тсн сот днп гск дк рдк тц трц трк цр црб цгб гкб гб ук жэу"
_PAIRS = ("детский сад", "дом культуры", "садовое товарищество", "садовое общество", "музыкальная школа",
          "художественная школа", "спортивная школа", "автобусная остановка", "станция метро",
          "почтовое отделение", "детская поликлиника", "городская больница", "районная больница",
          "торговый центр")  # fmt: skip
_SHORT = {"ост": "остановка", "дс": "детский сад", "жд": "ж/д"}
_NUMBER = re.compile(r"\s{0,3}(?:№|N|номер|#)?\s{0,3}(\d{1,4})(?![\d:/.])(?:-?[йяюе]\b)?", re.IGNORECASE)
_SIGNED = re.compile(r"\s{0,3}(?:им\.?|имени)?\s{0,2}(?:№|N|номер|#)\s{0,3}(\d{1,4})", re.IGNORECASE)
_QUOTED = re.compile(r"\s{0,3}[«\"„“]\s?([^«»\"„“”\n]{1,80}?)\s?[»\"”“]")
_PROPER = re.compile(r"\s([А-ЯЁ][А-Яа-яЁё]{2,30}(?:-[А-ЯЁ][А-Яа-яЁё]{1,30})?)")
# What stands beside these in a capital is their name: an airport has no number.
_NAMED_BY_WORD = frozenset(
    {"аэропорт", "остановка", "станция", "санаторий", "кинотеатр", "вокзал", "станция метро"}
)
# «школа 5» is «школа № 5», «рынок 5» is nothing.
_NUMBERED = words_set(
    "школа гимназия лицей садик детсад ясли поликлиника больница ДОУ МБДОУ МБОУ МАОУ МКОУ СОШ ГКБ ГБ"
) | {"детский сад", "детская поликлиника", "городская больница"}


@lru_cache(maxsize=1)
def _forms() -> dict[str, str]:
    table = {form: name for name in _NAMES.split() for form in phrase([name])}
    table |= {form: name for name in _PAIRS for form in phrase(name.split())}
    table |= {form: name for name in ("дом культуры", "станция метро") for form in _with_still(name)}
    table |= {form: form.upper() for form in _STILL.split()}
    return (
        table
        | _SHORT
        | {"яслях": "ясли", "клубе": "клуб", "мосту": "мост", "бору": "бор", "вокзале": "вокзал"}
    )


def _with_still(name: str) -> dict[str, int]:
    return phrase(name.split(), still=(1,))


@lru_cache(maxsize=1)
def _pair_starts() -> frozenset[str]:
    return frozenset(form.partition(" ")[0] for form in _forms() if " " in form)


@lru_cache(maxsize=1)
def _starts() -> frozenset[str]:
    return _pair_starts() | _forms().keys()


def is_object(word: str) -> bool:
    """Whether the folded word is a form of a noun that places are called by: «больница», «школе»."""
    return word in _forms()


def object_of(text: str, words: Words) -> tuple[str, int, int] | None:
    """The first object with a number or a name of its own, in the nominative, and where it stands."""
    table, pairs = _forms(), _pair_starts()
    for at in words.among(_starts()):
        word, noun, end = words.texts[at], None, words.end(at)
        if word in pairs and at + 1 < len(words):
            noun, end = table.get(f"{word} {words.texts[at + 1]}"), words.end(at + 1)
        if noun is None and word in table:
            noun, end = table[word], words.end(at)
        if noun is not None and (found := _called(text, end, noun)):
            return f"{noun} {found[0]}", words[at].start, found[1]
    return None


def _called(text: str, end: int, noun: str) -> tuple[str, int] | None:
    if match := _QUOTED.match(text, end):
        return f"«{match[1].strip()}»", match.end()
    match = (_NUMBER if noun in _NUMBERED else _SIGNED).match(text, end)
    if match and not counts_something(text, match.end()):
        return f"№ {int(match[1])}", match.end()
    if noun in _NAMED_BY_WORD and (match := _PROPER.match(text, end)) and fold(match[1]) not in KIND_OF:
        return match[1], match.end()
    return None
