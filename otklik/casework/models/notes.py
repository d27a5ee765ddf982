"""What colleagues say to each other about an incident: never published, never a part of an answer."""

from django.db import models
from django.db.models import F, Q

from otklik.casework.models.incidents import Incident
from otklik.people.models import Account


class IncidentNote(models.Model):
    """A remark of one person at an incident; whoever sees the incident sees it."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="notes", db_index=False)
    author = models.ForeignKey(Account, models.PROTECT, related_name="incident_notes")
    text = models.TextField()
    # {"климова": "Мария Климова"}: what stands behind each @ of the text, so that a card asks for no accounts.
    named = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True)
    # The author took it back: that it was there stays to be seen, its words do not.
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="note_says"),
            models.CheckConstraint(
                condition=Q(edited_at__isnull=True) | Q(edited_at__gte=F("created_at")),
                name="note_edited_later",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=F("created_at")),
                name="note_withdrawn_later",
            ),
        ]
        indexes = [models.Index(fields=["incident", "id"], name="note_incident")]

    def __str__(self) -> str:
        return self.text[:60]


class NoteVersion(models.Model):
    """What a note said before it was edited."""

    note = models.ForeignKey(IncidentNote, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    replaced_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["note", "number"], name="note_version_number")]

    def __str__(self) -> str:
        return f"{self.note_id}.{self.number}"


class NoteMention(models.Model):
    """A note calls a colleague by @name; read when the colleague opens the incident."""

    note = models.ForeignKey(IncidentNote, models.PROTECT, related_name="mentions")
    account = models.ForeignKey(Account, models.PROTECT, related_name="mentions")
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["note", "account"], name="note_mentions_once"),
            models.CheckConstraint(
                condition=Q(read_at__isnull=True) | Q(read_at__gte=F("at")), name="note_mention_read_later"
            ),
        ]
        indexes = [
            models.Index(fields=["account"], name="note_mention_unread", condition=Q(read_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.account}: {self.note_id}"
