"""The lexicon: phrases with weights that a region's specialist can read and edit, made fast to search.

One file a group in `data/lexicon/`: a topic (or `*` for the whole group), a weight, phrases separated
by `;`. The words of a phrase may stand in any order close to each other and in any form. `а|б` is either
word, `снег*` any word that begins so, `@снег` a set of words.tsv, `не_гореть` the word after «не». A weight
below zero tells what a topic must not be taken for. `=default` names the topic of a group when only the
group is clear, `=yields` its topics that give way to any clear subject: a resident who complains that nobody
answers about the road writes about the road.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import resources

from otklik.triage.nlp.phrases import DENIED, Hit, Lexicon, Phrase
from otklik.triage.nlp.topics import OTHER, load_topics
from otklik.triage.nlp.words import lemma_of_entry

__all__ = ["BrokenLexicon", "Hit", "Lexicon", "Phrase", "build_lexicon", "load_lexicon"]


class BrokenLexicon(ValueError):
    """A line of the lexicon cannot be read; the message names the file and the line."""


class _Builder:
    def __init__(self, sets: Mapping[str, tuple[str, ...]]) -> None:
        self.sets = sets
        self.ids: dict[frozenset[str], int] = {}
        self.phrases: list[Phrase] = []

    def add(self, target: str, weight: float, written: str) -> None:
        slots = tuple(self._slot(word) for word in written.split())
        self.phrases.append(Phrase(target, weight, slots))

    def _slot(self, word: str) -> int:
        entries = frozenset(self._entries(word))
        return self.ids.setdefault(entries, len(self.ids))

    def _entries(self, word: str) -> Iterator[str]:
        for part in word.split("|"):
            if part.startswith("@"):
                for entry in self.sets[part[1:]]:
                    yield " ".join(_entry(each) for each in entry.split())
            else:
                yield _entry(part)

    def build(self, version: str, defaults: Mapping[str, str], yielding: frozenset[str]) -> Lexicon:
        lexicon = Lexicon(version=version, defaults=defaults, yielding=yielding)
        for entries, slot in self.ids.items():
            for entry in entries:
                lexicon.keep_entry(entry, slot)
        used: dict[int, int] = defaultdict(int)
        for phrase in self.phrases:
            for slot in phrase.slots:
                used[slot] += 1
        for phrase in self.phrases:
            # The rarest word leads: most phrases are then never looked at.
            slots = tuple(sorted(phrase.slots, key=lambda slot: used[slot]))
            lexicon.keep(Phrase(phrase.target, phrase.weight, slots))
        return lexicon


def _entry(word: str) -> str:
    if word.endswith("*"):
        return word.lower().replace("ё", "е")
    if word.startswith(DENIED):
        return DENIED + lemma_of_entry(word.removeprefix(DENIED))
    return lemma_of_entry(word)


def build_lexicon(files: Mapping[str, str]) -> Lexicon:
    """A lexicon from the texts of its files by name: `words`, `cues` and one a group.

    Raises BrokenLexicon with the file and the line when a topic, a set or a weight is unknown.
    """
    sets = {name: tuple(_split(rest)) for name, rest in _rows("words", files["words"], 2)}
    builder, defaults = _Builder(sets), {}
    yielding: set[str] = set()
    for name, text in files.items():
        if name == "words":
            continue
        group = name.upper()
        for row in _rows(name, text, 3):
            if row[0] == "=default":
                defaults[group] = _known_topic(name, f"{group}.{row[1]}")
                continue
            if row[0] == "=yields":
                yielding.update(_known_topic(name, f"{group}.{code}") for code in _split(row[1]))
                continue
            target = f"!{row[0]}" if name == "cues" else _known_topic(name, f"{group}.{row[0]}")
            try:
                for written in _split(row[2]):
                    builder.add(target, float(row[1]), written)
            except (KeyError, ValueError) as error:
                raise BrokenLexicon(f"{name}.tsv: {row[0]}: {error}") from error
    version = hashlib.sha256("\0".join(f"{n}\0{files[n]}" for n in sorted(files)).encode()).hexdigest()
    return builder.build(f"lexicon-{version[:12]}", defaults, frozenset(yielding))


@cache
def load_lexicon() -> Lexicon:
    """The lexicon that ships with the product, read once."""
    folder = resources.files("otklik.triage").joinpath("data/lexicon")
    names = sorted(item.name for item in folder.iterdir() if item.name.endswith(".tsv"))
    return build_lexicon({name[:-4]: folder.joinpath(name).read_text(encoding="utf-8") for name in names})


def _known_topic(name: str, key: str) -> str:
    if key.endswith(".*") or key in load_topics():
        return key
    raise BrokenLexicon(f"{name}.tsv: there is no topic {key}, {OTHER} takes the rest")


def _split(phrases: str) -> Iterable[str]:
    return (phrase.strip() for phrase in phrases.split(";") if phrase.strip())


def _rows(name: str, text: str, columns: int) -> Iterator[list[str]]:
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        row = line.split("\t")
        if len(row) != (2 if row[0].startswith("=") else columns):
            raise BrokenLexicon(f"{name}.tsv, line {number}: expected {columns} columns divided by tabs")
        yield row
