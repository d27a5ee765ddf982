"""The questions of one message under one lock, with the pieces of text that belong to each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max

from otklik.casework import rules
from otklik.casework.enums import AnswerKind, AnswerStatus, State
from otklik.casework.models import Answer, Incident
from otklik.casework.operations.basis import StaleCard, sla_limits, touch
from otklik.casework.operations.opening import LONGEST_QUESTION
from otklik.casework.operations.places import place_of
from otklik.casework.rules import spans as pieces
from otklik.casework.rules.spans import Span
from otklik.common.actor import Actor
from otklik.inbox.models import SourceMessage
from otklik.registry import operations as registry
from otklik.triage import operations as triage
from otklik.triage.enums import PlaceStatus
from otklik.triage.models import Verdict


class NotItsPiece(Exception):
    """Этот кусок сообщения не относится к вопросу: обновите карточку и выберите снова."""


class NothingLeft(Exception):
    """Выберите часть вопроса: если забрать его целиком, от него ничего не останется."""


class AlreadyAnswered(Exception):
    """На вопрос уже ответили: разделять и соединять его больше нельзя."""


class TextHasChanged(Exception):
    """Автор изменил сообщение, и слов этого вопроса в нём больше нет: делить его не по чему."""


class OtherMessage(Exception):
    """Соединять можно только вопросы одного сообщения. Для остальных есть «Присоединить»."""


@dataclass(frozen=True)
class Family:
    """The questions of one message, all locked, and who works on them: nobody else cuts or joins them meanwhile."""

    message: SourceMessage
    incidents: dict[int, Incident]
    by: Actor
    now: datetime

    @classmethod
    def of(cls, message_id: int, by: Actor, now: datetime) -> "Family":
        """Lock the message and its questions to the end of the transaction."""
        # The message first, as the road does: an edit that is being written is waited for.
        message = SourceMessage.objects.select_for_update(of=("self",), no_key=True).get(pk=message_id)
        rows = Incident.objects.filter(message_id=message_id).select_for_update(of=("self",)).order_by("pk")
        return cls(message, {each.pk: each for each in rows}, by, now)

    def member(self, incident_id: int, verb: str, version: int | None = None) -> Incident:
        """The question as it is now, if its pieces may still be moved by the verb.

        `version` is the one a person saw. Raises the facts of this module, StaleCard, IllegalMove.
        """
        found = self.incidents.get(incident_id)
        if found is None:
            raise OtherMessage
        if version is not None and found.version != version:
            raise StaleCard
        rules.check_stay(verb, found.state)
        _refuse_answered(found)
        whole = pieces.text_of(self.message.text, found.spans)[:LONGEST_QUESTION]
        if found.spans and whole != found.question:
            raise TextHasChanged
        return found

    def pieces_of(self, incident: Incident) -> list[Span]:
        """The pieces of a question; of one that was never cut, the whole message."""
        return pieces.own(incident.spans, self.message.text)

    def cut(self, incident: Incident, spans: Iterable[Sequence[int]]) -> tuple[list[Span], list[Span]]:
        """The pieces taken from the incident, and what is left to it. Raises NotItsPiece, NothingLeft."""
        text, own = self.message.text, self.pieces_of(incident)
        taken = pieces.tidy(spans, text)
        if not taken or pieces.without(taken, own, text):
            raise NotItsPiece
        taken = pieces.common(taken, own, text)
        left = pieces.without(own, taken, text)
        if not left:
            raise NothingLeft
        return taken, left

    def next_part(self) -> int:
        """A number that no question of the message has had."""
        parts = [
            model.objects.filter(message=self.message).aggregate(top=Max("part"))["top"]
            for model in (Incident, Verdict)
        ]
        return 1 + max((part for part in parts if part is not None), default=0)

    def rewrite(self, incident: Incident, verb: str, spans: list[list[int]], reason: str) -> Incident:
        """Give a question other pieces, in its state, with the trace of it; `reason` names the other question."""
        changes = self.read_again(incident, spans, incident.state)
        return touch(incident, verb=verb, by=self.by, now=self.now, reason=reason, **changes)

    def read_again(self, incident: Incident, spans: list[list[int]], state: str) -> dict[str, Any]:
        """The fields of a question by its new pieces. In triage, where nobody has had a word yet, they judge it."""
        text = pieces.text_of(self.message.text, spans)[:LONGEST_QUESTION]
        changes: dict[str, Any] = {"spans": spans, "question": text}
        if state != State.TRIAGE:
            Verdict.objects.filter(message=self.message, part=incident.part).update(spans=spans)
            return changes
        judged = triage.judge_part(message=self.message, part=incident.part, spans=spans, now=self.now)
        return changes | (_by_verdict(incident, judged) if judged is not None else {})


def _by_verdict(incident: Incident, judged: triage.Judged) -> dict[str, Any]:
    verdict = judged.verdict
    changes: dict[str, Any] = {
        "topic": verdict.topic,
        "kind": verdict.kind,
        "confidence": verdict.confidence,
        "suggested_id": judged.suggested_id,
    }
    if verdict.place_status in {PlaceStatus.FOUND, PlaceStatus.AMBIGUOUS}:
        changes |= place_of(verdict, municipality_id=judged.municipality_id)
    if verdict.priority != incident.priority and incident.cycle == 1:
        calendar, limits = registry.working_calendar(), sla_limits()
        due_at = rules.primary_due(incident.received_at, verdict.priority, calendar, limits)
        changes |= {"priority": verdict.priority, "due_at": due_at}
    return changes


def _refuse_answered(incident: Incident) -> None:
    sent = (
        Answer.objects.filter(incident=incident)
        .exclude(kind=AnswerKind.QUESTION)
        .exclude(status__in=[AnswerStatus.DRAFT, AnswerStatus.UNDELIVERABLE])
    )
    if incident.first_answer_at is not None or sent.exists():
        raise AlreadyAnswered


def as_kept(spans: Iterable[Span]) -> list[list[int]]:
    """Pieces as a row keeps them."""
    return [list(span) for span in spans]
