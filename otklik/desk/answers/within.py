"""Who sees what answers are written by, and who changes it: the centre everything, a body what is its own."""

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet

from otklik.casework.models import AnswerTemplate
from otklik.desk.access import Desk
from otklik.people.rules import Right
from otklik.registry.models import Organization
from otklik.registry.rules import Reach


def sees_answers(reach: Reach) -> bool:
    """Whoever writes answers, and whoever keeps what they are written by."""
    return reach.may_somewhere(Right.WORK) or reach.may_somewhere(Right.MANAGE_ANSWERS)


def may_rule(desk: Desk) -> bool:
    """Whether the person may change the rules of the check: they are of the whole region."""
    return Right.MANAGE_ANSWERS in desk.reach.center


def require_view(desk: Desk) -> None:
    """Refuse (403) a person whom answers do not concern."""
    if not sees_answers(desk.reach):
        raise PermissionDenied


def require_rule(desk: Desk) -> None:
    """Refuse (403) a person who may not change the rules of the check."""
    if not may_rule(desk):
        raise PermissionDenied


def bodies_kept(desk: Desk) -> QuerySet[Organization]:
    """The bodies whose templates the person keeps as its own."""
    _everywhere, organizations, _pages = desk.reach.where(Right.MANAGE_ANSWERS)
    return Organization.objects.filter(pk__in=organizations, is_active=True).order_by("short_name", "pk")


def may_keep(desk: Desk, template: AnswerTemplate) -> bool:
    """Whether the person may change the template: the centre any, a body what is its own."""
    if template.body_id is None:
        return may_rule(desk)
    return desk.reach.may(Right.MANAGE_ANSWERS, organization=template.body_id)


def may_add(desk: Desk) -> bool:
    """Whether the person may write templates at all."""
    return desk.reach.may_somewhere(Right.MANAGE_ANSWERS)


def require_keep(desk: Desk, template: AnswerTemplate | None) -> None:
    """Refuse (403) a person who may not change this template, or write a new one."""
    if not (may_add(desk) if template is None else may_keep(desk, template)):
        raise PermissionDenied


def templates_seen(desk: Desk) -> QuerySet[AnswerTemplate]:
    """Templates and guides that concern the person: those of the region, and those of the bodies it reaches."""
    found = AnswerTemplate.objects.select_related("topic__group", "group", "body")
    everywhere, organizations, _pages = desk.reach.where(Right.WORK)
    if everywhere or may_rule(desk):
        return found
    own = desk.reach.where(Right.MANAGE_ANSWERS)[1]
    return found.filter(Q(body=None) | Q(body_id__in={*organizations, *own}))
