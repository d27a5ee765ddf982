"""Deadlines of a region as data."""

from django.db import models


class SlaProfile(models.Model):
    """Deadlines of a region as data: terms with units by stage and priority."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=150)
    is_default = models.BooleanField(default=False)
    # Where the figures are published.
    source = models.CharField(max_length=300, blank=True, default="", db_default="")
    # {"primary": {"normal": "8 wh"}, "stages": {"triage": {"normal": "60 wm"}}, "interim": "7 wd"}: see
    # casework.rules.limits; what is absent is the norm.
    limits = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=models.Q(is_default=True), name="sla_profile_one_default"
            )
        ]

    def __str__(self) -> str:
        return self.name
