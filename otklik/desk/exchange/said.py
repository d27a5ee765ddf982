"""What the verbs of exchange refuse, and what is wrong in a brought table, in the language of the reader."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext

from otklik.casework.operations import NeedsReadingReason, masked_line
from otklik.casework.operations import exchange_export as exports
from otklik.casework.operations import exchange_import as imports
from otklik.casework.operations.exchange_masks import MayNotOpenTable
from otklik.desk.facts import message

FACTS = (
    exports.MayNotExchange,
    MayNotOpenTable,
    NeedsReadingReason,
    exports.NothingToExport,
    exports.TooManyToExport,
    imports.FileTooLarge,
    imports.EmptyFile,
    imports.WrongMoment,
    imports.LaterTable,
    imports.FileIsGone,
)


def done(request: HttpRequest, verb: Callable[[], Any]) -> Any:
    """What the verb gave; None when it refused, which is said above the next page."""
    try:
        return verb()
    except FACTS as fact:
        messages.error(request, message(fact))
        return None


def words(told: dict[str, Any] | None) -> str:
    """Something said of a table, in the language of the reader."""
    if not told:
        return ""
    reason, params = told["reason"], told["params"]
    return gettext(reason) % params if params else gettext(reason)


def wrong_lines(wrong: Iterable[list[Any]]) -> Iterator[tuple[int, str, str, str]]:
    """(line, header, what stood there, why) of each line that cannot be taken."""
    for line, header, value, reason in wrong:
        yield line, header, masked_line(value), gettext(reason)
