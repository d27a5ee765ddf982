"""A message read once for everybody who judges it: its reading, its words and the phrases among them."""

from dataclasses import dataclass

from otklik.triage.nlp.lexicon import Hit, Lexicon, load_lexicon
from otklik.triage.nlp.reading import OTHER, Reading
from otklik.triage.nlp.words import Token, reading_of, tokens_in


@dataclass(frozen=True, slots=True, eq=False)
class ReadMessage:
    """The text as it came and what was read of it.

    `reading` may be of the beginning only (`is_whole` tells); `hits` are all phrases of the lexicon, cues included.
    """

    text: str
    reading: Reading
    tokens: list[Token]
    hits: list[Hit]

    @property
    def is_foreign(self) -> bool:
        """Whether it is in another language, so that a person has to look."""
        return self.reading.language == OTHER

    @property
    def is_whole(self) -> bool:
        """Whether the reading is of the whole text."""
        return len(self.reading.original) == len(self.text)


def read_message(text: str, *, lexicon: Lexicon | None = None) -> ReadMessage:
    """The message, read. Never raises, whatever the text is."""
    reading = reading_of(text)
    tokens = tokens_in(reading)
    return ReadMessage(text, reading, tokens, (lexicon or load_lexicon()).find(tokens))
