"""The cues of the lexicon in a message, and how urgent they make it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import category

from otklik.triage.nlp.lexicon import Hit
from otklik.triage.nlp.scoring import priority_of
from otklik.triage.nlp.words import Token

CRITICAL, HIGH, NORMAL = "critical", "high", "normal"

_TRUSTED = 0.5
_ALARMS = frozenset({CRITICAL, HIGH})
_DISARMED_BY = frozenset({"!calm", "!feared"})
# What is only feared is not yet a danger, but it is more than usual.
_ALARM_TARGETS = {"!critical": ("!calm", "!feared"), "!high": ("!calm",)}


@dataclass(frozen=True)
class Signs:
    """Tokens that carry each sign, and how the message is written."""

    tokens: dict[str, frozenset[int]]
    words: int
    asks: bool
    has_symbols: bool
    has_link: bool

    def __contains__(self, sign: str) -> bool:
        return bool(self.tokens.get(sign))

    def count(self, sign: str) -> int:
        """How many words carry the sign."""
        return len(self.tokens.get(sign, ()))

    def covers(self, *signs: str) -> bool:
        """Whether every word of the message carries one of the signs."""
        carried: frozenset[int] = frozenset().union(*(self.tokens.get(sign, frozenset()) for sign in signs))
        return len(carried) == self.words


def read_signs(text: str, tokens: list[Token], hits: Sequence[Hit]) -> Signs:
    """The cues among the hits of the lexicon."""
    found: dict[str, set[int]] = defaultdict(set)
    for hit in hits:
        if hit.phrase.target.startswith("!"):
            found[hit.phrase.target[1:]].update(hit.tokens)
    return Signs(
        tokens=_alarms(hits)
        | {sign: frozenset(words) for sign, words in found.items() if sign not in _ALARMS},
        words=len(tokens),
        asks="?" in text,
        # Asked only where there are no words: a walk over every character costs more than all the rest.
        has_symbols=not tokens and any(category(symbol) in {"So", "Sk"} for symbol in text[:1000]),
        has_link="://" in text or "t.me/" in text or "www." in text,
    )


def _alarms(hits: Sequence[Hit]) -> dict[str, frozenset[int]]:
    """What alarms, without words that only sound so: «не горит фонарь», «взрыв эмоций», «может быть пожар»."""
    if not any(hit.phrase.target in _ALARM_TARGETS for hit in hits):
        return {}
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
