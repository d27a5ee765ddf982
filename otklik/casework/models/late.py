"""What people are told of answers that run late."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from otklik.casework.enums import Addressee
from otklik.casework.models.incidents import Incident
from otklik.people.models import Account
from otklik.registry.models import Organization


class LateWarning(models.Model):
    """A share of the way to the primary answer has passed: said once in each cycle of the incident.

    Who is told is a role, with the person or the body that it was then; `sent_at` is for what tells them elsewhere
    than at the desk.
    """

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="warnings")
    # The first way is 1, each reopening begins another.
    cycle = models.PositiveSmallIntegerField(default=1)
    percent = models.PositiveSmallIntegerField()
    at = models.DateTimeField(_("когда"))
    written_at = models.DateTimeField()
    addressee = models.CharField(_("кому"), max_length=15, choices=Addressee.choices)
    account = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")
    organization = models.ForeignKey(Organization, models.SET_NULL, null=True, related_name="+")
    sent_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "casework_warning"
        constraints = [
            models.UniqueConstraint(fields=["incident", "cycle", "percent"], name="warning_once"),
            models.CheckConstraint(
                condition=models.Q(percent__in=[50, 80, 100, 150, 300]), name="warning_percent"
            ),
        ]
        indexes = [
            models.Index(fields=["addressee", "-at", "-id"], name="warning_addressee"),
            models.Index(fields=["organization", "-at", "-id"], name="warning_body"),
            models.Index(fields=["at", "id"], name="warning_unsent", condition=models.Q(sent_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id}: {self.percent} %"
