"""What is read in each piece of a message: topics, signs, things, who does what."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from otklik.triage.nlp.lexicon import Hit
from otklik.triage.nlp.splitting.gaps import ASKS, SHOUTS
from otklik.triage.nlp.splitting.shapes import (
    IS_ASKING,
    IS_COUNTING,
    IS_FINITE,
    IS_INFINITIVE,
    IS_NOUN,
    IS_ORDER,
    IS_STATE,
    IS_TROUBLE,
    PREDICATE,
)
from otklik.triage.nlp.splitting.things import COMMON, HISTORY
from otklik.triage.nlp.splitting.units import Layout, Unit
from otklik.triage.nlp.topics import OTHER, THANKS

_SILENT = frozenset({THANKS, OTHER, "GOV.no_answer", "GOV.official"})
_PROBLEMS = frozenset({"!problem", "!critical", "!high", "!proposal", "!repeat"})
_TELLING = _PROBLEMS | {"!thanks", "!ahead"}
_ASKING, _THANKING = frozenset({"!proposal", "!critical"}), frozenset({"!thanks", "!ahead"})
_EARLY = 3
_FAINT = 4.0
FEW_WORDS = 8
"""As many words an exclamation or a farewell has."""
_CLEAR = 4.0
_LOUD = 8.0
_SAYS = PREDICATE | IS_INFINITIVE
_MANNERS = frozenset({"more", "and", "a"})


@dataclass(slots=True)
class Piece:
    """A unit with what was read in it: points by topic, signs, names of things, the shapes of its words.

    `strength` is the points of its best topic; `claims` whether by itself it names a trouble, asks or demands;
    `outside` whether it is greeting or thanks, of which whoever answers needs nothing; `talk` whether it is an
    exclamation that names nothing: «сколько можно», «вы там вообще работаете?».
    """

    unit: Unit
    first_word: str
    opening: int
    shapes: int
    early: int
    asks: bool
    shouts: bool
    things: set[str]
    subjects: set[str]
    verbs: set[str]
    places: set[str]
    topics: dict[str, float] = field(default_factory=dict)
    signs: set[str] = field(default_factory=set)
    strength: float = 0.0
    claims: bool = False
    outside: bool = False
    talk: bool = False

    @property
    def troubled(self) -> bool:
        """Whether a word of it is a complaint in itself."""
        return self.shapes & IS_TROUBLE > 0

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
    for phrase, places in hits:
        owner = owners[places[0]]
        if owner is None or (len(places) > 1 and not _stand_inside(owner.unit, places)):
            continue
        target = phrase.target
        if target[0] == "!":
            if target in _TELLING:
                owner.signs.add(target)
        elif target not in _SILENT:
            owner.topics[target] = owner.topics.get(target, 0.0) + phrase.weight
    for piece in pieces:
        piece.strength = max(piece.topics.values(), default=0.0)
        piece.claims = _claims(piece)
        piece.outside = _is_outside(piece)
        piece.talk = piece.strength < _FAINT and piece.words <= FEW_WORDS and not piece.things - COMMON
    return pieces


def _stand_inside(unit: Unit, places: Sequence[int]) -> bool:
    return unit.first <= min(places) and max(places) < unit.last


def _is_outside(piece: Piece) -> bool:
    if piece.unit.link == "hello":
        return True
    signs = piece.signs
    if not signs or piece.asks or piece.troubled or not signs.isdisjoint(_ASKING):
        return False
    return not signs.isdisjoint(_THANKING)


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
    first, last, end = unit.first, unit.last, layout.gaps[unit.last]
    text, tokens, shapes = layout.text, layout.tokens, 0
    things, subjects, verbs, places = set[str](), set[str](), set[str](), set[str]()
    for at in range(first, last):
        shape, name, names, subject, verb = layout.known[at]
        shapes |= shape
        if names:
            things.update(names)
            if subject:
                subjects.add(subject)
        elif verb:
            verbs.add(verb)
        if shape & IS_COUNTING or (at > first and text[tokens[at].start].isupper()):
            places.add(name)
    early = 0
    for shape in layout.shapes[first : min(first + _EARLY, last)]:
        early |= shape
    return Piece(
        unit=unit,
        first_word=tokens[first].text,
        opening=layout.shapes[first],
        shapes=shapes,
        early=early,
        asks=end & ASKS > 0,
        shouts=end & SHOUTS > 0,
        things=things,
        subjects=subjects,
        verbs=verbs,
        places=places,
    )
