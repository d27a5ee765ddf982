"""The incident and the words by which it is asked for."""

from datetime import datetime
from typing import Self

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQuery, SearchVector, SearchVectorField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from otklik.casework.enums import DeliveryNote, Resolution, State
from otklik.casework.models.promises import INCIDENT_PROMISES
from otklik.casework.rules import ENDED, OPEN, TICKING
from otklik.inbox.models import Author, SourceMessage
from otklik.people.models import Account
from otklik.people.rules import Right
from otklik.registry.models import Municipality, OfficialPage, Organization, Settlement, Street
from otklik.registry.rules import Reach
from otklik.triage.enums import IncidentKind, PlaceStatus, Priority
from otklik.triage.models import Topic

OPEN_STATES = sorted(OPEN)
TICKING_STATES = sorted(TICKING)
_OPEN = models.Q(state__in=OPEN_STATES)
# A search by name is for finding a person's messages, not for listing everybody called Анна.
MOST_AUTHORS, MOST_MESSAGES = 50, 500


class IncidentQuerySet(models.QuerySet["Incident"]):
    def open(self) -> Self:
        """Incidents that somebody still has to do something about."""
        return self.filter(_OPEN)

    def overdue(self, at: datetime) -> Self:
        """Open, its clocks running, without a first answer in this cycle, and past the primary limit."""
        return self.filter(state__in=TICKING_STATES, first_answer_at=None, paused_at=None, due_at__lt=at)

    def visible_to(self, reach: Reach) -> Self:
        """What a person may see: everything, or what its bodies work on, or what came by its pages."""
        everywhere, organizations, pages = reach.where(Right.SEE_INCIDENTS)
        if everywhere:
            return self
        return self.filter(models.Q(executor_id__in=organizations) | models.Q(page_id__in=pages))

    def matching(self, words: str) -> Self:
        """Full-text search in Russian, and the number of an incident as people write it."""
        digits = words.replace("№", "").strip().rsplit("-", 1)[-1]
        by_text = models.Q(search=SearchQuery(words, config="russian", search_type="websearch"))
        if digits.isascii() and digits.isdigit() and len(digits) <= 15:
            return self.filter(by_text | models.Q(pk=int(digits)))
        if len(words) < 3:
            return self.filter(by_text)
        # In steps: one condition over three joined tables would leave every index unused.
        authors = Author.objects.filter(name__icontains=words).values_list("pk", flat=True)[:MOST_AUTHORS]
        theirs = (
            SourceMessage.objects.filter(author_id__in=list(authors))
            .order_by("-pk")
            .values_list("pk", flat=True)
        )
        return self.filter(by_text | models.Q(message_id__in=list(theirs[:MOST_MESSAGES])))


