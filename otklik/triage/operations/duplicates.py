"""Candidates for one matter: the same words, or the same trouble in the same place. Joining them is a person's act."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from django.db import transaction
from django.db.models import Q

from otklik.audit import operations as audit
from otklik.common.actor import Actor
from otklik.inbox.models import SourceMessage
from otklik.triage.enums import DuplicateState
from otklik.triage.models import DuplicateHint, Verdict
from otklik.triage.operations.likeness import TEXT_WINDOW, Alike, Reason, alike, read
from otklik.triage.rules.sameness import Place, sameness

PROBLEM_WINDOW = timedelta(days=14)
"""The same trouble in the same place within so long is likely one matter."""

MOST_SHOWN = 8
_MOST_READ = 60


class Question(Protocol):
    """What is asked for candidates: an incident of casework looks like this, corrected by people or not."""

    @property
    def message(self) -> SourceMessage: ...
    @property
    def message_id(self) -> int: ...
    @property
    def part(self) -> int: ...
    @property
    def topic_id(self) -> int: ...
    @property
    def municipality_id(self) -> int | None: ...
    @property
    def settlement_id(self) -> int | None: ...
    @property
    def street_id(self) -> int | None: ...
    @property
    def street_name(self) -> str: ...
    @property
    def house(self) -> str: ...
    @property
    def object_name(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question of another message that may be the same matter: how likely, 0 to 1, and why.

    Reasons are codes with figures, the heaviest first: same_text, near_text (score), same_topic, same_house,
    same_street, same_object, same_settlement, other_page, same_author, minutes (between the messages).
    """

    message_id: int
    part: int
    score: float
    reasons: tuple[Reason, ...]


@transaction.atomic(savepoint=False)
def find_duplicates(*, messages: Sequence[SourceMessage], now: datetime) -> dict[int, list[Candidate]]:
    """Keep the keys of the messages and the pairs they make with earlier ones; candidates by message id.

    Part of the judging of a batch, in its transaction: three statements however many messages there are.
    """
    found = alike(read(messages), since=now - TEXT_WINDOW, keep=True)
    pairs = {
        (min(number, each.message_id), max(number, each.message_id)): each
        for number, near in found.items()
        for each in near
    }
    DuplicateHint.objects.bulk_create(
        (
            DuplicateHint(
                earlier_id=earlier, later_id=later, score=each.score, reasons=list(each.reasons), found_at=now
            )
            for (earlier, later), each in sorted(pairs.items())
        ),
        ignore_conflicts=True,
    )
    return {number: [_of_text(each) for each in near] for number, near in found.items()}


def _of_text(each: Alike) -> Candidate:
    return Candidate(each.message_id, 0, each.score, each.reasons)


def candidates_for(*, question: Question, now: datetime) -> list[Candidate]:
    """What may be the same matter as the question, likest first, at most MOST_SHOWN; dismissed pairs are left out.

    Looked up anew, so that it follows corrections of topic and place and sees what came later: four statements.
    """
    message = question.message
    found: dict[tuple[int, int], Candidate] = {}
    near = alike(read([message]), since=now - TEXT_WINDOW).get(message.pk, [])
    for each in (*map(_of_text, near), *_same_problem(question, now)):
        key = (each.message_id, each.part)
        found[key] = _both(found[key], each) if key in found else each
    for pair in _decided(message.pk, question.part):
        found.pop(pair, None)
    return sorted(found.values(), key=lambda each: (-each.score, -each.message_id, each.part))[:MOST_SHOWN]


def _both(one: Candidate, other: Candidate) -> Candidate:
    """Two grounds that do not depend on each other: surer than each of them."""
    score = round(1 - (1 - one.score) * (1 - other.score), 3)
    return Candidate(one.message_id, one.part, score, tuple(dict.fromkeys((*one.reasons, *other.reasons))))


