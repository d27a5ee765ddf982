"""Who keeps the rules of approval, and what may be chosen there: the centre everything, a body what is its own."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from otklik.casework.models import APPROVERS, ApprovalRule, Substitute
from otklik.desk.access import Desk
from otklik.people.enums import Role
from otklik.people.models import Account
from otklik.people.rules import Right
from otklik.registry.models import Membership, Organization
from otklik.registry.rules import Reach


def keeps_approvals(reach: Reach) -> bool:
    """Whoever keeps the settings of the centre or of a body."""
    return Right.MANAGE_TRIAGE in reach.center or any(
        Right.ASSIGN in rights for rights in reach.organizations.values()
    )


@dataclass(frozen=True, slots=True)
class Keeper:
    """How far a person keeps them: everywhere, or in these bodies."""

    everywhere: bool
    organizations: list[int]

    @classmethod
    def at(cls, desk: Desk) -> "Keeper":
        """The keeper at the desk. Refuses (403) whoever keeps nothing."""
        if not keeps_approvals(desk.reach):
            raise PermissionDenied
        own = [pk for pk, rights in desk.reach.organizations.items() if Right.ASSIGN in rights]
        return cls(Right.MANAGE_TRIAGE in desk.reach.center, own)

    def bodies(self) -> QuerySet[Organization]:
        """The bodies that a rule of this keeper may be about."""
        active = Organization.objects.filter(is_active=True)
        return active if self.everywhere else active.filter(pk__in=self.organizations)

    def rules(self) -> QuerySet[ApprovalRule]:
        """The rules that hold where the keeper is: those of the centre are seen by all."""
        found = ApprovalRule.objects.select_related("organization", "group", "topic", "approver")
        if self.everywhere:
            return found
        return found.filter(Q(organization=None) | Q(organization__in=self.organizations))

    def may_change(self, rule: ApprovalRule) -> bool:
        """A rule of the centre is the centre's to change."""
        return self.everywhere or rule.organization_id in self.organizations

    def rule(self, pk: int) -> ApprovalRule:
        """The rule to change, or 404: what one may not change does not exist here."""
        found = self.rules().filter(pk=pk if pk < 2**63 else 0).first()
        if found is None or not self.may_change(found):
            raise Http404
        return found

    def people(self, *roles: str) -> QuerySet[Account]:
        """People with these roles (any that can work) within the keeper's reach."""
        held = Membership.objects.filter(role__in=roles)
        if not self.everywhere:
            held = held.filter(organization__in=self.organizations)
        found = Account.objects.filter(is_active=True, pk__in=held.values("account"))
        return found.order_by("full_name", "pk")

    def approvers(self) -> QuerySet[Account]:
        """Whose right it is to agree."""
        return self.people(*APPROVERS)

    def deputies(self) -> QuerySet[Account]:
        """Who may stand in for them: anybody who works there."""
        return self.people(*APPROVERS, Role.EXECUTOR, Role.METHODIST)

    def substitutes(self) -> QuerySet[Substitute]:
        """Who is away from whom."""
        found = Substitute.objects.select_related("person", "deputy")
        return found if self.everywhere else found.filter(person__in=self.approvers().values("pk"))

    def substitute(self, pk: int) -> Substitute:
        """One of them, or 404."""
        found = self.substitutes().filter(pk=pk if pk < 2**63 else 0).first()
        if found is None:
            raise Http404
        return found


def conditions(rule: ApprovalRule) -> list[str]:
    """What the rule asks of an answer, a phrase each."""
    said: list[Any] = [
        rule.topic and rule.topic.name,
        rule.group and rule.group.name,
        rule.priority and _("важность: %(words)s") % {"words": rule.get_priority_display()},
        rule.kind and rule.get_kind_display(),
        rule.author_role and _("пишет %(role)s") % {"role": rule.get_author_role_display()},
    ]
    return [str(each) for each in said if each]
