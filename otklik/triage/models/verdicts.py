"""What the system thought of each question of a message, and what people said of that."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from otklik.inbox.models import SourceMessage
from otklik.people.models import Account
from otklik.registry.models import Municipality, Organization, Settlement, Street
from otklik.triage.enums import IncidentKind, PlaceStatus, Priority
from otklik.triage.models.topics import Topic


class Verdict(models.Model):
    """What the system thought of one question of a message, and by which words."""

    message = models.ForeignKey(SourceMessage, models.CASCADE, related_name="verdicts")
    part = models.PositiveSmallIntegerField(default=0)
    # [[0, 57], …]: the pieces of the message that ask this question; empty when the message is one question.
    spans = models.JSONField(default=list)
    kind = models.CharField(max_length=10, choices=IncidentKind.choices)
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="verdicts")
    confidence = models.FloatField(_("уверенность"))
    alternatives = models.JSONField(default=list)  # [["ROADS.repair", 0.2], …]
    words = models.JSONField(default=list)  # [["яма", 12, 15], …]: text and offsets in the message
    signals = models.JSONField(default=list)  # ["vulnerable", "outage", …]
    personal = models.JSONField(default=list)  # [["phone", 10, 22], …]: where personal data stand
    priority = models.CharField(max_length=8, choices=Priority.choices)
    is_request = models.BooleanField(default=True)
    reason = models.CharField(max_length=40, blank=True)
    municipality = models.ForeignKey(Municipality, models.SET_NULL, null=True, related_name="+")
    settlement = models.ForeignKey(Settlement, models.SET_NULL, null=True, related_name="+")
    street = models.ForeignKey(Street, models.SET_NULL, null=True, related_name="+")
    # As written, for a street that the gazetteer does not know yet: it is learnt when a person confirms it.
    street_name = models.CharField(max_length=150, blank=True)
    house = models.CharField(max_length=30, blank=True)
    object_name = models.CharField(max_length=200, blank=True)
    place_status = models.CharField(max_length=10, choices=PlaceStatus.choices, default=PlaceStatus.UNKNOWN)
    place_options = models.JSONField(
        default=list
    )  # what an ambiguous place may be: [["Ленина, Бердск", 12, 31], …]
    place_words = models.JSONField(default=list)  # [["ул. Ленина", 20, 30], …]
    happened_at = models.DateTimeField(null=True)
    suggested = models.ForeignKey(Organization, models.SET_NULL, null=True, related_name="+")
    # Why this body: [["topic", "Ямы…"], ["territory", "Бердск"], …]; drawn as a sentence by the desk.
    because = models.JSONField(default=list)
    model_version = models.CharField(max_length=120)
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "part"], name="verdict_part_unique"),
            models.CheckConstraint(
                condition=models.Q(confidence__gte=0, confidence__lte=1), name="verdict_confidence_share"
            ),
        ]
        # Written in the order of time: the last month is found in a few pages of a small index.
        indexes = [
            BrinIndex(fields=["decided_at"], name="verdict_decided", autosummarize=True),
            # The norm of a topic in a place, and the same trouble there lately.
            models.Index(
                fields=["municipality", "topic", "decided_at"],
                condition=models.Q(municipality__isnull=False),
                name="verdict_municipality_topic",
            ),
            models.Index(
                fields=["street", "topic", "decided_at"],
                condition=models.Q(street__isnull=False),
                name="verdict_street_topic",
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
