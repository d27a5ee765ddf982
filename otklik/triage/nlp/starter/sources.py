"""What the starter is made of: examples by topic, shares of groups, and the mark of both with the lexicon."""

import hashlib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import NamedTuple

from otklik.triage.nlp.topics import load_topics

# Raised when the way of building changes and the sources do not.
_RECIPE = "1"
_NOT_ABOUT_TOPICS = "cues.tsv"


class BrokenExample(ValueError):
    """A line of the examples or shares cannot be read; the message names the file and the line."""


class Example(NamedTuple):
    """A message written for a topic."""

    topic: str
    text: str


def load_examples() -> tuple[Example, ...]:
    """All examples, in the order of files by name and lines; raises BrokenExample."""
    return tuple(each for name, text in _texts("data/examples") for each in _examples(name, text))


def _examples(name: str, text: str) -> Iterator[Example]:
    for number, line in enumerate(text.splitlines()[1:], 2):
        code, tab, said = line.partition("\t")
        topic = f"{name[:-4]}.{code}"
        if not tab or not said.strip() or topic not in load_topics():
            raise BrokenExample(f"{name}, line {number}: expected a code of the group, a tab and a text")
        yield Example(topic, said)


@cache
def load_shares() -> Mapping[str, float]:
    """How messages divide among groups where nothing is known of a region: shares that sum to one."""
    rows = [line.split("\t") for line in _read("data/priors.tsv").splitlines()[1:]]
    groups = {topic.group for topic in load_topics().values()}
    if {row[0] for row in rows} != groups:
        raise BrokenExample("priors.tsv: every group of the list has one line, and no other")
    total = sum(float(row[1]) for row in rows)
    return {row[0]: float(row[1]) / total for row in rows}


def mark_of_sources() -> str:
    """The hash of everything the shipped model was built from: another mark means that it has to be built anew."""
    parts = [_RECIPE, *load_topics(), _read("data/priors.tsv")]
    for folder in ("data/examples", "data/lexicon"):
        parts += [f"{name}\0{text}" for name, text in _texts(folder) if name != _NOT_ABOUT_TOPICS]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _texts(folder: str) -> list[tuple[str, str]]:
    files = [each for each in _package().joinpath(folder).iterdir() if each.name.endswith(".tsv")]
    return [
        (each.name, each.read_text(encoding="utf-8")) for each in sorted(files, key=lambda file: file.name)
    ]


def _read(path: str) -> str:
    return _package().joinpath(path).read_text(encoding="utf-8")


def _package() -> Traversable:
    return resources.files("otklik.triage")
