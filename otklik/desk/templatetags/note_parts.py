"""Notes of colleagues beside a card."""

from typing import Any

from django import template

from otklik.desk.notes import (
    LATEST,
    MOST_OFFERED,
    Shown,
    callable_colleagues,
    notes_of,
    shown_pieces,
    unread_of,
)

register = template.Library()


@register.simple_tag(takes_context=True)
def colleague_notes(context: dict[str, Any]) -> dict[str, Any]:
    """What the section shows: notes already gathered by a view, or those of the card that is drawn. One query."""
    found: list[Shown] | None = context.get("notes")
    if found is None:
        card = context["card"]
        found = notes_of(card.incident, context["desk"], is_open=bool(card.opened))
    return {"shown": found[:LATEST], "more": len(found) > LATEST, "unread": unread_of(found)}


@register.simple_tag(takes_context=True)
def colleagues_offered(context: dict[str, Any]) -> list[Any]:
    """A few of those who may be called by name."""
    return callable_colleagues(context["incident"])[:MOST_OFFERED]


register.filter("note_pieces", lambda note: shown_pieces(note, is_open=False))
