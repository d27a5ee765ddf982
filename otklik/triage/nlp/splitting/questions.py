"""The questions of a message, as pieces of its text."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from otklik.triage.nlp.lexicon import Hit, load_lexicon
from otklik.triage.nlp.splitting.grouping import matters_of
from otklik.triage.nlp.splitting.joining import Weights, load_weights
from otklik.triage.nlp.splitting.pieces import pieces_of
from otklik.triage.nlp.splitting.units import Layout, lay_out, units_of
from otklik.triage.nlp.words import Token, tokens_of

_TOPICAL = 3.0
_ENDS = frozenset('.!?…»")”)')


@dataclass(frozen=True, slots=True)
class Question:
    """One matter of a message; `spans` are (start, end) offsets of its pieces in the text, in order."""

    spans: tuple[tuple[int, int], ...]

    def text(self, message: str) -> str:
        """The pieces of the question in the words of the message."""
        return " ".join(message[start:end] for start, end in self.spans)

    def alone(self, message: str) -> str:
        """The message with everything else blanked out: offsets stay true; the whole of it without spans."""
        if not self.spans:
            return message
        alone, at = [], 0
        for start, end in self.spans:
            alone += [_blank(message[at:start]), message[start:end]]
            at = end
        return "".join(alone).rstrip()


def _blank(text: str) -> str:
    return "\n".join(" " * len(line) for line in text.split("\n"))


def split(
    text: str,
    *,
    tokens: Sequence[Token] | None = None,
    hits: Iterable[Hit] | None = None,
    weights: Weights | None = None,
) -> tuple[Question, ...]:
    """The questions of a message, at most MAX_QUESTIONS; none when it only greets or thanks.

    `tokens` and `hits` are those of the text if a caller has them already (`words.tokens_of`,
    `Lexicon.find`), `weights` others than those that ship. Only the words that `tokens_of` reads are looked at,
    and only MAX_UNITS pieces are cut: the rest goes on with the last.
    """
    tokens = tokens_of(text) if tokens is None else tokens
    if not tokens:
        return ()
    hits = list(load_lexicon().find(list(tokens)) if hits is None else hits)
    layout = lay_out(text, tokens, topical_words(hits))
    pieces = pieces_of(layout, units_of(layout), hits)
    matters = matters_of(pieces, weights or load_weights())
    owners = {piece.unit.first: number for number, each in enumerate(matters) for piece in each.pieces}
    return _questions(
        layout, [(p.unit.first, p.unit.last, owners.get(p.unit.first, -1)) for p in pieces], len(matters)
    )


def topical_words(hits: Iterable[Hit]) -> set[int]:
    """Indexes of the words that clearly speak for a topic."""
    found: set[int] = set()
    for hit in hits:
        if hit.phrase.weight >= _TOPICAL and hit.phrase.target[0] != "!":
            found.update(hit.tokens)
    return found


def _questions(layout: Layout, owned: Sequence[tuple[int, int, int]], count: int) -> tuple[Question, ...]:
    spans: list[list[tuple[int, int]]] = [[] for _ in range(count)]
    before = -1
    for first, last, owner in owned:
        if owner >= 0:
            start, end = layout.tokens[first].start, _end(layout.text, layout.tokens[last - 1].end)
            if owner == before:
                start = spans[owner].pop()[0]
            spans[owner].append((start, end))
        before = owner
    return tuple(Question(tuple(each)) for each in spans if each)


def _end(text: str, end: int) -> int:
    """With the signs that close the sentence, and with the accents of the last letter."""
    while end < len(text) and (text[end] in _ENDS or unicodedata.combining(text[end])):
        end += 1
    return end
