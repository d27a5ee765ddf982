"""Requests of residents to erase what is known of them, and what forbids erasing for a while."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q

from otklik.casework.enums import ErasureChannel, ErasureState
from otklik.casework.models.incidents import Incident
from otklik.inbox.models import Author
from otklik.people.models import Account


class LegalHoldQuerySet(models.QuerySet["LegalHold"]):
    def active(self, today: date) -> Self:
        """Holds that forbid erasing on this day."""
        return self.filter(Q(until=None) | Q(until__gte=today), lifted_at=None)

    def about(self, author: Author) -> Self:
        """Holds on the author or on any incident of theirs."""
        return self.filter(Q(author=author) | Q(incident__message__author=author))


class LegalHold(models.Model):
    """Nothing of this author or incident may be erased until a day, or until it is lifted. Triggers see to it."""

    author = models.ForeignKey(Author, models.PROTECT, null=True, related_name="holds")
    incident = models.ForeignKey(Incident, models.PROTECT, null=True, related_name="holds")
    # Which court, inspection or dispute; no words of the resident.
    reason = models.CharField(max_length=300)
    # The last day on which it forbids; empty: until it is lifted.
    until = models.DateField(null=True)
    placed_at = models.DateTimeField()
    placed_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    objects = LegalHoldQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(author=None, incident__isnull=False) | Q(author__isnull=False, incident=None),
                name="legal_hold_of_one",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="legal_hold_says_why"),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False),
                name="legal_hold_lifted_by",
            ),
        ]

    def __str__(self) -> str:
        return self.reason


class ErasureRequest(models.Model):
    """One request: who keeps it, how it was made sure who asks, until when it must be done, what it came to.

    Nothing of the person stands here: only the row of the author, which loses its name with the rest.
    """

    author = models.ForeignKey(Author, models.PROTECT, related_name="erasures")
    channel = models.CharField(max_length=10, choices=ErasureChannel.choices)
    # How it was made sure that the author asks: «паспорт предъявлен», never its number.
    proof = models.CharField(max_length=300, blank=True)
    received_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=ErasureState.choices, default=ErasureState.RECEIVED)
    taken_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(null=True)
    checked_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    # Why it was refused.
    reason = models.CharField(max_length=500, blank=True)
    # How many rows of each kind were erased: {"messages": 4, …}.
    counts = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["author"],
                condition=Q(state__in=["received", "checked", "held"]),
                name="erasure_one_open",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["checked", "held", "done"])
                | (Q(checked_at__isnull=False, checked_by__isnull=False) & ~Q(proof="")),
                name="erasure_identity_checked",
            ),
            models.CheckConstraint(condition=~Q(state="refused") | ~Q(reason=""), name="erasure_refused_why"),
            models.CheckConstraint(
                condition=Q(state__in=["refused", "done"], ended_at__isnull=False, ended_by__isnull=False)
                | (~Q(state__in=["refused", "done"]) & Q(ended_at=None, ended_by=None)),
                name="erasure_ended_by",
            ),
            # What cannot be undone is done by another person than the one who made sure of who asks.
            models.CheckConstraint(
                condition=~Q(state="done") | ~Q(ended_by=F("checked_by")), name="erasure_four_eyes"
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"], condition=Q(state__in=["received", "checked", "held"]),
                name="erasure_open_due",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"№ {self.pk}"

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done."""
        return self.ended_at is None
