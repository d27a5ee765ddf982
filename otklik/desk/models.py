"""What the desk itself remembers: saved views of the queue, and who looks at which card right now."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from otklik.casework.models import Incident
from otklik.desk.enums import Doing
from otklik.people.models import Account


class SavedView(models.Model):
    """A person's own view of the queue: its query string under a name."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="saved_views")
    name = models.CharField(_("название"), max_length=60)
    query = models.CharField(max_length=1000)
    created_at = models.DateTimeField()
    # Removed by a person: kept so that the removal can be undone.
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "name"], condition=models.Q(removed_at=None), name="saved_view_name_unique"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Presence(models.Model):
    """A person at a card. The table is unlogged: it lives for seconds and is worth nothing after a crash."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="present", db_constraint=False)
    account = models.ForeignKey(Account, models.CASCADE, related_name="+", db_constraint=False)
    doing = models.CharField(max_length=8, choices=Doing.choices, default=Doing.READING)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "account"], name="presence_unique")]

    def __str__(self) -> str:
        return f"{self.account_id} @ {self.incident_id}: {self.doing}"
