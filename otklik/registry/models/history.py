"""What every field was before: one row a change, written with the change."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class FieldChange(models.Model):
    """One field of one row of the register got another value. The journal says who did what, this says what it was."""

    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    # The organisation whose history it belongs to, also for its pages, obligations and onboarding.
    organization_id = models.BigIntegerField(null=True)
    field = models.CharField(max_length=60)
    old = models.JSONField(null=True)
    new = models.JSONField(null=True)
    at = models.DateTimeField(_("когда"))
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(_("кто"), max_length=200)
    reason = models.TextField(_("почему"), blank=True)
    # The import that brought the change, to be taken back as a whole.
    import_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "id"], name="field_change_subject"),
            models.Index(fields=["organization_id", "id"], name="field_change_organization"),
        ]

    def __str__(self) -> str:
        return f"{self.subject_type} {self.subject_id}.{self.field}"