class Incident(models.Model):
    """One question of one message: one topic, one place, one responsible body."""

    # No index of its own for a reference that leads an index below: each costs at every move of an incident.
    message = models.ForeignKey(SourceMessage, models.PROTECT, db_index=False, related_name="incidents")
    part = models.PositiveSmallIntegerField(default=0)
    question = models.TextField(_("вопрос"))
    page = models.ForeignKey(OfficialPage, models.PROTECT, db_index=False, related_name="incidents")
    municipality = models.ForeignKey(Municipality, models.PROTECT, null=True, related_name="incidents")
    # [[0, 57], …]: the pieces of the message that ask this question; empty when the message is one question.
    spans = models.JSONField(default=list)
    settlement = models.ForeignKey(Settlement, models.SET_NULL, null=True, related_name="+")
    street = models.ForeignKey(Street, models.SET_NULL, null=True, related_name="+")
    street_name = models.CharField(_("улица"), max_length=150, blank=True)
    house = models.CharField(_("дом"), max_length=30, blank=True)
    object_name = models.CharField(_("объект"), max_length=200, blank=True)
    place_status = models.CharField(max_length=10, choices=PlaceStatus.choices, default=PlaceStatus.UNKNOWN)
    kind = models.CharField(_("вид"), max_length=10, choices=IncidentKind.choices)
    topic = models.ForeignKey(Topic, models.PROTECT, db_index=False, related_name="incidents")
    confidence = models.FloatField(default=0)
    priority = models.CharField(
        _("важность"), max_length=8, choices=Priority.choices, default=Priority.NORMAL
    )
    state = models.CharField(_("состояние"), max_length=16, choices=State.choices, default=State.NEW)
    # The state in which the author was asked; set while the reply is waited for, and only then.
    returns_to = models.CharField(max_length=16, choices=State.choices, blank=True)
    reason = models.CharField(max_length=40, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, db_index=False, related_name="attached")
    # The author asked the same before and was answered: a matter of its own, the earlier one stays as it ended.
    repeat_of = models.ForeignKey("self", models.PROTECT, null=True, db_index=False, related_name="repeats")
    executor = models.ForeignKey(
        Organization, models.PROTECT, null=True, db_index=False, related_name="incidents"
    )
    # Proposed by the system; becomes the executor when the verdict is sure or a person agrees.
    suggested = models.ForeignKey(Organization, models.SET_NULL, null=True, related_name="+")
    assignee = models.ForeignKey(Account, models.PROTECT, null=True, related_name="incidents")
    declines = models.PositiveSmallIntegerField(default=0, db_default=0)
    # Grows with every reopening: a cycle has a primary limit and a first answer of its own.
    cycle = models.PositiveSmallIntegerField(default=1, db_default=1)
    # Of this cycle: interim answers in a row and the coordinator's permits for more of them, plans that stand in
    # the network, extensions of the final deadline.
    interims = models.PositiveSmallIntegerField(default=0, db_default=0)
    interim_permits = models.PositiveSmallIntegerField(default=0, db_default=0)
    plans = models.PositiveSmallIntegerField(default=0, db_default=0)
    extensions = models.PositiveSmallIntegerField(default=0, db_default=0)
    # How often an answer was returned for rework, in all cycles.
    returns = models.PositiveSmallIntegerField(default=0, db_default=0)
    escalated_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    entered_at = models.DateTimeField(_("в состоянии с"))
    due_at = models.DateTimeField(_("ответить до"))
    stage_due_at = models.DateTimeField(null=True)
    # The day the final answer was promised for, or the plan is due; empty until something was promised.
    final_due_at = models.DateTimeField(null=True)
    # The coordinator has stopped the clocks; the dues move on when they run again.
    paused_at = models.DateTimeField(null=True)
    first_answer_at = models.DateTimeField(null=True)
    # Post-control is over: the answer that stands was found good. Empty again with every move but the end.
    checked_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    resolution = models.CharField(max_length=20, choices=Resolution.choices, blank=True)
    outcome_link = models.URLField(max_length=500, blank=True, db_default="")
    delivery_note = models.CharField(max_length=14, choices=DeliveryNote.choices, blank=True)
    author_replied_at = models.DateTimeField(null=True)
    # Grows with every change: a form that was opened earlier is refused instead of overwriting.
    version = models.PositiveIntegerField(default=1)
    search = models.GeneratedField(
        expression=SearchVector("question", config="russian"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = IncidentQuerySet.as_manager()

    class Meta:
        constraints = INCIDENT_PROMISES
        indexes = [
            models.Index(fields=["state", "due_at", "id"], name="incident_state_due", condition=_OPEN),
            models.Index(fields=["due_at", "id"], name="incident_open_due", condition=_OPEN),
            models.Index(
                fields=["executor", "state", "due_at", "id"], name="incident_body_state", condition=_OPEN
            ),
            models.Index(fields=["assignee", "due_at", "id"], name="incident_assignee_due", condition=_OPEN),
            models.Index(fields=["page", "due_at", "id"], name="incident_page_due"),
            models.Index(fields=["state", "-received_at", "-id"], name="incident_state_received"),
            models.Index(fields=["executor", "-received_at", "-id"], name="incident_body_received"),
            models.Index(fields=["-received_at", "-id"], name="incident_received"),
            models.Index(
                fields=["topic", "municipality", "-received_at", "-id"], name="incident_topic_place"
            ),
            models.Index(fields=["parent"], name="incident_parent", condition=models.Q(parent__isnull=False)),
            models.Index(
                fields=["repeat_of"],
                name="incident_repeat_of",
                condition=models.Q(repeat_of__isnull=False),
            ),
            models.Index(
                fields=["-received_at", "-id"],
                name="incident_repeats",
                condition=models.Q(repeat_of__isnull=False),
            ),
            models.Index(
                fields=["due_at", "id"],
                name="incident_delivery_note",
                condition=~models.Q(delivery_note=""),
            ),
            models.Index(
                fields=["stage_due_at", "id"],
                name="incident_silence",
                condition=models.Q(state="clarification"),
            ),
            models.Index(
                fields=["stage_due_at", "id"], name="incident_settled", condition=models.Q(state="answered")
            ),
            models.Index(
                fields=["final_due_at", "id"],
                name="incident_promised",
                condition=models.Q(state__in=["deferred", "interim_answered"]),
            ),
            models.Index(
                fields=["entered_at", "id"],
                name="incident_ended",
                condition=models.Q(state__in=sorted(ENDED)),
            ),
            models.Index(
                fields=["topic", "-first_answer_at", "-id"],
                name="incident_topic_answered",
                condition=models.Q(first_answer_at__isnull=False),
            ),
            models.Index(
                fields=["-received_at", "-id"],
                name="incident_put_aside",
                condition=models.Q(state="rejected", reason__in=["spam", "abuse_only"]),
            ),
            GinIndex(fields=["search"], name="incident_search"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """The number people say: year, month, running number."""
        return f"{timezone.localtime(self.received_at):%y-%m}-{self.pk:05d}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN
