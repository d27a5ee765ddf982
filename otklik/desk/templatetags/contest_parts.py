"""What the card says of an objection to a return."""

from typing import Any

from django import template

from otklik.desk.card import Card
from otklik.desk.contests import Contest, on_card

register = template.Library()


@register.simple_tag(takes_context=True)
def contest_of(context: dict[str, Any], card: Card) -> Contest | None:
    """The objection to the latest return, or the offer to object; None, and no query, where nothing came back."""
    return on_card(card, context["desk"])
