"""Live incidents as lines of the table of 47 columns, read a thousand at a time with a few statements."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from django.db.models import TextChoices
from django.utils import translation

from otklik.casework import rules
from otklik.casework.enums import AnswerKind, AnswerStatus, AttachReason, RejectReason, Resolution, State
from otklik.casework.exchange.layout import COLUMNS
from otklik.casework.exchange.times import Said, Step, Times, rated_from, times_of
from otklik.casework.exchange.values import Value, said
from otklik.casework.models import Answer, Incident, Move
from otklik.casework.rules.satisfaction import COUNTED
from otklik.channels import operations as channels
from otklik.channels.models import Connection
from otklik.common.text import strip_mentions
from otklik.inbox.models import Attachment
from otklik.registry import operations as registry
from otklik.registry.models import Municipality, OfficialPage, Organization
from otklik.triage.enums import IncidentKind
from otklik.triage.models import Topic

AT_ONCE = 1000


class _Row(NamedTuple):
    """What is read of an incident; the names are those of the query."""

    pk: int
    question: str
    page_id: int
    municipality_id: int | None
    street_name: str
    house: str
    object_name: str
    kind: str
    topic_id: int
    priority: str
    state: str
    reason: str
    executor_id: int | None
    received_at: datetime
    due_at: datetime
    first_answer_at: datetime | None
    closed_at: datetime | None
    resolution: str
    message_id: int
    settlement: str | None
    place: str
    object_id: str
    post_url: str | None
    author_url: str | None
    connection: str


_FIELDS = {"settlement": "settlement__name", "place": "message__place", "object_id": "message__object_id",
           "post_url": "message__post__url", "author_url": "message__author__url",
           "connection": "message__connection__external_id"}  # fmt: skip


class Gathering:
    """Lines of live incidents: what all share is read once, the rest in batches."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.calendar = registry.working_calendar()
        self.zone = self.calendar.tz
        region = registry.region()
        self.region = region.name if region else ""
        self.municipalities = dict(Municipality.objects.values_list("pk", "name"))
        self.bodies = dict(Organization.objects.values_list("pk", "name"))
        self.topics = {
            pk: (group, name) for pk, group, name in Topic.objects.values_list("pk", "group__name", "name")
        }

    @cached_property
    def pages(self) -> dict[int, tuple[str, str]]:
        """(title, address) of every page."""
        return {pk: (title, url) for pk, title, url in OfficialPage.objects.values_list("pk", "title", "url")}

    def lines(self, ids: Sequence[int]) -> Iterator[list[str]]:
        """The exact texts of 47 columns for each of these incidents that is there, in the order of the ids."""
        for start in range(0, len(ids), AT_ONCE):
            yield from self._batch(list(ids[start : start + AT_ONCE]))

    def _batch(self, ids: Sequence[int]) -> Iterator[list[str]]:
        rows = {row.pk: row for row in _rows(ids)}
        steps, answers = _steps(ids), _answers(ids)
        with_files = set(
            Attachment.objects.filter(message__in={row.message_id for row in rows.values()})
            .values_list("message_id", flat=True)
            .distinct()
        )
        for pk in ids:
            row = rows.get(pk)
            if row is not None:
                told = self._told(row, steps[pk], answers[pk], row.message_id in with_files)
                yield [said(column.kind, told.get(column.code), self.zone) for column in COLUMNS]

    def _told(self, row: _Row, steps: list[Step], answers: list[Said], has_files: bool) -> dict[str, Value]:
        clock = rules.clock_of(row.priority, self.calendar)
        times = times_of(
            steps, answers, executor=row.executor_id, due_at=row.due_at, is_open=row.state in rules.OPEN,
            now=self.now, worked=clock.between,
        )  # fmt: skip
        told = self._of_incident(row, has_files) | self._of_answers(row, times, clock.between)
        return told | self._place(row) | _of_rating(row, steps)

    def _of_incident(self, row: _Row, has_files: bool) -> dict[str, Value]:
        group, topic = self.topics.get(row.topic_id, ("", ""))
        title, url = self.pages.get(row.page_id, ("", ""))
        return {
            "cabinet": self.region,
            "id": str(row.pk),
            # As `Incident.number` says it at the desk of this region.
            "number": f"{row.received_at.astimezone(self.zone):%y-%m}-{row.pk:05d}",
            "executor": self.bodies.get(row.executor_id or 0, ""),
            "state": _words(State)[row.state],
            "created_at": row.received_at,
            "ended_at": row.closed_at,
            "whole_took": row.closed_at - row.received_at if row.closed_at else None,
            "topic_group": group,
            "topic": topic,
            "kind": _words(IncidentKind).get(row.kind, row.kind),
            "outcome": _words(Resolution).get(row.resolution, row.resolution),
            "media_in_message": has_files,
            "post_url": row.post_url or _address(row),
            "blog_url": url,
            "text": strip_mentions(row.question),
            "closing_reason": _closing_reason(row),
            "author_url": row.author_url or "",
            "answered_from": title if row.first_answer_at else "",
        }

    def _of_answers(self, row: _Row, times: Times, worked: Any) -> dict[str, Value]:
        first_at = times.first.at if times.first else row.first_answer_at
        own = times.own[0].at if times.own else None
        told: dict[str, Value] = {
            "first_answer_at": first_at,
            "first_answer": times.first.text if times.first else "",
            "first_answer_took": first_at - row.received_at if first_at else None,
            "first_answer_worked": worked(row.received_at, first_at) if first_at else None,
            "assigned_at": times.assigned_at,
            "own_answer_at": own,
            "own_answer_took": worked(times.assigned_at, own) if own and times.assigned_at else None,
            "own_in_time": times.in_time,
            "sent_to_approval_at": times.sent_to_approval_at,
            "in_approval": times.in_approval,
            # Answers go out as text alone.
            "media_in_answer": False if times.first else None,
        }
        return told | {f"answer_{place}": each.text for place, each in enumerate(times.own[:3], 1)}

    def _place(self, row: _Row) -> dict[str, Value]:
        return {
            "region": self.region,
            "municipality": self.municipalities.get(row.municipality_id or 0, ""),
            "settlement": row.settlement or "",
            "street": row.street_name,
            "house": row.house,
            "object": row.object_name,
        }


