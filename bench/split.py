"""How well messages are split into questions, on corpora written before the splitter.

    python -m bench split_f1           measure; every error goes to stderr
    python -m bench.split_weights      find the weights of joins anew and print them

A boundary is the start or the end of a piece of a question, told by the first or the last letter or digit
inside it: spaces, punctuation and emoji at its edges do not count, words do. Pieces of one question with no
word between them are one piece. `split_f1` is the harmonic mean of precision and recall of boundaries over
all of split_multi.txt (starts are matched with starts, ends with ends); `split_grouping` is the B-cubed F1 of
words: which words share a question with which. `split_single_wrong` is the share of split_single.txt that is
taken for several questions.

The weights that ship were taught by bench/data/splitting_examples.txt and by two thirds of both corpora. Four
ways to measure, from the kindest to the strictest:

- no suffix: all lines, two thirds of which taught weights: how the product does on these corpora;
- `_held_out`: every third line of both corpora, which has taught no weight, by the weights that ship;
- `_rotated`: all lines, each third by weights taught by the examples and the other two thirds;
- `_examples_only`: all lines by weights taught by the examples alone.

Errors of the held-out third were read once, for classes of them, when the splitter stood at an F1 of .75; rules
for lists, talk, greetings and repeated things came from that reading.
"""

import re
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from bench.figures import Figure, against_limit
from otklik.triage.nlp.lexicon import load_lexicon
from otklik.triage.nlp.splitting import Question, split
from otklik.triage.nlp.splitting.joining import Weights
from otklik.triage.nlp.words import tokens_of

CORPORA = Path(__file__).parent / "corpora"
GOAL_F1, GOAL_WRONG, GOAL_MICROSECONDS = 0.85, 0.03, 250.0
_PIECE = re.compile(r"\{(\d) ([^{}]*)\}")
_HELD_OUT_EVERY = 3

Pieces = tuple[tuple[tuple[int, int], ...], ...]


class Case(NamedTuple):
    """A line of a corpus: its kind, the message, the pieces of each question in it."""

    kind: str
    text: str
    pieces: Pieces
    held_out: bool


def read(name: str) -> list[Case]:
    """The lines of a corpus; a line without pieces is one question or none."""
    lines = (CORPORA / name).read_text(encoding="utf-8").splitlines()
    rows = [line for line in lines if line.strip() and not line.startswith("#")]
    return [parse(row, number % _HELD_OUT_EVERY == 0) for number, row in enumerate(rows, 1)]


def parse(row: str, held_out: bool = False) -> Case:
    """A line of a corpus as a case."""
    kind, _, marked = row.partition(" | ")
    marked = marked.replace("\\n", "\n")
    text, at, found = "", 0, dict[str, list[tuple[int, int]]]()
    for piece in _PIECE.finditer(marked):
        text += marked[at : piece.start()]
        found.setdefault(piece[1], []).append((len(text), len(text) + len(piece[2])))
        text += piece[2]
        at = piece.end()
    return Case(kind, text + marked[at:], tuple(map(tuple, found.values())), held_out)


