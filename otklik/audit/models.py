"""The journal. It keeps the actor's id and name and imports no account model."""

from django.db import models
from django.db.models.fields.json import KeyTransform
from django.utils.translation import gettext_lazy as _


class AuditLine(models.Model):
    """One change by one actor. A trigger refuses to change or delete a line."""

    at = models.DateTimeField(_("когда"))
    actor_id = models.BigIntegerField(_("кто, номер"), null=True)
    actor_name = models.CharField(_("кто"), max_length=200)
    verb = models.CharField(_("действие"), max_length=60)
    subject_type = models.CharField(_("над чем"), max_length=60)
    subject_id = models.BigIntegerField(_("над чем, номер"))
    reason = models.TextField(_("почему"), blank=True)
    details = models.JSONField(_("подробности"), default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "id"], name="audit_line_subject"),
            models.Index(fields=["actor_id", "at"], name="audit_line_actor"),
            # Lines about drafts that are there no more are found by their incident, when its words are erased.
            models.Index(
                KeyTransform("incident", "details"),
                name="audit_line_answer_of",
                condition=models.Q(subject_type="casework.answer"),
            ),
        ]

    def __str__(self) -> str:
        return (
            f"{self.at:%Y-%m-%d %H:%M} {self.actor_name}: {self.verb} {self.subject_type} {self.subject_id}"
        )
