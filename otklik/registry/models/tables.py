"""Files that people bring: what stood in them, what was done, and what to put back."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from otklik.registry.enums import ImportKind, ImportState, RowAction


class Import(models.Model):
    """One brought file from its upload to its undoing."""

    kind = models.CharField(_("что в файле"), max_length=12, choices=ImportKind.choices)
    file_name = models.CharField(_("файл"), max_length=200)
    digest = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=ImportState.choices, default=ImportState.WAITING)
    # Why it failed or was refused: {"reason": words with %(places)s, "params": {…}}, said in the reader's language.
    problem = models.JSONField(null=True)
    # What was noticed and passed over, in the same form: merged cells, macros, formulas.
    notes = models.JSONField(default=list)
    # {"field": "header of the file"}, as guessed by headers and corrected by a person.
    mapping = models.JSONField(default=dict)
    headers = models.JSONField(default=list)
    counts = models.JSONField(default=dict)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200)
    # Who asked for the step that is under way or was the last: to apply, to undo.
    asked_id = models.BigIntegerField(null=True)
    asked_name = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True)
    applied_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.file_name


class ImportFile(models.Model):
    """The bytes of the file; apart, so that lists of imports stay light. Web and worker may be on two machines."""

    brought = models.OneToOneField(Import, models.CASCADE, related_name="file")
    content = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.brought}"


class ImportRow(models.Model):
    """One row of the file: what it would do, what is wrong with it, and what was there before."""

    brought = models.ForeignKey(Import, models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField()
    action = models.CharField(max_length=10, choices=RowAction.choices)
    title = models.CharField(max_length=300, blank=True)
    values = models.JSONField(default=dict)
    # What is wrong: a list of objects with column, value and reason.
    problems = models.JSONField(default=list)
    # What will change or has changed: [{"subject": "organization", "id": 7, "field": "phone", "old": …, "new": …}].
    changes = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brought", "line"], name="import_row_unique")]
        indexes = [models.Index(fields=["brought", "action", "line"], name="import_row_action")]

    def __str__(self) -> str:
        return f"{self.brought_id}:{self.line} {self.action}"
