"""What the card says of a repeat."""

from typing import Any

from django import template

from otklik.casework.models import Incident
from otklik.desk.repeats import Again, on_card

register = template.Library()


@register.simple_tag(takes_context=True)
def repeat_shown(context: dict[str, Any], incident: Incident) -> Again | None:
    """What was answered before; None, and no query, where the incident repeats nothing."""
    return on_card(incident, context["desk"])
