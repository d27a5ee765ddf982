"""Deadlines of a region as data."""

from django.db import models


class SlaProfile(models.Model):
    """Deadlines of a region as data: minutes of working time by stage and priority."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=150)
    is_default = models.BooleanField(default=False)
    # {"primary": {"normal": 480, …}, "stages": {"triage": {"normal": 60, …}, …}, "silence_days": 3}; what is
    # absent is the norm.
    limits = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=models.Q(is_default=True), name="sla_profile_one_default"
            )
        ]

    def __str__(self) -> str:
        return self.name
