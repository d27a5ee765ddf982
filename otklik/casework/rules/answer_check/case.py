"""What every check looks at: the answer, the facts beside it and what was asked, each read once."""

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

from otklik.casework.rules.answer_check.reading import Answer
from otklik.casework.rules.answer_check.values import Facts
from otklik.casework.rules.answer_check.when import When, times_of


class Found(NamedTuple):
    """A finding before its rule is known: a code and where it stands; `part` and `words` as in Finding."""

    code: str
    start: int
    end: int
    part: int | None = None
    words: str = ""


class Case:
    """An answer with the questions that it answers; a question is read as an answer is, cues and all."""

    def __init__(self, text: str, questions: Sequence[str], facts: Facts) -> None:
        self.answer = Answer(text)
        self.facts = facts
        self.questions = [Answer(each) for each in questions]

    @property
    def outcome(self) -> str:
        """What the answer claims."""
        return self.facts.outcome

    @cached_property
    def times(self) -> list[When]:
        """All times of the answer."""
        return times_of(self.answer, self.facts.today)

    @cached_property
    def promised(self) -> list[When]:
        """The times that lie ahead, as far as the words tell."""
        return [each for each in self.times if not each.is_past]

    @cached_property
    def asked(self) -> str:
        """All questions in small letters."""
        return "\n".join(each.lower for each in self.questions)

    @cached_property
    def asked_words(self) -> frozenset[str]:
        """The words of all questions."""
        return frozenset(word for each in self.questions for word in each.words)

    def whole(self) -> tuple[int, int]:
        """Where the answer stands without spaces around it."""
        text = self.answer.text
        start = len(text) - len(text.lstrip())
        return start, max(start, len(text.rstrip()))
