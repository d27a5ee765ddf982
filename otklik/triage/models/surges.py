"""Bursts: more messages on one topic in one place than there usually are."""

from typing import Self

from django.db import models

from otklik.people.models import Account
from otklik.registry.models import Municipality, Settlement, Street
from otklik.triage.enums import SurgeState
from otklik.triage.models.topics import Topic

_LIVE = [SurgeState.OPEN.value, SurgeState.ACKNOWLEDGED.value]


class SurgeAlertQuerySet(models.QuerySet["SurgeAlert"]):
    def live(self) -> Self:
        """Bursts that still go on, whether a person has seen them or not."""
        return self.filter(state__in=_LIVE)


class SurgeAlert(models.Model):
    """A burst that was announced: what, where, how many against how many, and who has taken note."""

    topic = models.ForeignKey(Topic, models.PROTECT, related_name="surges")
    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="surges")
    # Of one street, where the municipality as a whole is within its norm.
    street = models.ForeignKey(Street, models.CASCADE, null=True, related_name="+")
    # Where nearly all of the messages come from, when they come from one settlement.
    settlement = models.ForeignKey(Settlement, models.SET_NULL, null=True, related_name="+")
    started_at = models.DateTimeField()
    last_at = models.DateTimeField()
    count = models.PositiveIntegerField()
    authors = models.PositiveIntegerField(default=0)
    # Messages in the same twenty-four hours of a usual week; None where there is no history to compare with.
    norm = models.FloatField(null=True)
    threshold = models.PositiveIntegerField()
    reason = models.CharField(max_length=20)
    state = models.CharField(max_length=12, choices=SurgeState.choices, default=SurgeState.OPEN)
    found_at = models.DateTimeField()
    acknowledged_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    acknowledged_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    objects = SurgeAlertQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["topic", "municipality", "street"],
                condition=models.Q(state__in=_LIVE),
                nulls_distinct=False,
                name="surge_alert_one_live",
            ),
            models.CheckConstraint(
                condition=models.Q(started_at__lte=models.F("last_at")), name="surge_alert_span"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="acknowledged")
                | models.Q(acknowledged_by__isnull=False, acknowledged_at__isnull=False),
                name="surge_alert_seen_by_person",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="closed") | models.Q(closed_at__isnull=False),
                name="surge_alert_closed_when",
            ),
        ]
        indexes = [
            models.Index(fields=["-found_at", "-id"], name="surge_alert_found"),
            models.Index(fields=["closed_at"], name="surge_alert_closed", condition=models.Q(state="closed")),
        ]

    def __str__(self) -> str:
        return f"{self.topic_id} @ {self.municipality_id}: {self.count}"
