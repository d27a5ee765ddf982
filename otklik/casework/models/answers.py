"""What is said to the resident."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from otklik.casework.enums import AnswerKind, AnswerStatus, Resolution
from otklik.casework.models.incidents import Incident
from otklik.casework.models.mass import MassRound
from otklik.channels.models import Delivery
from otklik.people.models import Account

MOST_ANSWER_PHOTOS = 10


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
    # Answers to several questions of one message may leave in one reply.
    delivery = models.ForeignKey(
        Delivery,
        models.PROTECT,
        null=True,
        related_name="answers",
        related_query_name="answer",
        db_index=False,
    )
    together = models.BooleanField(default=False, db_default=False)
    # Of a mass problem: this is the text of one member. Its receipt leaves the incident in its state.
    round = models.ForeignKey(MassRound, models.PROTECT, null=True, related_name="answers", db_index=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    # How many photos stand beside it, numbered from one: whoever shows an answer asks for no more than this.
    photos = models.PositiveSmallIntegerField(default=0, db_default=0)
    published_at = models.DateTimeField(null=True)
    # Somebody has changed it in the network, past us; or it no longer stands there.
    edited_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)
    # How many people like it in the network, as of the last look.
    likes = models.PositiveIntegerField(default=0, db_default=0)

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
            # Whatever dies and runs again: a round says its word to each member once.
            models.UniqueConstraint(
                fields=["round", "incident"],
                condition=models.Q(round__isnull=False),
                name="answer_one_a_round",
            ),
            # A reply of the network answers several questions only where that was wanted, and each of them once.
            models.UniqueConstraint(
                fields=["delivery"], condition=models.Q(together=False), name="answer_goes_alone"
            ),
            models.UniqueConstraint(fields=["delivery", "incident"], name="answer_once_a_reply"),
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
        indexes = [
            models.Index(fields=["incident", "id"], name="answer_incident"),
            models.Index(
                fields=["published_at", "id"],
                name="answer_final_published",
                condition=models.Q(kind="final", status="published"),
            ),
            models.Index(
                fields=["created_at"], name="answer_mass_pace", condition=models.Q(round__isnull=False)
            ),
            models.Index(
                fields=["incident"],
                name="answer_waits_together",
                condition=models.Q(together=True, status="publishing", delivery__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]
