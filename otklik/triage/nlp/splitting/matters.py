"""Whether the next piece of a message still tells of the same matter."""

from dataclasses import dataclass, field

from otklik.triage.nlp.splitting.pieces import Piece
from otklik.triage.nlp.splitting.shapes import (
    IS_ASKING,
    IS_FINITE,
    IS_ORDER,
    IS_PAST,
    IS_PLACE,
    IS_POINTER,
    IS_STATE,
    IS_WE,
)
from otklik.triage.nlp.splitting.things import COMMON, HISTORY

_WHOLE = 5.0
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

    def take(self, piece: Piece) -> None:
        """The piece is about this."""
        self.pieces.append(piece)
        for topic, points in piece.topics.items():
            self.topics[topic] = max(self.topics.get(topic, 0.0), points)
        self.things |= piece.things
        self.places |= piece.places


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
    return (
        max(topics, key=lambda topic: (topics[topic], topic)) if topics and max(topics.values()) > 0 else ""
    )


def _overlap(one: dict[str, float], two: dict[str, float]) -> float:
    both = sum(
        min(points, two[topic]) for topic, points in one.items() if points > 0 and two.get(topic, 0) > 0
    )
    least = min(sum(p for p in one.values() if p > 0), sum(p for p in two.values() if p > 0))
    return both / least if least else 0.0


def facts(matter: Matter, piece: Piece) -> list[str]:
    """What speaks for or against the piece being another matter than the one before it."""
    before, unit = matter.pieces[-1], piece.unit
    kin = kinship(matter.topics, piece.topics)
    told = [
        f"topics {kin}",
        f"cut {unit.loose}",
        f"link {unit.link or 'none'}" + (" clause" if unit.loose else ""),
    ]
    shared = matter.things & piece.things - COMMON
    own = piece.things - matter.things - COMMON
    asked = [bool(each.asks or each.shapes & IS_ASKING) for each in (before, piece)]
    checks = (
        ("shares a thing", bool(shared)),
        ("no thing of its own", not own),
        ("several things of its own", len(own) > 1),
        ("points back", bool(piece.early & IS_POINTER)),
        ("about us", bool(piece.early & IS_WE)),
        ("a trouble", piece.claims),
        ("an order", bool(piece.shapes & IS_ORDER)),
        ("history", bool(piece.verbs & HISTORY)),
        ("suffers", bool(piece.subjects & COMMON)),
        ("does", bool(piece.subjects - COMMON - matter.things)),
        (
            "only the past",
            bool(piece.shapes & IS_PAST) and not piece.shapes & (IS_FINITE | IS_STATE | IS_ORDER),
        ),
        ("asks", asked[1]),
        ("both ask", all(asked)),
        ("asks after telling", asked[1] and not asked[0]),
        ("tells after asking", asked[0] and not asked[1]),
        ("short", piece.words <= 3),
        ("long", piece.words >= 8),
        ("another place", bool(matter.places and piece.places and not matter.places & piece.places)),
        ("lacks", piece.lacks and bool(own)),
        ("also", piece.also and bool(own)),
        ("opens with a place", bool(piece.opening & IS_PLACE and not piece.opening & IS_ASKING)),
        ("both open with a place", bool(piece.opening & matter.pieces[0].opening & IS_PLACE)),
        ("opens with the same word", piece.first_word == matter.pieces[0].first_word),
        ("shouts", piece.shouts),
        ("strong topic", bool(piece.topics) and max(piece.topics.values()) >= _WHOLE),
        ("matter is long", len(matter.pieces) > 2),
        ("far and a trouble", kin == "far" and piece.claims),
        ("far clause", kin in {"far", "faint"} and unit.loose > 0 and piece.claims),
        (
            "far clause of another",
            kin in {"far", "faint"} and unit.loose > 0 and bool(piece.subjects - matter.things),
        ),
        ("link to another thing", unit.link in {"more", "and", "a"} and kin in {"far", "faint"}),
        (
            "whole and new",
            not unit.loose and piece.claims and bool(own) and not piece.early & (IS_POINTER | IS_WE),
        ),
    )
    told.extend(name for name, holds in checks if holds)
    return told
