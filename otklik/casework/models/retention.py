"""For how long personal data is kept: rules as data, and what was erased by them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from otklik.casework.enums import RetentionKind

LONGEST_DAYS = 3650


class RetentionRule(models.Model):
    """One kind of personal data: so many days after its moment it goes, and why so many. The journal keeps versions."""

    kind = models.CharField(_("что"), max_length=10, choices=RetentionKind.choices)
    days = models.PositiveIntegerField(_("дней"))
    # The act that says so, or that the figure is the product's own.
    ground = models.CharField(_("основание"), max_length=300)
    # Words of residents are erased by a rule only after a person has switched it on: it cannot be undone.
    is_active = models.BooleanField(_("действует"), default=False)
    version = models.PositiveIntegerField(default=1)
    changed_by = models.CharField(max_length=200, blank=True)
    # Empty while the rule is as it was shipped.
    changed_at = models.DateTimeField(null=True)
    # When the job was last through with it, also when nothing was due.
    looked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind"], name="retention_rule_kind"),
            models.CheckConstraint(
                condition=models.Q(days__gte=1, days__lte=LONGEST_DAYS), name="retention_rule_days"
            ),
            models.CheckConstraint(condition=~models.Q(ground=""), name="retention_rule_ground"),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())


class RetentionRun(models.Model):
    """What one rule took, from its first batch to its last; a killed one is gone on with from where it stands."""

    rule = models.ForeignKey(RetentionRule, models.PROTECT, related_name="runs")
    rule_version = models.PositiveIntegerField()
    days = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    # The last row that was looked at: what stays behind it (held, locked) is met again by the next run.
    passed_id = models.BigIntegerField(default=0)
    # How many rows of each kind were erased: {"messages": 4, …}; never a word of them.
    counts = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rule"], condition=models.Q(ended_at=None), name="retention_run_one_open"
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at=None) | models.Q(ended_at__gte=models.F("started_at")),
                name="retention_run_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} {self.started_at:%Y-%m-%d}"
