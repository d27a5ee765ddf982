"""Who has to agree with which answers, and who stands in for whom: data of the region and of its bodies."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from otklik.people.enums import Role
from otklik.people.models import Account
from otklik.registry.models import Organization
from otklik.triage.enums import IncidentKind, Priority
from otklik.triage.models import Topic, TopicGroup

# Whose right it is to agree.
APPROVERS = (Role.APPROVER, Role.CURATOR, Role.BODY_HEAD, Role.DISPATCHER, Role.CENTER_HEAD)


class ApprovalRule(models.Model):
    """Which answers whose word needs. An empty condition fits everything; without an approver nobody is needed.

    A rule without a body is the centre's and stronger than those of bodies; of equals the narrower one decides.
    """

    organization = models.ForeignKey(Organization, models.PROTECT, null=True, related_name="approval_rules")
    group = models.ForeignKey(TopicGroup, models.PROTECT, null=True, related_name="approval_rules")
    topic = models.ForeignKey(Topic, models.PROTECT, null=True, related_name="approval_rules")
    priority = models.CharField(_("важность"), max_length=8, choices=Priority.choices, blank=True)
    kind = models.CharField(_("вид"), max_length=10, choices=IncidentKind.choices, blank=True)
    author_role = models.CharField(_("роль автора"), max_length=20, choices=Role.choices, blank=True)
    approver_role = models.CharField(_("роль"), max_length=20, choices=Role.choices, blank=True)
    approver = models.ForeignKey(Account, models.PROTECT, null=True, related_name="approves_by_rule")
    note = models.CharField(_("заметка"), max_length=300, blank=True)
    is_active = models.BooleanField(default=True)
    changed_by = models.CharField(max_length=150, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(approver_role="") | models.Q(approver__isnull=True),
                name="approval_rule_one_approver",
            ),
            models.CheckConstraint(
                condition=models.Q(group__isnull=True) | models.Q(topic__isnull=True),
                name="approval_rule_topic_or_group",
            ),
            models.UniqueConstraint(
                fields=["organization", "group", "topic", "priority", "kind", "author_role"],
                condition=models.Q(is_active=True),
                nulls_distinct=False,
                name="approval_rule_unique",
            ),
        ]

    def __str__(self) -> str:
        return f"№ {self.pk}"


class Substitute(models.Model):
    """Somebody is away, and another agrees in the meantime."""

    person = models.ForeignKey(Account, models.CASCADE, related_name="substitutes")
    deputy = models.ForeignKey(Account, models.CASCADE, related_name="stands_in_for")
    since = models.DateTimeField()
    until = models.DateTimeField()
    added_by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(person=models.F("deputy")), name="substitute_other"),
            models.CheckConstraint(
                condition=models.Q(until__gt=models.F("since")), name="substitute_some_time"
            ),
        ]
        indexes = [models.Index(fields=["deputy", "until"], name="substitute_deputy")]

    def __str__(self) -> str:
        return f"{self.deputy} за {self.person}"
