"""Letters made comparable, and the sets of words that ship with the check."""

from functools import cache
from importlib import resources


def small(text: str) -> str:
    """The text in lower case with ё as е, every letter where it was: «İ» and its like would grow."""
    lower = text.lower()
    if len(lower) != len(text):
        lower = "".join(letter if len(letter.lower()) != 1 else letter.lower() for letter in text)
    return lower.replace("ё", "е")


@cache
def word_set(name: str) -> frozenset[str]:
    """One of the sets of `data/sets.tsv`: words in small letters, ё as е."""
    text = (
        resources.files("otklik.casework.rules.answer_check")
        .joinpath("data/sets.tsv")
        .read_text(encoding="utf-8")
    )
    for line in text.splitlines():
        key, _, words = line.partition("\t")
        if key == name:
            return frozenset(small(word.strip()) for word in words.split(";") if word.strip())
    raise KeyError(name)
