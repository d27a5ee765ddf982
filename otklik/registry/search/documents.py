"""What an organisation or a personal page is found by. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from otklik.registry.search.phrases import phrase_at
from otklik.registry.search.stems import keys
from otklik.registry.search.words import FORMS, STOP, fold, words

LONGEST_KEY = 40
MOST_CORE = 40


@dataclass(frozen=True, slots=True)
class Subject:
    """The texts of one entry: its name, its other names, where it is, and what is said of its type."""

    name: str
    beside: Sequence[str] = ()
    of_type: Sequence[str] = ()


@dataclass(slots=True)
class Document:
    """The entry's keys: of its name in their order, of other names and places, of its type; `shown`: a form of each."""

    core: list[str] = field(default_factory=list)
    beside: set[str] = field(default_factory=set)
    of_type: set[str] = field(default_factory=set)
    shown: dict[str, str] = field(default_factory=dict)

    def vector(self) -> str:
        """As a tsvector: the name's keys with the label A, other names' and places' with B, the type's with D."""
        core, beside = set(self.core), self.beside
        parts = [f"'{key}':1A" for key in core]
        parts += [f"'{key}':1B" for key in beside - core]
        parts += [f"'{key}':1" for key in self.of_type - beside - core]
        return " ".join(parts)


def document(subject: Subject) -> Document:
    """The keys of an entry."""
    made = Document()
    name = _read(subject.name, made)
    made.core = [key for key in name.title if key not in FORMS][:MOST_CORE]
    made.beside.update(name.every)
    for text in subject.beside:
        made.beside.update(_read(text, made).every)
    for text in subject.of_type:
        made.of_type.update(_read(text, made).every)
    return made


@dataclass(frozen=True, slots=True)
class _Text:
    """A text's keys with its phrases resolved, in order; all its keys; the shortest form of each."""

    title: tuple[str, ...]
    every: frozenset[str]
    shown: Mapping[str, str]


def _read(text: str, into: Document) -> _Text:
    found = analysed(text)
    for key, form in found.shown.items():
        if key not in into.shown or len(form) < len(into.shown[key]):
            into.shown[key] = form
    return found


@lru_cache(maxsize=2000)
def analysed(text: str) -> _Text:
    """What a text comes to. Names of places and types come again and again."""
    said = [word[:LONGEST_KEY] for word in words(fold(text)) if word not in STOP]
    spelled = [keys(word) for word in said]
    shown: dict[str, str] = {}
    for word, known in zip(said, spelled, strict=True):
        for key in known:
            if key not in shown or len(word) < len(shown[key]):
                shown[key] = word
    title: list[str] = []
    place = 0
    while place < len(spelled):
        phrase = phrase_at(spelled, place)
        title.append(phrase.meant if phrase else spelled[place][0])
        for key in (phrase.meant, *phrase.implied) if phrase else ():
            shown.setdefault(key, key)
        place += len(phrase.keys) if phrase else 1
    return _Text(tuple(dict.fromkeys(title)), frozenset(shown), shown)
