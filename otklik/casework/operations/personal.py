"""Personal data at the desk: masked until somebody opens them with a reason, which is a logged act."""

from datetime import datetime
from functools import lru_cache

from django.db import transaction

from otklik.audit import operations as audit
from otklik.casework.enums import ReadingReason
from otklik.casework.models import Incident, PersonalRead
from otklik.people.models import Account
from otklik.registry import operations as registry
from otklik.triage.nlp import masking

# A row of a list shows no more than its beginning: the end of a long text is masked where it is shown whole.
_LINE = 1200


class NeedsReadingReason(Exception):
    """Скажите, зачем открываете персональные данные: выберите причину, а для другой напишите её словами."""


@lru_cache(maxsize=4096)
def masked(text: str) -> str:
    """The text with phones, flats, documents, e-mails and names replaced by words that say what stood there.

    Remembered, because lists show the same texts again and again.
    """
    return masking.mask(text).text


def masked_line(text: str) -> str:
    """The beginning of a text as a list shows it, masked."""
    return masked(text) if len(text) <= _LINE else f"{masked(text[:_LINE])}…"


def masked_name(name: str) -> str:
    """A resident's name as much as is needed to answer: the first name and a letter, «Мария К.»."""
    # Some put a phone or an address into their name.
    words = [word for word in name.split() if not any(char.isdigit() or char == "@" for char in word)]
    return f"{words[0]} {words[1][0]}." if len(words) > 1 else " ".join(words)


def opened_by(*, incident: Incident, reader: Account, now: datetime) -> PersonalRead | None:
    """The opening that holds for this person and this incident today; None while they are masked. One query."""
    day = registry.local_date(now)
    return PersonalRead.objects.filter(incident=incident, reader=reader, day=day).first()


@transaction.atomic
def open_personal(
    *, incident: Incident, reason: str, by: Account, now: datetime, words: str = ""
) -> PersonalRead:
    """Open the personal data of an incident for one person until the end of the day; a second opening is the first.

    Raises NeedsReadingReason.
    """
    words = " ".join(words.split())[:300]
    if reason not in ReadingReason.values or (reason == ReadingReason.OTHER and not words):
        raise NeedsReadingReason
    read, is_new = PersonalRead.objects.get_or_create(
        incident=incident,
        reader=by,
        day=registry.local_date(now),
        defaults={"body_id": incident.executor_id, "at": now, "reason": reason, "words": words},
    )
    if is_new:
        audit.record(
            by=by.actor, verb="open_personal", subject=incident, now=now, reason=words or reason, code=reason
        )
    return read
