"""Which incident a message continues: the author's own words after the first ones in a thread."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import F, Q

from otklik.casework.enums import RejectReason, State
from otklik.casework.models import Incident
from otklik.casework.operations import sla_limits
from otklik.casework.operations.satisfied import is_against
from otklik.casework.rules import PAUSED, awaits_reply, can_object
from otklik.channels.enums import Place
from otklik.inbox.models import SourceMessage


def parents_of(messages: Sequence[SourceMessage]) -> dict[int, Incident]:
    """The incident that each message continues: the author's own, still alive, in the same thread.

    One that waits for the author's reply comes before all others; one that was put aside for silence, or closed,
    after them.
    """
    threads = {message.thread for message in messages if _may_continue(message) and message.thread}
    if not threads:
        return {}
    alive = (
        Incident.objects.filter(message__thread__in=threads)
        .exclude(state__in=[State.ATTACHED, State.TRANSFERRED, State.ARCHIVED])
        .exclude(Q(state=State.REJECTED) & ~Q(reason=RejectReason.NO_DETAILS))
        .annotate(thread_id=F("message__thread_id"), author_id=F("message__author_id"))
        .order_by("pk")
    )
    latest = {(each.thread_id, each.author_id): each for each in sorted(alive, key=_waits)}
    found = {
        message.pk: latest.get((message.thread_id, message.author_id))
        for message in messages
        if _may_continue(message)
    }
    return {pk: parent for pk, parent in found.items() if parent is not None}


def _waits(incident: Incident) -> int:
    """Later wins: what is over, then whatever is under way, then a question to the author."""
    return 2 if incident.state in PAUSED else 0 if incident.state in _OVER else 1


def goes_on(incident: Incident, message: SourceMessage, now: datetime) -> bool:
    """Whether a further message may join the incident: it is worked on, waited for this reply, or is objected to."""
    if incident.is_open or awaits_reply(incident.state, incident.reason, incident.entered_at, now):
        return True
    repeat = sla_limits().repeat.length
    if not can_object(incident.state, incident.closed_at, now, repeat):
        return False
    return is_against(message.text, incident)


_OVER = frozenset({State.REJECTED, State.CLOSED})


def _may_continue(message: SourceMessage) -> bool:
    thread = message.thread
    if thread is None or message.author_id is None:
        return False
    return message.place == Place.DIRECT or thread.root_id != message.external_id
