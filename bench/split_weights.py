"""The weights of the splitter's joins, found anew: `python -m bench.split_weights > …/data/splitting/weights.json`.

What ships is trained on bench/data/splitting_examples.txt and on two thirds of the corpora, never on a held-out
line; `python -m bench split_f1` also trains on the examples alone and tells what that gives on both corpora. For
each piece that may begin another question: the facts about it, and whether it does. A piece of a message of one
question counts IN_VAIN times: a message split in vain costs more than a question left for a person to find. Before
the weights, the figures of a cross-validation by messages go to stderr.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bench.split import Case, parse, read
from otklik.triage.nlp.lexicon import load_lexicon
from otklik.triage.nlp.splitting.grouping import settings_of, without_farewell
from otklik.triage.nlp.splitting.joining import Weights
from otklik.triage.nlp.splitting.matters import Matter, facts
from otklik.triage.nlp.splitting.pieces import Piece, pieces_of
from otklik.triage.nlp.splitting.questions import topical_words
from otklik.triage.nlp.splitting.units import lay_out, units_of
from otklik.triage.nlp.words import Token, tokens_of

IN_VAIN = 2.0
_INVERSE_STRENGTH = 1.0
_FOLDS = 8
_EXAMPLES = Path(__file__).parent / "data/splitting_examples.txt"


class Row(NamedTuple):
    """What is known of a piece, whether it begins another question, and the message it stands in."""

    facts: list[str]
    another: bool
    message: int
    single: bool


def examples() -> list[Case]:
    """The examples written to teach the weights; no line of them is in a corpus."""
    lines = _EXAMPLES.read_text(encoding="utf-8").splitlines()
    return [parse(line) for line in lines if line.strip() and not line.startswith("#")]


def corpora() -> list[Case]:
    """Both corpora, held-out lines and others."""
    return read("split_multi.txt") + read("split_single.txt")


def rows_of(cases: Iterable[Case]) -> list[Row]:
    """The pieces of all messages that could begin another question."""
    return [row for number, case in enumerate(cases) for row in rows(case, number)]


def weights_of(found: Sequence[Row]) -> Weights:
    """The weights that these rows teach."""
    from sklearn.linear_model import LogisticRegression

    names = sorted({fact for row in found for fact in row.facts})
    model = LogisticRegression(C=_INVERSE_STRENGTH, max_iter=3000)
    costs = [IN_VAIN if row.single else 1.0 for row in found]
    model.fit(_table(found, names), np.array([row.another for row in found]), sample_weight=costs)
    facts_told = {name: round(float(weight), 2) for name, weight in zip(names, model.coef_[0], strict=True)}
    return Weights(bias=round(float(model.intercept_[0]), 2), facts=facts_told)


def _table(found: Sequence[Row], names: Sequence[str]) -> NDArray[np.float64]:
    return np.array([[name in row.facts for name in names] for row in found], dtype=float)


def rows(case: Case, number: int) -> Iterator[Row]:
    """Each piece of a message that could begin another question, told by the answers of the corpus."""
    tokens = tokens_of(case.text)
    hits = list(load_lexicon().find(tokens))
    layout = lay_out(case.text, tokens, topical_words(hits))
    matters: dict[int, Matter] = {}
    last: int | None = None
    pieces = without_farewell(pieces_of(layout, units_of(layout), hits))
    for piece, setting in zip(pieces, settings_of(pieces), strict=True):
        owner = _owner(case, tokens, piece) if case.pieces else 0
        if piece.outside or owner < 0 or (last is None and (not piece.claims or piece.talk)):
            continue
        if last is not None and piece.may_found and not piece.talk and piece.unit.link != "item":
            yield Row(facts(matters[last], piece, setting), owner != last, number, not case.pieces)
        matters.setdefault(owner, Matter()).take(piece)
        last = owner


def _owner(case: Case, tokens: list[Token], piece: Piece) -> int:
    """The question most words of the piece belong to, or -1."""
    votes = Counter(
        next((n for n, spans in enumerate(case.pieces) if any(a <= token.start < b for a, b in spans)), -1)
        for token in tokens[piece.unit.first : piece.unit.last]
    )
    return votes.most_common(1)[0][0]


def main() -> None:
    """Print the weights as JSON."""
    own = examples()
    cases = own + [case for case in corpora() if not case.held_out]
    _report("examples alone", own)
    _report("examples and two thirds of the corpora", cases)
    print(json.dumps(asdict(weights_of(rows_of(cases))), indent=1, ensure_ascii=False))


def _report(title: str, cases: Sequence[Case]) -> None:
    found = rows_of(cases)
    said = [False] * len(found)
    for fold in range(_FOLDS):
        weights = weights_of([row for row in found if row.message % _FOLDS != fold])
        for at, row in enumerate(found):
            if row.message % _FOLDS == fold:
                said[at] = weights.bias + sum(weights.facts.get(fact, 0.0) for fact in row.facts) > 0
    pairs = Counter((yes, row.another) for yes, row in zip(said, found, strict=True))
    right, there, told = pairs[True, True], pairs[False, True] + pairs[True, True], sum(said)
    wrong = {row.message for yes, row in zip(said, found, strict=True) if yes and row.single}
    print(
        f"{title}, cross-validated: {len(cases)} messages, {len(found)} pieces, recall {right / there:.3f}, "
        f"precision {right / told:.3f}, single split {len(wrong) / sum(not case.pieces for case in cases):.3f}",
        file=sys.stderr,
    )


if __name__ == "__main__":
    main()