def _same_problem(question: Question, now: datetime) -> Iterable[Candidate]:
    place = Place.of(question)
    where = _where(question)
    if where is None:
        return
    rows = (
        Verdict.objects.filter(
            where, topic_id=question.topic_id, is_request=True, decided_at__gte=now - PROBLEM_WINDOW
        )
        .filter(message__deleted_at=None)
        .exclude(message_id=question.message.pk)
        .select_related("message")
        .only(
            "part", "street", "street_name", "house", "settlement", "object_name",
            "message__page", "message__author", "message__sent_at", "message__received_at",
        )
        .order_by("-decided_at")
    )  # fmt: skip
    for row in rows[:_MOST_READ]:
        same = sameness(place, Place.of(row))
        if same is not None:
            about = _about(question.message, row.message)
            yield Candidate(row.message_id, row.part, same.score, (("same_topic",), (same.reason,), *about))


def _where(question: Question) -> Q | None:
    """The rows worth a look, by what an index can find."""
    if question.street_id is not None:
        return Q(street_id=question.street_id)
    if question.municipality_id is None or question.settlement_id is None:
        return None
    return Q(
        municipality_id=question.municipality_id, settlement_id=question.settlement_id, street_id__isnull=True
    )


def _about(message: SourceMessage, other: SourceMessage) -> Iterable[Reason]:
    if other.page_id != message.page_id:
        yield ("other_page",)
    if other.author_id is not None and other.author_id == message.author_id:
        yield ("same_author",)
    apart = abs((message.sent_at or message.received_at) - (other.sent_at or other.received_at))
    yield ("minutes", int(apart.total_seconds() // 60))


def _decided(message_id: int, part: int) -> Iterable[tuple[int, int]]:
    """The other sides of pairs that people called different."""
    rows = DuplicateHint.objects.filter(
        Q(earlier=message_id, earlier_part=part) | Q(later=message_id, later_part=part),
        state=DuplicateState.DISMISSED,
    )
    for row in rows:
        is_later = row.later_id == message_id
        yield (row.earlier_id, row.earlier_part) if is_later else (row.later_id, row.later_part)


@transaction.atomic
def dismiss(*, question: Question, other: Question, by: Actor, now: datetime) -> DuplicateHint:
    """The two are different matters: they are not suggested to each other any more. Raises SameMessage."""
    return _traced(question, other, DuplicateState.DISMISSED, by, now)


@transaction.atomic
def suggest_again(*, question: Question, other: Question, by: Actor, now: datetime) -> DuplicateHint:
    """The decision about the two is taken back. Raises SameMessage."""
    return _traced(question, other, DuplicateState.SUGGESTED, by, now)


def note_attached(*, question: Question, other: Question, by: Actor, now: datetime) -> None:
    """A person joined the two: what the search for duplicates is measured by. The verb that joins leaves the trace."""
    if question.message_id != other.message_id:
        _decide(question, other, DuplicateState.ATTACHED, by, now)


def note_detached(*, question: Question, other: Question, by: Actor, now: datetime) -> None:
    """A person took the two apart again: they are not suggested to each other any more."""
    if question.message_id != other.message_id:
        _decide(question, other, DuplicateState.DISMISSED, by, now)


class SameMessage(Exception):
    """Вопросы одного сообщения не повторяют друг друга: их объединяют на карточке."""


def _traced(question: Question, other: Question, state: str, by: Actor, now: datetime) -> DuplicateHint:
    if question.message_id == other.message_id:
        raise SameMessage
    hint, before = _decide(question, other, state, by, now)
    audit.record(by=by, verb="judge_pair", subject=hint, now=now, before=before, after=state)
    return hint


def _decide(
    question: Question, other: Question, state: str, by: Actor, now: datetime
) -> tuple[DuplicateHint, str]:
    """Keep the decision about the pair; with the state before."""
    (earlier, earlier_part), (later, later_part) = sorted(
        ((question.message_id, question.part), (other.message_id, other.part))
    )
    hint, _made = DuplicateHint.objects.select_for_update(of=("self",)).get_or_create(
        earlier_id=earlier,
        earlier_part=earlier_part,
        later_id=later,
        later_part=later_part,
        defaults={"score": 0.0, "found_at": now},
    )
    before, hint.state = hint.state, state
    is_open = state == DuplicateState.SUGGESTED
    hint.decided_by_id, hint.decided_at = (None, None) if is_open else (by.id, now)
    hint.save(update_fields=["state", "decided_by", "decided_at"])
    return hint, before
