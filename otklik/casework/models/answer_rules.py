"""What a region made of the check of answers: a row for each code that differs from what ships."""

from django.db import models

from otklik.casework.enums import RuleMode


class AnswerRule(models.Model):
    """What the check does with one code, with words of the region's own; the journal keeps what it was before."""

    code = models.CharField(max_length=30)
    mode = models.CharField(max_length=6, choices=RuleMode.choices)
    # Phrases that the rule finds besides its own, and phrases that it leaves alone.
    words = models.JSONField(default=list)
    allowed = models.JSONField(default=list)
    # Grows with every change: processes know by it that what they remember is old.
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code"], name="answer_rule_code"),
            models.CheckConstraint(
                condition=models.Q(mode__in=RuleMode.values), name="answer_rule_mode_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.mode}"
