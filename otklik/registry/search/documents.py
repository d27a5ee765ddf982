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
    """The texts of one entry: its name, its other names and where it is, what is said of its type, and its region.

    The region is as good as said in a name: a query that leaves it out has named the whole.
    """

    name: str
    beside: Sequence[str] = ()
    of_type: str = ""
    region: str = ""


@dataclass(slots=True)
class Document:
    """The entry's keys: of its name in their order, of other names and places, the rest; `shown`: a form of each."""

    core: list[str] = field(default_factory=list)
    beside: set[str] = field(default_factory=set)
    # Related forms, and what is said of the type.
    far: set[str] = field(default_factory=set)
    shown: dict[str, str] = field(default_factory=dict)

    def vector(self) -> str:
        """As a tsvector: the name's keys with the label A, those of other names and places with B, the rest with D."""
        core, beside = set(self.core), self.beside
        parts = [f"'{key}':1A" for key in core]
        parts += [f"'{key}':1B" for key in beside - core]
        parts += [f"'{key}':1" for key in self.far - beside - core]
        return " ".join(parts)


def document(subject: Subject) -> Document:
    """The keys of an entry."""
    made = Document()
    name, region = _read(subject.name, made), _read(subject.region, made)
    own = [key for key in name.title if key not in FORMS]
    made.core = ([key for key in own if key not in region.title] or own)[:MOST_CORE]
    for found in (name, region, *(_read(text, made) for text in subject.beside)):
        made.beside |= found.said
        made.far |= found.related
    of_type = _read(subject.of_type, made)
    made.far |= of_type.said | of_type.related
    return made


@dataclass(frozen=True, slots=True)
class _Text:
    """A text's keys with its phrases resolved, in order; with those of each word; of related forms; a form of each."""

    title: tuple[str, ...]
    said: frozenset[str]
    related: frozenset[str]
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
    implied: set[str] = set()
    place = 0
    while place < len(spelled):
        phrase = phrase_at(spelled, place)
        title.append(phrase.meant if phrase else spelled[place][0])
        implied.update(phrase.implied if phrase else ())
        place += len(phrase.keys) if phrase else 1
    own = frozenset((*title, *implied, *(known[0] for known in spelled)))
    related = frozenset(shown.keys() - own)
    return _Text(tuple(dict.fromkeys(title)), own, related, {key: key for key in own} | shown)
