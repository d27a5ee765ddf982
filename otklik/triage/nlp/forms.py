"""The dictionary of Russian forms, loaded once and asked from everywhere."""

from functools import cache, lru_cache
from typing import Any

_LONGEST_WORD = 40
# Too short for the dictionary to be evidence: it also knows «ут», «ьк» and every other pair of letters.
_SMALL = frozenset(
    {
        "а",
        "б",
        "бы",
        "в",
        "во",
        "вы",
        "да",
        "до",
        "ее",
        "же",
        "за",
        "и",
        "из",
        "их",
        "к",
        "ко",
        "ли",
        "мы",
        "на",
        "не",
    }
    | {"ни", "но", "ну", "о", "об", "он", "от", "по", "с", "со", "та", "те", "то", "ту", "ты", "у", "уж", "я"}
)


_JUST_READ = 4096


@cache
def analyzer() -> Any:
    """The analyser of pymorphy3: 15 MB, a sixth of a second to load, so only when the first word comes."""
    import pymorphy3

    found = pymorphy3.MorphAnalyzer(lang="ru", probability_estimator_cls=_estimator())
    # Lemmas, kinds of words and names are asked of the same word one after another; each keeps its own answers.
    found.parse = lru_cache(maxsize=_JUST_READ)(found.parse)
    return found


def _estimator() -> Any:
    from pymorphy3.analyzer import ProbabilityEstimator

    class Estimator(ProbabilityEstimator):  # type: ignore[misc,unused-ignore]
        """That of pymorphy3 to the letter, but it asks at once whether a word has any shares: most have none.

        Two thirds of the price of a word were spent on asking after each of its readings.
        """

        def apply_to_parses(self, word: str, word_lower: str, parses: list[Any]) -> list[Any]:
            if not parses:
                return []
            shares = self.p_t_given_w
            if shares.has_keys_with_prefix(f"{word_lower}:"):
                return list(super().apply_to_parses(word, word_lower, parses))
            share = 1.0 / sum([score for _, _, _, score, _ in parses])
            return [(fixed, tag, form, score * share, way) for fixed, tag, form, score, way in parses]

    return Estimator


@lru_cache(maxsize=100_000)
def is_russian(word: str) -> bool:
    """Whether a folded word is in the dictionary; a word with a hyphen when all its parts are."""
    if len(word) > _LONGEST_WORD:
        return False
    if "-" in word:
        return all(is_russian(part) for part in word.split("-") if part)
    return word in _SMALL or (len(word) > 2 and bool(analyzer().word_is_known(word)))
