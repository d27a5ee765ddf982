"""The learned part: how much each fact speaks for a new matter."""

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources

from otklik.triage.nlp.splitting.matters import Matter, Setting, facts
from otklik.triage.nlp.splitting.pieces import Piece

_USUAL_SENTENCES, _A_SENTENCE = 4, 0.3
_USUAL_LENGTH, _A_WORD = 9.0, 0.3
_MOST = 3.0


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights of a logistic curve by fact; a sum above nothing means another matter."""

    bias: float
    facts: dict[str, float]


@cache
def load_weights() -> Weights:
    """The weights that ship; `python -m bench.split_weights` finds them anew."""
    text = (
        resources.files("otklik.triage").joinpath("data/splitting/weights.json").read_text(encoding="utf-8")
    )
    return Weights(**json.loads(text))


def is_another(matter: Matter, piece: Piece, setting: Setting, weights: Weights) -> bool:
    """Whether the piece begins another matter than the one before it."""
    table = weights.facts
    told = sum([table.get(fact, 0.0) for fact in facts(matter, piece, setting)])
    return weights.bias + told > _caution(setting)


def _caution(setting: Setting) -> float:
    """How much more a long message has to say for itself.

    The examples are short. People who write at length mostly go on about one thing: of the messages of three
    regions every fourth was split without this, every ninth with it.
    """
    more = _A_SENTENCE * max(0, setting.sentences - _USUAL_SENTENCES)
    return min(more + _A_WORD * max(0.0, setting.length - _USUAL_LENGTH), _MOST)
