"""What the card of an incident says of the moderation of its comment."""

from typing import Any

from django import template

from otklik.casework.enums import ModerationMeasure, ModerationState
from otklik.casework.models import Incident, ModerationAction
from otklik.desk.moderation.within import decides
from otklik.inbox.models import SourceMessage

register = template.Library()


@register.simple_tag
def removal_of(incident: Incident) -> ModerationAction | None:
    """The decision by which the comment is gone; None, and no query, while it stands."""
    if incident.message.deleted_at is None:
        return None
    found = ModerationAction.objects.filter(
        message_id=incident.message_id, measure=ModerationMeasure.REMOVE, state=ModerationState.DONE
    )
    return found.select_related("rule").first()


@register.simple_tag(takes_context=True)
def may_moderate(context: dict[str, Any], message: SourceMessage) -> bool:
    """Whether the person decides about this message."""
    return "desk" in context and decides(context["desk"].reach) and not message.is_own
