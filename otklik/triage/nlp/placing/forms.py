"""Cases of place names by their endings: toponyms are regular, and most of them are in no dictionary.

Words are folded (lower case, е for ё). After А. А. Зализняк's classes, as far as names of places need them.
"""

from collections import defaultdict
from collections.abc import Iterable
from itertools import product

NOMINATIVE, GENITIVE, DATIVE, ACCUSATIVE, INSTRUMENTAL, LOCATIVE = 1, 2, 4, 8, 16, 32
EVERY = 63
_CASES = (NOMINATIVE, GENITIVE, DATIVE, ACCUSATIVE, INSTRUMENTAL, LOCATIVE)
_STAYS = NOMINATIVE | ACCUSATIVE

Paradigm = dict[str, int]
"""Each form of a word with the cases it may stand in, as a mask."""

_HISSING = frozenset("гкхжчшщ")
_CONSONANTS = frozenset("бвгджзклмнпрстфхцчшщ")
# Names that end like adjectives; each ending is cut off and these put on: (ending, [(form, cases)…]).
_HARD = [("ого", GENITIVE), ("ому", DATIVE), ("ом", LOCATIVE)]
_SOFT = [("его", GENITIVE), ("ему", DATIVE), ("им", INSTRUMENTAL), ("ем", LOCATIVE)]
_ADJECTIVES: tuple[tuple[str, list[tuple[str, int]]], ...] = (
    ("чий", [("чий", _STAYS), *(("ч" + end, case) for end, case in _SOFT)]),
    ("щий", [("щий", _STAYS), *(("щ" + end, case) for end, case in _SOFT)]),
    ("ний", [("ний", _STAYS), *(("н" + end, case) for end, case in _SOFT)]),
    ("ий", [("ий", _STAYS), *_HARD, ("им", INSTRUMENTAL)]),
    ("ый", [("ый", _STAYS), *_HARD, ("ым", INSTRUMENTAL)]),
    ("ой", [("ой", _STAYS), *_HARD, ("ым", INSTRUMENTAL), ("им", INSTRUMENTAL)]),
    ("ое", [("ое", _STAYS), *_HARD, ("ым", INSTRUMENTAL), ("им", INSTRUMENTAL)]),
    ("ее", [("ее", _STAYS), *_SOFT]),
    ("чая", [("чая", NOMINATIVE), ("чей", EVERY & ~_STAYS), ("чую", ACCUSATIVE)]),
    ("щая", [("щая", NOMINATIVE), ("щей", EVERY & ~_STAYS), ("щую", ACCUSATIVE)]),
    ("шая", [("шая", NOMINATIVE), ("шей", EVERY & ~_STAYS), ("шую", ACCUSATIVE)]),
    ("ая", [("ая", NOMINATIVE), ("ой", EVERY & ~_STAYS), ("ую", ACCUSATIVE), ("ою", INSTRUMENTAL)]),
    ("яя", [("яя", NOMINATIVE), ("ей", EVERY & ~_STAYS), ("юю", ACCUSATIVE)]),
    ("ые", [("ые", _STAYS), ("ых", GENITIVE | LOCATIVE), ("ым", DATIVE), ("ыми", INSTRUMENTAL)]),
    ("ие", [("ие", _STAYS), ("их", GENITIVE | LOCATIVE), ("им", DATIVE), ("ими", INSTRUMENTAL)]),
)
_LIKE_ADJECTIVES = tuple(ending for ending, _forms in _ADJECTIVES)
_NOUNS: tuple[tuple[str, list[tuple[str, int]]], ...] = (
    ("ия", [("ия", 1), ("ии", GENITIVE | DATIVE | LOCATIVE), ("ию", ACCUSATIVE), ("ией", INSTRUMENTAL)]),
    ("я", [("я", 1), ("и", GENITIVE), ("е", DATIVE | LOCATIVE), ("ю", ACCUSATIVE), ("ей", INSTRUMENTAL)]),
    ("ье", [("ье", _STAYS), ("ья", GENITIVE), ("ью", DATIVE), ("ьем", INSTRUMENTAL), ("ье", LOCATIVE)]),
    ("ь", [("ь", _STAYS), ("и", GENITIVE | DATIVE | LOCATIVE), ("ью", INSTRUMENTAL)]),
    ("й", [("й", _STAYS), ("я", GENITIVE), ("ю", DATIVE), ("ем", INSTRUMENTAL), ("е", LOCATIVE)]),
    ("ок", [("ок", _STAYS), ("ка", GENITIVE), ("ку", DATIVE), ("ком", INSTRUMENTAL), ("ке", LOCATIVE)]),
    ("ец", [("ец", _STAYS), ("ца", GENITIVE), ("цу", DATIVE), ("цом", INSTRUMENTAL), ("це", LOCATIVE)]),
)
_PLURALS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("чки", ("чек",)), ("шки", ("шек",)), ("ньки", ("нек",)), ("жки", ("жек",)), ("йки", ("ек",)),
    ("ки", ("ков", "ок")), ("цы", ("цов", "цев", "ц")), ("ы", ("ов", "")), ("чи", ("чей",)), ("жи", ("жей",)),
    ("ши", ("шей", "ш")), ("щи", ("щей",)), ("ги", ("гов", "г")), ("хи", ("хов", "х")), ("и", ("ей", "ев", "ь")),
)  # fmt: skip
_NEUTER = ("ово", "ево", "ино", "ыно")


