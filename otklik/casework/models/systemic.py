"""Systemic decisions: many complaints had one cause, and one managerial act removed it."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from otklik.casework.enums import ActKind, Effect, SystemicState
from otklik.casework.models.incidents import Incident
from otklik.casework.models.mass import MassProblem
from otklik.people.models import Account
from otklik.people.rules import Right
from otklik.registry.models import Municipality, Organization
from otklik.registry.rules import Reach
from otklik.triage.models import Topic

_OVER = ["done", "checked"]
_MEASURED = Q(
    effect__in=["helped", "partly", "not"], before__isnull=False, after__isnull=False,
    checked_at__isnull=False, checked_by__isnull=False,
)  # fmt: skip
_NOT_MEASURED = Q(
    effect="", before=None, after=None, year_before=None, year_after=None, checked_at=None, checked_by=None
)


class SystemicDecisionQuerySet(models.QuerySet["SystemicDecision"]):
    def visible_to(self, reach: Reach) -> Self:
        """What a person may see: everything at the centre, else what its bodies answer for."""
        everywhere, organizations, _pages = reach.where(Right.SEE_INCIDENTS)
        return self if everywhere else self.filter(executor_id__in=organizations)


class SystemicDecision(models.Model):
    """One cause of many incidents, one responsible body, one act, and whether fewer people complain after it."""

    # What the complaints had in common.
    cause = models.CharField(_("причина"), max_length=300)
    topics = models.ManyToManyField(Topic, related_name="+")
    # None: the whole region.
    municipalities = models.ManyToManyField(Municipality, related_name="+")
    executor = models.ForeignKey(Organization, models.PROTECT, related_name="systemic_decisions")
    state = models.CharField(
        _("состояние"), max_length=8, choices=SystemicState.choices, default=SystemicState.PROPOSED
    )
    # What is decided to do, and what it should bring.
    measure = models.TextField(_("что решено сделать"))
    expected = models.TextField(_("чего ждём"), blank=True)
    act_kind = models.CharField(_("вид акта"), max_length=6, choices=ActKind.choices, blank=True)
    act_number = models.CharField(_("номер акта"), max_length=60, blank=True)
    act_day = models.DateField(_("дата акта"), null=True)
    act_link = models.URLField(_("ссылка на акт"), max_length=500, blank=True)
    planned_for = models.DateField(_("план"), null=True)
    done_on = models.DateField(_("исполнено"), null=True)
    decline_reason = models.TextField(blank=True)
    # How many days before and after `done_on` are compared.
    window_days = models.PositiveSmallIntegerField(default=30)
    # Incidents of these topics and places, as they were counted when the effect was checked; a year ago, if known.
    before = models.PositiveIntegerField(null=True)
    after = models.PositiveIntegerField(null=True)
    year_before = models.PositiveIntegerField(null=True)
    year_after = models.PositiveIntegerField(null=True)
    effect = models.CharField(max_length=6, choices=Effect.choices, blank=True)
    effect_note = models.TextField(blank=True)
    checked_at = models.DateTimeField(null=True)
    checked_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    objects = SystemicDecisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(cause="") & ~Q(measure=""), name="systemic_says_what"),
            models.CheckConstraint(
                condition=~Q(state__in=_OVER)
                | (
                    Q(act_kind__in=["order", "budget", "rule", "works", "other"])
                    & Q(act_day__isnull=False, done_on__isnull=False)
                    & (~Q(act_number="") | ~Q(act_link=""))
                ),
                name="systemic_done_by_act",
            ),
            models.CheckConstraint(
                condition=Q(state__in=_OVER) | Q(done_on=None), name="systemic_done_when_done"
            ),
            models.CheckConstraint(
                condition=(Q(state="declined") & ~Q(decline_reason=""))
                | (~Q(state="declined") & Q(decline_reason="")),
                name="systemic_declined_why",
            ),
            models.CheckConstraint(
                condition=(Q(state="checked") & _MEASURED) | (~Q(state="checked") & _NOT_MEASURED),
                name="systemic_checked_by_figures",
            ),
            models.CheckConstraint(
                condition=Q(window_days__gte=7, window_days__lte=365), name="systemic_window"
            ),
        ]
        indexes = [models.Index(fields=["state", "-id"], name="systemic_state")]

    def __str__(self) -> str:
        return self.cause

    @property
    def number(self) -> str:
        """The number people say."""
        return f"С-{self.pk}"


class SystemicBasis(models.Model):
    """An incident that a decision rests on; `problem` is the mass problem it was brought with."""

    decision = models.ForeignKey(SystemicDecision, models.CASCADE, related_name="basis", db_index=False)
    incident = models.ForeignKey(Incident, models.CASCADE, related_name="systemic_basis")
    problem = models.ForeignKey(MassProblem, models.PROTECT, null=True, related_name="systemic_basis")
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["decision", "incident"], name="systemic_basis_once"),
        ]

    def __str__(self) -> str:
        return f"{self.decision_id}: {self.incident_id}"
