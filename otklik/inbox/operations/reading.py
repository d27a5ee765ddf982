"""Turning what networks tell into messages, threads, authors and attachments; in any order, in batches."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from otklik.audit import operations as audit
from otklik.channels.base import File, Incoming, What
from otklik.channels.enums import Place
from otklik.channels.models import Connection
from otklik.channels.operations import address_of
from otklik.common.actor import Actor
from otklik.common.text import clean
from otklik.inbox import rules
from otklik.inbox.enums import MessageKind
from otklik.inbox.models import Attachment, Author, MessageVersion, SourceMessage, Thread
from otklik.news.models import Post

MESSAGE_NEWS = frozenset({What.NEW, What.EDITED, What.DELETED, What.RESTORED})
NETWORK = Actor(None, "Сеть")
Key = tuple[int, str, str, str]


@dataclass
class Received:
    """What a batch did: messages that appeared, and known messages whose text or presence changed."""

    new: list[SourceMessage] = field(default_factory=list)
    changed: list[SourceMessage] = field(default_factory=list)


@transaction.atomic
def receive(*, items: Sequence[tuple[Connection, Incoming]], now: datetime) -> Received:
    """Write a batch of news in the order given. The caller sees to it that one page is read by one worker at a time."""
    posts = _posts(items)
    told = [(connection, item) for connection, item in items if item.what in MESSAGE_NEWS]
    known = _known(told)
    # News of a message whose words were erased would bring them back, and its author.
    gone = {key for key, message in known.items() if message.erased_at}
    told = [(connection, item) for connection, item in told if _key(connection, item) not in gone]
    batch = _Batch(told, posts, known, now)
    for connection, item in told:
        batch.take(connection, item)
    return batch.write()


def _posts(items: Sequence[tuple[Connection, Incoming]]) -> dict[tuple[int, str, str], Post]:
    """The posts that the batch tells of, with the text of those that are told in full."""
    wanted: dict[tuple[int, str, str], Incoming | None] = {}
    pages: dict[int, Connection] = {}
    for connection, item in items:
        if item.place == Place.DIRECT or not item.object_id:
            continue
        key = (connection.page_id, item.place, item.object_id)
        pages[connection.page_id] = connection
        wanted[key] = item if item.what == What.POST else wanted.get(key)
    Post.objects.bulk_create(
        (
            Post(
                page_id=page,
                place=place,
                external_id=pk,
                url=address_of(connection=pages[page], place=place, object_id=pk),
            )
            for page, place, pk in sorted(wanted)
        ),
        ignore_conflicts=True,
    )
    found = Post.objects.filter(page_id__in=pages, external_id__in={key[2] for key in wanted})
    posts = {(post.page_id, post.place, post.external_id): post for post in found}
    told = {key: item for key, item in wanted.items() if item is not None}
    for key, item in told.items():
        posts[key].text, posts[key].published_at = clean(item.text), item.sent_at
    Post.objects.bulk_update([posts[key] for key in told], ["text", "published_at"])
    return posts


class _Batch:
    """The rows a batch touches, read once, changed in memory, written once."""

    def __init__(
        self,
        told: list[tuple[Connection, Incoming]],
        posts: dict[tuple[int, str, str], Post],
        known: dict[Key, SourceMessage],
        now: datetime,
    ) -> None:
        self.posts, self.now = posts, now
        self.authors = _authors(told)
        self.threads = _threads(told, posts)
        self.messages = known
        self.new: dict[Key, SourceMessage] = {}
        self.changed: dict[Key, SourceMessage] = {}
        self.versions: list[MessageVersion] = []
        self.files = _files_of(self.messages)
        self.refiled: set[Key] = set()

    def take(self, connection: Connection, item: Incoming) -> None:
        key = _key(connection, item)
        message = self.messages.get(key)
        if message is None:
            message = self._blank(connection, item)
            self.messages[key] = self.new[key] = message
        known = rules.Known(message.text, message.has_content, message.edited_at, message.deleted_at)
        news = rules.after(known, rules.News(item.what, clean(item.text), self.now))
        if item.what != What.DELETED:
            self._fill(message, connection, item)
            # Like its text, the files of a late `new` are older than those of an edit.
            if item.what != What.NEW or not known.has_content:
                self._files(key, message, item)
        if news == known:
            if key in self.refiled and known.has_content:
                message.edited_at = self.now
                self._note(key, message)
            return
        if known.has_content and news.text != known.text:
            self.versions.append(MessageVersion(message=message, text=known.text, replaced_at=self.now))
        message.text, message.has_content = news.text, news.has_content
        message.edited_at, message.deleted_at = news.edited_at, news.deleted_at
        self._note(key, message)

    def _note(self, key: Key, message: SourceMessage) -> None:
        if key not in self.new:
            self.changed[key] = message

    def _files(self, key: Key, message: SourceMessage, item: Incoming) -> None:
        """Remember the files to write when they differ: an edit may change nothing but a picture."""
        told = [_file_row(message, file) for file in item.files]
        if [_content(row) for row in told] != [_content(row) for row in self.files.get(key, [])]:
            self.files[key] = told
            self.refiled.add(key)

    def _blank(self, connection: Connection, item: Incoming) -> SourceMessage:
        return SourceMessage(
            connection=connection,
            page_id=connection.page_id,
            kind=MessageKind.DIRECT if item.place == Place.DIRECT else MessageKind.COMMENT,
            place=item.place,
            object_id=item.object_id,
            external_id=item.external_id,
            has_content=False,
            received_at=self.now,
            post=self.posts.get((connection.page_id, item.place, item.object_id)),
        )

    def _fill(self, message: SourceMessage, connection: Connection, item: Incoming) -> None:
        """What only an event with content tells: who, when, in which thread."""
        if message.sent_at is not None:
            return
        message.is_own, message.reply_to, message.sent_at = (
            item.is_own,
            item.reply_to,
            item.sent_at or self.now,
        )
        message.author = self.authors.get((connection.network, item.author_id))
        message.thread = self.threads[connection.page_id, item.place, item.object_id, item.root_id]

    def write(self) -> Received:
        SourceMessage.objects.bulk_create(self.new.values())
        fields = [
            "text",
            "has_content",
            "edited_at",
            "deleted_at",
            "is_own",
            "reply_to",
            "sent_at",
            "author",
            "thread",
        ]
        SourceMessage.objects.bulk_update(self.changed.values(), fields)
        MessageVersion.objects.bulk_create(self.versions)
        self._write_files()
        entries = [
            audit.Entry(each, "", {"edited": bool(each.edited_at), "deleted": bool(each.deleted_at)})
            for each in self.changed.values()
        ]
        audit.record_many(by=NETWORK, verb="message_changed", entries=entries, now=self.now)
        return Received(list(self.new.values()), list(self.changed.values()))

    def _write_files(self) -> None:
        messages = [self.messages[key] for key in self.refiled if key not in self.new]
        Attachment.objects.filter(message__in=messages).delete()
        Attachment.objects.bulk_create(row for key in self.refiled for row in self.files[key])


def _file_row(message: SourceMessage, file: File) -> Attachment:
    return Attachment(
        message=message,
        kind=file.kind[:20],
        external_id=file.external_id[:80],
        url=clean(file.url),
        width=file.width,
        height=file.height,
        size=file.size,
        title=clean(file.title),
        sizes=[dict(size) for size in file.sizes],
    )


def _content(row: Attachment) -> tuple[object, ...]:
    return (row.kind, row.external_id, row.url, row.width, row.height, row.size, row.title, row.sizes)


def _files_of(messages: dict[Key, SourceMessage]) -> dict[Key, list[Attachment]]:
    keys = {message.pk: key for key, message in messages.items()}
    found: dict[Key, list[Attachment]] = {}
    for row in Attachment.objects.filter(message__in=keys).order_by("pk"):
        found.setdefault(keys[row.message_id], []).append(row)
    return found


def _authors(told: Sequence[tuple[Connection, Incoming]]) -> dict[tuple[str, str], Author]:
    wanted = sorted({(connection.network, item.author_id) for connection, item in told if item.author_id})
    Author.objects.bulk_create(
        (Author(network=network, external_id=pk) for network, pk in wanted), ignore_conflicts=True
    )
    found = Author.objects.filter(external_id__in=[pk for _network, pk in wanted])
    return {(author.network, author.external_id): author for author in found}


def _threads(
    told: Sequence[tuple[Connection, Incoming]], posts: dict[tuple[int, str, str], Post]
) -> dict[tuple[int, str, str, str], Thread]:
    wanted = sorted(
        {
            (connection.page_id, item.place, item.object_id, item.root_id)
            for connection, item in told
            if item.root_id
        }
    )
    Thread.objects.bulk_create(
        (
            Thread(page_id=page, place=place, object_id=pk, root_id=root, post=posts.get((page, place, pk)))
            for page, place, pk, root in wanted
        ),
        ignore_conflicts=True,
    )
    found = Thread.objects.filter(
        page_id__in={key[0] for key in wanted}, root_id__in={key[3] for key in wanted}
    )
    return {(each.page_id, each.place, each.object_id, each.root_id): each for each in found}


def _key(connection: Connection, item: Incoming) -> Key:
    return (connection.pk, item.place, item.object_id, item.external_id)


def _known(told: Sequence[tuple[Connection, Incoming]]) -> dict[Key, SourceMessage]:
    found = SourceMessage.objects.select_for_update(of=("self",)).filter(
        connection__in={connection.pk for connection, _item in told},
        external_id__in={item.external_id for _connection, item in told},
    )
    return {(each.connection_id, each.place, each.object_id, each.external_id): each for each in found}
