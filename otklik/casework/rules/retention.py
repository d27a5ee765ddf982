"""The terms for which personal data is kept: since when they run, how long they may be, which needs which. Pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

LONGEST_GROUND = 300
EVENTS = "events"
WORDS = frozenset({"dialogs", "comments", "talk"})
"""Messages: what they say came as events, byte for byte."""

SINCE: Mapping[str, str] = MappingProxyType(
    {
        "events": "received", "refused": "received", "files": "archived", "photos": "archived",
        "outside": "archived", "dialogs": "archived", "comments": "archived", "talk": "received",
        "brought": "brought", "reads": "read",
    }
)  # fmt: skip
"""The moment from which the days of each kind are counted."""

BOUNDS: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        # A sweep of the network may bring an event of last month again, and must find its row.
        "events": (30, 365), "refused": (1, 365), "files": (1, 3650), "photos": (1, 3650), "outside": (1, 3650),
        "dialogs": (1, 3650), "comments": (1, 3650), "talk": (90, 3650),
        # A table can be taken back; who opened what is asked for by inspections.
        "brought": (30, 3650), "reads": (180, 3650),
    }
)  # fmt: skip
"""The least and the most days of each kind; figures of this product, no act names them."""


class WrongTerm(Exception):
    """Такой срок для этих данных не годится: посмотрите под полем, сколько дней можно."""


class NeedsItsGround(Exception):
    """Напишите, почему такой срок: закон, приказ или решение региона."""


class EventsGoFirst(Exception):
    """Сначала включите срок для событий сетей: иначе слова останутся в событиях, из которых прочитаны."""


class WordsGoBefore(Exception):
    """Пока стираются слова сообщений, срок для событий сетей нельзя выключить: слова остались бы в событиях."""


def check_rule(*, kind: str, days: int, ground: str, is_active: bool, active: Mapping[str, bool]) -> None:
    """Whether a rule may be so; `active` tells of the other rules.

    Raises WrongTerm, NeedsItsGround, EventsGoFirst, WordsGoBefore.
    """
    least, most = BOUNDS[kind]
    if not least <= days <= most:
        raise WrongTerm
    if not ground.strip() or len(ground) > LONGEST_GROUND:
        raise NeedsItsGround
    if kind in WORDS and is_active and not active.get(EVENTS, False):
        raise EventsGoFirst
    if kind == EVENTS and not is_active and any(active.get(each, False) for each in WORDS):
        raise WordsGoBefore


def takes_more(*, days: int, is_active: bool, before_days: int, was_active: bool) -> bool:
    """Whether rows may go by the new terms that would have stayed by the old ones: that is asked about once more."""
    return is_active and (not was_active or days < before_days)


def until(days: int, now: datetime) -> datetime:
    """What came to its moment by this instant has been kept for long enough. Calendar days."""
    return now - timedelta(days=days)
