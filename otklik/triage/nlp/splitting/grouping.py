"""From pieces to questions: which pieces ask for nothing, which tell of one matter, which begin another."""

from collections.abc import Sequence

from otklik.triage.nlp.splitting.joining import Weights, is_another
from otklik.triage.nlp.splitting.matters import Matter, Setting, kinship
from otklik.triage.nlp.splitting.pieces import FEW_WORDS, Piece
from otklik.triage.nlp.splitting.things import CLOSINGS, COMMON

MAX_QUESTIONS = 9
"""More than this is a petition: what comes after belongs to the last question, and a person reads it."""
_CLEAR = 5.0
_ADDS = frozenset({"and", "more", "a"})


def matters_of(pieces: Sequence[Piece], weights: Weights) -> list[Matter]:
    """The matters of a message in the order in which they are raised; at least one, unless nothing is said."""
    said = without_farewell(pieces)
    grouper = _Grouper(_is_list(pieces), settings_of(said), weights)
    for number, piece in enumerate(said):
        grouper.take(number, piece)
    return grouper.done()


def settings_of(pieces: Sequence[Piece]) -> list[Setting]:
    """What the message is like, seen from each of its pieces."""
    body = [piece for piece in pieces if not (piece.outside or piece.talk)]
    sentences = len({piece.unit.sentence for piece in body})
    claims = sum(piece.claims for piece in body)
    length = sum(piece.words for piece in body) / max(1, sentences)
    found: list[Setting] = []
    is_last, rest_claims = True, True
    for piece in reversed(pieces):
        found.append(Setting(sentences, claims, len(body), length, is_last, rest_claims))
        if not (piece.outside or piece.talk):
            is_last, rest_claims = False, rest_claims and piece.claims
    return found[::-1]


def _is_list(pieces: Sequence[Piece]) -> bool:
    """Whether the items of the list are questions and not names («нет врачей: 1) окулиста 2) лора»)."""
    items = [piece for piece in pieces if piece.unit.link == "item"]
    if len(items) < 2:
        return False
    if 2 * sum(piece.says for piece in items) >= len(items):
        return True
    return not any(piece.says for piece in pieces if piece.unit.heads and piece.unit.link != "item")


class _Grouper:
    def __init__(self, listed: bool, settings: Sequence[Setting], weights: Weights) -> None:
        self.listed = listed
        self.weights = weights
        self.settings = settings
        self.matters: list[Matter] = []
        self.now: Matter | None = None
        self.before: list[Piece] = []

    def take(self, number: int, piece: Piece) -> None:
        if piece.outside:
            return
        if self.listed and piece.unit.link == "item":
            self._found(piece)
        elif self.now is None:
            self._begin(piece, self.settings[number])
        else:
            self._go_on(self.now, piece, self.settings[number])

    def _begin(self, piece: Piece, setting: Setting) -> None:
        if piece.claims and not piece.talk and not (self.listed and piece.unit.heads):
            if (
                piece.unit.link in _ADDS
                and not piece.unit.loose
                and self.before
                and self.before[-1].strength >= _CLEAR
            ):
                # «Скорая ехала два часа! И дорогу ей не почистили»: what is added to was a matter too.
                self._found(self.before.pop())
                self._go_on(self.matters[0], piece, setting)
                return
            self._found(piece)
            self._with_its_beginning(piece)
        else:
            self.before.append(piece)

    def _with_its_beginning(self, piece: Piece) -> None:
        """Clauses of the same sentence lead to what is claimed: «Дом сдали, а акты не подписывают»."""
        while self.before and self.before[-1].unit.sentence == piece.unit.sentence:
            self.matters[0].lead(self.before.pop())

    def _found(self, piece: Piece) -> None:
        if len(self.matters) < MAX_QUESTIONS:
            self.matters.append(Matter())
        self.now = self.matters[-1]
        self.now.take(piece)

    def _go_on(self, now: Matter, piece: Piece, setting: Setting) -> None:
        earlier = None if piece.unit.loose else self._returned_to(now, piece)
        if earlier:
            self.now = earlier
            earlier.take(piece)
        elif (
            not self._is_name(piece)
            and piece.may_found
            and not piece.talk
            and is_another(now, piece, setting, self.weights)
        ):
            self._found(piece)
        else:
            now.take(piece)

    def _is_name(self, piece: Piece) -> bool:
        """An item of a list of names: «нет врачей: 1) окулиста»."""
        return piece.unit.link == "item" and not self.listed

    def _returned_to(self, now: Matter, piece: Piece) -> Matter | None:
        """An earlier question whose thing is named again, when the last one has nothing to do with it."""
        own = piece.things - COMMON
        if self.listed or not own or own & now.things:
            return None
        return next((each for each in self.matters if each is not now and own & each.things), None)

    def done(self) -> list[Matter]:
        if not self.matters:
            return self._only([piece for piece in self.before if not piece.talk] or self.before)
        first = self.matters[0]
        for piece in reversed(self.before):
            if piece.talk or piece.unit.heads or not _is_about(piece, first):
                break
            first.lead(piece)
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
    if piece.outside or (
        piece.first_word in CLOSINGS and piece.strength < _CLEAR and piece.words <= FEW_WORDS
    ):
        return True
    return piece.talk and not piece.asks_of_it and not piece.troubled and piece.unit.link != "item"


def _is_about(piece: Piece, matter: Matter) -> bool:
    return kinship(piece.topics, matter.topics) == "same" or bool(piece.things & matter.things - COMMON)
