"""Judging messages: from text to stored verdicts."""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from otklik.inbox.models import SourceMessage
from otklik.triage import rules
from otklik.triage.enums import IncidentKind, Priority
from otklik.triage.models import Topic, Verdict
from otklik.triage.nlp import judge, load_lexicon
from otklik.triage.operations.routing_book import Asked, routes_for
from otklik.triage.operations.topics import NOWHERE, successors, topics_for_writing


@dataclass(frozen=True, slots=True)
class Judged:
    """A stored verdict with what the rules decided to do about it, and the body it points at."""

    verdict: Verdict
    action: str
    reason: str
    suggested_id: int | None
    municipality_id: int | None


@transaction.atomic
def judge_messages(*, messages: Sequence[SourceMessage], now: datetime) -> list[Judged]:
    """Judge messages and keep the verdicts. Messages come locked, with page and organisation at hand."""
    topics = topics_for_writing()
    judged = _routed([_judge_one(message, topics, now) for message in messages])
    Verdict.objects.bulk_create(each.verdict for each in judged)
    return judged


def _judge_one(message: SourceMessage, topics: dict[str, Topic], now: datetime) -> Judged:
    judgement = judge(message.text, lexicon=load_lexicon())
    topic = topics.get(judgement.topic) or _instead(judgement.topic, topics)
    decision = rules.decide(judgement, threshold=rules.THRESHOLD)
    verdict = Verdict(
        message=message,
        kind=judgement.kind,
        topic=topic,
        confidence=judgement.confidence,
        alternatives=[[code, share] for code, share in judgement.alternatives if code in topics],
        words=[[word.text, word.start, word.end] for word in judgement.words],
        priority=judgement.urgency,
        is_request=judgement.is_request,
        reason=judgement.reason,
        model_version=judgement.model_version,
        decided_at=now,
    )
    return Judged(verdict, decision.action, decision.reason, None, message.page.organization.municipality_id)


def _instead(code: str, topics: dict[str, Topic]) -> Topic:
    """A topic the region has retired is what it was replaced by, or no topic: then «Прочее», and a person decides."""
    return topics.get(successors().get(code, "")) or topics[NOWHERE]


def _routed(judged: Sequence[Judged]) -> list[Judged]:
    """The same with the bodies that the rules of routing name, and why."""
    routes = routes_for(
        [
            Asked(
                each.verdict.topic,
                each.verdict.message.page,
                each.verdict.municipality_id,
                each.verdict.settlement_id,
            )
            for each in judged
        ]
    )
    for each, route in zip(judged, routes, strict=True):
        each.verdict.suggested_id = route.body
        each.verdict.because = [list(pair) for pair in route.because]
    return [replace(each, suggested_id=each.verdict.suggested_id) for each in judged]


def judge_text(*, message: SourceMessage, text: str, now: datetime) -> Judged:
    """The verdict about a text as if the message said only this: one question, and nothing is kept."""
    stand_in = copy(message)
    stand_in.text = text
    judged = _routed([_judge_one(stand_in, topics_for_writing(), now)])[0]
    judged.verdict.message = message
    return judged


@transaction.atomic
def leave_to_person(*, messages: Sequence[SourceMessage], now: datetime) -> list[Judged]:
    """A verdict that claims nothing, for messages that broke the judge: a person decides."""
    topic = topics_for_writing()[NOWHERE]
    judged = [
        Judged(
            verdict=Verdict(
                message=message,
                kind=IncidentKind.OTHER,
                topic=topic,
                confidence=0,
                priority=Priority.NORMAL,
                reason="judge_failed",
                model_version="none",
                decided_at=now,
            ),
            action=rules.Action.ASK,
            reason="judge_failed",
            suggested_id=None,
            municipality_id=message.page.organization.municipality_id,
        )
        for message in messages
    ]
    judged = _routed(judged)
    Verdict.objects.bulk_create(each.verdict for each in judged)
    return judged
