"""Which incident a message continues: the author's own words after the first ones in a thread."""

from collections.abc import Sequence

from django.db.models import F

from otklik.casework.models import Incident
from otklik.channels.enums import Place
from otklik.inbox.models import SourceMessage


def parents_of(messages: Sequence[SourceMessage]) -> dict[int, Incident]:
    """The incident that each message continues: the author's own, still alive, in the same thread."""
    threads = {message.thread for message in messages if _may_continue(message) and message.thread}
    if not threads:
        return {}
    alive = (
        Incident.objects.filter(message__thread__in=threads)
        .exclude(state__in=["rejected", "attached", "closed"])
        .annotate(thread_id=F("message__thread_id"), author_id=F("message__author_id"))
        .order_by("pk")
    )
    latest = {(each.thread_id, each.author_id): each for each in alive}
    found = {
        message.pk: latest.get((message.thread_id, message.author_id))
        for message in messages
        if _may_continue(message)
    }
    return {pk: parent for pk, parent in found.items() if parent is not None}


def _may_continue(message: SourceMessage) -> bool:
    thread = message.thread
    if thread is None or message.author_id is None:
        return False
    return message.place == Place.DIRECT or thread.root_id != message.external_id
