"""Published answers to questions like this one: shown beside the editor, without personal data."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import Case, F, FloatField, Q, QuerySet, Value, When

from otklik.casework.enums import AnswerKind, AnswerStatus
from otklik.casework.models import Answer, Incident
from otklik.casework.operations.answer_offers import values_of
from otklik.casework.rules import templates as rules
from otklik.channels.enums import Place
from otklik.triage.nlp import masking
from otklik.triage.nlp.likeness import said

MOST_SHOWN = 5
# The latest answered questions of the topic are enough: older answers speak of what is no more.
AMONG = 200
_NEAREST = 4 * MOST_SHOWN
_MOST_WORDS = 24
_SAME_STREET, _SAME_PLACE, _SAME_BODY = 0.2, 0.05, 0.05
# A greeting calls its author here, in the first words.
_GREETING = 60


@dataclass(frozen=True, slots=True)
class Similar:
    """An answer that stands in the network, as it may be shown to anybody; `filled` is what would be inserted."""

    answer: Answer
    text: str
    filled: str


def similar_answers(*, incident: Incident, now: datetime) -> list[Similar]:
    """Up to five, the nearest first; private messages are nobody else's. Two queries, whatever their number.

    Every name and phone of the text is a placeholder; the greeting takes the name of this author.
    """
    near = list(_nearest(incident).values_list("pk", flat=True)[:_NEAREST])
    found = Answer.objects.filter(
        incident_id__in=near, status=AnswerStatus.PUBLISHED, kind=AnswerKind.FINAL
    ).select_related("incident__page__organization", "incident__executor")
    latest = {answer.incident_id: answer for answer in found.defer("incident__search").order_by("pk")}
    values, seen = values_of(incident, now), set[str]()
    shown: list[Similar] = []
    for answer in _in_order(near, latest):
        text = masking.mask(answer.text).text
        if text in seen:
            continue
        seen.add(text)
        shown.append(Similar(answer, text, _for_this(text, values.get("имя", ""))))
        if len(shown) == MOST_SHOWN:
            break
    return shown


def _in_order(near: Iterable[int], latest: dict[int, Answer]) -> Iterable[Answer]:
    return (latest[pk] for pk in near if pk in latest)


def _for_this(text: str, name: str) -> str:
    """The text with the name of this author in its greeting."""
    if not name:
        return text
    head, tail = text[:_GREETING], text[_GREETING:]
    return head.replace(rules.HIDDEN_NAME, name, 1) + tail


def latest_answered(incident: Incident) -> QuerySet[Incident]:
    """The latest answered incidents of the same topic: a walk of the index, however many there are."""
    return Incident.objects.filter(topic_id=incident.topic_id, first_answer_at__isnull=False).order_by(
        "-first_answer_at", "-pk"
    )[:AMONG]


def _nearest(incident: Incident) -> QuerySet[Incident]:
    """The same, by how near their words and places are."""
    near = Value(0.0, FloatField())
    score = SearchRank(F("search"), _words_of(incident.question)) + near
    for name, worth in (
        ("street_id", _SAME_STREET),
        ("municipality_id", _SAME_PLACE),
        ("executor_id", _SAME_BODY),
    ):
        if (value := getattr(incident, name)) is not None:
            score += Case(When(**{name: value}, then=Value(worth)), default=near)
    return (
        Incident.objects.filter(pk__in=latest_answered(incident).values("pk"))
        .exclude(pk=incident.pk)
        .exclude(Q(message_id=incident.message_id) | Q(message__place=Place.DIRECT))
        .annotate(nearness=score)
        .order_by("-nearness", "-first_answer_at", "-pk")
    )


def _words_of(question: str) -> SearchQuery:
    """Any of the telling words of the question."""
    words = sorted(said(question).words)[:_MOST_WORDS]
    plain = [word for word in words if word.isalnum()]
    return SearchQuery(" OR ".join(plain) or "-", config="russian", search_type="websearch")
