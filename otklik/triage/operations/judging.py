"""Judging messages: from text to stored verdicts, one for each question."""

import hashlib
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.db import transaction

from otklik.inbox.models import SourceMessage
from otklik.registry import operations as registry
from otklik.triage import rules
from otklik.triage.enums import IncidentKind, PlaceStatus, Priority
from otklik.triage.models import Verdict
from otklik.triage.nlp import Judgement, Question, ReadMessage, judge, judge_read, parts_of, read_message
from otklik.triage.nlp.masking import Personal, find_in, find_personal
from otklik.triage.nlp.moments import find_moment
from otklik.triage.nlp.placing import Gazetteer, Place, find_place
from otklik.triage.operations import duplicates, learnt
from otklik.triage.operations.in_force import in_force
from otklik.triage.operations.places import gazetteer
from otklik.triage.operations.routing_book import Asked, active_book, routes_by
from otklik.triage.operations.routing_book import Book as Routes
from otklik.triage.operations.topics import (
    NOWHERE,
    Topics,
    topics_for_writing,
    topics_of,
)
from otklik.triage.operations.verdict_rows import write_verdicts


@dataclass(frozen=True, slots=True)
class Judged:
    """A stored verdict with what the rules decided to do about it, and the body it points at."""

    verdict: Verdict
    action: str
    reason: str
    suggested_id: int | None
    municipality_id: int | None


@dataclass(frozen=True, slots=True)
class _Book:
    """What a batch is judged by, read once for all its messages."""

    topics: Topics
    places: Gazetteer
    zone: ZoneInfo
    learnt: learnt.Active | None
    routes: Routes
    version: str

    @classmethod
    def now(cls, *, redone: bool = False) -> "_Book":
        now, places = in_force(redone=redone), gazetteer()
        model = learnt.kept_model(now.model)
        taught = f"m{model.number}:{model.model.version[:12]}" if model else "starter"
        version = f"{taught}+t{now.topics}+g{_short(places.version)}"
        zone = registry.working_calendar().tz
        return cls(topics_of(now.topics), places, zone, model, active_book(now.rules), version)


@lru_cache(maxsize=8)
def _short(version: str) -> str:
    return hashlib.sha256(version.encode()).hexdigest()[:8]


@dataclass(frozen=True, slots=True)
class _Read:
    """A message as the pure part of triage reads it: its questions, and what is said of the whole."""

    message: SourceMessage
    whole: ReadMessage
    parts: tuple[tuple[Question, Judgement], ...]

    @classmethod
    def of(cls, message: SourceMessage) -> "_Read":
        whole = read_message(message.text)
        return cls(message, whole, judge_read(whole))

    def personal(self) -> tuple[Personal, ...]:
        """Where personal data stand: in all of the text, however little of it is judged."""
        return find_in(self.whole.reading) if self.whole.is_whole else find_personal(self.whole.text)


@transaction.atomic(savepoint=False)
def judge_messages(*, messages: Sequence[SourceMessage], now: datetime) -> list[Judged]:
    """Judge messages and keep the verdicts, one for each question; pairs of alike messages are kept beside.

    Messages come locked, with page and organisation at hand.
    """
    book = _Book.now(redone=True)
    judged = _judged([_Read.of(message) for message in messages], book, now)
    write_verdicts([each.verdict for each in judged])
    duplicates.find_duplicates(messages=messages, now=now)
    return judged


def judge_text(*, message: SourceMessage, text: str, now: datetime) -> Judged:
    """The verdict about a text as if the message said only this: one question, and nothing is kept."""
    stand_in = copy(message)
    stand_in.text = text
    one = _Read(stand_in, read_message(text), ((Question(()), judge(text)),))
    judged = _judged([one], _Book.now(), now)[0]
    judged.verdict.message = message
    return judged


def _judged(read: Sequence[_Read], book: _Book, now: datetime) -> list[Judged]:
    words = [
        part
        for each in read
        for part in parts_of(each.whole, [question for question, _judgement in each.parts])
    ]
    opinions = iter(book.learnt.opinions(words) if book.learnt else [None] * len(words))
    judged = []
    for each in read:
        places, personal = _places(each, book), each.personal()
        for number, (question, judgement) in enumerate(each.parts):
            opinion = next(opinions)
            said = learnt.Heeded(judgement)
            if opinion is not None and book.learnt is not None:
                said = learnt.heeded(judgement, opinion, book.learnt.model.labels)
            judged.append(_part(_Part(each, number, question, said, places[number], personal), book, now))
    return _routed(judged, book.routes)


