"""A rule of approval for one ministry, so that one sees how an answer waits for a second person."""

from datetime import datetime

from demo.into_pages import BY
from otklik.casework import operations as casework
from otklik.casework.models import ApprovalRule
from otklik.people.enums import Role
from otklik.registry.models import Organization

BODY = "min-health"
NOTE = "Ответы о здоровье смотрит заместитель министра"


def add_rules(*, now: datetime) -> int:
    """Executors of the ministry are read by its approver. Added once: whoever retires the rule has decided."""
    body = Organization.objects.filter(code=BODY).first()
    if body is None or ApprovalRule.objects.filter(organization=body).exists():
        return 0
    values = {
        "organization": body,
        "group": None,
        "topic": None,
        "priority": "",
        "kind": "",
        "author_role": Role.EXECUTOR,
        "approver_role": Role.APPROVER,
        "approver": None,
        "note": NOTE,
    }
    casework.save_approval_rule(values=values, by=BY, now=now)
    return 1
