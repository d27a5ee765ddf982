"""Cutting a message into the smallest pieces that may ask for something of their own."""

from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from otklik.triage.nlp.splitting.gaps import COLON, COMMA, DASH, LINE, gaps_of, sentence_starts
from otklik.triage.nlp.splitting.lists import hello_ends, items_of, name_ends
from otklik.triage.nlp.splitting.markers import link_at
from otklik.triage.nlp.splitting.shapes import (
    IS_ADJECTIVE,
    IS_ASKING,
    IS_FINITE,
    IS_LINKING,
    IS_NOUN,
    IS_PAST,
    IS_PLACE,
    IS_SUBJECT,
    PREDICATE,
    Known,
    known_of,
)
from otklik.triage.nlp.words import Token

MAX_UNITS = 60
"""Pieces looked at in one message: what stands after them goes on with the last."""

_WIDEST = 2
_PAUSES = COMMA | DASH
_WEAK_QUESTIONS = frozenset({"что", "ли", "как", "чем"})
_TELLS = IS_FINITE | IS_PAST
_TURNS = IS_LINKING | IS_ASKING

# After a comma these begin a part of the same thought.
_DEPENDENT = frozenset(
    {"что", "чтобы", "чтоб", "который", "которая", "которое", "которые", "которой", "которого", "которых"}
    | {"которую", "котором", "которому", "если", "потому", "поэтому", "так", "хотя", "пока", "раз", "ведь"}
    | {"словно", "будто", "то", "тем", "чем", "ни", "или", "либо", "как", "где", "куда", "когда", "пусть"}
)


class Unit(NamedTuple):
    """The words `first` to `last` (not included) and how they are tied to what stands before.

    `link` is more, and, a, but or empty; `loose` says how the cut before it looks: 0 a sentence, 1 a comma,
    2 only a word that links, 3 nothing at all. `heads` is said of the words before the first item of
    a list, `lined` of what begins a line.
    """

    first: int
    last: int
    link: str
    loose: int
    sentence: int
    heads: bool
    lined: bool


class Layout(NamedTuple):
    """A message made ready: its words, the signs between them, their shapes, the words of some topic.

    `cores`, `said` and `nouns` count, up to each word, those that are done or felt, those or words of a topic, and
    nouns: whether there is one among some words is then one subtraction. `pauses` are the words after a comma,
    a dash or a colon.
    """

    text: str
    tokens: Sequence[Token]
    gaps: Sequence[int]
    known: Sequence[Known]
    shapes: Sequence[int]
    topical: Collection[int]
    cores: Sequence[int]
    said: Sequence[int]
    nouns: Sequence[int]
    pauses: Sequence[int]

    def acts(self, start: int, end: int) -> bool:
        """Whether something is done or felt in the words, which are more than one."""
        return end - start > 1 and self.cores[end] > self.cores[start]

    def says(self, start: int, end: int, least: int) -> bool:
        """Whether the words, `least` or more, do something or speak of a topic."""
        return end - start >= least and self.said[end] > self.said[start]

    def names(self, start: int, end: int) -> bool:
        """Whether there is a noun."""
        return self.nouns[end] > self.nouns[start]

    def pause_after(self, at: int, last: int) -> int:
        """The first pause from `at` on, `last` when there is none before it."""
        number = bisect_left(self.pauses, at)
        return min(self.pauses[number], last) if number < len(self.pauses) else last


def lay_out(text: str, tokens: Sequence[Token], topical: Collection[int]) -> Layout:
    """The message made ready for cutting; it has at least one word."""
    known, gaps = [known_of(token.text) for token in tokens], gaps_of(text, tokens)
    shapes = [each.shape for each in known]
    acts = [shape & PREDICATE > 0 for shape in shapes]
    says = acts.copy()
    for at in topical:
        says[at] = True
    return Layout(
        text,
        tokens,
        gaps,
        known,
        shapes,
        topical,
        list(accumulate(acts, initial=0)),
        list(accumulate(says, initial=0)),
        list(accumulate([shape & IS_NOUN > 0 for shape in shapes], initial=0)),
        [at for at, gap in enumerate(gaps) if gap & (_PAUSES | COLON)],
    )


