"""The notice of bursts over the queue."""

from typing import Any

from django import template

from otklik.desk.triage.surges import may_decide, noticed, sees_surges

register = template.Library()


@register.simple_tag(takes_context=True)
def surge_notice(context: dict[str, Any]) -> dict[str, Any]:
    """What the notice shows to the person at the desk; nothing to whom bursts do not concern."""
    desk = context["desk"]
    if not sees_surges(desk.reach):
        return {}
    rows, more = noticed()
    return {"rows": rows, "more": more, "may_decide": may_decide(desk)}
