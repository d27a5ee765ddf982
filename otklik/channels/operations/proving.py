"""Proof of a publication: what the network itself shows of it, as it was first seen there."""

from datetime import UTC, datetime

from django.db import transaction

from otklik.channels.base import Incoming, What
from otklik.channels.models import Connection, Delivery, Proof
from otklik.common.text import clean, strip_mentions


@transaction.atomic
def witness(*, connection: Connection, incoming: Incoming, now: datetime) -> Proof | None:
    """The page's own message was seen in the network: it is the proof of the delivery it stands for, if of any.

    Only the first sight counts, and only words that are ours: what was edited before anybody looked is no proof.
    Returns the proof when it is new.
    """
    if not incoming.is_own or incoming.what != What.NEW or not incoming.external_id:
        return None
    delivery = Delivery.objects.filter(
        connection=connection,
        external_id=incoming.external_id,
        place=incoming.place,
        object_id=incoming.object_id,
    ).first()
    # What a person published by hand is in that person's words.
    if delivery is None or not (delivery.reason == "by_person" or same_words(delivery.text, incoming.text)):
        return None
    return keep_proof(delivery, incoming.text, incoming.sent_at, now)


def keep_proof(delivery: Delivery, text: str, stood_at: datetime | None, now: datetime) -> Proof | None:
    """Write down what was read back, unless something has been: the first sight stays."""
    proof, made = Proof.objects.get_or_create(
        delivery=delivery,
        defaults={
            "external_id": delivery.external_id,
            "permalink": delivery.permalink,
            "text": clean(text),
            "stood_at": stood_at,
            "seen_at": now,
        },
    )
    return proof if made else None


def keep_found(delivery: Delivery, now: datetime) -> None:
    """A read-back has found the answer: its snapshot holds what the network showed."""
    found = delivery.snapshot.get("found")
    if isinstance(found, dict) and isinstance(found.get("text"), str):
        date = found.get("date")
        stood_at = datetime.fromtimestamp(date, UTC) if isinstance(date, int) else None
        keep_proof(delivery, found["text"], stood_at, now)


def same_words(ours: str, stands: str) -> bool:
    """Whether the network shows our words; it may put a mention before them and join blanks as it likes."""
    words = strip_mentions(ours).split()
    shown = strip_mentions(stands).split()
    return shown[-len(words) :] == words
