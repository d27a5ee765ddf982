"""One verdict about one message."""

from dataclasses import dataclass

from otklik.triage.nlp import kinds
from otklik.triage.nlp.kinds import is_doubtful, kind_of, not_a_request
from otklik.triage.nlp.lexicon import Hit, Lexicon, load_lexicon
from otklik.triage.nlp.reading import OTHER as LANGUAGE_OTHER
from otklik.triage.nlp.scoring import Scored
from otklik.triage.nlp.signs import Signs, alarm_of, read_signs, urgency_of
from otklik.triage.nlp.starter import load_starter, rank
from otklik.triage.nlp.topics import OTHER, THANKS
from otklik.triage.nlp.words import MAX_WORDS, Token, reading_of, tokens_in

_ALTERNATIVES = 3
_MOST_WORDS = 12
# How sure each of these is by its own nature: there is nothing to read, or a list covers the whole text.
_SURE = {
    "empty": 1.0,
    "emoji_only": 0.98,
    "thanks_only": 0.9,
    "spam": 0.9,
    "abuse_only": 0.9,
    "chatter": 0.85,
}
_LONG, _DOUBT = 25, 0.2
_SIGNALS = ("vulnerable", "repeat", "critical", "abuse", "spam")


@dataclass(frozen=True, slots=True)
class Word:
    """A piece of the message the verdict rests on: `text` is exactly `message[start:end]`."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the message is, and why.

    `kind` is complaint, question, proposal, thanks or other; `topic` always one of the closed list;
    `alternatives` up to three (topic, confidence) after it; `confidence`, 0 to 1, the chance that
    the topic is right, or, when `is_request` is false, that the message asks for nothing; `reason` says why
    it does not: thanks_only, spam, empty, emoji_only, abuse_only, chatter. `urgency` is critical, high or
    normal, `alarm` the same by the words alone, whatever the topic. `signals` are hints for people: vulnerable,
    repeat, critical, abuse, spam, several_questions, link, cut, language (not Russian).
    """

    kind: str
    topic: str
    confidence: float
    alternatives: tuple[tuple[str, float], ...]
    words: tuple[Word, ...]
    urgency: str
    alarm: str
    is_request: bool
    reason: str
    signals: tuple[str, ...]
    model_version: str


def judge(text: str, *, lexicon: Lexicon | None = None, page_hint: str | None = None) -> Judgement:
    """The verdict about a message, the same for the same text. Never raises, whatever the text is.

    `page_hint` is the group of topics (`HEALTH`) that the page it stands on writes about: it tips a
    doubtful choice. Only the first 2000 words of a longer text are read.
    """
    lexicon = lexicon or load_lexicon()
    reading = reading_of(text)
    if reading.language == LANGUAGE_OTHER:
        return judge_foreign(text, lexicon=lexicon)
    tokens = tokens_in(reading)
    return judge_words(text, tokens, list(lexicon.find(tokens)), lexicon=lexicon, page_hint=page_hint)


def judge_foreign(text: str, *, lexicon: Lexicon) -> Judgement:
    """The verdict about a message in another language: a person has to look, whatever Russian words it meets."""
    signals = ("language", "link") if "://" in text else ("language",)
    return Judgement(
        kind=kinds.QUESTION if "?" in text else kinds.OTHER,
        topic=OTHER,
        confidence=0.0,
        alternatives=(),
        words=(),
        urgency="normal",
        alarm="normal",
        is_request=True,
        reason="",
        signals=signals,
        model_version=f"{lexicon.version}+{load_starter().version}",
    )


def judge_words(
    text: str,
    tokens: list[Token],
    hits: list[Hit],
    *,
    lexicon: Lexicon,
    page_hint: str | None = None,
    said: str | None = None,
) -> Judgement:
    """The verdict about words of a text already read: all of them, or those of one of its questions.

    `hits` count the given tokens; `said` is what the question says when it is not the whole text.
    """
    said = text if said is None else said
    about = [hit for hit in hits if not hit.phrase.sign]
    subject = rank(lexicon, tokens, about, page_hint)
    signs = read_signs(said, tokens, hits, whole=text)
    sure = subject[0].points if subject else 0.0
    kind = kind_of(signs, subject[0].topic if subject and subject[0].topic != THANKS else None, sure)
    reason = not_a_request(signs, kind, sure)
    topic = subject[0].topic if subject else OTHER
    if reason:
        topic = THANKS if reason == "thanks_only" else OTHER
    return Judgement(
        kind=kind if not reason or reason == "thanks_only" else "other",
        topic=topic,
        confidence=round(_sure_of(reason, signs) if reason else sure, 4),
        alternatives=_alternatives(subject, topic),
        words=_words(text, tokens, _deciding(reason, subject, hits)),
        urgency="normal" if reason else urgency_of(signs, topic, sure),
        alarm=alarm_of(signs),
        is_request=not reason,
        reason=reason,
        signals=_signals(said, tokens, signs),
        model_version=f"{lexicon.version}+{load_starter().version}",
    )


def _sure_of(reason: str, signs: Signs) -> float:
    # A long thanks may hide a request between the lines: a person looks.
    doubt = signs.words > _LONG or is_doubtful(signs, reason)
    return _SURE[reason] - (_DOUBT if doubt else 0.0)


def _alternatives(ranked: list[Scored], topic: str) -> tuple[tuple[str, float], ...]:
    others = [each for each in ranked if each.topic != topic][:_ALTERNATIVES]
    return tuple((each.topic, round(each.points, 4)) for each in others)


def _deciding(reason: str, ranked: list[Scored], hits: list[Hit]) -> tuple[int, ...]:
    if reason:
        sign = {"thanks_only": "!thanks", "spam": "!spam", "abuse_only": "!abuse"}.get(reason, "!chatter")
        return tuple(sorted({index for hit in hits if hit.phrase.target == sign for index in hit.tokens}))
    return ranked[0].tokens if ranked else ()


def _words(text: str, tokens: list[Token], indexes: tuple[int, ...]) -> tuple[Word, ...]:
    chosen = (tokens[index] for index in indexes[:_MOST_WORDS])
    return tuple(Word(text[token.start : token.end], token.start, token.end) for token in chosen)


def _signals(text: str, tokens: list[Token], signs: Signs) -> tuple[str, ...]:
    found = [sign for sign in _SIGNALS if sign in signs]
    if text.count("?") > 1:
        found.append("several_questions")
    if signs.has_link:
        found.append("link")
    if len(tokens) >= MAX_WORDS:
        found.append("cut")
    return tuple(found)
