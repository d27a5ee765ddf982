"""Words that say little of what a message is about, and words that say that something is wrong."""

from importlib import resources


def _read() -> dict[str, frozenset[str]]:
    text = resources.files("otklik.triage").joinpath("data/splitting/words.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return {name: frozenset(words.split()) for name, words in rows}


_SETS = _read()
COMMON = _SETS["common"]
"""Who suffers, for how long and where, cries: they do not tell one question from another."""
HISTORY = _SETS["history"]
"""Verbs of what was done about a trouble, and of living with it."""
TROUBLES = _SETS["troubles"]
"""Verbs, qualities and things that are a complaint in themselves."""
CLOSINGS = _SETS["closings"]
"""First words of a farewell, or of a plea that names nothing."""
TIMES = _SETS["times"]
"""Adverbs by which a story goes on."""
