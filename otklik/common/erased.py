"""What stands where personal data stood: a mark with the day and the ground, and what need not be erased. Pure."""

import re
from datetime import date
from typing import Any

_CODE = re.compile(r"[a-z][a-z0-9_]{0,59}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d([T ][0-9:.+-]{5,32})?")


def mark(day: date, ground: str) -> str:
    """«[стёрто 22.11.2026: требование автора № 5]»: what residents' words become."""
    return f"[стёрто {day:%d.%m.%Y}: {ground}]"


def without_words(value: Any, left: str) -> Any:
    """A value of JSON without what a person wrote: codes, moments and figures stay, words become `left`."""
    if isinstance(value, dict):
        return {key: without_words(each, left) for key, each in value.items()}
    if isinstance(value, list):
        return [without_words(each, left) for each in value]
    if not isinstance(value, str) or is_harmless(value):
        return value
    return left


def is_harmless(text: str) -> bool:
    """Whether the text is nothing, a code of ours, a moment, or a mark that already stands."""
    return not text or bool(_CODE.fullmatch(text) or _MOMENT.fullmatch(text)) or text.startswith("[стёрто ")
