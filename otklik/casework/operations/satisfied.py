"""Satisfaction: what authors write under final answers is counted, and a person may correct how it was read."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from otklik.audit import operations as audit
from otklik.casework import rules
from otklik.casework.enums import SatisfactionVerdict
from otklik.casework.models import Incident, Satisfaction
from otklik.casework.operations.basis import locked, sla_limits, touch
from otklik.casework.operations.repeats import ANSWERED
from otklik.casework.operations.reviewing import final_answer
from otklik.casework.rules.satisfaction import (
    COUNTED,
    NEITHER,
    POSITIVE,
    asks,
    denies,
    is_reply,
    satisfaction,
)
from otklik.common.actor import SYSTEM
from otklik.inbox.models import SourceMessage
from otklik.people.models import Account

LONGEST_QUOTE = 500
THANKS = "author_thanks"


class NothingSaid(Exception):
    """Автор ничего не написал об этом ответе: оценивать нечего."""


@transaction.atomic
def hear(*, said: Iterable[tuple[SourceMessage, Incident]], now: datetime) -> int:
    """Count what authors write under final answers, before it reopens anything; returns how many words counted.

    `said` are pairs (message, the incident that it continues). The latest words of a cycle hold; what a person has
    said of them stays. Never of a refusal: nobody asks whether that was liked.
    """
    clear = [
        (each, to, satisfaction(each.text, asked=was_asked(each.text, to)))
        for each, to in said
        if _counts(to, now)
    ]
    heard = [(each, to, verdict) for each, to, verdict in clear if verdict != NEITHER]
    for message, incident, verdict in sorted(heard, key=lambda each: (each[1].pk, each[0].pk)):
        _keep(message, locked(incident), verdict, now)
    return len(heard)


def was_asked(text: str, incident: Incident) -> bool:
    """Whether these words reply to what the answer has asked. Only what could be such a reply costs a query."""
    if not is_reply(text) or incident.resolution not in COUNTED:
        return False
    answer = final_answer(incident)
    return answer is not None and asks(answer.text)


def is_against(text: str, incident: Incident) -> bool:
    """Whether the author's words bring the matter back: an objection, or «нет» where the answer has asked."""
    return rules.objects(text) or (denies(text) and was_asked(text, incident))


def _counts(incident: Incident, now: datetime) -> bool:
    lately = now - incident.entered_at <= sla_limits().repeat.length
    return incident.state in ANSWERED and incident.resolution in COUNTED and lately


def _keep(message: SourceMessage, incident: Incident, verdict: str, now: datetime) -> None:
    answer = final_answer(incident)
    known = Satisfaction.objects.filter(incident=incident, cycle=incident.cycle).first()
    if answer is None or (known is not None and known.decided_by_id is not None):
        return
    found = known or Satisfaction(incident=incident, cycle=incident.cycle)
    found.answer, found.message, found.verdict, found.decided_at = answer, message, verdict, now
    found.save()
    if verdict == POSITIVE:
        words = f"«{message.text.strip()[:LONGEST_QUOTE]}»"
        touch(incident, verb=THANKS, by=SYSTEM, now=now, reason=words)
    else:
        # The reopening that follows says the rest, with the same words.
        audit.record(by=SYSTEM, verb="author_is_against", subject=incident, now=now, cycle=incident.cycle)


@transaction.atomic
def correct_satisfaction(
    *, incident: Incident, verdict: str, by: Account, now: datetime, version: int | None = None
) -> Satisfaction:
    """A person has read the author's words, of the latest answer about which there are any; that word holds.

    `verdict` is one of SatisfactionVerdict. Raises NothingSaid, IllegalMove for another verdict, StaleCard.
    """
    incident = locked(incident, version=version)
    found = Satisfaction.objects.filter(incident=incident).order_by("-cycle").first()
    if found is None:
        raise NothingSaid
    if verdict not in SatisfactionVerdict.values:
        raise rules.IllegalMove
    found.verdict, found.decided_by, found.decided_at = verdict, by, now
    found.save()
    touch(incident, verb="correct_satisfaction", by=by.actor, now=now, code=verdict)
    return found
