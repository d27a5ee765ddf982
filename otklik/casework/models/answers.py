"""What is said to the resident."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from otklik.casework.enums import AnswerKind, AnswerStatus, Resolution
from otklik.casework.models.incidents import Incident
from otklik.channels.models import Delivery
from otklik.people.models import Account


class Answer(models.Model):
    """A text on its way to the resident, an answer or a question: one draft, one on its way at a time."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="answers")
    kind = models.CharField(max_length=8, choices=AnswerKind.choices, default=AnswerKind.FINAL)
    status = models.CharField(max_length=14, choices=AnswerStatus.choices, default=AnswerStatus.DRAFT)
    text = models.TextField(_("ответ"))
    resolution = models.CharField(max_length=20, choices=Resolution.choices, blank=True)
    # Which cycle of the incident it belongs to.
    cycle = models.PositiveSmallIntegerField(default=1, db_default=1)
    # The day that the text promises: of the final answer, or of what is planned.
    promised_for = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    author = models.ForeignKey(Account, models.PROTECT, related_name="answers")
    approved_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="approved_answers")
    delivery = models.OneToOneField(Delivery, models.PROTECT, null=True, related_name="answer")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["incident"], condition=models.Q(status="draft"), name="answer_one_draft"
            ),
            models.UniqueConstraint(
                fields=["incident"],
                condition=models.Q(status__in=["approval", "publishing", "uncertain"]),
                name="answer_one_publication",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="published")
                | models.Q(delivery__isnull=False, published_at__isnull=False),
                name="answer_published_proof",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind__in=["note", "question"]) | ~models.Q(status="draft"),
                name="answer_question_no_draft",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind__in=["interim", "plan"]) | models.Q(promised_for__isnull=False),
                name="answer_promise_dated",
            ),
            models.CheckConstraint(
                condition=models.Q(approved_by__isnull=True) | ~models.Q(approved_by=models.F("author")),
                name="answer_four_eyes",
            ),
        ]
        indexes = [models.Index(fields=["incident", "id"], name="answer_incident")]

    def __str__(self) -> str:
        return self.text[:60]