def trimmed(text: str, pieces: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Pieces without what is no letter or digit at their edges, those with no word between made one."""
    kept: list[tuple[int, int]] = []
    for start, end in pieces:
        words = [at for at in range(start, end) if text[at].isalnum()]
        if not words:
            continue
        if kept and not any(map(str.isalnum, text[kept[-1][1] : words[0]])):
            kept[-1] = (kept[-1][0], words[-1] + 1)
        else:
            kept.append((words[0], words[-1] + 1))
    return kept


def boundaries(text: str, pieces: Pieces) -> set[tuple[str, int]]:
    """Starts and ends of the pieces of all questions."""
    each = [edge for question in pieces for edge in trimmed(text, question)]
    return {("start", start) for start, _ in each} | {("end", end) for _, end in each}


class Counts(NamedTuple):
    """Boundaries that were right, said and there."""

    right: int
    said: int
    there: int

    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * self.right / (self.said + self.there) if self.said + self.there else 1.0


def count(case: Case, said: Pieces) -> Counts:
    there, found = boundaries(case.text, case.pieces), boundaries(case.text, said)
    return Counts(len(there & found), len(found), len(there))


def grouping(case: Case, said: Pieces) -> float:
    """B-cubed F1 of the words that belong to a question: 1.0 when the same words stand together."""
    words = [token.start for token in tokens_of(case.text)]
    there, found = _owners(words, case.pieces), _owners(words, said)
    mine = [index for index, owner in enumerate(there) if owner is not None]
    recall = precision = 0.0
    for index in mine:
        together = [each for each in mine if there[each] == there[index]]
        said_with = [each for each in mine if found[each] == found[index] and found[each] is not None]
        both = len(set(together) & set(said_with))
        recall += both / len(together)
        precision += both / len(said_with) if said_with else 0.0
    return 2 * recall * precision / (recall + precision) / len(mine) if recall + precision else 0.0


def _owners(words: Sequence[int], pieces: Pieces) -> list[int | None]:
    return [
        next((n for n, spans in enumerate(pieces) if any(start <= at < end for start, end in spans)), None)
        for at in words
    ]


def show(case: Case, said: Sequence[Question]) -> str:
    """The message with what the splitter made of it, in the marks of the corpus."""
    marks = sorted((span, number) for number, each in enumerate(said, 1) for span in each.spans)
    shown, at = "", 0
    for (start, end), number in marks:
        shown += f"{case.text[at:start]}{{{number} {case.text[start:end]}}}"
        at = end
    held = " [held out]" if case.held_out else ""
    return f"{case.kind}{held} | {shown}{case.text[at:]}".replace("\n", "\\n")


def measure(
    cases: Sequence[Case], weights: Callable[[int], Weights | None], *, tell: bool = False
) -> tuple[float, float]:
    """F1 of boundaries and the mean grouping over the messages, each judged by the weights for its number."""
    total, groups = Counts(0, 0, 0), 0.0
    for number, case in enumerate(cases):
        said = split(case.text, weights=weights(number))
        spans = tuple(each.spans for each in said)
        counts = count(case, spans)
        total = Counts(*(a + b for a, b in zip(total, counts, strict=True)))
        groups += grouping(case, spans)
        if tell and counts.right < max(counts.said, counts.there):
            print(f"split: {show(case, said)}", file=sys.stderr)
    return total.f1(), groups / len(cases)


def wrongly_split(
    cases: Sequence[Case], weights: Callable[[int], Weights | None], *, tell: bool = False
) -> float:
    """The share of messages of one matter that became several questions."""
    said = [split(case.text, weights=weights(number)) for number, case in enumerate(cases)]
    wrong = [(case, each) for case, each in zip(cases, said, strict=True) if len(each) > 1]
    for case, each in wrong if tell else ():
        print(f"split wrongly: {show(case, each)}", file=sys.stderr)
    return len(wrong) / len(cases)


def microseconds() -> float:
    """What a split of a message of about 300 characters costs beyond the pass of the lexicon, best of 5."""
    lines = [case.text for case in read("split_multi.txt") + read("split_single.txt")]
    texts = [" ".join(lines[at : at + 3])[:300] for at in range(0, len(lines) - 2, 3)]
    lexicon = load_lexicon()
    passed = [(text, tokens := tokens_of(text), list(lexicon.find(tokens))) for text in texts]
    best = float("inf")
    for _ in range(5):
        started = time.perf_counter()
        for text, tokens, hits in passed:
            split(text, tokens=tokens, hits=hits)
        best = min(best, time.perf_counter() - started)
    return best / len(texts) * 1e6


def _report(suffix: str, *, of: Callable[[Case], bool], weights: Callable[[int], Weights | None]) -> None:
    multi, single = ([case for case in read(f"split_{name}.txt") if of(case)] for name in ("multi", "single"))
    f1, grouped = measure(multi, weights, tell=not suffix)
    print(against_limit(f"split_f1{suffix}", f1, "share", GOAL_F1).line())
    print(Figure(f"split_grouping{suffix}", round(grouped, 3), "share").line())
    wrong = wrongly_split(single, weights, tell=not suffix)
    print(against_limit(f"split_single_wrong{suffix}", wrong, "share", GOAL_WRONG).line())


def main() -> None:
    """Print the figures."""
    from bench.split_weights import corpora, examples, rows_of, weights_of

    own, lines = examples(), corpora()
    print(f"examples: {len(own)}, of one matter {sum(not case.pieces for case in own)}", file=sys.stderr)
    # Both corpora have a number of lines that three divides, so that lines keep their thirds when they are joined.
    thirds = [
        weights_of(rows_of(own + [case for at, case in enumerate(lines) if at % 3 != third]))
        for third in range(3)
    ]
    alone = weights_of(rows_of(own))
    _report("", of=lambda case: True, weights=lambda number: None)
    _report("_held_out", of=lambda case: case.held_out, weights=lambda number: None)
    _report("_rotated", of=lambda case: True, weights=lambda number: thirds[number % 3])
    _report("_examples_only", of=lambda case: True, weights=lambda number: alone)
    print(against_limit("split_microseconds", microseconds(), "µs", GOAL_MICROSECONDS).line())


if __name__ == "__main__":
    main()
