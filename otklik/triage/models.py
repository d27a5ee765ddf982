"""The list of topics and the verdicts about messages."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from otklik.inbox.models import SourceMessage
from otklik.people.models import Account
from otklik.triage.enums import ExecutorLevel, IncidentKind, Priority


class TopicGroup(models.Model):
    """A group of topics, as ministries think of them."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(_("название"), max_length=100)
    position = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return self.name


class TopicQuerySet(models.QuerySet["Topic"]):
    def active(self) -> Self:
        return self.filter(is_active=True)


class Topic(models.Model):
    """One topic of the closed list; retired ones stay for the incidents that have them."""

    group = models.ForeignKey(TopicGroup, models.PROTECT, related_name="topics")
    code = models.CharField(max_length=50, unique=True)
    name = models.CharField(_("название"), max_length=150)
    priority = models.CharField(max_length=8, choices=Priority.choices, default=Priority.NORMAL)
    target_days = models.PositiveSmallIntegerField(default=10)
    level = models.CharField(max_length=1, choices=ExecutorLevel.choices)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    objects = TopicQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class Verdict(models.Model):
    """What the system thought of one question of a message, and by which words."""

    message = models.ForeignKey(SourceMessage, models.CASCADE, related_name="verdicts")
    part = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=10, choices=IncidentKind.choices)
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="verdicts")
    confidence = models.FloatField(_("уверенность"))
    alternatives = models.JSONField(default=list)  # [["ROADS.repair", 0.2], …]
    words = models.JSONField(default=list)  # [["яма", 12, 15], …]: text and offsets in the message
    priority = models.CharField(max_length=8, choices=Priority.choices)
    is_request = models.BooleanField(default=True)
    reason = models.CharField(max_length=40, blank=True)
    model_version = models.CharField(max_length=80)
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "part"], name="verdict_part_unique"),
            models.CheckConstraint(
                condition=models.Q(confidence__gte=0, confidence__lte=1), name="verdict_confidence_share"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic_id} {self.confidence:.2f}"


class Correction(models.Model):
    """A person's word on a verdict, also when it agrees: what later models learn from."""

    verdict = models.ForeignKey(Verdict, models.CASCADE, related_name="corrections")
    by = models.ForeignKey(Account, models.PROTECT)
    at = models.DateTimeField()
    kind = models.CharField(max_length=10, choices=IncidentKind.choices)
    topic = models.ForeignKey(Topic, models.PROTECT)
    agreed = models.BooleanField()

    def __str__(self) -> str:
        return f"{self.verdict_id}: {'=' if self.agreed else '≠'}"
