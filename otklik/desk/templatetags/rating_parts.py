"""What the card says of the author's thanks."""

from typing import Any

from django import template

from otklik.desk.card import Card
from otklik.desk.ratings import Rated, on_card

register = template.Library()


@register.simple_tag(takes_context=True)
def rating_of(context: dict[str, Any], card: Card) -> Rated | None:
    """What the author thinks of the answer that stands, as far as it was said. No query."""
    return on_card(card, context["desk"])
