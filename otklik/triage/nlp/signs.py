"""The cues of the lexicon in a message, and how urgent they make it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple
from unicodedata import category

from otklik.triage.nlp.forms import analyzer
from otklik.triage.nlp.lexicon import Hit
from otklik.triage.nlp.scoring import priority_of
from otklik.triage.nlp.words import PAUSE, Token

CRITICAL, HIGH, NORMAL = "critical", "high", "normal"

_TRUSTED = 0.5
_MARKS = 10
_COUNTED = frozenset({"spam", "ad"})
_LONGEST = 40
_DENIALS = frozenset({"не", "ни", "нет", "нету"})
_ORDERS = ("ите", "йте", "ьте")
# Orders that ask for nothing to be done, or to be told something.
_POLITE = frozenset(
    {
        "здравствуйте",
        "извините",
        "простите",
        "держитесь",
        "смотрите",
        "посмотрите",
        "представьте",
        "поверьте",
        "будьте",
    }
    | {
        "скажите",
        "подскажите",
        "сообщите",
        "уточните",
        "разъясните",
        "объясните",
        "поясните",
        "напишите",
        "дайте",
    }
    | {
        "скиньте",
        "звоните",
        "пишите",
        "заходите",
        "переходите",
        "подписывайтесь",
        "закажите",
        "живите",
        "горите",
    }
    | {
        "получите",
        "забирайте",
        "приходите",
        "давайте",
        "слушайте",
        "знаете",
        "рассмотрите",
        "сдохните",
        "идите",
    }
)
_ALARMS = frozenset({CRITICAL, HIGH})
_DISARMED_BY = frozenset({"!calm", "!feared"})
# What is only feared is not yet a danger, but it is more than usual.
_ALARM_TARGETS = {"!critical": ("!calm", "!feared"), "!high": ("!calm",)}


class Sentence(NamedTuple):
    """Tokens `first:last`, both in it, the mark after them («?», «!» or none), whether a colon stands inside."""

    first: int
    last: int
    mark: str
    has_colon: bool

    @property
    def words(self) -> int:
        """How many words it has."""
        return self.last - self.first + 1


@dataclass(frozen=True)
class Signs:
    """Tokens that carry each sign, the sentences they stand in, and how the message is written."""

    tokens: dict[str, frozenset[int]]
    phrases: dict[str, int]
    sentences: tuple[Sentence, ...]
    words: int
    asks: bool
    has_symbols: bool
    has_link: bool

    def __contains__(self, sign: str) -> bool:
        return bool(self.tokens.get(sign))

    def kinds(self, sign: str) -> int:
        """How many different phrases of the sign there are."""
        return self.phrases.get(sign, 0)

    def within(self, sign: str, sentence: Sentence) -> bool:
        """Whether a word of the sentence carries the sign."""
        first, last, _, _ = sentence
        return sign in self.tokens and any(first <= index <= last for index in self.tokens[sign])

    def covers(self, *signs: str) -> bool:
        """Whether every word of the message carries one of the signs."""
        carried: frozenset[int] = frozenset().union(*(self.tokens.get(sign, frozenset()) for sign in signs))
        return len(carried) == self.words


def read_signs(text: str, tokens: list[Token], hits: Sequence[Hit], *, whole: str | None = None) -> Signs:
    """The cues among the hits of the lexicon; `whole` is the text that tokens stand in when `text` is a part of it."""
    found: dict[str, set[int]] = defaultdict(set)
    phrases: dict[str, set[tuple[int, ...]]] = defaultdict(set)
    about = found["about"]
    for phrase, where in hits:
        sign = phrase.sign
        if not sign:
            if phrase.weight > 0:
                about.update(where)
        elif sign != "solved" or not _is_undone(tokens, where):
            found[sign].update(where)
            if sign in _COUNTED:
                phrases[sign].add(phrase.slots)
    for index, token in enumerate(tokens):
        for sign in signs_of_word(token.text):
            found[sign].add(index)
    written = text if whole is None else whole
    return Signs(
        tokens={sign: frozenset(words) for sign, words in found.items() if sign not in _ALARMS}
        | ({} if _ALARMS.isdisjoint(found) else _alarms(hits)),
        phrases={sign: len(each) for sign, each in phrases.items()},
        sentences=_sentences(written, tokens),
        words=len(tokens),
        asks="?" in text,
        # Asked only where there are no words: a walk over every character costs more than all the rest.
        has_symbols=not tokens and any(category(symbol) in {"So", "Sk"} for symbol in text[:1000]),
        has_link="://" in text or "t.me/" in text or "www." in text,
    )


def _is_undone(tokens: list[Token], where: tuple[int, ...]) -> bool:
    """«так и не убрали»: a word of what was done, denied."""
    return len(where) == 1 and tokens[where[0]].denied


@lru_cache(maxsize=50_000)
def signs_of_word(word: str) -> tuple[str, ...]:
    """The signs that a folded word carries by its form: an order («уберите»), a denial, «ли»."""
    if word in _DENIALS:
        return ("denial",)
    if word == "ли":
        return ("whether",)
    is_order = word.endswith(_ORDERS) and word not in _POLITE and len(word) <= _LONGEST
    if is_order and any("impr" in parse.tag and "excl" in parse.tag for parse in analyzer().parse(word)):
        return ("request",)
    return ()


def _sentences(text: str, tokens: list[Token]) -> tuple[Sentence, ...]:
    if not tokens:
        return ()
    places = [token.place for token in tokens]
    firsts = [index for index in range(1, len(places)) if places[index] - places[index - 1] >= PAUSE]
    found: list[Sentence] = []
    for first, following in pairwise([0, *firsts, len(tokens)]):
        end = tokens[following - 1].end
        until = tokens[following].start if following < len(tokens) else len(text)
        has_colon = ":" in text[tokens[first].start : end]
        found.append(Sentence(first, following - 1, _mark(text, end, until), has_colon))
    return tuple(found)


def _mark(text: str, start: int, end: int) -> str:
    between = text[start : min(end, start + _MARKS)]
    return "?" if "?" in between else "!" if "!" in between else ""


def _alarms(hits: Sequence[Hit]) -> dict[str, frozenset[int]]:
    """What alarms, without words that only sound so: «не горит фонарь», «взрыв эмоций», «может быть пожар»."""
    words: dict[str, set[int]] = defaultdict(set)
    for hit in hits:
        if hit.phrase.target in _DISARMED_BY:
            words[hit.phrase.target].update(hit.tokens)
    found: dict[str, set[int]] = defaultdict(set)
    for hit in hits:
        disarming = _ALARM_TARGETS.get(hit.phrase.target, ())
        if disarming and not any(words[each].intersection(hit.tokens) for each in disarming):
            found[hit.phrase.target[1:]].update(hit.tokens)
    return {sign: frozenset(indexes) for sign, indexes in found.items()}


def alarm_of(signs: Signs) -> str:
    """critical, high or normal by the words alone: danger, an outage, people who cannot wait."""
    return CRITICAL if "critical" in signs else HIGH if "high" in signs else NORMAL


def urgency_of(signs: Signs, topic: str, confident: float) -> str:
    """critical, high or normal: the priority of the topic, raised by signs of danger and of the weak."""
    priority = priority_of(topic)
    disarmed = "calm" in signs or "feared" in signs
    if "critical" in signs or (priority == "C" and confident >= _TRUSTED and not disarmed):
        return CRITICAL
    if priority == "H" or "high" in signs or "feared" in signs or (priority == "C" and "calm" not in signs):
        return HIGH
    return NORMAL
