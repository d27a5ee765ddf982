"""Everything residents sent, as it came. Nothing here is judged or cut."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from otklik.channels.enums import Place
from otklik.channels.models import Connection
from otklik.inbox.enums import EventState, MessageKind, Refusal, Via
from otklik.news.models import Post
from otklik.registry.enums import Network
from otklik.registry.models import OfficialPage


class RawEvent(models.Model):
    """An event of a network byte for byte. The unique key makes a repeat harmless; the row is also the queue."""

    # Without a constraint of the database: its check would lock the connection's row once for every event of a
    # burst, and connections are never deleted.
    connection = models.ForeignKey(Connection, models.PROTECT, related_name="events", db_constraint=False)
    event_key = models.CharField(max_length=100)
    type = models.CharField(max_length=60)
    # Bytes, not JSON: NUL and lone surrogates are legal in JSON text and impossible in PostgreSQL's.
    body = models.BinaryField()
    via = models.CharField(max_length=10, choices=Via.choices, default=Via.CALLBACK)
    state = models.CharField(max_length=8, choices=EventState.choices, default=EventState.NEW)
    error = models.TextField(blank=True)
    received_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["connection", "event_key"], name="raw_event_unique")]
        indexes = [
            models.Index(fields=["connection", "id"], condition=models.Q(state="new"), name="raw_event_new"),
            models.Index(fields=["id"], condition=models.Q(state="failed"), name="raw_event_failed"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.event_key}"


class RefusedRequest(models.Model):
    """A request to the intake that was not an event of ours: for the security officer, cut to its beginning."""

    at = models.DateTimeField()
    reason = models.CharField(max_length=12, choices=Refusal.choices)
    address = models.CharField(max_length=60)
    path = models.CharField(max_length=200)
    size = models.PositiveIntegerField(default=0)
    head = models.BinaryField(default=b"")
    # The same refusal from the same address within a minute only counts up: a flood is one row, not a full disk.
    times = models.PositiveIntegerField(default=1)
    minute = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["minute", "reason", "address"], name="refused_request_minute")
        ]

    def __str__(self) -> str:
        return f"{self.reason} {self.address}"


class Author(models.Model):
    """Who wrote, as the network shows it. No profile is kept beyond the name."""

    network = models.CharField(max_length=10, choices=Network.choices)
    external_id = models.CharField(max_length=40)
    name = models.CharField(max_length=200, blank=True)
    url = models.URLField(max_length=300, blank=True)
    name_asked_at = models.DateTimeField(null=True)
    # Nothing tells any more who it was; what the person writes later is of another row.
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["network", "external_id"], name="author_unique")]
        indexes = [
            models.Index(
                fields=["id"], condition=models.Q(name="", name_asked_at=None), name="author_nameless"
            )
        ]

    def __str__(self) -> str:
        return self.name or self.external_id


class Thread(models.Model):
    """A conversation: a first comment with its replies, or a private dialog with a page."""

    page = models.ForeignKey(OfficialPage, models.PROTECT, related_name="threads")
    place = models.CharField(max_length=8, choices=Place.choices)
    object_id = models.CharField(max_length=40)
    root_id = models.CharField(max_length=40)
    post = models.ForeignKey(Post, models.SET_NULL, null=True, related_name="threads")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["page", "place", "object_id", "root_id"], name="thread_unique")
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.object_id} {self.root_id}"


class SourceMessageQuerySet(models.QuerySet["SourceMessage"]):
    def untriaged(self) -> Self:
        """Messages of residents with content that nobody judged yet, oldest first."""
        return self.filter(triaged_at=None, is_own=False, has_content=True).order_by("id")


class SourceMessage(models.Model):
    """One message of a resident or of the page itself.

    A deletion may come before the message: such a row has no content and is never judged until it gets one.
    """

    connection = models.ForeignKey(Connection, models.PROTECT, related_name="messages")
    page = models.ForeignKey(OfficialPage, models.PROTECT, related_name="messages")
    thread = models.ForeignKey(Thread, models.PROTECT, null=True, related_name="messages")
    post = models.ForeignKey(Post, models.SET_NULL, null=True, related_name="messages")
    author = models.ForeignKey(Author, models.PROTECT, null=True, related_name="messages")
    kind = models.CharField(max_length=8, choices=MessageKind.choices)
    place = models.CharField(max_length=8, choices=Place.choices)
    object_id = models.CharField(max_length=40)
    external_id = models.CharField(max_length=40)
    reply_to = models.CharField(max_length=40, blank=True)
    text = models.TextField(_("текст"), blank=True)
    is_own = models.BooleanField(default=False)
    has_content = models.BooleanField(default=True)
    sent_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)
    triaged_at = models.DateTimeField(null=True)
    # Its words are gone for good: news of it from the network is passed over.
    erased_at = models.DateTimeField(null=True)

    objects = SourceMessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "place", "object_id", "external_id"], name="source_message_unique"
            )
        ]
        indexes = [
            models.Index(
                fields=["id"],
                condition=models.Q(triaged_at=None, is_own=False, has_content=True),
                name="source_message_untriaged",
            ),
            models.Index(
                fields=["connection", "id"],
                condition=models.Q(triaged_at=None, is_own=False, has_content=True),
                name="source_message_turn",
            ),
            models.Index(fields=["thread", "id"], name="source_message_thread"),
            models.Index(fields=["author", "page", "id"], name="source_message_author"),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class MessageVersion(models.Model):
    """What a message said before it was edited."""

    message = models.ForeignKey(SourceMessage, models.CASCADE, related_name="versions")
    text = models.TextField()
    replaced_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.text[:60]


class Attachment(models.Model):
    """A picture, video or document beside a message: its description only, the file stays in the network."""

    message = models.ForeignKey(SourceMessage, models.CASCADE, related_name="attachments")
    kind = models.CharField(max_length=20)
    external_id = models.CharField(max_length=80, blank=True)
    url = models.TextField(blank=True)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    size = models.BigIntegerField(null=True)
    title = models.TextField(blank=True)
    sizes = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.kind} {self.external_id}"
