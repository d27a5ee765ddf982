"""The history of an incident, and which moves the database lets it make."""

from django.db import models

from otklik.casework.enums import State
from otklik.casework.models.incidents import Incident
from otklik.registry.models import Organization


class Move(models.Model):
    """One move of an incident: who, when, why, and how the deadlines changed. Never changed itself."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="moves")
    verb = models.CharField(max_length=30)
    before = models.CharField(max_length=16, choices=State.choices, blank=True)
    after = models.CharField(max_length=16, choices=State.choices)
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200)
    # The reason as a code of ours, where there is a list of them; `reason` is what a person wrote, or the code.
    code = models.CharField(max_length=40, blank=True, db_default="")
    reason = models.TextField(blank=True)
    executor = models.ForeignKey(Organization, models.PROTECT, null=True, related_name="+")
    old_due_at = models.DateTimeField(null=True)
    new_due_at = models.DateTimeField(null=True)
    old_stage_due_at = models.DateTimeField(null=True)
    new_stage_due_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["incident", "id"], name="move_incident")]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"


class AllowedMove(models.Model):
    """A change of state that some verb makes. A trigger refuses every other; filled from the table of the rules."""

    before = models.CharField(max_length=16, choices=State.choices)
    after = models.CharField(max_length=16, choices=State.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["before", "after"], name="allowed_move_unique")]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"
