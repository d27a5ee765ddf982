"""Whether the next piece of a message still tells of the same matter."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from otklik.triage.nlp.splitting.pieces import Piece
from otklik.triage.nlp.splitting.shapes import (
    IS_ADJECTIVE,
    IS_ALSO,
    IS_ASKING,
    IS_DENYING,
    IS_FINITE,
    IS_LACKING,
    IS_NOUN,
    IS_ORDER,
    IS_PAST,
    IS_PLACE,
    IS_POINTER,
    IS_STATE,
    IS_WE,
    PREDICATE,
)
from otklik.triage.nlp.splitting.things import COMMON, HISTORY, TIMES

_WHOLE = 5.0
_MANY, _BRIEF = 4, 6
_ADDS = frozenset({"more", "and", "a"})
_TELLING = IS_STATE | IS_PAST | IS_FINITE
_OPENING = IS_PLACE | IS_NOUN | IS_ASKING | IS_ORDER
# Groups whose topics people name together when they tell of one thing.
_NEAR = (
    {"SOCIAL", "HEALTH"}, {"WASTE", "ECO"}, {"SAFETY", "ECO"}, {"SAFETY", "WASTE"}, {"ENERGY", "ECO"},
    {"GOV", "SOCIAL"}, {"GOV", "LAND"}, {"GOV", "EDU"}, {"SOCIAL", "EDU"}, {"BUILD", "LAND"}, {"CULTURE", "EDU"},
)  # fmt: skip


@dataclass(slots=True)
class Matter:
    """One question so far: its pieces, and what they say together."""

    pieces: list[Piece] = field(default_factory=list)
    topics: dict[str, float] = field(default_factory=dict)
    things: set[str] = field(default_factory=set)
    places: set[str] = field(default_factory=set)
    words: int = 0

    def take(self, piece: Piece) -> None:
        """The piece is about this."""
        self.pieces.append(piece)
        self.words += piece.words
        for topic, points in piece.topics.items():
            self.topics[topic] = max(self.topics.get(topic, 0.0), points)
        self.things |= piece.things
        self.places |= piece.places

    def lead(self, piece: Piece) -> None:
        """The piece leads to this, and stands before it: what it is about does not count."""
        self.pieces.insert(0, piece)
        self.words += piece.words


def kinship(one: dict[str, float], two: dict[str, float]) -> str:
    """How near the topics of two pieces are: none, same, near (of one group), far, faint (far, but weakly)."""
    first, second = _best(one), _best(two)
    if not first or not second:
        return "none"
    if first == second or _overlap(one, two) >= 0.5:
        return "same"
    groups = {first.partition(".")[0], second.partition(".")[0]}
    if len(groups) == 1 or groups in _NEAR:
        return "near"
    if one[first] < _WHOLE or two[second] < _WHOLE:
        return "faint"
    return "far"


def _best(topics: dict[str, float]) -> str:
    """The topic of the most points, "" when none has any; of equals the last by name."""
    best, most = "", 0.0
    for topic, points in topics.items():
        if points > most or (points == most > 0 and topic > best):
            best, most = topic, points
    return best


def _overlap(one: dict[str, float], two: dict[str, float]) -> float:
    both = mine = 0.0
    for topic, points in one.items():
        if points > 0:
            mine += points
            both += max(0.0, min(points, two.get(topic, 0.0)))
    least = min(mine, sum([points for points in two.values() if points > 0]))
    return both / least if least else 0.0


class Setting(NamedTuple):
    """What the whole message is like: how many sentences and claims it has, their words, what follows."""

    sentences: int
    claims: int
    pieces: int
    length: float
    is_last: bool
    rest_claims: bool


def facts(matter: Matter, piece: Piece, setting: Setting) -> list[str]:
    """What speaks for or against the piece being another matter than the one before it."""
    kin, unit = kinship(matter.topics, piece.topics), piece.unit
    told = [
        f"topics {kin}",
        f"cut {unit.loose}",
        f"link {unit.link or 'none'}" + (" clause" if unit.loose else ""),
        f"sentences {min(setting.sentences, _MANY)}",
    ]
    for facts_of_a_kind in (
        _of_things(matter, piece, kin),
        _of_telling(matter, piece),
        _of_opening(matter.pieces[0], piece),
        _of_message(matter, piece, setting),
    ):
        told += [name for name, holds in facts_of_a_kind if holds]
    return told


def _of_things(matter: Matter, piece: Piece, kin: str) -> Iterable[tuple[str, object]]:
    own, clause = piece.things - matter.things - COMMON, piece.unit.loose > 0
    apart = kin in {"far", "faint"}
    shared = matter.things & piece.things - COMMON
    elsewhere = matter.places and piece.places and not matter.places & piece.places
    return (
        ("shares a thing", shared and not elsewhere),
        ("such a thing elsewhere", shared and elsewhere),
        ("no thing of its own", not own),
        ("several things of its own", len(own) > 1),
        ("suffers", piece.subjects & COMMON),
        ("does", piece.subjects - COMMON - matter.things),
        ("nobody does", not piece.subjects),
        ("another place", elsewhere),
        ("lacks", piece.shapes & IS_LACKING and own),
        ("also", piece.shapes & IS_ALSO and own),
        ("strong topic", piece.strength >= _WHOLE),
        ("far and a trouble", kin == "far" and piece.claims),
        ("far clause", apart and clause and piece.claims),
        ("far clause of another", apart and clause and piece.subjects - matter.things),
        ("link to another thing", apart and piece.unit.link in _ADDS),
        ("whole and new", not clause and piece.claims and own and not piece.early & (IS_POINTER | IS_WE)),
    )


def _of_telling(matter: Matter, piece: Piece) -> Iterable[tuple[str, object]]:
    before, first, shapes = matter.pieces[-1], matter.pieces[0], piece.shapes
    asked, asks = before.asks or before.shapes & IS_ASKING, piece.asks or shapes & IS_ASKING
    return (
        ("points back", piece.early & IS_POINTER),
        ("points anywhere", shapes & IS_POINTER),
        ("about us", piece.early & IS_WE),
        ("a trouble", piece.claims),
        ("no trouble before", not before.claims),
        ("an order", shapes & IS_ORDER),
        ("history", piece.verbs & HISTORY),
        ("only the past", shapes & IS_PAST and not shapes & (IS_FINITE | IS_STATE | IS_ORDER)),
        ("tells as the first", shapes & _TELLING == first.shapes & _TELLING),
        ("tells as the one before", shapes & _TELLING == before.shapes & _TELLING),
        ("nothing is done", not shapes & PREDICATE),
        ("both deny", shapes & first.shapes & IS_DENYING),
        ("asks", asks),
        ("both ask", asked and asks),
        ("asks after telling", asks and not asked),
        ("tells after asking", asked and not asks),
    )


def _of_opening(first: Piece, piece: Piece) -> Iterable[tuple[str, object]]:
    opening = piece.opening
    acts = opening & (IS_FINITE | IS_PAST)
    return (
        ("opens with a place", opening & IS_PLACE and not opening & IS_ASKING),
        ("both open with a place", opening & first.opening & IS_PLACE),
        ("both open alike", opening & _OPENING == first.opening & _OPENING),
        ("opens with the same word", piece.first_word == first.first_word),
        ("opens with a deed", acts and not opening & IS_NOUN),
        ("opens with a thing", opening & (IS_NOUN | IS_ADJECTIVE) and not acts and not opening & IS_POINTER),
        ("opens a line", piece.unit.lined),
        ("opens with a time", piece.first_word in TIMES),
    )


def _of_message(matter: Matter, piece: Piece, setting: Setting) -> Iterable[tuple[str, object]]:
    return (
        ("short", piece.words <= 3),
        ("whole words", piece.words >= 6),
        ("long", piece.words >= 8),
        ("little said before", matter.words <= 5),
        ("matter is long", len(matter.pieces) > 2),
        ("the last", setting.is_last),
        ("claims follow", setting.rest_claims),
        ("many claims", setting.claims >= 4),
        ("two pieces", setting.pieces == 2),
        ("brief sentences", setting.length < _BRIEF),
        ("the only sentence is cut", piece.unit.loose and setting.sentences == 1),
        ("one of many is cut", piece.unit.loose and setting.sentences > 1),
    )
