"""Whether danger is seen at once: critical messages of a corpus written before the rules that find them.

`urgency_recall` is the share of critical messages called critical, `urgency_precision` the share of messages
called critical that are; `urgency_high_or_more` the share of those that are at least high that are called so.
Every message told wrongly goes to stderr.
"""

import sys
from collections.abc import Sequence
from typing import NamedTuple

from bench.figures import Figure, against_limit
from bench.split import CORPORA
from otklik.triage.nlp import judge

GOAL_RECALL, GOAL_PRECISION = 0.95, 0.95
_ORDER = ("normal", "high", "critical")


class Case(NamedTuple):
    """A message, how urgent it is, and how urgent it was found to be."""

    kind: str
    level: str
    said: str
    text: str


def read() -> list[Case]:
    """The corpus with what the judge makes of it."""
    lines = (CORPORA / "urgency.txt").read_text(encoding="utf-8").splitlines()
    rows = [line.split(" | ", 2) for line in lines if line.strip() and not line.startswith("#")]
    return [Case(kind, level, judge(text).urgency, text) for kind, level, text in rows]


def share(cases: Sequence[Case], level: str, of: str, among: str) -> float:
    """Of the cases whose field `among` is at least `level`, the share whose field `of` is too."""
    least = _ORDER.index(level)
    chosen = [case for case in cases if _ORDER.index(getattr(case, among)) >= least]
    return sum(_ORDER.index(getattr(case, of)) >= least for case in chosen) / len(chosen) if chosen else 1.0


def main() -> None:
    """Print the figures."""
    cases = read()
    for case in cases:
        if case.said != case.level:
            print(f"urgency: {case.kind}: {case.level}, said {case.said} | {case.text}", file=sys.stderr)
    recall, precision = share(cases, "critical", "said", "level"), share(cases, "critical", "level", "said")
    print(against_limit("urgency_recall", recall, "share", GOAL_RECALL, "critical").line())
    print(against_limit("urgency_precision", precision, "share", GOAL_PRECISION, "critical").line())
    print(Figure("urgency_high_recall", round(share(cases, "high", "said", "level"), 3), "share").line())
    print(Figure("urgency_high_precision", round(share(cases, "high", "level", "said"), 3), "share").line())


if __name__ == "__main__":
    main()
