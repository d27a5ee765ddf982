"""Dates as people say them, pictures of the interface, and initials."""

from datetime import datetime
from functools import lru_cache

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from otklik.common import when as dates

register = template.Library()


@register.filter
def when(at: datetime | None) -> str:
    """Short and relative near now."""
    return dates.when(at, timezone.now()) if at else ""


@register.filter
def moment(at: datetime | None) -> str:
    """Short, with the time of day."""
    return dates.moment(at, timezone.now()) if at else ""


@register.filter
def in_full(at: datetime | None) -> str:
    """With the weekday and the year, for a title."""
    return dates.in_full(at) if at else ""


@register.filter
def inside_sentence(words: str) -> str:
    """The words as they stand after others: «начальник отдела», but «ЦУР» and «МБОУ № 7» as they are."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


@register.filter
def initials(name: str) -> str:
    """«Анна Петрова» → «АП»."""
    return "".join(word[0] for word in name.split()[:2] if word).upper()


@register.simple_tag
@lru_cache(maxsize=64)
def icon(name: str) -> SafeString:
    """A picture of the sprite, said by nobody: words stand beside it."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        static("common/icons.svg"),
        name,
    )
