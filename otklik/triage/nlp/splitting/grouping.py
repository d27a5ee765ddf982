"""From pieces to questions: which pieces ask for nothing, which tell of one matter, which begin another."""

from collections.abc import Sequence
from itertools import pairwise

from otklik.triage.nlp.splitting.joining import is_another
from otklik.triage.nlp.splitting.matters import Matter, kinship
from otklik.triage.nlp.splitting.pieces import Piece
from otklik.triage.nlp.splitting.things import CLOSINGS, COMMON

MAX_QUESTIONS = 9
"""More than this is a petition: what comes after belongs to the last question, and a person reads it."""
_FEW_WORDS = 8
_CLEAR = 5.0
_ADDS = frozenset({"and", "more", "a"})


def matters_of(pieces: Sequence[Piece]) -> list[Matter]:
    """The matters of a message in the order in which they are raised; at least one, unless nothing is said."""
    listed = _is_list(pieces)
    grouper = _Grouper(listed)
    for piece in without_farewell(pieces):
        grouper.take(piece)
    return grouper.done()


def _is_list(pieces: Sequence[Piece]) -> bool:
    """Whether the items of the list are questions and not names («нет врачей: 1) окулиста 2) лора»)."""
    items = [piece for piece in pieces if piece.unit.link == "item"]
    if len(items) < 2:
        return False
    said = [piece for piece in items if piece.says]
    topics = {kind for one, two in pairwise(items) if (kind := kinship(one.topics, two.topics))}
    return 2 * len(said) >= len(items) or bool(topics & {"far", "near"})


def is_outside(piece: Piece) -> bool:
    """Greeting or thanks: whoever answers needs nothing of it."""
    if piece.unit.link == "hello":
        return True
    if piece.asks or piece.troubled or piece.signs & {"!proposal", "!critical"}:
        return False
    return bool(piece.signs & {"!thanks", "!ahead"})


def is_talk(piece: Piece) -> bool:
    """An exclamation that names nothing: «сколько можно», «вы там вообще работаете?»."""
    return not piece.topics and not piece.things - COMMON and piece.words <= _FEW_WORDS


class _Grouper:
    def __init__(self, listed: bool) -> None:
        self.listed = listed
        self.matters: list[Matter] = []
        self.now: Matter | None = None
        self.before: list[Piece] = []

    def take(self, piece: Piece) -> None:
        if is_outside(piece):
            return
        if self.listed and piece.unit.link == "item":
            self._found(piece)
        elif self.now is None:
            self._begin(piece)
        else:
            self._go_on(self.now, piece)

    def _begin(self, piece: Piece) -> None:
        if piece.claims and not is_talk(piece) and not (self.listed and piece.unit.heads):
            if (
                piece.unit.link in _ADDS
                and not piece.unit.loose
                and self.before
                and self.before[-1].strength >= _CLEAR
            ):
                # «Скорая ехала два часа! И дорогу ей не почистили»: what is added to was a matter too.
                self._found(self.before.pop())
                self._go_on(self.matters[0], piece)
                return
            self._found(piece)
            self._with_its_beginning(piece)
        else:
            self.before.append(piece)

    def _with_its_beginning(self, piece: Piece) -> None:
        """Clauses of the same sentence lead to what is claimed: «Дом сдали, а акты не подписывают»."""
        while self.before and self.before[-1].unit.sentence == piece.unit.sentence:
            self.matters[0].pieces.insert(0, self.before.pop())

    def _found(self, piece: Piece) -> None:
        if len(self.matters) < MAX_QUESTIONS:
            self.matters.append(Matter())
        self.now = self.matters[-1]
        self.now.take(piece)

    def _go_on(self, now: Matter, piece: Piece) -> None:
        earlier = None if piece.unit.loose else self._returned_to(now, piece)
        if earlier:
            self.now = earlier
            earlier.take(piece)
        elif piece.may_found and not is_talk(piece) and is_another(now, piece):
            self._found(piece)
        else:
            now.take(piece)

    def _returned_to(self, now: Matter, piece: Piece) -> Matter | None:
        """An earlier question whose thing is named again, when the last one has nothing to do with it."""
        own = piece.things - COMMON
        if self.listed or not own or own & now.things:
            return None
        return next((each for each in self.matters if each is not now and own & each.things), None)

    def done(self) -> list[Matter]:
        if not self.matters:
            return self._only([piece for piece in self.before if not is_talk(piece)] or self.before)
        first = self.matters[0]
        for piece in reversed(self.before):
            if is_talk(piece) or piece.unit.heads or not _is_about(piece, first):
                break
            first.pieces.insert(0, piece)
        return self.matters

    def _only(self, pieces: Sequence[Piece]) -> list[Matter]:
        matter = Matter()
        for piece in pieces:
            matter.take(piece)
        return [matter] if pieces else []


def without_farewell(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces without the last sentences that name nothing, unless they ask about what was said before."""
    kept = list(pieces)
    while kept:
        sentence = [piece for piece in kept if piece.unit.sentence == kept[-1].unit.sentence]
        if not all(_is_farewell(piece) for piece in sentence):
            break
        del kept[-len(sentence) :]
    return kept or list(pieces)


def _is_farewell(piece: Piece) -> bool:
    if is_outside(piece) or (
        piece.first_word in CLOSINGS and piece.strength < _CLEAR and piece.words <= _FEW_WORDS
    ):
        return True
    return is_talk(piece) and not piece.asks_of_it and not piece.troubled and piece.unit.link != "item"


def _is_about(piece: Piece, matter: Matter) -> bool:
    return kinship(piece.topics, matter.topics) == "same" or bool(piece.things & matter.things - COMMON)
