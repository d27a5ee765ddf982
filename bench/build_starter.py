"""Builds the starter model anew from examples, lexicon and shares: `python -m bench.build_starter`.

To be run, and its two files committed, whenever a test says that the shipped model is older than its sources.
"""

import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT))

from otklik.triage.nlp.starter.building import build_starter  # noqa: E402
from otklik.triage.nlp.starter.sources import mark_of_sources  # noqa: E402
from otklik.triage.nlp.starter.store import ARRAYS, FACTS, pack  # noqa: E402


def main() -> None:
    starter = build_starter()
    arrays, facts = pack(starter, mark_of_sources())
    folder = PROJECT / "otklik/triage/data"
    (folder / ARRAYS).write_bytes(arrays)
    (folder / FACTS).write_text(facts, encoding="utf-8")
    print(
        f"{len(starter.words.index)} words, {len(arrays)} bytes; whole {starter.whole}, bare {starter.bare}"
    )


if __name__ == "__main__":
    main()
