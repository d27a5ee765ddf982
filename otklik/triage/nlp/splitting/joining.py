"""The learned part: how much each fact speaks for a new matter."""

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources

from otklik.triage.nlp.splitting.matters import Matter, Setting, facts
from otklik.triage.nlp.splitting.pieces import Piece


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights of a logistic curve by fact; `limit` is where its sum begins to mean another matter."""

    bias: float
    limit: float
    facts: dict[str, float]


@cache
def load_weights() -> Weights:
    """The weights that ship; `python -m bench.split --fit` finds them anew."""
    text = (
        resources.files("otklik.triage").joinpath("data/splitting/weights.json").read_text(encoding="utf-8")
    )
    return Weights(**json.loads(text))


def is_another(matter: Matter, piece: Piece, setting: Setting) -> bool:
    """Whether the piece begins another matter than the one before it."""
    weights = load_weights()
    table = weights.facts
    return weights.bias + sum(table.get(fact, 0.0) for fact in facts(matter, piece, setting)) > weights.limit
