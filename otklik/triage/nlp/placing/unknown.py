"""Names of streets that no gazetteer knows: how far they go and how they are written in the nominative."""

from functools import lru_cache

from otklik.triage.nlp.forms import analyzer
from otklik.triage.nlp.placing.forms import GENITIVE
from otklik.triage.nlp.placing.scene import Scene

_LONGEST, _LONGEST_WORD = 3, 40
# What the name of a street may end in when nothing but its kind speaks for it.
_ENDINGS = ("ая", "яя", "ой", "ую", "ей", "ого", "его", "ко", "ых", "их", "ов", "ев", "ский", "ный", "ый", "ий", "ом",
            "ия", "ы", "и", "а", "я")  # fmt: skip
_SURE = ("ая", "яя", "ова", "ева", "ина", "ского", "цкого", "ской", "цкой")
_ORDINALS = frozenset(["й", "я", "го", "му", "ая", "ый", "ой", "ья", "ий", "е", "ую"])
# (ending of an oblique form, ending of the nominative) by the gender of the kind.
_FEMININE = (("ской", "ская"), ("ую", "ая"), ("юю", "яя"), ("ой", "ая"), ("ней", "няя"), ("чей", "чая"), ("щей", "щая"),
             ("шей", "шая"))  # fmt: skip
_MASCULINE = (("ском", "ский"), ("ского", "ский"), ("скому", "ский"), ("ом", "ый"), ("ому", "ый"), ("ым", "ый"),
              ("ем", "ий"), ("ему", "ий"))  # fmt: skip
_NEUTER = (("ом", "ое"), ("ому", "ое"), ("ым", "ое"), ("ого", "ое"))
_OBLIQUE = ("ой", "ей", "ую", "юю", "ому", "ему", "ом", "ем", "ым", "им")
_GENDER = {
    "улица": _FEMININE, "площадь": _FEMININE, "набережная": _FEMININE, "аллея": _FEMININE, "шоссе": _NEUTER,
}  # fmt: skip


def unknown_name(scene: Scene, first: int, kind: str, *, short: bool) -> tuple[int, str]:
    """Where a name that begins at the word `first` ends, and the name; an empty one when there is none.

    `short`: «ул.» stands before it, after which a word with a small letter may be a name as well.
    """
    last = end_of_name(scene, first, short=short)
    return last, name_between(scene, first, last, kind) if last > first else ""


def end_of_name(scene: Scene, first: int, *, short: bool) -> int:
    """The word after the last one of the same name; `first` when there is no name."""
    words = scene.words
    word = words[first]
    if word.text.isdecimal():
        return _end_of_numbered(scene, first)
    # «ул. зелёной» and «на улице зелёной» name a street, «на улице темно» does not.
    endings = _ENDINGS if short else _SURE
    if not word.big and (len(word.text) < 4 or not word.text.endswith(endings)):
        return first
    last = first + 1
    while last < len(words) and last - first < _LONGEST and _goes_on(scene, last):
        last += 1
    # «ул. Сельских строителей»: the noun has a small letter.
    if (
        last - first == 1
        and word.text.endswith(("их", "ых"))
        and scene.noun_agrees(word.text, last, GENITIVE)
    ):
        last += 1
    return last


def name_between(scene: Scene, first: int, last: int, kind: str) -> str:
    """The name that the words `first` to `last` are; one word in the nominative."""
    written = scene.text[scene.words[first].start : scene.words.end(last - 1)]
    return nominative(written, kind) if last - first == 1 else written


def _goes_on(scene: Scene, at: int) -> bool:
    """«Юрия Гагарина», «Немировича-Данченко», «С. Лазо»: capitals that nothing parts."""
    word, before = scene.words[at], scene.words[at - 1]
    if word.gap == "-":
        return not word.text.isdecimal()
    parted = word.gap.strip(" \u00a0")
    initial = parted == "." and before.end - before.start == 1
    if not word.big or not before.big or (parted and not initial):
        return False
    hit = scene.hits.get(at)
    return hit is None or not (hit.means.places or hit.means.districts)


def _end_of_numbered(scene: Scene, first: int) -> int:
    """«40 лет Победы», «1-я Лесная», «9 Мая»: a number with what it counts."""
    words, last = scene.words, first + 1
    if (last < len(words) and words[last].gap == "-" and words[last].text in _ORDINALS) or (
        last < len(words) and words[last].text in {"лет", "летия", "года"}
    ):
        last += 1
    while last < len(words) and last - first < 4 and scene.plain(last) and words[last].big:
        last += 1
    return last if last - first > 1 and words[last - 1].big else first


@lru_cache(maxsize=10_000)
def _of_dictionary(name: str, kind: str) -> str | None:
    """An adjective that the language knows: «Морскому» is of «Морской», by its ending it might be «Морский»."""
    gender = {_FEMININE: "femn", _NEUTER: "neut"}.get(_GENDER.get(kind, _MASCULINE), "masc")
    if not name.endswith(_OBLIQUE) or not analyzer().word_is_known(name.lower()):
        return None
    for parse in analyzer().parse(name.lower()):
        found = parse.inflect({"nomn", "sing", gender}) if "ADJF" in parse.tag.grammemes else None
        if found is not None:
            word = str(found.word)
            return word.capitalize() if name[0].isupper() else word
    return None


def nominative(name: str, kind: str) -> str:
    """The name of a street by the gender of its kind: «Вишнёвой» улице → «Вишнёвая», «Морском» проспекте → «Морской».

    A name in the genitive stays: «Титова», «Толстого».
    """
    if len(name) <= _LONGEST_WORD and (said := _of_dictionary(name, kind)) is not None:
        return said
    for ending, nominative_ending in _GENDER.get(kind, _MASCULINE):
        if name.endswith(ending) and len(name) > len(ending) + 2:
            return name[: -len(ending)] + nominative_ending
    return name
