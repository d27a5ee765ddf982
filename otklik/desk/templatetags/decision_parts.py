"""What a card and a mass problem say of the systemic decisions and reports of fakes that they stand in."""

from typing import Any, TypeVar

from django import template

from otklik.casework.models import FakeReport, Incident, MassProblem, SystemicDecision
from otklik.desk.decisions.within import keeps_decisions
from otklik.people.rules import Right

register = template.Library()
MOST_SHOWN = 3
Kept = TypeVar("Kept", SystemicDecision, FakeReport)


@register.simple_tag(takes_context=True)
def decisions_on_incident(context: dict[str, Any], incident: Incident) -> list[tuple[SystemicDecision, bool]]:
    """The latest decisions that rest on the incident, each with whether the person may open it. One query."""
    found = SystemicDecision.objects.filter(basis__incident=incident).order_by("-pk")[:MOST_SHOWN]
    return _with_sight(context, list(found))


@register.simple_tag(takes_context=True)
def fakes_on_incident(context: dict[str, Any], incident: Incident) -> list[tuple[FakeReport, bool]]:
    """The latest false statements that the incident repeats, the same way. One query."""
    found = FakeReport.objects.filter(links__incident=incident).order_by("-pk")[:MOST_SHOWN]
    return _with_sight(context, list(found))


@register.simple_tag(takes_context=True)
def decisions_on_problem(
    context: dict[str, Any], problem: MassProblem
) -> list[tuple[SystemicDecision, bool]]:
    """The same of a mass problem. One query."""
    found = SystemicDecision.objects.filter(basis__problem=problem).distinct().order_by("-pk")[:MOST_SHOWN]
    return _with_sight(context, list(found))


@register.simple_tag(takes_context=True)
def may_keep_decisions(context: dict[str, Any]) -> bool:
    """Whether the person may propose one."""
    return "desk" in context and keeps_decisions(context["desk"].reach)


def _with_sight(context: dict[str, Any], found: list[Kept]) -> list[tuple[Kept, bool]]:
    everywhere, organizations, _pages = context["desk"].reach.where(Right.SEE_INCIDENTS)
    return [(each, everywhere or each.executor_id in organizations) for each in found]
