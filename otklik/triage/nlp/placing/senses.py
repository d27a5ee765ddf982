"""Every form of every name with what it may mean: the index that the finder looks words up in."""

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from otklik.common.text import fold
from otklik.triage.nlp.forms import analyzer
from otklik.triage.nlp.placing.forms import (
    EVERY,
    GENITIVE,
    NOMINATIVE,
    Paradigm,
    is_adjective,
    paradigm,
    phrase,
)
from otklik.triage.nlp.placing.reading import kind_class, parts_of, words_set

SETTLEMENT, DISTRICT, STREET = 0, 1, 2

# «район» with its short forms; a hyphen parts words, so «р-на» is two.
_DISTRICT_WORDS: Paradigm = {
    "район": 9, "района": 2, "району": 4, "районом": 16, "районе": 32, "р н": EVERY, "р на": 2, "р не": 32, "р ну": 4,
    "рн": EVERY, "рна": 2, "рне": 32, "р он": EVERY, "р оне": 32, "р она": 2,
}  # fmt: skip
_OKRUG_WORDS: Paradigm = {"округ": 9, "округа": 2, "округу": 4, "округом": 16, "округе": 32, "м о": EVERY}
_OWN_WORD = re.compile(r"\b(район|округ)\b")
_NO_NAME = words_set(
    "муниципальный городской район округ город рабочий поселок пгт рп г гп село образование сельский"
)
_NAME_TAGS = frozenset({"Geox", "Surn", "Name", "Patr", "Orgn"})
# Oblique forms of «Черепаново» are a family name too: «у Черепанова», «к Черепанову».
_LIKE_SURNAMES = ("ово", "ево", "ино", "ыно")


class Sense(NamedTuple):
    """What a form may mean.

    `ordinary`: the form is a word of the language too («довольное», «родники»), so it needs evidence;
    `adjective`: a noun may follow that it belongs to; `surname`: somebody may be called so.
    """

    role: int
    name: str
    ids: tuple[int, ...]
    cases: int
    ordinary: bool
    adjective: bool
    surname: bool


class Meanings(NamedTuple):
    """All that a form may mean, by what it is."""

    places: tuple[Sense, ...] = ()
    districts: tuple[Sense, ...] = ()
    streets: tuple[Sense, ...] = ()


def index(
    *,
    municipalities: Iterable[tuple[int, str]],
    settlements: Iterable[tuple[int, str, str]],
    streets: Iterable[str],
) -> dict[str, Meanings]:
    """All forms: of municipalities (id, name), settlements (id, name, kind) and names of streets."""
    found: defaultdict[str, list[Sense]] = defaultdict(list)
    for id_, name in municipalities:
        for form, cases in _district(name).items():
            found[form].append(Sense(DISTRICT, name, (id_,), cases, False, False, False))
    for name, ids in _together(settlements).items():
        _add_settlement(found, name, tuple(ids))
    for name in streets:
        parts = parts_of(name)
        for form, cases in _street(parts).items():
            ordinary = " " not in form and is_ordinary(form)
            adjective = len(parts) == 1 and is_adjective(parts[0])
            found[form].append(Sense(STREET, name, (), cases, ordinary, adjective, False))
    return {
        form: Meanings(*(tuple(each for each in senses if each.role == role) for role in range(3)))
        for form, senses in found.items()
    }


