"""Tables of incidents without personal data, and who may take one with them."""

from collections.abc import Iterable, Iterator

from otklik.casework.enums import ReadingReason
from otklik.casework.exchange.layout import AT
from otklik.casework.operations.personal import NeedsReadingReason, masked
from otklik.people.rules import Right
from otklik.registry.rules import Reach

# What people wrote, and what staff may have noted of them. Streets and objects are left: a street named after
# somebody would be hidden with its name.
WRITTEN = (
    "first_answer", "text", "answer_1", "answer_2", "answer_3", "house", "closing_reason", "tags", "note",
)  # fmt: skip
LEFT_OUT = ("author_url",)
"""Who wrote: there is no part of it that says less."""


class MayNotOpenTable(Exception):
    """Таблицу с открытыми персональными данными выгружает тот, кому дано право их открывать. Выгрузите со скрытыми."""


def may_open_table(reach: Reach) -> bool:
    """Whether the person may take a table with personal data at all."""
    return reach.may_somewhere(Right.OPEN_PERSONAL)


def reason_to_open(reach: Reach, reason: str, words: str) -> tuple[str, str]:
    """The reason as it is kept; ("", "") asks for a masked table.

    Raises MayNotOpenTable, NeedsReadingReason.
    """
    if not reason:
        return "", ""
    if not may_open_table(reach):
        raise MayNotOpenTable
    words = " ".join(words.split())[:300]
    if reason not in ReadingReason.values or (reason == ReadingReason.OTHER and not words):
        raise NeedsReadingReason
    return reason, words


def hide(line: list[str]) -> list[str]:
    """The 47 values of one line without personal data."""
    hidden = list(line)
    for code in WRITTEN:
        if hidden[AT[code]]:
            hidden[AT[code]] = masked(hidden[AT[code]])
    for code in LEFT_OUT:
        hidden[AT[code]] = ""
    return hidden


def hidden_lines(lines: Iterable[list[str]]) -> Iterator[list[str]]:
    """Lines as a masked table shows them, one at a time as they come."""
    return (hide(line) for line in lines)
