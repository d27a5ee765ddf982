"""Which failures of a step pass by themselves, how one is kept in words, and how loudly the log tells of it."""

import logging

from django.db import InterfaceError, OperationalError

from otklik.channels.base import NetworkFailure
from otklik.common.text import clean


def passes(error: Exception) -> bool:
    """Whether the same work may succeed later: a lost connection, a deadlock, a full disk, a stopped server.

    Source of the classes: PostgreSQL's documentation, appendix A. An error without a class is a lost connection.
    """
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    state = getattr(error.__cause__, "sqlstate", None)
    return state is None or state[:2] in {"08", "40", "53", "55", "57", "58"}


def words_of(error: Exception) -> str:
    # What a resident sent may stand in the words of the error, with characters no column can hold.
    return clean(f"{type(error).__name__}: {error}")[:500]


def level_of(failure: NetworkFailure) -> int:
    """The level of the log's line; that a second was full is no news to anybody: the call is made in a later one."""
    return logging.DEBUG if failure.reason == "too_fast" else logging.WARNING
