"""Who opened the personal data of an incident, and why."""

from django.db import models

from otklik.casework.enums import ReadingReason
from otklik.casework.models.incidents import Incident
from otklik.people.models import Account
from otklik.registry.models import Organization


class PersonalRead(models.Model):
    """One opening: it holds for this person and this incident until the end of the day. A trigger refuses changes."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="personal_reads")
    reader = models.ForeignKey(Account, models.PROTECT, related_name="personal_reads")
    # Whose the incident was when it was read; empty while it had no body.
    body = models.ForeignKey(Organization, models.PROTECT, null=True, related_name="+")
    # The day of the region, not of the server.
    day = models.DateField()
    at = models.DateTimeField()
    reason = models.CharField(max_length=10, choices=ReadingReason.choices)
    words = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "reader", "day"], name="personal_read_once_a_day"),
            models.CheckConstraint(
                condition=models.Q(reason__in=ReadingReason.values), name="personal_read_reason_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(reason="other", words=""), name="personal_read_other_says_why"
            ),
        ]
        indexes = [
            models.Index(fields=["reader", "day"], name="personal_read_reader"),
            models.Index(fields=["day", "reader"], name="personal_read_day"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.reader}: {self.incident_id}"