def _of_rating(row: _Row, steps: Sequence[Step]) -> dict[str, Value]:
    """When the author's turn came to say whether the answer helped; nobody is sent a questionnaire."""
    at = rated_from(steps) if row.resolution in COUNTED else None
    return {"rating_step_at": at, "asked_to_rate": None if at is None else False}


def _rows(ids: Sequence[int]) -> Iterator[_Row]:
    found = Incident.objects.filter(pk__in=ids)
    for row in found.values_list(*(_FIELDS.get(name, name) for name in _Row._fields)):
        yield _Row(*row)


def _steps(ids: Sequence[int]) -> dict[int, list[Step]]:
    steps: dict[int, list[Step]] = defaultdict(list)
    moves = Move.objects.filter(incident__in=ids).order_by("id")
    for pk, *step in moves.values_list("incident_id", "at", "before", "after", "executor_id", "new_due_at"):
        steps[pk].append(Step._make(step))
    return steps


def _answers(ids: Sequence[int]) -> dict[int, list[Said]]:
    answers: dict[int, list[Said]] = defaultdict(list)
    found = (
        Answer.objects.filter(incident__in=ids, status=AnswerStatus.PUBLISHED, published_at__isnull=False)
        .exclude(kind__in=[AnswerKind.QUESTION, AnswerKind.NOTE])
        .order_by("published_at", "id")
    )
    for pk, at, text in found.values_list("incident_id", "published_at", "text"):
        answers[pk].append(Said._make((at, text)))
    return answers


def _address(row: _Row) -> str:
    """Where a person sees what was written under; of a private dialog nothing is told."""
    if row.place == "direct":
        return ""
    return _address_of(row.connection, row.place, row.object_id)


# Many comments stand under one post.
@lru_cache(maxsize=10_000)
def _address_of(connection: str, place: str, object_id: str) -> str:
    page = Connection(external_id=connection)
    return channels.address_of(connection=page, place=place, object_id=object_id)


def _closing_reason(row: _Row) -> str:
    if row.state == State.REJECTED:
        return _words(RejectReason).get(row.reason, row.reason)
    if row.state == State.ATTACHED:
        return _words(AttachReason).get(row.reason, row.reason)
    return ""


_said: dict[type[TextChoices], dict[str, str]] = {}


def _words(choices: type[TextChoices]) -> dict[str, str]:
    """Codes in Russian, whatever language is active: a table is the same for everybody."""
    if choices not in _said:
        with translation.override("ru"):
            _said[choices] = {
                code: str(label)[:1].upper() + str(label)[1:] for code, label in choices.choices
            }
    return _said[choices]
