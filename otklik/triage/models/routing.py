"""Which body a question goes to: rules as rows, their history, the table they are tried on, what history proposes."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from otklik.registry.enums import OrgLevel
from otklik.registry.models import Municipality, OfficialPage, Organization, Settlement
from otklik.triage.enums import ExecutorLevel, ProposalState, RouteTarget
from otklik.triage.models.topics import Topic, TopicGroup

# What a rule asks of a question; an empty one asks nothing.
CONDITIONS = ("topic", "group", "municipality", "settlement", "level", "page", "sphere", "page_level")
_FIXED = models.Q(target=RouteTarget.FIXED)
_TYPE = models.Q(target=RouteTarget.TYPE)


class RoutingRuleQuerySet(models.QuerySet["RoutingRule"]):
    def active(self) -> Self:
        return self.filter(is_active=True)


class RoutingRule(models.Model):
    """Questions like this go to this body. Of the rules that fit, the most specific one decides."""

    topic = models.ForeignKey(Topic, models.PROTECT, null=True, blank=True, related_name="+")
    group = models.ForeignKey(TopicGroup, models.PROTECT, null=True, blank=True, related_name="+")
    municipality = models.ForeignKey(Municipality, models.PROTECT, null=True, blank=True, related_name="+")
    settlement = models.ForeignKey(Settlement, models.PROTECT, null=True, blank=True, related_name="+")
    # Who decides on the topic, as the list of topics says.
    level = models.CharField(max_length=1, choices=ExecutorLevel.choices, blank=True)
    page = models.ForeignKey(OfficialPage, models.PROTECT, null=True, blank=True, related_name="+")
    # Of the organisation whose page it is: its main sphere, its level.
    sphere = models.CharField(max_length=40, blank=True)
    page_level = models.CharField(max_length=12, choices=OrgLevel.choices, blank=True)
    target = models.CharField(_("куда"), max_length=14, choices=RouteTarget.choices)
    organization = models.ForeignKey(Organization, models.PROTECT, null=True, blank=True, related_name="+")
    organization_type = models.CharField(max_length=40, blank=True)
    # Empty: the sphere of the organisation whose page it is.
    body_sphere = models.CharField(max_length=40, blank=True)
    # Between rules that ask the same: the greater is tried first, the next when that one finds no body.
    precedence = models.PositiveSmallIntegerField(_("очерёдность"), default=0)
    note = models.CharField(_("заметка"), max_length=300, blank=True)
    # Of a rule that came with the product, so that it is not brought again.
    code = models.CharField(max_length=60, blank=True)
    is_active = models.BooleanField(default=True)
    changed_at = models.DateTimeField(null=True)
    changed_by = models.CharField(max_length=200, blank=True)

    objects = RoutingRuleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(topic=None) | models.Q(group=None), name="routing_rule_topic_or_group"
            ),
            models.CheckConstraint(
                condition=models.Q(municipality=None) | models.Q(settlement=None),
                name="routing_rule_one_place",
            ),
            models.CheckConstraint(
                condition=models.Q(page=None) | models.Q(sphere="", page_level=""),
                name="routing_rule_page_or_its_kind",
            ),
            models.CheckConstraint(
                condition=(_FIXED & models.Q(organization__isnull=False))
                | (~_FIXED & models.Q(organization=None)),
                name="routing_rule_fixed_body",
            ),
            models.CheckConstraint(
                condition=(_TYPE & ~models.Q(organization_type=""))
                | (~_TYPE & models.Q(organization_type="")),
                name="routing_rule_type_of_body",
            ),
            models.UniqueConstraint(
                fields=[*CONDITIONS, "precedence"],
                condition=models.Q(is_active=True),
                nulls_distinct=False,
                name="routing_rule_asks_once",
            ),
            models.UniqueConstraint(
                fields=["code"], condition=~models.Q(code=""), name="routing_rule_code_unique"
            ),
        ]

    def __str__(self) -> str:
        return f"№ {self.pk}"


class RoutingChange(models.Model):
    """One change of one rule, with the rule as it was and as it became. The greatest number is the version of all."""

    rule = models.ForeignKey(RoutingRule, models.CASCADE, related_name="changes")
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200)
    verb = models.CharField(max_length=20)
    before = models.JSONField(null=True)
    after = models.JSONField()
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [models.Index(fields=["rule", "id"], name="routing_change_rule")]

    def __str__(self) -> str:
        return f"{self.rule_id}: {self.verb}"


class RoutingCase(models.Model):
    """A line of the test table: a question like this must come to this body."""

    topic = models.ForeignKey(Topic, models.PROTECT, related_name="+")
    municipality = models.ForeignKey(Municipality, models.PROTECT, null=True, blank=True, related_name="+")
    settlement = models.ForeignKey(Settlement, models.PROTECT, null=True, blank=True, related_name="+")
    page = models.ForeignKey(OfficialPage, models.PROTECT, null=True, blank=True, related_name="+")
    # Empty: a dispatcher decides.
    expected = models.ForeignKey(Organization, models.PROTECT, null=True, blank=True, related_name="+")
    note = models.CharField(_("заметка"), max_length=300, blank=True)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["topic", "municipality", "settlement", "page"],
                nulls_distinct=False,
                name="routing_case_unique",
            ),
            models.CheckConstraint(
                condition=models.Q(municipality=None) | models.Q(settlement=None),
                name="routing_case_one_place",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic_id} → {self.expected_id}"


class RoutingProposal(models.Model):
    """What people did differs from what the rules say: a rule to accept or to dismiss, with its figures."""

    topic = models.ForeignKey(Topic, models.PROTECT, related_name="+")
    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="+")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    # What the rules say of most of these incidents; empty when they say nothing.
    ruled = models.ForeignKey(Organization, models.SET_NULL, null=True, related_name="+")
    incidents = models.PositiveIntegerField(_("инцидентов"))
    agreed = models.PositiveIntegerField(_("ушло в этот орган"))
    # How many of the incidents the rules would send to the body that people chose.
    by_rules = models.PositiveIntegerField(_("ушло бы по правилам"))
    state = models.CharField(max_length=10, choices=ProposalState.choices, default=ProposalState.OPEN)
    made_at = models.DateTimeField()
    renewed_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    rule = models.ForeignKey(RoutingRule, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["topic", "municipality"],
                condition=models.Q(state=ProposalState.OPEN),
                name="routing_proposal_one_open",
            ),
            models.CheckConstraint(
                condition=models.Q(agreed__lte=models.F("incidents"), by_rules__lte=models.F("incidents")),
                name="routing_proposal_figures",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic_id} × {self.municipality_id} → {self.organization_id}"

    @property
    def percent(self) -> int:
        """The share of the incidents that came to the proposed body, in whole per cents, never rounded up to 100."""
        return self.agreed * 100 // self.incidents if self.incidents else 0


class RoutingNorm(models.Model):
    """From when history proposes a rule: so many incidents, and so many per cent of them in one body."""

    least_incidents = models.PositiveSmallIntegerField(_("инцидентов не меньше"), default=10)
    least_percent = models.PositiveSmallIntegerField(_("в один орган, процентов не меньше"), default=90)
    days = models.PositiveSmallIntegerField(_("за сколько последних дней"), default=180)
    only = models.BooleanField(default=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["only"], name="routing_norm_is_one"),
            models.CheckConstraint(
                condition=models.Q(
                    only=True,
                    least_incidents__gte=2,
                    least_percent__gt=50,
                    least_percent__lte=100,
                    days__gte=1,
                ),
                name="routing_norm_sane",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.least_incidents}, {self.least_percent} %"
