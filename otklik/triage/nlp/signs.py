"""Kind, urgency and whether a message asks for anything, read from the cues of the lexicon."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from unicodedata import category

from otklik.triage.nlp.lexicon import Hit
from otklik.triage.nlp.scoring import priority_of
from otklik.triage.nlp.words import Token

COMPLAINT, QUESTION, PROPOSAL, THANKS, OTHER = "complaint", "question", "proposal", "thanks", "other"
CRITICAL, HIGH, NORMAL = "critical", "high", "normal"

_TRUSTED = 0.5
_SHORT = 12
_SPAM_SIGNS = 2


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


def read_signs(text: str, tokens: list[Token], hits: Iterable[Hit]) -> Signs:
    """The cues among the hits of the lexicon."""
    found: dict[str, set[int]] = defaultdict(set)
    for hit in hits:
        if hit.phrase.target.startswith("!"):
            found[hit.phrase.target[1:]].update(hit.tokens)
    return Signs(
        tokens={sign: frozenset(indexes) for sign, indexes in found.items()},
        words=len(tokens),
        asks="?" in text,
        # Asked only where there are no words: a walk over every character costs more than all the rest.
        has_symbols=not tokens and any(category(symbol) in {"So", "Sk"} for symbol in text[:1000]),
        has_link="://" in text or "t.me/" in text or "www." in text,
    )


def kind_of(signs: Signs, topic: str | None) -> str:
    """complaint, question, proposal, thanks or other; `topic` is None when the lexicon found none."""
    if is_thanks(signs):
        return THANKS
    if "proposal" in signs:
        return PROPOSAL
    if signs.asks or _asks_first(signs):
        return QUESTION
    if topic or "problem" in signs:
        return COMPLAINT
    return OTHER


def _asks_first(signs: Signs) -> bool:
    return any(index <= 2 for index in signs.tokens.get("question", ())) and signs.words > 1


def is_thanks(signs: Signs) -> bool:
    """Thanks and nothing else: neither a question, nor a problem, nor a wish, nor «спасибо заранее»."""
    if "thanks" not in signs or signs.asks:
        return False
    return not any(sign in signs for sign in ("ahead", "proposal", "problem", "wish"))


def not_a_request(signs: Signs, kind: str, confident: float) -> str:
    """Why the message asks for nothing: a reason code, empty when it does ask.

    `confident` is the confidence in its topic: who names a trouble is heard, whatever else he writes.
    """
    if not signs.words:
        return "emoji_only" if signs.has_symbols else "empty"
    if signs.count("spam") >= _SPAM_SIGNS and (signs.has_link or signs.count("spam") > 2 * _SPAM_SIGNS):
        return "spam"
    if kind == THANKS:
        return "thanks_only"
    # A question mark or a named trouble makes even a rude or short message a request.
    if signs.asks or confident >= _TRUSTED:
        return ""
    if "abuse" in signs and signs.words <= _SHORT and signs.covers("abuse", "filler"):
        return "abuse_only"
    if signs.words <= _SHORT and signs.covers("chatter"):
        return "chatter"
    return ""


def urgency_of(signs: Signs, topic: str, confident: float) -> str:
    """critical, high or normal: the priority of the topic, raised by signs of danger and of the weak."""
    priority = priority_of(topic)
    if "critical" in signs or (priority == "C" and confident >= _TRUSTED):
        return CRITICAL
    if priority in {"C", "H"} or "high" in signs:
        return HIGH
    return NORMAL
