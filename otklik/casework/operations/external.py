"""Asking somebody outside by a link: made, opened, answered, revoked. What comes back is material for a draft."""

import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.core import signing
from django.db import transaction

from otklik.audit import operations as audit
from otklik.casework.models import (
    MOST_PHOTOS,
    ExternalLink,
    ExternalOpening,
    ExternalPhoto,
    ExternalReply,
    Incident,
)
from otklik.casework.rules import OPEN
from otklik.common.actor import Actor
from otklik.common.bodies import LINKS_SALT
from otklik.common.photos import remade
from otklik.people.models import Account

LONGEST_TERM = timedelta(days=31)
LONGEST_QUESTION, LONGEST_REPLY = 4000, 4000
MOST_REPLIES = 5
"""Of one link: a second try, an addition; more is a conversation and belongs elsewhere."""


class LinkNeedsWords(Exception):
    """Напишите, кому ссылка и о чём вы спрашиваете."""


class LinkTermTooLong(Exception):
    """Срок ссылки — завтрашний день или позже, но не дальше месяца."""


class LinkOfEnded(Exception):
    """Инцидент уже завершён: спрашивать по нему некого. Возобновите его, если вопрос остался."""


class LinkIsDead(Exception):
    """Ссылка больше не действует: вышел срок, её отозвали или вопрос уже решён. Попросите новую у того, кто прислал."""


class ReplyIsEmpty(Exception):
    """Напишите, что сделано или будет сделано: без слов ответ не уйдёт."""


class TooManyPhotos(Exception):
    """Приложите не больше пяти фотографий."""


class TooManyReplies(Exception):
    """По этой ссылке уже отправили пять ответов. Если есть что добавить, свяжитесь с тем, кто прислал ссылку."""


@transaction.atomic
def make_link(
    *, incident: Incident, addressee: str, question: str, answer_by: datetime, by: Account, now: datetime
) -> ExternalLink:
    """Make a link for one addressee and one question; it dies when its day is over.

    Raises LinkNeedsWords, LinkTermTooLong, LinkOfEnded.
    """
    addressee, question = " ".join(addressee.split())[:200], question.strip()[:LONGEST_QUESTION]
    if not addressee or not question:
        raise LinkNeedsWords
    if not now < answer_by <= now + LONGEST_TERM:
        raise LinkTermTooLong
    locked = Incident.objects.select_for_update(of=("self",)).only("state").get(pk=incident.pk)
    if locked.state not in OPEN:
        raise LinkOfEnded
    link = ExternalLink.objects.create(
        incident=incident, made_by=by, made_at=now, addressee=addressee, question=question,
        answer_by=answer_by, nonce=secrets.token_urlsafe(16),
    )  # fmt: skip
    audit.record(
        by=by.actor, verb="make_link", subject=incident, now=now,
        link=link.pk, addressee=addressee, answer_by=answer_by.isoformat(),
    )  # fmt: skip
    return link


def token_of(link: ExternalLink) -> str:
    """The secret part of the address of a link."""
    return signing.Signer(salt=LINKS_SALT).sign(f"{link.pk}.{link.nonce}")


def link_of(token: str, *, now: datetime) -> ExternalLink:
    """The link behind a token that still stands. Raises LinkIsDead, whatever is wrong: nothing is told to a guesser."""
    try:
        number, _dot, nonce = signing.Signer(salt=LINKS_SALT).unsign(token).partition(".")
    except signing.BadSignature as error:
        raise LinkIsDead from error
    found = (
        ExternalLink.objects.select_related("incident").defer("incident__search").filter(pk=number).first()
    )
    if found is None or not hmac.compare_digest(found.nonce, nonce) or not _stands(found, now):
        raise LinkIsDead
    return found


def _stands(link: ExternalLink, now: datetime) -> bool:
    return link.revoked_at is None and now <= link.answer_by and link.incident.state in OPEN


@transaction.atomic
def note_opening(*, link: ExternalLink, address: str, now: datetime) -> ExternalOpening:
    """Keep that somebody opened the link."""
    return ExternalOpening.objects.create(link=link, at=now, address=address[:60])


@transaction.atomic
def revoke_link(*, link: ExternalLink, by: Account, now: datetime) -> ExternalLink:
    """Let the link die at once; a second time changes nothing."""
    locked = ExternalLink.objects.select_for_update(of=("self",)).get(pk=link.pk)
    if locked.revoked_at is None:
        locked.revoked_at = now
        locked.save(update_fields=["revoked_at"])
        audit.record(by=by.actor, verb="revoke_link", subject=locked.incident, now=now, link=locked.pk)
    return locked


@transaction.atomic
def reply_from_outside(
    *, link: ExternalLink, text: str, photos: Sequence[bytes], address: str, now: datetime
) -> ExternalReply:
    """Keep an answer that came by the link, with its photos made anew. It waits for a person: nothing is published.

    Raises LinkIsDead, ReplyIsEmpty, TooManyPhotos, TooManyReplies, UnreadablePhoto.
    """
    text = text.strip()[:LONGEST_REPLY]
    if not text:
        raise ReplyIsEmpty
    if len(photos) > MOST_PHOTOS:
        raise TooManyPhotos
    made = [remade(body) for body in photos]
    locked = ExternalLink.objects.select_for_update(of=("self",)).select_related("incident").get(pk=link.pk)
    if not _stands(locked, now):
        raise LinkIsDead
    if locked.replies.count() >= MOST_REPLIES:
        raise TooManyReplies
    reply = ExternalReply.objects.create(link=locked, text=text, at=now, address=address[:60])
    ExternalPhoto.objects.bulk_create(
        [ExternalPhoto(reply=reply, number=number, body=body) for number, body in enumerate(made, 1)]
    )
    audit.record(
        by=Actor(None, locked.addressee), verb="reply_from_outside", subject=locked.incident, now=now,
        link=locked.pk, photos=len(made), length=len(text),
    )  # fmt: skip
    return reply
