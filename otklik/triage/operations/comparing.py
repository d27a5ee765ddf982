"""Two models on the same messages: what people decided after both were taught, and what came lately."""

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from otklik.triage import rules
from otklik.triage.enums import ExampleSource, ModelState
from otklik.triage.models import Example, TopicModel, Verdict
from otklik.triage.nlp import Judgement, Question, ReadMessage, judge, judge_read, parts_of, read_message
from otklik.triage.nlp.masking import mask
from otklik.triage.operations import learnt
from otklik.triage.operations.learning import NotReady
from otklik.triage.operations.topics import NOWHERE, successors, topics_by_code

MESSAGES = 300
"""So many of the last messages are judged anew by both."""

MOST_DECIDED = 300
"""So many of the last decisions of people are looked at: a page waits for them."""

MOST_APART = 50
_TAUGHT = {ModelState.READY, ModelState.ACTIVE, ModelState.RETIRED}


@dataclass(frozen=True, slots=True)
class Said:
    """What a model says of a question: the code of an active topic, and whether it would act without a person."""

    topic: str
    confidence: float
    alone: bool


@dataclass(frozen=True, slots=True)
class Score:
    """How often a model said what people decided, at all and where it would have acted alone."""

    right: int
    alone: int
    alone_right: int


@dataclass(frozen=True, slots=True)
class Decided:
    """Messages that came after both models were taught, by the topics that people gave them."""

    count: int
    since: datetime | None
    one: Score
    other: Score


@dataclass(frozen=True, slots=True)
class Apart:
    """A question that the models see differently; `text` is without personal data."""

    message: int
    text: str
    one: Said
    other: Said


@dataclass(frozen=True, slots=True)
class Recent:
    """The questions of the last messages: how many models agree on, act on alone, and what they see differently."""

    messages: int
    questions: int
    agree: int
    one_alone: int
    other_alone: int
    differ: int
    apart: tuple[Apart, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two models on the same messages."""

    decided: Decided
    recent: Recent


_Sayer = Callable[[Sequence[Judgement], Sequence[ReadMessage]], list[Said]]


def compare(*, one: TopicModel, other: TopicModel | None, now: datetime) -> Comparison:
    """Hold two models, or a model and the starter, against the same messages. Nothing is written.

    Both speak exactly as they would on the road: together with the starter, with the thresholds of their own.
    Raises NotReady for a model that was not taught, BrokenModel for one of an older program.
    """
    if one.state not in _TAUGHT or (other is not None and other.state not in _TAUGHT):
        raise NotReady
    sayers = _sayer(one), _sayer(other)
    return Comparison(_decided(one, other, sayers, now), _recent(sayers, now))


def _sayer(model: TopicModel | None) -> _Sayer:
    """The model as a function; topics that were retired since are what replaced them."""
    known, instead = topics_by_code(), successors()
    active = None if model is None else _loaded(model)

    def say(judgements: Sequence[Judgement], read: Sequence[ReadMessage]) -> list[Said]:
        if active is None:
            heeded = [learnt.Heeded(each) for each in judgements]
        else:
            labels = frozenset(active.model.labels)
            opinions = active.opinions(read)
            heeded = [
                learnt.heeded(each, opinion, labels)
                for each, opinion in zip(judgements, opinions, strict=True)
            ]
        return [_said(each, known, instead) for each in heeded]

    return say


def _loaded(model: TopicModel) -> learnt.Active:
    kept = learnt.active_model() if model.state == ModelState.ACTIVE else None
    return kept if kept is not None and kept.number == model.pk else learnt.model_of(model.pk)


def _said(heeded: learnt.Heeded, known: Container[str], instead: Mapping[str, str]) -> Said:
    judgement = heeded.judgement
    topic = judgement.topic if judgement.topic in known else instead.get(judgement.topic, NOWHERE)
    decision = rules.decide(judgement, threshold=rules.THRESHOLD, passes=heeded.passes)
    return Said(topic, judgement.confidence, decision.action == rules.Action.OPEN)


def _decided(
    one: TopicModel, other: TopicModel | None, sayers: tuple[_Sayer, _Sayer], now: datetime
) -> Decided:
    since = max((each.started_at for each in (one, other) if each and each.started_at), default=None)
    rows = Example.objects.filter(source=ExampleSource.PERSON, at__lte=now)
    if since is not None:
        # A message that came earlier may have been learnt from under another topic.
        rows = rows.filter(at__gt=since, message__received_at__gt=since)
    found = list(rows.order_by("-pk").values_list("text", "topic__code")[:MOST_DECIDED])
    judgements = [judge(text) for text, _code in found]
    read = [read_message(text) for text, _code in found]
    instead = successors()
    truth = [instead.get(code, code) for _text, code in found]
    scores = [_score(say(judgements, read), truth) for say in sayers]
    return Decided(len(found), since, scores[0], scores[1])


def _score(said: Sequence[Said], truth: Sequence[str]) -> Score:
    right = [each.topic == code for each, code in zip(said, truth, strict=True)]
    return Score(
        right=sum(right),
        alone=sum(each.alone for each in said),
        alone_right=sum(each.alone and hit for each, hit in zip(said, right, strict=True)),
    )


class _Asked(NamedTuple):
    """A question of a message with what was read of it."""

    message_id: int
    question: Question
    judgement: Judgement
    read: ReadMessage


def _asked(number: int, text: str) -> Iterator[_Asked]:
    whole = read_message(text)
    parts = judge_read(whole)
    read = parts_of(whole, [question for question, _judgement in parts])
    for (question, judgement), each in zip(parts, read, strict=True):
        yield _Asked(number, question, judgement, each)


def _recent(sayers: tuple[_Sayer, _Sayer], now: datetime) -> Recent:
    last = Verdict.objects.filter(part=0, decided_at__lte=now).order_by("-pk")
    rows = list(last.values_list("message_id", "message__text")[:MESSAGES])
    asked = [each for number, text in rows for each in _asked(number, text) if each.judgement.is_request]
    judgements, read = [each.judgement for each in asked], [each.read for each in asked]
    one, other = (say(judgements, read) for say in sayers)
    apart = [
        Apart(each.message_id, mask(each.question.alone(each.read.text).strip()).text, here, there)
        for each, here, there in zip(asked, one, other, strict=True)
        if here.topic != there.topic
    ]
    return Recent(
        messages=len(rows),
        questions=len(asked),
        agree=len(asked) - len(apart),
        one_alone=sum(each.alone for each in one),
        other_alone=sum(each.alone for each in other),
        differ=len(apart),
        apart=tuple(apart[:MOST_APART]),
    )
