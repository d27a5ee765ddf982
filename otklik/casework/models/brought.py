"""Incidents that leave as tables and come as tables: the history of other systems stands beside live casework."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from otklik.casework.enums import ReadingReason
from otklik.people.models import Account
from otklik.registry.models import Municipality, Organization
from otklik.triage.models import Topic


class IncidentExport(models.Model):
    """One table that somebody asked for: by which filters, how far it is, until when its file is kept."""

    class State(models.TextChoices):
        WAITING = "waiting", _("готовится")
        READY = "ready", _("готова")
        FAILED = "failed", _("не получилась")
        FORGOTTEN = "forgotten", _("файл удалён")

    class Source(models.TextChoices):
        LIVE = "live", _("инциденты Отклика")
        BROUGHT = "brought", _("история из загруженных таблиц")

    # Whose reach cuts it, and who alone may take the file.
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    source = models.CharField(max_length=8, choices=Source.choices, default=Source.LIVE)
    # Days as ISO dates, bodies and municipalities by number, the state by code; what is not asked is not there.
    filters = models.JSONField(default=dict)
    # Why personal data are open in it, in a word and in the person's own; empty: they are masked.
    reason = models.CharField(max_length=10, choices=ReadingReason.choices, blank=True)
    words = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    size = models.BigIntegerField(default=0)
    created_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)
    forget_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="ready")
                | models.Q(ready_at__isnull=False, forget_at__isnull=False),
                name="incident_export_ready_until",
            ),
            models.CheckConstraint(
                condition=models.Q(reason="") | models.Q(reason__in=ReadingReason.values),
                name="incident_export_reason_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(reason="other", words=""), name="incident_export_other_says_why"
            ),
        ]
        indexes = [
            models.Index(fields=["account", "-id"], name="incident_export_mine"),
            models.Index(fields=["id"], condition=models.Q(state="waiting"), name="incident_export_waits"),
            models.Index(fields=["-id"], condition=~models.Q(reason=""), name="incident_export_open"),
        ]

    def __str__(self) -> str:
        return f"№ {self.pk}"

    @property
    def is_open(self) -> bool:
        """Whether its personal data are not masked."""
        return bool(self.reason)


class ExportPiece(models.Model):
    """A piece of the file: neither the one who writes nor the one who sends it ever holds it whole."""

    export = models.ForeignKey(IncidentExport, models.CASCADE, related_name="pieces")
    number = models.PositiveIntegerField()
    body = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["export", "number"], name="export_piece_unique")]

    def __str__(self) -> str:
        return f"{self.export_id}.{self.number}"


class IncidentTable(models.Model):
    """One brought file with incidents, from its upload to its undoing."""

    class State(models.TextChoices):
        CHECKING = "checking", _("проверяется")
        REFUSED = "refused", _("не принят")
        FAILED = "failed", _("сбой")
        CHECKED = "checked", _("проверен")
        APPLYING = "applying", _("загружается")
        APPLIED = "applied", _("загружен")
        UNDOING = "undoing", _("отменяется")
        UNDONE = "undone", _("отменён")

    name = models.CharField(_("файл"), max_length=200)
    digest = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.CHECKING)
    # Why it was refused or failed, and what was noticed: {"reason": words with %(places)s, "params": {…}}.
    problem = models.JSONField(null=True)
    notes = models.JSONField(default=list)
    # {"new": …, "changed": …, "same": …, "own": …, "wrong": …}: what its lines would do, or have done.
    counts = models.JSONField(default=dict)
    # The first thousand lines that cannot be taken: [[line, header, "what stood there", "why"], …]
    wrong = models.JSONField(default=list)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200)
    # Who asked for the step that is under way or was the last: to take the lines, to undo.
    asked_id = models.BigIntegerField(null=True)
    asked_name = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True)
    applied_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["id"],
                condition=models.Q(state__in=["checking", "applying", "undoing"]),
                name="incident_table_waits",
            )
        ]

    def __str__(self) -> str:
        return self.name


class IncidentTablePiece(models.Model):
    """A piece of a brought file; kept as long as the file can be applied or checked anew."""

    table = models.ForeignKey(IncidentTable, models.CASCADE, related_name="pieces")
    number = models.PositiveIntegerField()
    body = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["table", "number"], name="incident_table_piece_unique")
        ]

    def __str__(self) -> str:
        return f"{self.table_id}.{self.number}"


class BroughtIncident(models.Model):
    """A line of the history of another system, as it was read; never worked on, only looked at and counted."""

    table = models.ForeignKey(IncidentTable, models.PROTECT, related_name="rows")
    line = models.PositiveIntegerField()
    cabinet = models.CharField(max_length=200, blank=True)
    external_id = models.CharField(max_length=100)
    number = models.CharField(max_length=100, blank=True)
    # The 47 values in the order of the layout, as exact texts.
    values = models.JSONField()
    question = models.TextField(_("вопрос"), blank=True)
    topic = models.ForeignKey(Topic, models.SET_NULL, null=True, related_name="+")
    executor = models.ForeignKey(Organization, models.SET_NULL, null=True, related_name="+")
    municipality = models.ForeignKey(Municipality, models.SET_NULL, null=True, related_name="+")
    received_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    search = models.GeneratedField(
        expression=SearchVector("question", config="russian"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cabinet", "external_id"], name="brought_incident_unique"),
            models.CheckConstraint(condition=~models.Q(external_id=""), name="brought_incident_has_id"),
        ]
        indexes = [
            models.Index(models.F("received_at").desc(nulls_last=True), models.F("id").desc(),
                         name="brought_incident_received"),
            models.Index(fields=["external_id"], name="brought_incident_external"),
            models.Index(fields=["number"], name="brought_incident_number"),
            GinIndex(fields=["search"], name="brought_incident_search"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number or self.external_id


class BroughtBefore(models.Model):
    """What a line was before a later table changed it, so that the table can be taken back."""

    table = models.ForeignKey(IncidentTable, models.CASCADE, related_name="changed")
    row = models.ForeignKey(BroughtIncident, models.CASCADE, related_name="before")
    # The table that the line came from, its number in it and its values then.
    before_table = models.ForeignKey(IncidentTable, models.PROTECT, related_name="+")
    before_line = models.PositiveIntegerField()
    values = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["table", "row"], name="brought_before_unique")]

    def __str__(self) -> str:
        return f"{self.row_id}"
