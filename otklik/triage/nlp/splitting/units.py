"""Cutting a message into the smallest pieces that may ask for something of their own."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from otklik.triage.nlp.splitting.gaps import COLON, COMMA, DASH, LINE, gaps_of, sentence_starts
from otklik.triage.nlp.splitting.lists import hello_ends, items_of, name_ends
from otklik.triage.nlp.splitting.shapes import PREDICATE, Known, Shape, known_of
from otklik.triage.nlp.words import Token

MAX_UNITS = 60
"""Pieces looked at in one message: what stands after them goes on with the last."""

_CORE = PREDICATE
_WIDEST = 2
_PAUSES = COMMA | DASH
_WEAK_QUESTIONS = frozenset({"что", "ли", "как", "чем"})
_TELLS = int(Shape.FINITE | Shape.PAST)
_ADJECTIVE = int(Shape.ADJECTIVE)
_ASKS, _NOUN, _SUBJECT, _PLACE = int(Shape.ASKS), int(Shape.NOUN), int(Shape.SUBJECT), int(Shape.PLACE)

# «И ещё», «кроме того»: what follows is another matter, if it is a matter at all.
_MORE = (
    ("и", "еще"), ("а", "еще"), ("да", "еще"), ("и", "также"), ("а", "также"), ("и", "заодно"),
    ("а", "заодно"), ("еще",), ("также",), ("заодно",), ("плюс",), ("кроме", "того"), ("помимо", "этого"),
    ("помимо", "того"), ("к", "тому", "же"), ("вдобавок",), ("а", "то", "еще"), ("и", "вопрос"),
    ("второй", "вопрос"), ("другой", "вопрос"), ("следующий", "вопрос"), ("второе",), ("отдельно",),
    ("отдельный", "вопрос"), ("вторая", "проблема"), ("вторая", "беда"), ("другая", "проблема"),
    ("другая", "беда"), ("и", "второе"), ("и", "кстати"), ("кстати",), ("а", "кстати"), ("и", "кроме", "того"),
    ("третий", "вопрос"), ("попутно",), ("параллельно",), ("по", "поводу"), ("насчет",), ("что", "касается"),
)  # fmt: skip
_MORE_BY_WORD: dict[str, list[tuple[str, ...]]] = {}
for _words in sorted(_MORE, key=len, reverse=True):
    _MORE_BY_WORD.setdefault(_words[0], []).append(_words)
_AND, _A, _BUT = frozenset({"и", "да"}), frozenset({"а"}), frozenset({"но", "только", "однако", "зато"})
_LINKS = _AND | _A | _BUT | {"плюс", "также", "еще", "кроме", "заодно", "вдобавок"}
_LINKING = _AND | _A | _BUT | set(_MORE_BY_WORD)
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
    """A message made ready: its words, the signs between them, their shapes, the words of some topic."""

    text: str
    tokens: Sequence[Token]
    gaps: Sequence[int]
    known: Sequence[Known]
    shapes: Sequence[int]
    topical: Collection[int]


def lay_out(text: str, tokens: Sequence[Token], topical: Collection[int]) -> Layout:
    """The message made ready for cutting; it has at least one word."""
    known = [known_of(token.text) for token in tokens]
    return Layout(text, tokens, gaps_of(text, tokens), known, [each.shape for each in known], topical)


def link_at(tokens: Sequence[Token], at: int) -> str:
    """How the words that begin at `at` are tied to what was said before."""
    word = tokens[at].text
    if word not in _LINKING:
        return ""
    for words in _MORE_BY_WORD.get(word, ()):
        if all(at + n < len(tokens) and tokens[at + n].text == each for n, each in enumerate(words)):
            return "more"
    return "and" if word in _AND else "a" if word in _A else "but" if word in _BUT else ""


def units_of(layout: Layout) -> list[Unit]:
    """Sentences of the message, cut into clauses where both sides say something."""
    found: list[Unit] = []
    tokens, items = layout.tokens, items_of(layout.tokens, layout.gaps)
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
    return end if any(layout.shapes[at] & (_CORE | _ASKS) or at in layout.topical for at in said) else named


class _Sentence:
    """A sentence, and the words before which a new clause with its own news begins."""

    def __init__(self, layout: Layout, first: int, last: int) -> None:
        self.layout, self.first, self.last = layout, first, last
        self.bare = not any(layout.gaps[at] & _PAUSES for at in range(first + 1, last))

    def cuts(self) -> list[tuple[int, int]]:
        """Where clauses begin, and how loose each cut is."""
        found = [(self.first, 0)]
        for at in range(self.first + 2, self.last - 1):
            loose = self._cut(found[-1][0], at)
            if loose:
                found.append((at, loose))
        return found

    def _cut(self, start: int, at: int) -> int:
        gap, shape = self.layout.gaps[at], self.layout.shapes[at]
        if gap & COLON:
            return 0
        if gap & _PAUSES or self.layout.tokens[at].text in _LINKS or shape & _ASKS:
            return (1 if gap & _PAUSES else 2) if self._is_clause(start, at) else 0
        return 3 if self.bare and self._begins_unmarked(start, at) else 0

    def _is_clause(self, start: int, at: int) -> bool:
        word, link = self.layout.tokens[at].text, link_at(self.layout.tokens, at)
        if not self._says(start, at, 2) or not any(self.layout.shapes[i] & _NOUN for i in range(start, at)):
            return False
        if link == "more":
            return self._says(at, self.last, 1)
        if link:
            # «Скрипят и шатаются»: a verb alone goes on about the same.
            same_doer = self.layout.shapes[at + 1] & _TELLS and not self.layout.shapes[at + 1] & _NOUN
            return not same_doer and self._acts(at, self._pause_after(at + 1))
        if self.layout.shapes[at] & _ASKS:
            return self._asks_anew(start, at)
        return word not in _DEPENDENT and self._acts(at, self._pause_after(at + 1))

    def _pause_after(self, at: int) -> int:
        gaps = self.layout.gaps
        return next((i for i in range(at, self.last) if gaps[i] & (_PAUSES | COLON)), self.last)

    def _says(self, start: int, end: int, least: int) -> bool:
        shapes, topical = self.layout.shapes, self.layout.topical
        return end - start >= least and any(shapes[i] & _CORE or i in topical for i in range(start, end))

    def _acts(self, start: int, end: int) -> bool:
        return end - start > 1 and any(self.layout.shapes[i] & _CORE for i in range(start, end))

    def _asks_anew(self, start: int, at: int) -> bool:
        """«Когда …, почему …»: a second question word after a whole question."""
        shapes = self.layout.shapes
        if self.layout.tokens[at].text in _WEAK_QUESTIONS or not self._acts(at, self.last):
            return False
        return any(shapes[i] & _NOUN for i in range(start, at)) and self._acts(start, at)

    def _begins_unmarked(self, start: int, at: int) -> bool:
        """«… не чистят светофор мигает»: a thing and what it does, after a whole clause, with no sign between."""
        shapes = self.layout.shapes
        tied = _PLACE if shapes[at] & _PLACE else _ADJECTIVE | _PLACE
        if shapes[at - 1] & tied or not (self._acts(start, at) or self._says(start, at, 3)):
            return False
        doer = next((i for i in range(at, min(at + 3, self.last)) if shapes[i] & _SUBJECT), -1)
        if doer < 0 or (doer > at and not shapes[at] & (_ADJECTIVE | _PLACE)):
            return False
        for i in range(doer + 1, min(doer + 4, self.last)):
            if shapes[i] & _CORE:
                return True
            if shapes[i] & _SUBJECT and not shapes[i - 1] & _PLACE:
                return False
        return False
