"""What was said, in order: the resident's messages, the page's own, and our answers on their way."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from otklik.casework.enums import AnswerStatus
from otklik.casework.models import Answer
from otklik.common.text import excerpt, strip_mentions
from otklik.desk.marks import Layer, Segment, segments
from otklik.desk.rules import Piece, safe_url
from otklik.inbox.models import Attachment, MessageVersion, SourceMessage
from otklik.triage.models import Verdict

MOST_MESSAGES = 60
_PICTURES = frozenset({"photo", "graffiti", "sticker", "posted_photo"})
THUMBNAIL_WIDTH = 320


@dataclass(frozen=True, slots=True)
class Shot:
    """An attachment: a picture with its thumbnail, or a link with a name. Addresses are safe to open or empty."""

    name: str
    url: str
    thumbnail: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that was said; `answer` is set for what we sent or are sending."""

    at: datetime
    name: str
    own: bool
    pieces: Sequence[Piece | Segment]
    focus: bool = False
    message: SourceMessage | None = None
    answer: Answer | None = None
    pictures: list[Shot] = field(default_factory=list)
    links: list[Shot] = field(default_factory=list)
    versions: Sequence[MessageVersion] = ()


def story(
    message: SourceMessage, layers: Sequence[Layer], verdicts: Sequence[Verdict], answers: Sequence[Answer]
) -> list[Said]:
    """The thread of the message with our answers in it; an answer that came back as an event is told once."""
    personal = [each for verdict in verdicts for each in verdict.personal]
    thread = _thread(message)
    ours = {(each.delivery.place, each.delivery.external_id) for each in answers if each.delivery}
    found = [
        _marked(each, layers, personal) if each.pk == message.pk else _said(each)
        for each in thread
        if not (each.is_own and (each.place, each.external_id) in ours)
    ]
    found += [_answered(each) for each in answers if each.status != AnswerStatus.DRAFT]
    return sorted(found, key=lambda said: said.at)


def _thread(message: SourceMessage) -> list[SourceMessage]:
    """The latest messages of the thread; the message itself is always among them."""
    same = SourceMessage.objects.filter(pk=message.pk)
    if message.thread_id is not None:
        latest = SourceMessage.objects.filter(thread_id=message.thread_id).order_by("-pk").values("pk")
        same = SourceMessage.objects.filter(
            pk__in=[message.pk, *latest[:MOST_MESSAGES].values_list("pk", flat=True)]
        )
    versions = Prefetch("versions", queryset=MessageVersion.objects.order_by("pk"))
    attachments = Prefetch("attachments", queryset=Attachment.objects.order_by("pk"))
    return list(same.select_related("author", "page").prefetch_related(versions, attachments).order_by("pk"))


def _marked(message: SourceMessage, layers: Sequence[Layer], personal: Sequence[Sequence[object]]) -> Said:
    # Offsets count from the message as it came, so mentions in it stay as they are.
    return replace(_said(message), pieces=segments(message.text, layers, personal), focus=True)


def _said(message: SourceMessage) -> Said:
    pictures, links = _shots(message)
    text = strip_mentions(message.text)
    return Said(
        at=message.sent_at or message.received_at,
        name=_name(message),
        own=message.is_own,
        pieces=[Piece(text)] if text else [],
        message=message,
        pictures=pictures,
        links=links,
        versions=list(message.versions.all()),
    )


def _name(message: SourceMessage) -> str:
    if message.is_own:
        return message.page.title
    if message.author is None:
        return _("Автор неизвестен")
    return message.author.name or _("Житель № %(number)s") % {"number": message.author.external_id}


def _answered(answer: Answer) -> Said:
    at = answer.published_at or answer.updated_at
    return Said(at=at, name=str(answer.author), own=True, pieces=[Piece(answer.text)], answer=answer)


def _shots(message: SourceMessage) -> tuple[list[Shot], list[Shot]]:
    pictures, links = [], []
    for each in message.attachments.all():
        url, thumbnail = safe_url(each.url), ""
        name = excerpt(each.title, 80) if each.title else _kind(each.kind)
        if each.kind in _PICTURES:
            thumbnail = _thumbnail(each) or url
        if thumbnail:
            pictures.append(Shot(name, _largest(each) or url or thumbnail, thumbnail))
        else:
            links.append(Shot(name, url))
    return pictures, links


def _sizes(attachment: Attachment) -> list[tuple[int, str]]:
    """(width, safe address) of every size that the network offers, smaller first."""
    found = []
    for size in attachment.sizes if isinstance(attachment.sizes, list) else []:
        if isinstance(size, dict) and isinstance(size.get("url"), str) and isinstance(size.get("width"), int):
            url = safe_url(size["url"])
            if url:
                found.append((size["width"], url))
    return sorted(found)


def _thumbnail(attachment: Attachment) -> str:
    sizes = _sizes(attachment)
    return next((url for width, url in sizes if width >= THUMBNAIL_WIDTH), sizes[-1][1] if sizes else "")


def _largest(attachment: Attachment) -> str:
    sizes = _sizes(attachment)
    return sizes[-1][1] if sizes else ""


def _kind(code: str) -> str:
    names = {
        "photo": _("Фотография"),
        "video": _("Видео"),
        "audio": _("Аудиозапись"),
        "audio_message": _("Голосовое сообщение"),
        "doc": _("Документ"),
        "link": _("Ссылка"),
        "sticker": _("Стикер"),
        "wall": _("Запись"),
        "wall_reply": _("Комментарий"),
        "poll": _("Опрос"),
        "geo": _("Место на карте"),
    }
    return names.get(code) or _("Вложение")
