"""How easily an answer is read, from 0 to 100.

The start is Gunning's index of fog (R. Gunning, The Technique of Clear Writing, 1952): 0.4 × (words per sentence +
100 × share of long words), which grew out of counting years of school. Russian words are longer than English ones, so
long is a word of four syllables instead of three. What fog does not see and §4 of the domain forbids is taken off
besides: nouns made of verbs, participles and gerunds («heavy»), and the passive.

    score = 100 − 4 × (fog − 6) − heavy − passive

fog below 6 (a talk) costs nothing; `heavy` is 1.5 points for each such word among a hundred, 25 at most; `passive` 1
point for each short participle or verb in -ся of the passive among a hundred, 15 at most. Shares are counted over 20
words at least: one long word does not make three hard to read. Above 70 is plain speech, below 40 is read by nobody to
the end. The weights are this project's own, set by eye and not fitted to the corpora.
"""

import re
from typing import NamedTuple

from otklik.casework.rules.answer_check.grammar import GERUND, PARTICIPLE, PASSIVE, SHORT, VERBAL
from otklik.casework.rules.answer_check.reading import Answer

HARD = 40
"""Below it an answer is hard to read."""
_VOWELS = re.compile("[аеиоуыэюя]")
_LONG = 4
_LEAST = 20
_TALK, _STEP = 6.0, 4.0
_HEAVY, _MOST_HEAVY = 1.5, 25.0
_MOST_PASSIVE = 15.0


class Score(NamedTuple):
    """The score and what it is made of: means and shares as they were counted, then the points taken off."""

    value: int
    words_per_sentence: float
    long_words: float
    heavy_words: float
    passives: float

    def parts(self) -> dict[str, float]:
        """The parts by name, for a report."""
        return {name: round(getattr(self, name), 3) for name in self._fields[1:]}


def score_of(answer: Answer) -> Score:
    """The score of an answer; one without words is as plain as can be."""
    count = sum(each.last - each.first for each in answer.sentences)
    if not count:
        return Score(100, 0.0, 0.0, 0.0, 0.0)
    length = count / len(answer.sentences)
    over = max(count, _LEAST)
    long = sum(len(_VOWELS.findall(word)) >= _LONG for word in answer.words) / over
    heavy = sum(bool(form & (VERBAL | PARTICIPLE | GERUND)) for form in answer.forms) / over
    passive = sum(bool(form & (SHORT | PASSIVE)) for form in answer.forms) / over
    fog = 0.4 * (length + 100 * long)
    points = (
        _STEP * max(0.0, fog - _TALK)
        + min(_MOST_HEAVY, 100 * heavy * _HEAVY)
        + min(_MOST_PASSIVE, 100 * passive)
    )
    return Score(round(max(0.0, min(100.0, 100 - points))), length, long, heavy, passive)
