"""Numbers, badges and data for machines on pages of residents."""

import json
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from otklik.portal import words
from otklik.registry.models import OfficialPage, Organization

register = template.Library()
_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@register.filter
def number(value: int | None) -> str:
    """12400 → «12 400» with a space that does not break, or `12,400` in English."""
    if value is None:
        return ""
    return f"{value:,}" if get_language() == "en" else f"{value:,}".replace(",", "\u00a0")


@register.filter
def badge(page: OfficialPage) -> words.Badge:
    return words.badge_of(page)


@register.filter
def open_label(page: OfficialPage) -> str:
    return words.open_label(page)


@register.filter
def ask_url(page: OfficialPage) -> str:
    return words.ask_url(page)


@register.filter
def place(organization: Organization) -> str:
    return words.place_of(organization)


@register.filter
def item(mapping: dict[str, str], key: str) -> str:
    """The value of a key that a template holds in a variable."""
    return mapping.get(key, "")


@register.filter
def bare_url(url: str) -> str:
    """The address as one types it: `vk.com/minzdrav`."""
    return url.split("://", 1)[-1].rstrip("/")


@register.simple_tag
def ld_json(value: Any) -> SafeString:
    """Linked data for search engines: a block of data, which no content policy takes for a script."""
    text = json.dumps(value, ensure_ascii=False).translate(_ESCAPES)
    # Escaped above for the one place where a name could end the block.
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))  # noqa: S308
