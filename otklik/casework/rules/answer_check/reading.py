"""An answer read once for all checks: its words, sentences and cues, with offsets into it."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache, cached_property
from importlib import resources
from typing import NamedTuple

from otklik.casework.rules.answer_check.grammar import grammar_of
from otklik.casework.rules.answer_check.words import small
from otklik.triage.nlp.lexicon import Lexicon, build_lexicon
from otklik.triage.nlp.masking import Personal, find_personal
from otklik.triage.nlp.words import Token, tokens_of

MAX_CHARS = 20_000
"""Characters of an answer that are read: no network takes a comment as long."""

_END = re.compile(r"[.!?…]{1,9}(?=[\s»”\")]|$)[»”\")]?|\n")
_SHORTENED = re.compile(
    r"(?:^|[^\w])(?:[а-яa-z]|ул|пр|пер|пл|ст|стр|тел|руб|коп|тыс|млн|млрд|им|обл|гор|пос|дер"
    r"|корп|каб|оф|кв|мин|сек|"
    r"см|др|рис|прим|врем|тов|гр|доп|моб|раб|вн|ред|ок|макс|адм|мкр|р-н|зам|нач|акад|проф"
    r"|т\. ?[дпек]|и ?т|н\. ?э)\.$"
)
_LOOK_BACK = 8


class Hit(NamedTuple):
    """A cue that was found: its weight and the indexes of the words that made it, in their order."""

    weight: float
    words: tuple[int, ...]


class Sentence(NamedTuple):
    """The words `first:last` and the characters `start:end`, the mark at its end included."""

    start: int
    end: int
    first: int
    last: int


class Answer:
    """The answer, read; `lower` is the text in small letters, ё as е, as long as the text."""

    def __init__(self, text: str) -> None:
        self.text = text[:MAX_CHARS]
        self.lower = small(self.text)
        self.tokens: Sequence[Token] = tokens_of(self.text)
        self.words = [token.text for token in self.tokens]
        self.forms = [grammar_of(word) for word in self.words]
        self.starts = [token.start for token in self.tokens]
        self.sentences = _sentences(self.text, self.lower, self.starts)
        self._within: dict[str, dict[int, list[Hit]]] = {}
        self.asked_of_sentences: dict[tuple[int, str], bool] = {}

    @cached_property
    def cues(self) -> Mapping[str, list[Hit]]:
        """The cues of `data/cues.tsv` by their signs."""
        found: dict[str, list[Hit]] = defaultdict(list)
        for hit in cue_lexicon().find(list(self.tokens)):
            found[hit.phrase.sign].append(Hit(hit.phrase.weight, tuple(sorted(hit.tokens))))
        return found

    @cached_property
    def personal(self) -> tuple[Personal, ...]:
        """Personal data as triage finds them."""
        return find_personal(self.text)

    @cached_property
    def sentence_of(self) -> list[int]:
        """The number of the sentence of each word."""
        numbers = [0] * len(self.tokens)
        for number, each in enumerate(self.sentences):
            numbers[each.first : each.last] = [number] * (each.last - each.first)
        return numbers

    def span(self, words: Sequence[int]) -> tuple[int, int]:
        """Where the words stand, from the first of them to the last."""
        return self.tokens[words[0]].start, self.tokens[words[-1]].end

    def within(self, sign: str) -> dict[int, list[Hit]]:
        """The hits of a sign that lie in one sentence, by its number."""
        if sign in self._within:
            return self._within[sign]
        found: dict[int, list[Hit]] = defaultdict(list)
        for hit in self.cues.get(sign, ()):
            number = self.sentence_of[hit.words[0]]
            if self.sentence_of[hit.words[-1]] == number:
                found[number].append(hit)
        self._within[sign] = dict(found)
        return self._within[sign]


def _sentences(text: str, lower: str, starts: Sequence[int]) -> list[Sentence]:
    """Sentences that have words; a dot after «ул.» or an initial ends none, a new line always does."""
    found: list[Sentence] = []
    begin = 0
    for mark in _END.finditer(text):
        if text[mark.start()] == "." and not _ends(text, lower, mark.start(), mark.end()):
            continue
        begin = _keep(found, begin, mark.end(), text, starts)
    _keep(found, begin, len(text), text, starts)
    return found


def _keep(found: list[Sentence], begin: int, end: int, text: str, starts: Sequence[int]) -> int:
    first, last = bisect_left(starts, begin), bisect_left(starts, end)
    if first < last:
        piece = text[begin:end]
        found.append(Sentence(begin + len(piece) - len(piece.lstrip()), end, first, last))
    return end


def _ends(text: str, lower: str, at: int, end: int) -> bool:
    following = text[end : end + 3].lstrip()
    if following and (following[0].islower() or following[0] in ",;:)"):
        return False
    return not _SHORTENED.search(lower[max(0, at - _LOOK_BACK) : at + 1])


@cache
def cue_lexicon() -> Lexicon:
    """The phrases of the check, in the form of the lexicon of triage: signs, weights, phrases in any form."""
    folder = resources.files("otklik.casework.rules.answer_check").joinpath("data")
    return build_lexicon(
        {name: folder.joinpath(f"{name}.tsv").read_text(encoding="utf-8") for name in ("words", "cues")}
    )
