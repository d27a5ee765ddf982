"""Parts that every page of the desk shows: its sections, thin bars of proportion."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from otklik.desk.sections import (
    ANSWERS_SECTIONS,
    DECISIONS_SECTIONS,
    EXCHANGE_SECTIONS,
    MODERATION_SECTIONS,
    SECURITY_SECTIONS,
    TRIAGE_SECTIONS,
    Link,
    links,
)

register = template.Library()


@register.simple_tag(takes_context=True)
def desk_sections(context: dict[str, Any]) -> list[Link]:
    """The sections that concern the person at the desk; a single one is no choice once it is open."""
    match = context["request"].resolver_match
    found = links(context["desk"].reach, match.url_name if match else "", context.get("section", ""))
    return found if len(found) > 1 or not all(each.current for each in found) else []


@register.simple_tag(takes_context=True)
def triage_tabs(context: dict[str, Any]) -> list[Link]:
    """The pages of «Разбор» that concern the person at the desk."""
    match = context["request"].resolver_match
    return links(context["desk"].reach, match.url_name if match else "", among=TRIAGE_SECTIONS)


@register.simple_tag(takes_context=True)
def answers_tabs(context: dict[str, Any]) -> list[Link]:
    """The pages of «Ответы» that concern the person at the desk."""
    match = context["request"].resolver_match
    return links(context["desk"].reach, match.url_name if match else "", among=ANSWERS_SECTIONS)


@register.simple_tag(takes_context=True)
def exchange_tabs(context: dict[str, Any]) -> list[Link]:
    """The pages of «Обмен» that concern the person at the desk."""
    match = context["request"].resolver_match
    here = match.url_name if match else ""
    # The first page has the name that all others begin with.
    here = "exchange_state" if here == "exchange" else here
    return links(context["desk"].reach, here, among=EXCHANGE_SECTIONS)


@register.simple_tag(takes_context=True)
def decisions_tabs(context: dict[str, Any]) -> list[Link]:
    """The pages of «Решения» that concern the person at the desk."""
    match = context["request"].resolver_match
    return links(context["desk"].reach, match.url_name if match else "", among=DECISIONS_SECTIONS)


@register.simple_tag(takes_context=True)
def security_tabs(context: dict[str, Any]) -> list[Link]:
    """The pages of «Безопасность» that concern the person at the desk; a single one is no choice."""
    match = context["request"].resolver_match
    found = links(context["desk"].reach, match.url_name if match else "", among=SECURITY_SECTIONS)
    return found if len(found) > 1 else []


@register.simple_tag(takes_context=True)
def moderation_tabs(context: dict[str, Any]) -> list[Link]:
    """The pages of «Модерация» that concern the person at the desk."""
    match = context["request"].resolver_match
    here = match.url_name if match else ""
    # The first page has the name that all others begin with.
    here = "moderation_waiting" if here == "moderation" else here
    return links(context["desk"].reach, here, among=MODERATION_SECTIONS)


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
