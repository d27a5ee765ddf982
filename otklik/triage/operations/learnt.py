"""The learnt model at work: which one is active, and what it thinks of a batch of questions."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from threading import Lock

from otklik.triage.enums import ModelState
from otklik.triage.models import ModelFile, TopicModel
from otklik.triage.nlp import Judgement, ReadMessage
from otklik.triage.nlp.judging import Word
from otklik.triage.nlp.learning import Model, from_bytes
from otklik.triage.rules import THRESHOLD


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the learnt model thinks of one question: `passes` says whether its own threshold for the topic is met."""

    topic: str
    confidence: float
    alternatives: tuple[tuple[str, float], ...]
    words: tuple[Word, ...]
    passes: bool


@dataclass(frozen=True, slots=True)
class Active:
    """A model in memory, under its number."""

    number: int
    model: Model

    def opinions(self, read: Sequence[ReadMessage]) -> list[Opinion]:
        """An opinion about each message or question, by the words that were read of it, in one go."""
        found = self.model.predict(
            [each.text for each in read],
            explain=True,
            tokens=[each.tokens for each in read],
            hits=[each.hits for each in read],
        )
        told = zip(found.labels, found.confidences, found.top, found.reasons, found.passes, strict=True)
        return [
            Opinion(
                topic=label,
                confidence=round(confidence, 4),
                alternatives=tuple((each, round(share, 4)) for each, share in top if each != label),
                words=tuple(Word(reason.text, reason.start, reason.end) for reason in reasons),
                passes=passes,
            )
            for label, confidence, top, reasons, passes in told
        ]


@dataclass(frozen=True, slots=True)
class Heeded:
    """A judgement after the learnt model was asked; `passes` is None when there is no such model."""

    judgement: Judgement
    passes: bool | None = None


def heeded(judgement: Judgement, opinion: Opinion, known: Collection[str]) -> Heeded:
    """What is made of both opinions: the learnt model knows the region, the starter the whole list.

    The learnt one decides, and acts above its own threshold for the topic or where the starter is sure of the same.
    Of topics it was never taught (not among `known`) it cannot speak: there a sure starter is heard. What asks for
    nothing keeps its verdict: the model was taught topics, not whether somebody asks.
    """
    if not judgement.is_request:
        return Heeded(judgement)
    sure = judgement.confidence >= THRESHOLD
    if not opinion.passes and sure and judgement.topic not in known:
        return Heeded(judgement)
    agrees = sure and judgement.topic == opinion.topic
    said = replace(
        judgement,
        topic=opinion.topic,
        confidence=opinion.confidence,
        alternatives=opinion.alternatives,
        words=opinion.words or judgement.words,
    )
    return Heeded(said, opinion.passes or agrees)


class _Kept:
    def __init__(self) -> None:
        self.lock = Lock()
        self.active: Active | None = None


_kept = _Kept()


def active_model() -> Active | None:
    """The active model, read once by a process and again when another one is made active; None before the first."""
    return kept_model(active_number())


def active_number() -> int | None:
    """The number of the active model."""
    return TopicModel.objects.filter(state=ModelState.ACTIVE).values_list("pk", flat=True).first()


def kept_model(number: int | None) -> Active | None:
    """The model of this number, which the process keeps until it is asked for another; None for no number."""
    if number is None:
        return None
    with _kept.lock:
        if _kept.active is None or _kept.active.number != number:
            _kept.active = model_of(number)
        return _kept.active


def model_of(number: int) -> Active:
    """The model of this number, read from its file. Raises BrokenModel when an older program made it."""
    body = bytes(ModelFile.objects.values_list("body", flat=True).get(model=number))
    return Active(number, from_bytes(body))
