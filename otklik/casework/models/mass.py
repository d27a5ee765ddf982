"""A mass problem: many residents write of one cause, one body deals with it, one answer goes to all of them."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from otklik.casework.enums import AnswerKind, MassHow, MassState, MemberState, Resolution, RoundState
from otklik.casework.models.incidents import Incident
from otklik.people.models import Account
from otklik.people.rules import Right
from otklik.registry.models import Municipality, Organization, Settlement, Street
from otklik.registry.rules import Reach
from otklik.triage.models import SurgeAlert, Topic


class MassProblemQuerySet(models.QuerySet["MassProblem"]):
    def live(self) -> Self:
        """Problems that are not closed: newcomers of the same topic and place belong to them."""
        return self.exclude(state=MassState.CLOSED)

    def visible_to(self, reach: Reach) -> Self:
        """What a person may see: everything at the centre, else what its bodies answer for."""
        everywhere, organizations, _pages = reach.where(Right.SEE_INCIDENTS)
        return self if everywhere else self.filter(executor_id__in=organizations)


class MassProblem(models.Model):
    """One cause, one responsible body, one status; its members are incidents that mirror it."""

    # In public words: residents read it.
    cause = models.CharField(_("причина"), max_length=200)
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="+")
    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="+")
    settlement = models.ForeignKey(Settlement, models.PROTECT, null=True, related_name="+")
    street = models.ForeignKey(Street, models.PROTECT, null=True, related_name="+")
    # A circle instead of borders: settlements within it belong here whatever municipality they are of.
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    radius_m = models.PositiveIntegerField(null=True)
    # What was received before is another story.
    since = models.DateTimeField()
    executor = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    surge = models.ForeignKey(SurgeAlert, models.PROTECT, null=True, related_name="problems")
    state = models.CharField(_("состояние"), max_length=8, choices=MassState.choices, default=MassState.OPEN)
    # The earliest limit of its members; once something was promised to them, that day.
    due_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    # When somebody wrote of it last: it closes only after silence.
    heard_at = models.DateTimeField()
    fixed_at = models.DateTimeField(null=True)
    fixed_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = MassProblemQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(latitude=None, longitude=None, radius_m=None)
                | models.Q(
                    latitude__isnull=False, longitude__isnull=False, radius_m__isnull=False, radius_m__gt=0
                ),
                name="mass_problem_circle",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["fixed", "closed"])
                | models.Q(fixed_at__isnull=False, fixed_by__isnull=False),
                name="mass_problem_fixed_by",
            ),
            models.CheckConstraint(
                condition=models.Q(state="closed", closed_at__isnull=False)
                | (~models.Q(state="closed") & models.Q(closed_at=None)),
                name="mass_problem_closed_when",
            ),
            models.UniqueConstraint(
                fields=["surge"], condition=~models.Q(state="closed"), name="mass_problem_one_of_surge"
            ),
        ]
        indexes = [
            models.Index(
                fields=["topic", "municipality"],
                name="mass_problem_live",
                condition=~models.Q(state="closed"),
            ),
            models.Index(fields=["-opened_at", "-id"], name="mass_problem_opened"),
        ]

    def __str__(self) -> str:
        return self.cause

    @property
    def number(self) -> str:
        """The number people say."""
        return f"М-{self.pk}"

    @property
    def is_live(self) -> bool:
        return self.state != MassState.CLOSED


class MassStep(models.Model):
    """One change of a problem: who, when, why. Never changed itself."""

    problem = models.ForeignKey(MassProblem, models.CASCADE, related_name="steps", db_index=False)
    verb = models.CharField(max_length=30)
    before = models.CharField(max_length=8, choices=MassState.choices, blank=True)
    after = models.CharField(max_length=8, choices=MassState.choices)
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200)
    reason = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["problem", "id"], name="mass_step_problem")]

    def __str__(self) -> str:
        return f"{self.verb}: {self.before} → {self.after}"


class MassMember(models.Model):
    """An incident of a problem, now or once, or one that may belong to it and waits for a person's word."""

    problem = models.ForeignKey(MassProblem, models.CASCADE, related_name="members", db_index=False)
    incident = models.ForeignKey(Incident, models.CASCADE, related_name="mass_members")
    how = models.CharField(max_length=7, choices=MassHow.choices)
    state = models.CharField(max_length=8, choices=MemberState.choices, default=MemberState.IN)
    joined_at = models.DateTimeField()
    joined_by = models.CharField(max_length=200)
    left_at = models.DateTimeField(null=True)
    left_by = models.CharField(max_length=200, blank=True)
    why = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["problem", "incident"], name="mass_member_unique"),
            models.UniqueConstraint(
                fields=["incident"], condition=models.Q(state="in"), name="mass_member_one_problem"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="out") | (models.Q(left_at__isnull=False) & ~models.Q(why="")),
                name="mass_member_left_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.problem_id}: {self.incident_id} {self.state}"


class MassRound(models.Model):
    """One answer to all members: first a draft, then on its way to each of them as a text of its own."""

    problem = models.ForeignKey(MassProblem, models.CASCADE, related_name="rounds", db_index=False)
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=AnswerKind.choices, default=AnswerKind.FINAL)
    # With variables; each member's answer holds the words as that person reads them.
    text = models.TextField(_("ответ"), blank=True)
    resolution = models.CharField(max_length=20, choices=Resolution.choices, blank=True)
    promised_for = models.DateTimeField(null=True)
    state = models.CharField(max_length=7, choices=RoundState.choices, default=RoundState.DRAFT)
    author = models.ForeignKey(Account, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    started_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["problem", "number"], name="mass_round_number"),
            models.UniqueConstraint(
                fields=["problem"], condition=models.Q(state="draft"), name="mass_round_one_draft"
            ),
            models.UniqueConstraint(
                fields=["problem"],
                condition=models.Q(state__in=["running", "paused"]),
                name="mass_round_one_current",
            ),
            models.CheckConstraint(
                condition=models.Q(state="draft")
                | ~models.Q(kind__in=["interim", "plan"])
                | models.Q(promised_for__isnull=False),
                name="mass_round_dated",
            ),
            models.CheckConstraint(
                condition=models.Q(state="draft")
                | (models.Q(started_at__isnull=False, started_by__isnull=False) & ~models.Q(text="")),
                name="mass_round_started_by",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.problem_id}/{self.number}: {self.state}"