def units_of(layout: Layout) -> list[Unit]:
    """Sentences of the message, cut into clauses where both sides say something."""
    found: list[Unit] = []
    tokens, items = layout.tokens, items_of(layout.tokens, layout.gaps, layout.shapes)
    marked = {at + n + 1 for at, width in items.items() for n in range(width)}
    starts = sorted({*sentence_starts(layout.text, tokens, layout.gaps), *items} - marked)
    for number, (begin, last) in enumerate(pairwise([*starts, len(tokens)])):
        after = begin if begin in items else _greeting_ends(layout, begin, last)
        if after > begin:
            found.append(Unit(begin, after, "hello", 0, number, False, False))
        first = after + items.get(begin, 0)
        if first < last:
            found.extend(_clauses(layout, first, last, number, items))
        if len(found) >= MAX_UNITS:
            break
    found = found[:MAX_UNITS]
    # What nobody cuts any more goes on with the last piece.
    return [*found[:-1], found[-1]._replace(last=len(tokens))]


def _clauses(layout: Layout, first: int, last: int, number: int, items: Mapping[int, int]) -> Iterator[Unit]:
    cuts = _Sentence(layout, first, last).cuts()
    is_item = first in items or items.get(first - 1) == 1 or items.get(first - 2) == _WIDEST
    for (start, loose), end in zip(cuts, [*(at for at, _ in cuts[1:]), last], strict=True):
        link = "item" if is_item and start == first else link_at(layout.tokens, start)
        yield Unit(start, end, link, loose, number, end in items, _begins_line(layout, start))


def _begins_line(layout: Layout, at: int) -> bool:
    return at > 0 and bool(layout.gaps[at] & LINE)


def _greeting_ends(layout: Layout, first: int, last: int) -> int:
    end = hello_ends(layout.tokens, layout.gaps, first, last)
    if end == first:
        return first
    named = name_ends(layout.gaps, end, last)
    said = range(end, named)
    return (
        end
        if any(layout.shapes[at] & (PREDICATE | IS_ASKING) or at in layout.topical for at in said)
        else named
    )


class _Sentence:
    """A sentence, and the words before which a new clause with its own news begins."""

    def __init__(self, layout: Layout, first: int, last: int) -> None:
        self.layout, self.first, self.last = layout, first, last
        self.bare = not any(gap & _PAUSES for gap in layout.gaps[first + 1 : last])

    def cuts(self) -> list[tuple[int, int]]:
        """Where clauses begin, and how loose each cut is."""
        gaps, shapes, bare = self.layout.gaps, self.layout.shapes, self.bare
        start, found = self.first, [(self.first, 0)]
        for at in range(self.first + 2, self.last - 1):
            if gaps[at] & (_PAUSES | COLON) or shapes[at] & _TURNS:
                is_cut = not gaps[at] & COLON and self._is_clause(start, at)
                loose = 1 if gaps[at] & _PAUSES else 2
            else:
                is_cut, loose = bare and self._begins_unmarked(start, at), 3
            if is_cut:
                start = at
                found.append((at, loose))
        return found

    def _is_clause(self, start: int, at: int) -> bool:
        layout, shape = self.layout, self.layout.shapes[at]
        if not layout.says(start, at, 2) or not layout.names(start, at):
            return False
        link = link_at(layout.tokens, at)
        if link == "more":
            return layout.says(at, self.last, 1)
        if link:
            # «Скрипят и шатаются»: a verb alone goes on about the same.
            following = layout.shapes[at + 1]
            same_doer = following & _TELLS and not following & IS_NOUN
            return not same_doer and layout.acts(at, layout.pause_after(at + 1, self.last))
        if shape & IS_ASKING:
            return self._asks_anew(start, at)
        dependent = layout.tokens[at].text in _DEPENDENT
        return not dependent and layout.acts(at, layout.pause_after(at + 1, self.last))

    def _asks_anew(self, start: int, at: int) -> bool:
        """«Когда …, почему …»: a second question word after a whole question."""
        layout = self.layout
        if layout.tokens[at].text in _WEAK_QUESTIONS or not layout.acts(at, self.last):
            return False
        return layout.names(start, at) and layout.acts(start, at)

    def _begins_unmarked(self, start: int, at: int) -> bool:
        """«… не чистят светофор мигает»: a thing and what it does, after a whole clause, with no sign between."""
        shapes = self.layout.shapes
        tied = IS_PLACE if shapes[at] & IS_PLACE else IS_ADJECTIVE | IS_PLACE
        if shapes[at - 1] & tied or not (self.layout.acts(start, at) or self.layout.says(start, at, 3)):
            return False
        doer = next((i for i in range(at, min(at + 3, self.last)) if shapes[i] & IS_SUBJECT), -1)
        if doer < 0 or (doer > at and not shapes[at] & (IS_ADJECTIVE | IS_PLACE)):
            return False
        for i in range(doer + 1, min(doer + 4, self.last)):
            if shapes[i] & PREDICATE:
                return True
            if shapes[i] & IS_SUBJECT and not shapes[i - 1] & IS_PLACE:
                return False
        return False
