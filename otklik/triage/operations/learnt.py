"""The learnt model at work: which one is active, and what it thinks of a batch of questions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any

from otklik.triage.enums import ModelState
from otklik.triage.models import ModelFile, Topic, TopicModel
from otklik.triage.nlp import Judgement
from otklik.triage.nlp.judging import Word

ALTERNATIVES = 3


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the learnt model thinks of one question: `passes` says whether its own threshold for the topic is met."""

    topic: str
    confidence: float
    alternatives: tuple[tuple[str, float], ...]
    words: tuple[Word, ...]
    passes: bool
    version: str


@dataclass(frozen=True, slots=True)
class Active:
    """The active model in memory, under its number."""

    number: int
    model: Any

    def opinions(self, texts: Sequence[str], topics: Mapping[str, Topic]) -> list[Opinion | None]:
        """An opinion about each text; None where every topic that the model thinks of has been retired."""
        raise NotImplementedError


def heeded(judgement: Judgement, opinion: Opinion) -> Judgement:
    """The judgement with the topic of the learnt model: it knows the region; what it does not pass a person decides.

    What asks for nothing keeps its verdict: the model was taught topics, not whether somebody asks.
    """
    if not judgement.is_request:
        return judgement
    return replace(
        judgement,
        topic=opinion.topic,
        confidence=opinion.confidence,
        alternatives=opinion.alternatives,
        words=opinion.words or judgement.words,
        model_version=f"{judgement.model_version}",
    )


class _Kept:
    def __init__(self) -> None:
        self.lock = Lock()
        self.active: Active | None = None


_kept = _Kept()


def active_model() -> Active | None:
    """The active model, read once by a process and again when another one is made active; None before the first."""
    number = TopicModel.objects.filter(state=ModelState.ACTIVE).values_list("pk", flat=True).first()
    if number is None:
        return None
    with _kept.lock:
        if _kept.active is None or _kept.active.number != number:
            from otklik.triage.nlp.learning import load_bytes

            body = bytes(ModelFile.objects.values_list("body", flat=True).get(model=number))
            _kept.active = Active(number, load_bytes(body))
        return _kept.active
