"""Models learnt from a region's own history, and the examples they learn from."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from otklik.inbox.models import SourceMessage
from otklik.triage.enums import ExampleSource, ModelState, TableState
from otklik.triage.models.topics import Topic


class Example(models.Model):
    """A text with the topic that a person gave it. Personal data are masked before it is kept."""

    text = models.TextField()
    # SHA-256 of the folded text: the same words are learnt once, by their latest topic.
    digest = models.CharField(max_length=64, unique=True)
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="examples")
    source = models.CharField(max_length=10, choices=ExampleSource.choices)
    message = models.ForeignKey(SourceMessage, models.CASCADE, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["topic", "at"], name="example_topic")]

    def __str__(self) -> str:
        return self.text[:60]


class ExampleTable(models.Model):
    """A table of examples that was brought, and what it came to, with the lines that were not taken."""

    name = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=TableState.choices, default=TableState.READ)
    at = models.DateTimeField()
    by = models.CharField(max_length=200)
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    same = models.PositiveIntegerField(default=0)
    wrong_count = models.PositiveIntegerField(default=0)
    wrong = models.JSONField(
        default=list
    )  # [[line, "unknown_topic", "Дороги и мосты"], …], the first thousand

    def __str__(self) -> str:
        return self.name


class TablePiece(models.Model):
    """A piece of a table that waits to be read: a web process never holds a file whole. Gone when it has been read."""

    table = models.ForeignKey(ExampleTable, models.CASCADE, related_name="pieces")
    number = models.PositiveIntegerField()
    body = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["table", "number"], name="example_table_piece_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.table_id}.{self.number}"


class TopicModel(models.Model):
    """One version of the learnt model: how it came to be, what it knows, how good it was on what it had not seen."""

    state = models.CharField(max_length=10, choices=ModelState.choices, default=ModelState.WAITING)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=200)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    activated_at = models.DateTimeField(null=True)
    activated_by = models.CharField(max_length=200, blank=True)
    examples = models.PositiveIntegerField(_("примеров"), default=0)
    topics = models.PositiveIntegerField(_("тем"), default=0)
    # The list of topics it was taught by.
    topics_version = models.PositiveIntegerField(default=0)
    # The hash of its arrays: verdicts name it.
    version = models.CharField(max_length=40, blank=True)
    report = models.JSONField(default=dict)
    error = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["state"], condition=models.Q(state="active"), name="topic_model_one_active"
            ),
            models.UniqueConstraint(
                fields=["state"], condition=models.Q(state="training"), name="topic_model_one_training"
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["ready", "active", "retired"]) | ~models.Q(version=""),
                name="topic_model_has_version",
            ),
        ]

    def __str__(self) -> str:
        return f"№ {self.pk}"


class ModelFile(models.Model):
    """The arrays and the JSON of a model as one file; apart, so that lists of models stay light."""

    model = models.OneToOneField(TopicModel, models.CASCADE, primary_key=True, related_name="file")
    body = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.model_id}"
