"""Parts that every page of the desk shows: its sections, thin bars of proportion."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from otklik.desk.sections import SECTIONS, Link, links

register = template.Library()


@register.simple_tag(takes_context=True)
def desk_sections(context: dict[str, Any]) -> list[Link]:
    """The sections that concern the person at the desk; a single one is no choice once it is open."""
    found = links(context["desk"].reach, *_place(context))
    return found if len(found) > 1 or not all(each.current for each in found) else []


@register.inclusion_tag("desk/tabs.html", takes_context=True)
def desk_tabs(context: dict[str, Any]) -> dict[str, Any]:
    """The pages of the open section that concern the person at the desk; a single one is no choice."""
    here, named = _place(context)
    section = next((each for each in SECTIONS if each.holds(here, named)), None)
    if section is None:
        return {}
    # A view that names the section leaves the tab to the address.
    found = links(context["desk"].reach, here, "" if named == section.code else named, among=section.tabs)
    return {"label": section.label, "tabs": found if len(found) > 1 else []}


def _place(context: dict[str, Any]) -> tuple[str, str]:
    """The name of the address, and the section that the view names itself."""
    match = context["request"].resolver_match
    return (match.url_name or "") if match else "", context.get("section", "")


@dataclass(frozen=True, slots=True)
class Undo:
    """The address that undoes an act, and the fields that it wants."""

    address: str
    fields: list[tuple[str, str]]


@register.simple_tag
def undo(tags: str) -> Undo:
    """What stands in the tags of a message: an address, with the fields of its form behind a question mark."""
    address, _mark, fields = tags.partition("?")
    return Undo(address, parse_qsl(fields))


@register.simple_tag
def bar_line(part: float | None, whole: float | None, tone: str = "") -> SafeString:
    """How much of the whole the part is, as a thin bar said by nobody: the figures stand beside it."""
    share = max(0.0, min(100.0, 100 * (part or 0) / whole)) if whole else 0.0
    return format_html(
        '<svg class="bar-line {}" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true"'
        ' focusable="false"><rect class="track" width="100" height="4"></rect>'
        '<rect class="part" width="{}" height="4"></rect></svg>',
        tone,
        f"{share:.1f}",
    )
