"""What later happens to messages whose incidents are open: their authors write on, or change what they wrote."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from otklik.casework import rules
from otklik.casework.enums import AttachReason, State
from otklik.casework.models import Incident
from otklik.casework.operations import clarifying, ending, repeats, satisfied
from otklik.casework.operations.basis import sla_limits
from otklik.casework.operations.many import as_they_were, trace
from otklik.casework.operations.opening import LONGEST_QUESTION
from otklik.casework.rules import spans as pieces
from otklik.common.actor import SYSTEM
from otklik.inbox.models import SourceMessage
from otklik.triage.models import Verdict

FollowUp = tuple[SourceMessage, Incident]


@transaction.atomic
def note_follow_ups(*, follow_ups: Sequence[FollowUp], now: datetime) -> None:
    """The authors of these incidents wrote again: (message, the incident it continues).

    What waited for the author goes on, with all the author was asked about in that thread. What was answered comes
    back when the words are against the answer. The others are marked, so that the queue shows it.
    """
    said = {_talk(message): message for message, _parent in follow_ups}
    against = {
        parent.pk: message for message, parent in follow_ups if satisfied.is_against(message.text, parent)
    }
    asked = Q(state=State.CLARIFICATION, message__thread__in={thread for thread, _author in said})
    continued = Incident.objects.filter(Q(pk__in={parent.pk for _message, parent in follow_ups}) | asked)
    marked: list[Incident] = []
    written_to = {parent.pk for _message, parent in follow_ups}
    for incident in (
        continued.select_for_update(of=("self",)).prefetch_related("topic", "message").order_by("pk")
        if said
        else ()
    ):
        reply = said.get(_talk(incident.message))
        if reply is None:
            continue
        if rules.awaits_reply(incident.state, incident.reason, incident.entered_at, now):
            clarifying.take_reply(incident, reply, now)
            continue
        heard = _worked_on(incident)
        if heard is incident and incident.pk in against and _may_object(incident, now):
            ending.take_objection(incident, against[incident.pk].text, now)
        elif heard is incident or heard.pk not in written_to:
            marked.append(heard)
    for incident in marked:
        incident.author_replied_at = now
    _trace(marked, ["author_replied_at"], "author_replied", now)


def _worked_on(incident: Incident) -> Incident:
    """Where the matter is worked on: asked again elsewhere, there, so that two clocks never race for one answer."""
    if incident.state not in repeats.ANSWERED:
        return incident
    return repeats.live_repeat(incident) or incident


def _may_object(incident: Incident, now: datetime) -> bool:
    return rules.can_object(incident.state, incident.closed_at, now, sla_limits().repeat.length)


def _talk(message: SourceMessage) -> tuple[int | None, int | None]:
    return message.thread_id, message.author_id


@transaction.atomic
def note_changes(*, messages: Iterable[SourceMessage], now: datetime) -> None:
    """The network says these messages were edited, deleted or restored: the cards must show the truth.

    The question of an unsplit message follows its new text. A question that is a part of it keeps its words: its
    pieces are looked for in the new text, and where they are gone the card says so. Answers and states are left
    to people.
    """
    texts = {message.pk: message for message in messages}
    changed = list(
        Incident.objects.select_for_update(of=("self",)).filter(message_id__in=texts).order_by("pk")
    )
    parts: dict[int, list[Incident]] = {}
    for incident in changed:
        message = texts[incident.message_id]
        if incident.spans:
            parts.setdefault(message.pk, []).append(incident)
        elif incident.part == 0 and message.has_content:
            incident.question = message.text[:LONGEST_QUESTION]
    for pk, questions in parts.items():
        # What was joined to another shares its pieces with it, so it is looked for by itself.
        joined = [each for each in questions if each.reason == AttachReason.JOINED]
        for group in ([each for each in questions if each not in joined], *([each] for each in joined)):
            _find_again(group, texts[pk].text)
    _trace(changed, ["question", "spans"], "message_changed", now)


def _find_again(questions: Sequence[Incident], text: str) -> None:
    """Give the parts of an edited message their new places; what has lost its words stays as it was."""
    found = pieces.relocated([(each.question, each.spans) for each in questions], text)
    for incident, spans in zip(questions, found, strict=True):
        if spans is not None and spans != incident.spans:
            incident.spans = spans
            Verdict.objects.filter(message_id=incident.message_id, part=incident.part).update(spans=spans)


def _trace(changed: list[Incident], fields: list[str], verb: str, now: datetime) -> None:
    trace(changed, fields, verb=verb, by=SYSTEM, now=now, before=as_they_were(changed))
