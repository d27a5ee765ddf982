"""Photos beside an answer: added to the draft, taken away from it, and then its evidence for good.

The networks' keys of a community put no photo under a comment, so none of these is published: post-control, the
approver and everybody who sees the incident see them on the card.
"""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from django.db import transaction

from otklik.audit import operations as audit
from otklik.casework import rules
from otklik.casework.enums import AnswerStatus
from otklik.casework.models import MOST_ANSWER_PHOTOS, Answer, AnswerPhoto, Incident
from otklik.casework.operations.answering import DRAFTING
from otklik.casework.operations.basis import locked
from otklik.common.photos import remade
from otklik.people.models import Account


class NoPhotos(Exception):
    """Выберите хотя бы одну фотографию."""


class TooManyAnswerPhotos(Exception):
    """К ответу можно приложить не больше десяти фотографий. Уберите лишние."""


class SamePhoto(Exception):
    """Такая фотография к этому ответу уже приложена."""


class PhotoIsGone(Exception):
    """Этой фотографии у черновика уже нет: её убрали или ответ ушёл."""


def add_photos(
    *, incident: Incident, photos: Sequence[bytes], by: Account, now: datetime
) -> list[AnswerPhoto]:
    """Put photos beside the draft of an incident, made anew; a draft without words is begun for them.

    Raises NoPhotos, TooManyAnswerPhotos, SamePhoto, UnreadablePhoto, IllegalMove.
    """
    if not photos:
        raise NoPhotos
    if len(photos) > MOST_ANSWER_PHOTOS:
        raise TooManyAnswerPhotos
    # Before the lock: a large picture takes a second to be made anew.
    made = [remade(body) for body in photos]
    return _add(incident, made, by, now)


@transaction.atomic
def _add(incident: Incident, made: Sequence[bytes], by: Account, now: datetime) -> list[AnswerPhoto]:
    incident = locked(incident)
    if incident.state not in DRAFTING:
        raise rules.IllegalMove
    draft, _begun = Answer.objects.get_or_create(
        incident=incident,
        status=AnswerStatus.DRAFT,
        defaults={
            "text": "", "cycle": incident.cycle, "author": by, "created_at": now, "updated_at": now,
        },
    )  # fmt: skip
    if draft.photos + len(made) > MOST_ANSWER_PHOTOS:
        raise TooManyAnswerPhotos
    digests = [sha256(body).hexdigest() for body in made]
    known = draft.shots.filter(digest__in=digests)
    if len(set(digests)) < len(digests) or known.exists():
        raise SamePhoto
    added = AnswerPhoto.objects.bulk_create(
        AnswerPhoto(
            answer=draft, number=draft.photos + number, body=body, digest=digest, added_by=by, added_at=now
        )
        for number, (body, digest) in enumerate(zip(made, digests, strict=True), 1)
    )
    _count(draft, draft.photos + len(made))
    audit.record(
        by=by.actor, verb="add_photos", subject=draft, now=now, incident=incident.pk, digests=digests
    )
    return added


@transaction.atomic
def remove_photo(*, incident: Incident, digest: str, by: Account, now: datetime) -> None:
    """Take a photo away from the draft; those after it move up. Raises PhotoIsGone."""
    incident = locked(incident)
    draft = Answer.objects.filter(incident=incident, status=AnswerStatus.DRAFT).first()
    photo = draft.shots.filter(digest=digest).defer("body").first() if draft else None
    if draft is None or photo is None:
        raise PhotoIsGone
    number = photo.number
    photo.delete()
    for later in draft.shots.filter(number__gt=number).order_by("number").values_list("pk", "number"):
        AnswerPhoto.objects.filter(pk=later[0]).update(number=later[1] - 1)
    _count(draft, draft.photos - 1)
    audit.record(
        by=by.actor, verb="remove_photo", subject=draft, now=now, incident=incident.pk, digest=digest
    )


def _count(draft: Answer, number: int) -> None:
    draft.photos = number
    draft.save(update_fields=["photos"])
