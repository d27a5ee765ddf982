"""What was said, in order: the resident's messages, the page's own, and our answers on their way."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db.models import Prefetch, prefetch_related_objects
from django.utils.translation import gettext as _

from otklik.casework.enums import AnswerStatus
from otklik.casework.models import Answer
from otklik.casework.operations import masked, masked_name
from otklik.common.text import excerpt, strip_mentions
from otklik.desk.marks import Layer, Segment, hidden, segments
from otklik.desk.rules import Piece, safe_url
from otklik.inbox.models import Attachment, MessageVersion, SourceMessage
from otklik.triage.models import Verdict
from otklik.triage.nlp.masking import find_personal

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
class Version:
    """What a message said until then."""

    replaced_at: datetime
    text: str


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
    versions: Sequence[Version] = ()
    # Of an answer that somebody has changed in the network: what stands there now.
    now: str = ""
    # Where the author is to be found in the network; only when personal data are open.
    profile: str = ""


def story(
    message: SourceMessage,
    layers: Sequence[Layer],
    verdicts: Sequence[Verdict],
    answers: Sequence[Answer],
    *,
    is_open: bool,
) -> list[Said]:
    """The thread of the message with our answers in it; an answer that came back as an event is told once.

    Unless they are open, personal data of residents are masked. What the page itself said is public and stays.
    """
    thread = _thread(message)
    ours = {(each.delivery.place, each.delivery.external_id) for each in answers if each.delivery}
    stands = {(each.place, each.external_id): each for each in thread if each.is_own}
    found = [
        _marked(each, layers, verdicts, is_open=is_open)
        if each.pk == message.pk
        else _said(each, is_open=is_open)
        for each in thread
        if not (each.is_own and (each.place, each.external_id) in ours)
    ]
    found += [_answered(each, stands) for each in answers if each.status != AnswerStatus.DRAFT]
    return sorted(found, key=lambda said: said.at)


def _thread(message: SourceMessage) -> list[SourceMessage]:
    """The latest messages of the thread; the message itself is always among them."""
    same = SourceMessage.objects.filter(pk=message.pk)
    if message.thread_id is not None:
        latest = SourceMessage.objects.filter(thread_id=message.thread_id).order_by("-pk").values("pk")
        same = SourceMessage.objects.filter(
            pk__in=[message.pk, *latest[:MOST_MESSAGES].values_list("pk", flat=True)]
        )
    attachments = Prefetch("attachments", queryset=Attachment.objects.order_by("pk"))
    said = same.select_related("author", "page").only(*_TOLD).prefetch_related(attachments)
    thread = list(said.order_by("pk"))
    # Only what was edited said anything else before.
    versions = Prefetch("versions", queryset=MessageVersion.objects.order_by("pk"))
    prefetch_related_objects([each for each in thread if each.edited_at is not None], versions)
    return thread


_TOLD = (
    "text", "is_own", "place", "external_id", "sent_at", "received_at", "edited_at", "deleted_at",
    "author__name", "author__url", "author__external_id", "page__title",
)  # fmt: skip


def _marked(
    message: SourceMessage, layers: Sequence[Layer], verdicts: Sequence[Verdict], *, is_open: bool
) -> Said:
    # Offsets count from the message as it came, so mentions in it stay as they are.
    text, personal = message.text, [each for verdict in verdicts for each in verdict.personal]
    if is_open:
        made = segments(text, layers, personal)
    else:
        # Looked for anew: the author may have changed the text since it was judged.
        spans = [*personal, *((each.kind, each.start, each.end) for each in find_personal(text))]
        made = hidden(segments(text, layers, spans), spans, len(text))
    return replace(_said(message, is_open=is_open), pieces=made, focus=True)


def _said(message: SourceMessage, *, is_open: bool) -> Said:
    shown: Callable[[str], str] = str if is_open or message.is_own else masked
    pictures, links = _shots(message, shown)
    text = strip_mentions(shown(message.text))
    author = None if message.is_own else message.author
    return Said(
        at=message.sent_at or message.received_at,
        name=_name(message, is_open=is_open),
        own=message.is_own,
        pieces=[Piece(text)] if text else [],
        message=message,
        pictures=pictures,
        links=links,
        versions=[Version(each.replaced_at, shown(each.text)) for each in _versions(message)],
        profile=safe_url(author.url) if is_open and author else "",
    )


def _versions(message: SourceMessage) -> Iterable[MessageVersion]:
    return message.versions.all() if message.edited_at is not None else ()


def _name(message: SourceMessage, *, is_open: bool) -> str:
    if message.is_own:
        return message.page.title
    if message.author is None:
        return _("Автор неизвестен")
    if is_open:
        return message.author.name or _("Житель № %(number)s") % {"number": message.author.external_id}
    # The number of a resident in the network leads to the profile as well as a link does.
    return masked_name(message.author.name) or _("Житель")


def _answered(answer: Answer, stands: Mapping[tuple[str, str], SourceMessage]) -> Said:
    at, sent = answer.published_at or answer.updated_at, answer.delivery
    shown = stands.get((sent.place, sent.external_id)) if sent and answer.edited_at else None
    now = strip_mentions(shown.text) if shown else ""
    return Said(at=at, name=str(answer.author), own=True, pieces=[Piece(answer.text)], answer=answer, now=now)


def _shots(message: SourceMessage, shown: Callable[[str], str]) -> tuple[list[Shot], list[Shot]]:
    pictures, links = [], []
    for each in message.attachments.all():
        url, thumbnail = safe_url(each.url), ""
        name = excerpt(shown(each.title), 80) if each.title else _kind(each.kind)
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