def _together(settlements: Iterable[tuple[int, str, str]]) -> dict[str, list[int]]:
    """Settlements of one name together; a district of a city keeps the word «район» in its name."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    spelling: dict[str, str] = {}
    for id_, name, kind in settlements:
        whole = name if kind_class(kind) != "district" or _OWN_WORD.search(name.lower()) else f"{name} район"
        found[spelling.setdefault(fold(whole), whole)].append(id_)
    return found


def _add_settlement(found: defaultdict[str, list[Sense]], name: str, ids: tuple[int, ...]) -> None:
    parts = parts_of(name)
    if not parts:
        return
    if parts[-1] in {"район", "округ"} and len(parts) > 1:
        for form, cases in _district(name).items():
            found[form].append(Sense(SETTLEMENT, name, ids, cases, False, False, False))
        return
    adjective = is_adjective(parts[-1])
    surname = len(parts) == 1 and parts[0].endswith(_LIKE_SURNAMES)
    for form, cases in _settlement(name, parts).items():
        ordinary = " " not in form and is_ordinary(form)
        doubtful = surname and not cases & NOMINATIVE
        found[form].append(Sense(SETTLEMENT, name, ids, cases, ordinary, adjective, doubtful))


def _settlement(name: str, parts: list[str]) -> Paradigm:
    # «Верх-Тула», «Усть-Тарка»: only the last part is declined.
    hyphens = range(len(parts) - 1) if "-" in name else ()
    forms = phrase(parts, still=hyphens)
    if len(parts) == 1 and parts[0][-1] in "иы" and not is_adjective(parts[0]):
        for form in _genitives(parts[0]):
            forms[form] = forms.get(form, 0) | GENITIVE
    if len(parts) > 1:
        forms.setdefault("".join(parts), NOMINATIVE)
    return forms


def _district(name: str) -> Paradigm:
    """«Баганский муниципальный район» → «баганского района», «баганский р н»…; a town is known as a settlement."""
    parts = [part for part in parts_of(name) if part not in _NO_NAME]
    if not parts or not is_adjective(parts[-1]):
        return {}
    own = phrase(parts, still=range(len(parts) - 1) if "-" in name else ())
    heads: tuple[Paradigm, ...] = (
        (_DISTRICT_WORDS, _OKRUG_WORDS) if "округ" in name.lower() else (_DISTRICT_WORDS,)
    )
    found: defaultdict[str, int] = defaultdict(int)
    for table in heads:
        for form, cases in own.items():
            for word, among in table.items():
                if both := cases & among:
                    found[f"{form} {word}"] |= both
                    found[f"{form} муниципального {word}"] |= both & GENITIVE
                    found[f"{form} муниципальный {word}"] |= both & NOMINATIVE
                    found[f"{form} муниципальном {word}"] |= both & 32
    return {form: cases for form, cases in found.items() if cases}


def _street(parts: list[str]) -> Paradigm:
    """Adjectives are declined («на Лунной», «на Красной Сибири»), names in the genitive stand still («на Титова»)."""
    if not parts:
        return {}
    if is_adjective(parts[0]) and not parts[0].endswith(("ого", "его")):
        return phrase(parts) if len(parts) < 3 else phrase(parts, still=range(1, len(parts)))
    if len(parts) == 1 and not parts[0].endswith(
        ("ов", "ев", "ин", "их", "ых", "а", "я", "и", "ы", "го", "ей")
    ):
        return {
            form: cases | (EVERY if form == parts[0] else 0) for form, cases in paradigm(parts[0]).items()
        }
    if is_adjective(parts[-1]) and parts[0].isdecimal():
        return phrase(parts, still=range(len(parts) - 1))
    return {" ".join(parts): EVERY}


@lru_cache(maxsize=50_000)
def is_ordinary(word: str) -> bool:
    """Whether the folded word also means something other than a name: «родники», «мира», «новая»."""
    if not analyzer().word_is_known(word):
        return False
    return any(_NAME_TAGS.isdisjoint(parse.tag.grammemes) for parse in analyzer().parse(word))


def _genitives(word: str) -> list[str]:
    """Plural names lose or gain vowels as the dictionary knows: «Кочки» → «Кочек»."""
    if not analyzer().word_is_known(word):
        return []
    lexemes = (parse.inflect({"plur", "gent"}) for parse in analyzer().parse(word) if "plur" in parse.tag)
    return sorted({fold(found.word) for found in lexemes if found})
