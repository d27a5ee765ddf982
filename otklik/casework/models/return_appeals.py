"""A body contests a return of its answer, or a bad word of a sample about it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from otklik.casework.enums import AppealVerdict
from otklik.casework.models.answers import Answer
from otklik.casework.models.incidents import Incident
from otklik.casework.models.moves import Move
from otklik.people.models import Account
from otklik.registry.models import Organization


class ReturnAppeal(models.Model):
    """What a body said against one return, and what somebody else of the centre decided."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="return_appeals")
    # The move by which the answer came back; its reason and code are what is contested.
    move = models.ForeignKey(Move, models.CASCADE, db_index=False, related_name="+")
    answer = models.ForeignKey(Answer, models.CASCADE, related_name="return_appeals")
    body = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    # Empty where no account stands behind the return.
    returned_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    text = models.TextField(_("с чем не согласны"))
    contested_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    contested_at = models.DateTimeField()
    due_at = models.DateTimeField()
    verdict = models.CharField(max_length=8, choices=AppealVerdict.choices, blank=True)
    why = models.TextField(blank=True)
    decided_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["move"], name="return_appeal_once"),
            models.CheckConstraint(condition=~models.Q(text=""), name="return_appeal_says"),
            models.CheckConstraint(
                condition=models.Q(verdict="", decided_by=None, decided_at=None, why="")
                | (
                    models.Q(verdict__in=["upheld", "granted"])
                    & models.Q(decided_by__isnull=False, decided_at__isnull=False)
                    & ~models.Q(why="")
                ),
                name="return_appeal_decided",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by=None)
                | (
                    ~models.Q(decided_by=models.F("contested_by"))
                    & (models.Q(returned_by=None) | ~models.Q(decided_by=models.F("returned_by")))
                ),
                name="return_appeal_by_another",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]
