"""Which answers a second person must agree to, and whose word it is. Pure; the rules are data of the region."""

from collections.abc import Iterable
from dataclasses import dataclass

from otklik.casework.rules.promises import NO_APPROVAL, ApprovalPolicy

EVERY_KIND = frozenset({"final", "interim", "plan"})
NEEDED = ApprovalPolicy(EVERY_KIND)


class NotTheApprover(Exception):
    """По правилу этот ответ согласует другой человек: он назван на карточке."""


@dataclass(frozen=True, slots=True)
class Writing:
    """What the rules look at: whose answer it is, and to what.

    `bodies` are the responsible body and its superiors. A `ready` text was agreed to when it was made a template.
    """

    bodies: frozenset[int]
    roles: frozenset[str]
    topic: int
    group: int
    priority: str
    kind: str
    ready: bool = False


@dataclass(frozen=True, slots=True)
class ApprovalCase:
    """One rule; None and an empty text fit everything. Without an approver nobody has to agree."""

    pk: int
    organization: int | None = None
    group: int | None = None
    topic: int | None = None
    priority: str = ""
    kind: str = ""
    author_role: str = ""
    approver_role: str = ""
    approver: int | None = None

    @property
    def asks(self) -> bool:
        """Whether it wants anybody's word at all."""
        return bool(self.approver_role or self.approver)

    def fits(self, writing: Writing) -> bool:
        """Whether every condition holds."""
        exact = (
            (self.group, writing.group),
            (self.topic, writing.topic),
            (self.priority, writing.priority),
            (self.kind, writing.kind),
        )
        return (
            all(not wanted or wanted == given for wanted, given in exact)
            and (self.organization is None or self.organization in writing.bodies)
            and (not self.author_role or self.author_role in writing.roles)
        )

    @property
    def strength(self) -> tuple[bool, int, int]:
        """Smaller is stronger: the centre's before a body's, the narrower before the wider, the older of equals."""
        conditions = (self.author_role, self.kind, self.priority, self.group, self.topic)
        narrow = sum(2**place for place, each in enumerate(conditions) if each)
        return (self.organization is not None, -narrow, self.pk)


def rule_for(rules: Iterable[ApprovalCase], writing: Writing) -> ApprovalCase | None:
    """The rule that decides; None when none fits, or the text needs nobody's word."""
    if writing.ready:
        return None
    return min((each for each in rules if each.fits(writing)), key=lambda each: each.strength, default=None)


def policy_of(rule: ApprovalCase | None) -> ApprovalPolicy:
    """What the deciding rule means for `publish`: nothing is needed where no rule asks."""
    return NEEDED if rule and rule.asks else NO_APPROVAL
