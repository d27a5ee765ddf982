"""What is read in each piece of a message: topics, signs, things, who does what."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from otklik.triage.nlp.lexicon import Hit
from otklik.triage.nlp.splitting.gaps import ASKS, SHOUTS
from otklik.triage.nlp.splitting.shapes import (
    IS_ASKING,
    IS_FINITE,
    IS_NOUN,
    IS_ORDER,
    IS_STATE,
    PREDICATE,
    Shape,
)
from otklik.triage.nlp.splitting.things import COMMON, HISTORY
from otklik.triage.nlp.splitting.units import Layout, Unit
from otklik.triage.nlp.topics import OTHER, THANKS

_SILENT = frozenset({THANKS, OTHER, "GOV.no_answer", "GOV.official"})
_PROBLEMS = frozenset({"!problem", "!critical", "!high", "!proposal", "!repeat"})
_TELLING = _PROBLEMS | {"!thanks", "!ahead"}
_EARLY = 3
_CLEAR = 4.0
_LOUD = 8.0
_SAYS = PREDICATE | int(Shape.INFINITIVE)
_MANNERS = frozenset({"more", "and", "a"})


@dataclass(slots=True)
class Piece:
    """A unit with what was read in it: points by topic, signs, names of things, the shapes of its words.

    `strength` is the points of its best topic; `claims` whether by itself it names a trouble, asks or demands.
    """

    unit: Unit
    first_word: str
    opening: int
    asks: bool
    shouts: bool
    topics: dict[str, float] = field(default_factory=dict)
    signs: set[str] = field(default_factory=set)
    things: set[str] = field(default_factory=set)
    subjects: set[str] = field(default_factory=set)
    verbs: set[str] = field(default_factory=set)
    places: set[str] = field(default_factory=set)
    lacks: bool = False
    also: bool = False
    denies: bool = False
    troubled: bool = False
    shapes: int = 0
    early: int = 0
    strength: float = 0.0
    claims: bool = False

    @property
    def says(self) -> bool:
        """Whether something is done or wanted in it."""
        return bool(self.shapes & _SAYS) or self.troubled

    @property
    def asks_of_it(self) -> bool:
        """Whether it asks about what was said before: «Когда его починят?»."""
        return self.asks and bool(self.shapes & IS_ASKING)

    @property
    def words(self) -> int:
        """How many words it has."""
        return self.unit.last - self.unit.first

    @property
    def may_found(self) -> bool:
        """Whether it may be a question of its own: it claims something, or clearly tells of a topic."""
        if self.unit.link == "but" and self.unit.loose:
            return False
        if self.claims or self.strength >= _CLEAR:
            return True
        return self.unit.link in _MANNERS and bool(self.shapes & PREDICATE and self.things - COMMON)


def pieces_of(layout: Layout, units: Sequence[Unit], hits: Iterable[Hit]) -> list[Piece]:
    """Each unit with the phrases of the lexicon that stand wholly inside it."""
    pieces = [_piece(layout, unit) for unit in units]
    owners: list[Piece | None] = [None] * len(layout.tokens)
    for piece in pieces:
        owners[piece.unit.first : piece.unit.last] = [piece] * piece.words
    for hit in hits:
        owner = owners[hit.tokens[0]]
        if owner is None or (len(hit.tokens) > 1 and any(owners[at] is not owner for at in hit.tokens)):
            continue
        target = hit.phrase.target
        if target[0] == "!":
            if target in _TELLING:
                owner.signs.add(target)
        elif target not in _SILENT:
            owner.topics[target] = owner.topics.get(target, 0.0) + hit.phrase.weight
    for piece in pieces:
        piece.strength = max(piece.topics.values(), default=0.0)
        piece.claims = _claims(piece)
    return pieces


def _claims(piece: Piece) -> bool:
    if piece.unit.link == "item" or piece.troubled:
        return True
    if piece.verbs and piece.verbs <= HISTORY and not piece.asks:
        return False
    if piece.strength >= _LOUD and piece.shapes & IS_FINITE:
        return True
    asks = piece.asks or bool(piece.shapes & (IS_ORDER | IS_STATE) or piece.opening & IS_ASKING)
    return (asks or bool(piece.signs & _PROBLEMS)) and bool(piece.topics or piece.shapes & IS_NOUN)


def _piece(layout: Layout, unit: Unit) -> Piece:
    first, end = unit.first, layout.gaps[unit.last]
    piece = Piece(unit, layout.tokens[first].text, layout.shapes[first], bool(end & ASKS), bool(end & SHOUTS))
    for at in range(first, unit.last):
        known = layout.known[at]
        piece.shapes |= known.shape
        piece.things.update(known.things)
        if known.subject:
            piece.subjects.add(known.subject)
        elif known.verb:
            piece.verbs.add(known.verb)
        piece.troubled |= known.troubles
        piece.lacks |= known.lacks
        piece.also |= known.also
        piece.denies |= known.denies
        if known.counts or (at > first and layout.text[layout.tokens[at].start].isupper()):
            piece.places.add(known.name)
    for shape in layout.shapes[first : min(first + _EARLY, unit.last)]:
        piece.early |= shape
    return piece