def _places(read: _Read, book: _Book) -> list[Place]:
    """The place of each question: what its own words name, else what the message names, else the page's."""
    page = read.message.page.organization.municipality_id
    text = read.message.text
    whole = find_place(text, book.places, page_municipality=page)
    if len(read.parts) == 1:
        return [whole]
    return [
        own if (own := _place_in(text, question, book, page)).words else whole
        for question, _judgement in read.parts
    ]


def _place_in(text: str, question: Question, book: _Book, page: int | None) -> Place:
    return find_place(question.alone(text), book.places, page_municipality=page)


@dataclass(frozen=True, slots=True)
class _Part:
    """One question with everything that was read of it."""

    read: _Read
    number: int
    question: Question
    heeded: learnt.Heeded
    place: Place
    personal: tuple[Personal, ...]

    @property
    def spans(self) -> list[list[int]]:
        """The pieces of the message that ask it; none when the message is one question."""
        return [list(span) for span in self.question.spans] if len(self.read.parts) > 1 else []

    def moment(self, zone: ZoneInfo) -> datetime | None:
        """When it happened, as the question says in the time of the region."""
        message = self.read.message
        said_at = (message.sent_at or message.received_at).astimezone(zone)
        apart = [(word.start, word.end) for word in self.place.words]
        found = find_moment(self.question.alone(message.text), said_at, apart=apart)
        return found.start if found else None


def _part(part: _Part, book: _Book, now: datetime) -> Judged:
    message, judgement = part.read.message, part.heeded.judgement
    topic = book.topics.for_code(judgement.topic)
    decision = rules.decide(judgement, threshold=rules.THRESHOLD, passes=part.heeded.passes)
    verdict = Verdict(
        message=message,
        part=part.number,
        spans=part.spans,
        kind=judgement.kind,
        topic=topic,
        confidence=judgement.confidence,
        alternatives=[[code, share] for code, share in judgement.alternatives if code in book.topics.active],
        words=[[word.text, word.start, word.end] for word in judgement.words],
        signals=list(judgement.signals),
        personal=[[each.kind, each.start, each.end] for each in part.personal],
        priority=rules.priority(judgement, topic.priority),
        is_request=judgement.is_request,
        reason=judgement.reason,
        happened_at=part.moment(book.zone),
        model_version=f"{judgement.model_version}+{book.version}",
        decided_at=now,
    )
    _set_place(verdict, part.place)
    home = message.page.organization.municipality_id
    return Judged(verdict, decision.action, decision.reason, None, verdict.municipality_id or home)


def _set_place(verdict: Verdict, place: Place) -> None:
    verdict.municipality_id, verdict.settlement_id = place.municipality_id, place.settlement_id
    verdict.street_id, verdict.street_name = place.street_id, place.street_name
    verdict.house, verdict.object_name = place.house, place.object_name
    verdict.place_status = PlaceStatus(place.status)
    verdict.place_options = [
        [option.description, option.municipality_id, option.settlement_id, option.street_id]
        for option in place.options
    ]
    verdict.place_words = [[word.text, word.start, word.end] for word in place.words]


def _routed(judged: Sequence[Judged], book: Routes) -> list[Judged]:
    """The same with the bodies that the rules of routing name, and why."""
    routes = routes_by(
        book,
        [
            Asked(
                each.verdict.topic,
                each.verdict.message.page,
                each.verdict.municipality_id,
                each.verdict.settlement_id,
            )
            for each in judged
        ],
    )
    for each, route in zip(judged, routes, strict=True):
        each.verdict.suggested_id = route.body
        each.verdict.because = [list(pair) for pair in route.because]
    return [replace(each, suggested_id=each.verdict.suggested_id) for each in judged]


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
    judged = _routed(judged, active_book())
    write_verdicts([each.verdict for each in judged])
    return judged
