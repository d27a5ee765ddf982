"""What the card of an incident says of the mass problem it belongs to."""

from typing import Any

from django import template

from otklik.casework.enums import AttachReason, MemberState
from otklik.casework.models import Incident, MassProblem
from otklik.desk.mass.within import runs

register = template.Library()


@register.simple_tag(takes_context=True)
def mass_of(context: dict[str, Any], incident: Incident) -> dict[str, Any]:
    """The problem of a member and whether the person may open it; nothing of any other incident."""
    if incident.reason != AttachReason.MASS:
        return {}
    problem = (
        MassProblem.objects.filter(members__incident=incident, members__state=MemberState.IN)
        .select_related("executor")
        .first()
    )
    if problem is None:
        return {}
    desk = context["desk"]
    may_see = MassProblem.objects.visible_to(desk.reach).filter(pk=problem.pk).exists()
    return {"problem": problem, "may_see": may_see}


@register.simple_tag(takes_context=True)
def may_run_mass(context: dict[str, Any]) -> bool:
    """Whether the person may begin a mass problem."""
    return "desk" in context and runs(context["desk"])
