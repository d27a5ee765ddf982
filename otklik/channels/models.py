"""Connections of official pages, their tokens and capabilities; the outbox and its receipts."""

from datetime import datetime
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from otklik.channels import rules
from otklik.channels.enums import (
    CapabilityState,
    ConnectionState,
    DeliveryState,
    Intake,
    Place,
    TokenKind,
    TokenState,
)
from otklik.common.fields import EncryptedTextField
from otklik.registry.enums import Network
from otklik.registry.models import OfficialPage


class Connection(models.Model):
    """How Otklik is connected to one official page: one row a page."""

    page = models.OneToOneField(OfficialPage, models.PROTECT, related_name="connection")
    network = models.CharField(max_length=10, choices=Network.choices)
    external_id = models.CharField(max_length=40)
    intake = models.CharField(max_length=10, choices=Intake.choices, default=Intake.CALLBACK)
    state = models.CharField(max_length=10, choices=ConnectionState.choices, default=ConnectionState.NEW)
    problem = models.TextField(blank=True)
    secret = EncryptedTextField(blank=True)
    confirmation_code = models.CharField(max_length=60, blank=True)
    server_id = models.CharField(max_length=40, blank=True)
    long_poll = models.JSONField(default=dict)
    last_event_at = models.DateTimeField(null=True)
    # Turns of the sweep are fair because the page that waited longest is next.
    swept_at = models.DateTimeField(null=True)
    sweep_cursor = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["network", "external_id"], name="connection_external_unique")
        ]
        indexes = [models.Index(models.F("swept_at").asc(nulls_first=True), name="connection_next_sweep")]

    def __str__(self) -> str:
        return f"{self.network} {self.external_id}"


class TokenQuerySet(models.QuerySet["Token"]):
    def usable(self, at: datetime) -> Self:
        """Tokens that work now: not expired, not on a pause. A pause without an end waits for a person."""
        paused = models.Q(state=TokenState.PAUSED) & (
            models.Q(paused_until=None) | models.Q(paused_until__gt=at)
        )
        return self.exclude(state=TokenState.NEEDS_RENEWAL).exclude(paused)


class Token(models.Model):
    """A key of a network. Without a connection it is the region's own, as a service key is."""

    connection = models.ForeignKey(Connection, models.CASCADE, null=True, blank=True, related_name="tokens")
    network = models.CharField(max_length=10, choices=Network.choices)
    kind = models.CharField(max_length=10, choices=TokenKind.choices)
    value = EncryptedTextField()
    state = models.CharField(max_length=14, choices=TokenState.choices, default=TokenState.OK)
    paused_until = models.DateTimeField(null=True)
    problem = models.TextField(blank=True)
    permissions = models.JSONField(default=list)
    # Calls a second that the network allows; the database gives out the slots, so every process keeps to it.
    rate = models.PositiveSmallIntegerField(default=20)
    next_slot_at = models.DateTimeField(null=True)
    # Methods on a pause of their own: {"wall.createComment": {"until": "2026-11-22T10:00:00Z", "times": 1}}
    paused_methods = models.JSONField(default=dict)
    checked_at = models.DateTimeField(null=True)

    objects = TokenQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "network", "kind"], name="token_kind_unique", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.network} {self.connection_id or ''}"

    def is_paused(self, at: datetime) -> bool:
        """Whether the key stands still: until a moment, or without one until a person lifts the pause."""
        return self.state == TokenState.PAUSED and (self.paused_until is None or self.paused_until > at)


class Capability(models.Model):
    """What may be done on a page and with which kind of token, as found out by asking the network."""

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="capabilities")
    code = models.CharField(max_length=40)
    state = models.CharField(max_length=8, choices=CapabilityState.choices, default=CapabilityState.UNKNOWN)
    token_kind = models.CharField(max_length=10, choices=TokenKind.choices, blank=True)
    reason = models.TextField(blank=True)
    checked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["connection", "code"], name="capability_unique")]

    def __str__(self) -> str:
        return f"{self.code}: {self.state}"


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def due(self, at: datetime) -> Self:
        """What a worker must take now: waiting, to be checked, or abandoned by a worker that died."""
        ready = models.Q(state__in=[DeliveryState.WAITING, DeliveryState.CHECKING], next_attempt_at__lte=at)
        abandoned = models.Q(state=DeliveryState.SENDING, lease_until__lt=at)
        return self.filter(ready | abandoned).order_by("next_attempt_at", "id")


class Delivery(models.Model):
    """The outbox: one row an answer that must stand in a network, once."""

    connection = models.ForeignKey(Connection, models.PROTECT, related_name="deliveries")
    # Names the thing of the owner that is delivered, e.g. "answer:17": the same thing is never queued twice.
    owner = models.CharField(max_length=60, unique=True)
    place = models.CharField(max_length=8, choices=Place.choices)
    object_id = models.CharField(max_length=40)
    reply_to = models.CharField(max_length=40, blank=True)
    # The first comment of the thread: read-back looks for the answer in this branch only.
    root_id = models.CharField(max_length=40, blank=True)
    author_id = models.CharField(max_length=40, blank=True)
    author_name = models.CharField(max_length=200, blank=True)
    text = models.TextField()
    state = models.CharField(max_length=10, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    checks = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    first_sent_at = models.DateTimeField(null=True)
    external_id = models.CharField(max_length=40, blank=True)
    permalink = models.URLField(max_length=300, blank=True)
    reason = models.CharField(_("причина, код"), max_length=40, blank=True)
    detail = models.TextField(_("слова сети"), blank=True)
    snapshot = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["next_attempt_at", "id"],
                condition=models.Q(state__in=["waiting", "checking", "sending"]),
                name="delivery_due",
            ),
            models.Index(
                fields=["connection"], condition=models.Q(state="sending"), name="delivery_in_flight"
            ),
            models.Index(
                fields=["connection", "external_id"],
                condition=~models.Q(external_id=""),
                name="delivery_in_network",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="delivered") | ~models.Q(external_id=""),
                name="delivery_delivered_has_proof",
            )
        ]

    def __str__(self) -> str:
        return f"{self.owner}: {self.state}"

    @property
    def waits_for_key(self) -> bool:
        """Whether it sleeps until a person has mended a key of the page."""
        return self.state == DeliveryState.WAITING and self.reason in rules.BY_KEY


class Proof(models.Model):
    """What the network itself showed of an answer when it was first read back there. A trigger keeps it unchanged."""

    delivery = models.OneToOneField(Delivery, models.CASCADE, related_name="proof")
    external_id = models.CharField(max_length=40)
    permalink = models.URLField(max_length=300)
    text = models.TextField()
    stood_at = models.DateTimeField(_("время по часам сети"), null=True)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.permalink}: {self.text[:60]}"


class Receipt(models.Model):
    """An outcome that the owner of a delivery has to learn; `flow` drains them."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="receipts")
    state = models.CharField(max_length=10, choices=DeliveryState.choices)
    at = models.DateTimeField()
    drained_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["id"], condition=models.Q(drained_at=None), name="receipt_undrained")]

    def __str__(self) -> str:
        return f"{self.delivery_id}: {self.state}"


class Attempt(models.Model):
    """One call to a network for a delivery: kept so that a person can see what was tried."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="log")
    at = models.DateTimeField()
    result = models.CharField(max_length=10)
    reason = models.CharField(max_length=40, blank=True)
    detail = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.at:%H:%M:%S} {self.result} {self.reason}"
