"""Reading values that a stranger wrote: each is of the right type and size, or the event is bad."""

from collections.abc import Mapping
from typing import Any

from otklik.common.text import clean

LARGEST = 2**53  # the last whole number that every JSON reader keeps exactly


class BadEvent(Exception):
    """Событие не похоже на то, что присылает сеть."""


def record(value: Any, name: str) -> Mapping[str, Any]:
    """The value as an object. Raises BadEvent."""
    if not isinstance(value, Mapping):
        raise BadEvent(name)
    return value


def number(value: Any, name: str, *, least: int = -LARGEST) -> int:
    """The value as a whole number from `least` to 2^53. Raises BadEvent."""
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= LARGEST:
        raise BadEvent(name)
    return value


def optional_number(value: Any, name: str) -> int:
    """As `number`, and 0 for what is missing."""
    return 0 if value is None else number(value, name)


def text_of(value: Any, name: str) -> str:
    """The value as text that can be stored; nothing at all is an empty text. Raises BadEvent."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadEvent(name)
    return clean(value)