def is_adjective(word: str) -> bool:
    """Whether the name is built like an adjective: «Горный», «Северное», «Посевная», «Толстого»."""
    return len(word) > 4 and word.endswith(_LIKE_ADJECTIVES)


def paradigm(word: str) -> Paradigm:
    """The forms of one word of a name, itself among them."""
    found: defaultdict[str, int] = defaultdict(int)
    for form, cases in _declined(word):
        found[form] |= cases
    return dict(found)


def _declined(word: str) -> Iterable[tuple[str, int]]:
    if is_adjective(word):
        return _swap(word, _ADJECTIVES)
    return _noun(word) if len(word) > 2 else [(word, EVERY)]


def _noun(word: str) -> Iterable[tuple[str, int]]:
    if word.endswith(_NEUTER):
        return _neuter(word)
    last, stem = word[-1], word[:-1]
    if last == "а":
        genitive = stem + ("и" if stem[-1] in _HISSING else "ы")
        instrumental = stem + ("ей" if stem[-1] in "жчшщц" else "ой")
        cases = [(genitive, GENITIVE), (stem + "е", DATIVE | LOCATIVE), (stem + "у", ACCUSATIVE)]
        return [(word, NOMINATIVE), *cases, (instrumental, INSTRUMENTAL)]
    if last in "ыи":
        return _plural(word)
    if any(word.endswith(ending) for ending, _forms in _NOUNS):
        return _swap(word, _NOUNS)
    if last in _CONSONANTS:
        tail = "ем" if last in "жчшщц" else "ом"
        cases = [(word + "а", GENITIVE), (word + "у", DATIVE), (word + tail, INSTRUMENTAL)]
        return [(word, _STAYS), *cases, (word + "е", LOCATIVE)]
    return [(word, EVERY)]


def _swap(word: str, table: tuple[tuple[str, list[tuple[str, int]]], ...]) -> list[tuple[str, int]]:
    ending, forms = next(row for row in table if word.endswith(row[0]))
    stem = word[: len(word) - len(ending)]
    return [(stem + form, cases) for form, cases in forms]


def _neuter(word: str) -> list[tuple[str, int]]:
    """«Линёво» stands still or is declined: «в Линёво», «в Линёве»."""
    stem = word[:-1]
    cases = [
        (stem + "а", GENITIVE),
        (stem + "у", DATIVE),
        (stem + "ом", INSTRUMENTAL),
        (stem + "ым", INSTRUMENTAL),
    ]
    return [(word, EVERY), *cases, (stem + "е", LOCATIVE)]


def _plural(word: str) -> list[tuple[str, int]]:
    stem, soft = word[:-1], word[-1] == "и" and word[-2] not in _HISSING
    vowel = "я" if soft else "а"
    ending, genitives = next(row for row in _PLURALS if word.endswith(row[0]))
    head = word[: len(word) - len(ending)]
    forms = [(word, _STAYS), *((head + end, GENITIVE) for end in genitives)]
    return [
        *forms,
        (f"{stem}{vowel}м", DATIVE),
        (f"{stem}{vowel}ми", INSTRUMENTAL),
        (f"{stem}{vowel}х", LOCATIVE),
    ]


def phrase(words: Iterable[str], *, still: Iterable[int] = ()) -> Paradigm:
    """The forms of a name of several words that agree in case; words at the places `still` keep their form."""
    unmoved = set(still)
    tables = [{word: EVERY} if at in unmoved else paradigm(word) for at, word in enumerate(words)]
    found: defaultdict[str, int] = defaultdict(int)
    for case in _CASES:
        for chosen in product(*([form for form, cases in table.items() if cases & case] for table in tables)):
            found[" ".join(chosen)] |= case
    return dict(found)
