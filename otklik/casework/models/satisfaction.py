"""What authors think of the answers that they got."""

from django.db import models

from otklik.casework.enums import SatisfactionVerdict
from otklik.casework.models.answers import Answer
from otklik.casework.models.incidents import Incident
from otklik.inbox.models import SourceMessage
from otklik.people.models import Account


class Satisfaction(models.Model):
    """What the author said of the final answer of one cycle: read by the system, or by a person, whose word holds."""

    incident = models.ForeignKey(Incident, models.CASCADE, db_index=False, related_name="satisfaction")
    cycle = models.PositiveSmallIntegerField()
    answer = models.ForeignKey(Answer, models.CASCADE, related_name="satisfaction")
    # The author's words in the thread.
    message = models.ForeignKey(SourceMessage, models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=8, choices=SatisfactionVerdict.choices)
    # Empty while only the system has read the words.
    decided_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "cycle"], name="satisfaction_once_a_cycle"),
            models.CheckConstraint(
                condition=models.Q(verdict__in=["positive", "negative", "none"]),
                name="satisfaction_verdict_known",
            ),
        ]
        indexes = [models.Index(fields=["-decided_at", "-id"], name="satisfaction_decided")]

    def __str__(self) -> str:
        return f"{self.incident_id}/{self.cycle}: {self.verdict}"
