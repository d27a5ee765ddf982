"""Who sees moderation, who decides, who keeps its rules; an administrator of a page does what is to be done by hand."""

from django.core.exceptions import PermissionDenied
from django.http import Http404

from otklik.casework.models import ModerationAction, ModerationAppeal, ModerationRule
from otklik.desk.access import Desk
from otklik.inbox.models import SourceMessage
from otklik.people.rules import Right
from otklik.registry.rules import Reach


def decides(reach: Reach) -> bool:
    """The centre decides, so that no body judges what is said of itself."""
    return Right.MODERATE in reach.center


def sees_moderation(reach: Reach) -> bool:
    """Whoever decides, and whoever runs pages of their own."""
    _everywhere, organizations, pages = reach.where(Right.RUN_PAGE)
    return decides(reach) or bool(organizations or pages)


def keeps_rules(reach: Reach) -> bool:
    """Whoever decides and keeps what the whole region goes by."""
    return decides(reach) and Right.MANAGE_TRIAGE in reach.center


def require_sight(desk: Desk) -> None:
    """Refuse (403) a person whom moderation does not concern."""
    if not sees_moderation(desk.reach):
        raise PermissionDenied


def require_decision(desk: Desk) -> None:
    """Refuse (403) whoever does not decide."""
    if not decides(desk.reach):
        raise PermissionDenied


def require_rules(desk: Desk) -> None:
    """Refuse (403) whoever does not keep the rules."""
    if not keeps_rules(desk.reach):
        raise PermissionDenied


def message_of(desk: Desk, pk: int) -> SourceMessage:
    """The message to decide about, or 404. Refuses (403) whoever does not decide."""
    require_decision(desk)
    found = SourceMessage.objects.filter(pk=min(pk, 2**62), is_own=False, has_content=True)
    message = found.select_related("page__organization", "author", "thread", "connection").first()
    if message is None:
        raise Http404
    return message


def action_of(desk: Desk, pk: int) -> ModerationAction:
    """The decision, or 404: what one may not see does not exist."""
    require_sight(desk)
    found = ModerationAction.objects.visible_to(desk.reach).select_related(
        "message__author", "page__organization", "author", "rule", "decided_by", "confirmed_by", "evidence",
        "delivery",
    )  # fmt: skip
    action = found.filter(pk=min(pk, 2**62)).first()
    if action is None:
        raise Http404
    return action


def may_finish(desk: Desk, action: ModerationAction) -> bool:
    """Whether the person may say that it is done by hand: whoever decides, and whoever runs this page."""
    page = action.page
    runs = desk.reach.may(Right.RUN_PAGE, organization=page.organization_id, page=page.pk)
    return decides(desk.reach) or runs


def appeal_of(desk: Desk, pk: int) -> ModerationAppeal:
    """The appeal, or 404. Refuses (403) whoever does not decide."""
    require_decision(desk)
    found = ModerationAppeal.objects.select_related("action").filter(pk=min(pk, 2**62)).first()
    if found is None:
        raise Http404
    return found


def rule_of(desk: Desk, pk: int) -> ModerationRule:
    """The rule to change, or 404. Refuses (403) whoever does not keep the rules."""
    require_rules(desk)
    found = ModerationRule.objects.filter(pk=min(pk, 2**62)).first()
    if found is None:
        raise Http404
    return found
